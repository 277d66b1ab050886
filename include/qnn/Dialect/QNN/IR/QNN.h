// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The qnn dialect: types, attributes, interfaces and operations.

#ifndef QNN_DIALECT_QNN_IR_QNN_H
#define QNN_DIALECT_QNN_IR_QNN_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "qnn/Quantization/ElementaryFunctions.h"
#include "qnn/Quantization/FakeQuantization.h"
#include "qnn/Quantization/RequantizationMode.h"
#include "qnn/Quantization/RoundingMode.h"

namespace qnn {

/// What an operand is to a quantizable operation.
enum class OperandRole {
  /// A value computed at run time (or a constant used like one).
  Activation,
  /// A constant that may have one scale for each output channel.
  Weights,
  /// A constant added to the accumulator: i32, the product of both scales.
  Bias,
  /// Keeps the type it has.
  NotQuantized,
};

/// BatchableOpInterface's default: why entry `i` along axis 0 of an elementwise
/// operation's results depends on more than the entries `i` of the batched
/// operands and on what has no axis 0, or one entry for all; "" if it does not.
std::string getReasonNotElementwise(mlir::Operation *op,
                                    llvm::ArrayRef<bool> isBatched);

/// Of an operation that computes element by element or moves elements. What
/// DifferentiableOpInterface answers for it follows from that.
template <typename OpTy>
class CheapToRecompute
    : public mlir::OpTrait::TraitBase<OpTy, CheapToRecompute> {};

} // namespace qnn

#include "qnn/Dialect/QNN/IR/QNNDialect.h.inc"

#include "qnn/Dialect/QNN/IR/QNNTypeInterfaces.h.inc"

#include "qnn/Dialect/QNN/IR/QNNOpInterfaces.h.inc"

#include "qnn/Dialect/QNN/IR/Initializer.h.inc"

#define GET_ATTRDEF_CLASSES
#include "qnn/Dialect/QNN/IR/QNNAttrs.h.inc"

#define GET_TYPEDEF_CLASSES
#include "qnn/Dialect/QNN/IR/QNNTypes.h.inc"

#define GET_OP_CLASSES
#include "qnn/Dialect/QNN/IR/QNNOps.h.inc"

namespace qnn {

/// The quantized element type of a tensor, or null if it has another one.
QuantizedElementType getQuantizedElementType(mlir::Type tensorType);

/// The elements of an f32 value that is constant or a parameter with values;
/// else null.
mlir::DenseFPElementsAttr getFloatConstant(mlir::Value value);

/// Whether the tensor has the element type f32.
bool isFloatTensor(mlir::Type tensorType);

/// Whether the tensor has an integer (code or accumulator) element type.
bool isIntegerTensor(mlir::Type tensorType);

/// The name of a value in the imported model: the name of its NameLoc, or ""
/// if its location carries none.
llvm::StringRef getValueName(mlir::Value value);

/// The model node that made a value, for reports and errors: the child of the
/// NameLoc, else the value's name, else the operation's name.
std::string getNodeName(mlir::Operation *op);

/// Attaches QuantizedElementType to the uniform types of upstream's quant
/// dialect, and QuantizableOpInterface and DifferentiableOpInterface to
/// upstream operations that move data.
void registerExternalModels(mlir::DialectRegistry &registry);

} // namespace qnn

#endif // QNN_DIALECT_QNN_IR_QNN_H
