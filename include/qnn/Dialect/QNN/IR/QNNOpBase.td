// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Shorthands shared by the operation files.

#ifndef QNN_DIALECT_QNN_IR_QNNOPBASE_TD
#define QNN_DIALECT_QNN_IR_QNNOPBASE_TD

include "mlir/IR/OpAsmInterface.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "qnn/Dialect/QNN/IR/QNNAttrs.td"
include "qnn/Dialect/QNN/IR/QNNInterfaces.td"
include "qnn/Dialect/QNN/IR/QNNTypes.td"

/// Attributes with the value that almost every operation has.
class QNN_I64Default<int value>
    : DefaultValuedAttr<I64Attr, !cast<string>(value)>;
class QNN_I64Array<int size>
    : ConfinedAttr<DenseI64ArrayAttr, [DenseArrayCount<size>]>;
def QNN_Strides : DefaultValuedAttr<QNN_I64Array<2>, "{1, 1}">;
def QNN_Pads : DefaultValuedAttr<QNN_I64Array<4>, "{0, 0, 0, 0}">;
def QNN_Rounding
    : DefaultValuedAttr<QNN_RoundingModeAttr, "::qnn::RoundingMode::HalfEven">;
def QNN_Requantization : DefaultValuedAttr<QNN_RequantizationModeAttr,
                                           "::qnn::RequantizationMode::Float">;

/// Quantizable through the interface; `methods` are those with own answers.
class QNN_Quantizable<list<string> methods = []>
    : DeclareOpInterfaceMethods<QNN_QuantizableOpInterface, methods>;

/// Treats the entries along axis 0 one by one; `methods` are those with own
/// answers.
class QNN_Batchable<list<string> methods = []>
    : DeclareOpInterfaceMethods<QNN_BatchableOpInterface, methods>;

/// Its float form has an adjoint.
def QNN_Differentiable
    : DeclareOpInterfaceMethods<QNN_DifferentiableOpInterface>;

/// Computes element by element, or moves elements: again costs little.
def QNN_CheapToRecompute : NativeOpTrait<"CheapToRecompute"> {
  let cppNamespace = "::qnn";
}

#endif // QNN_DIALECT_QNN_IR_QNNOPBASE_TD
