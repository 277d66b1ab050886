// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a model learns.

#ifndef QNN_DIALECT_QNN_IR_QNNPARAMETEROPS_TD
#define QNN_DIALECT_QNN_IR_QNNPARAMETEROPS_TD

include "qnn/Dialect/QNN/IR/QNNOpBase.td"

def QNN_ParameterOp : QNN_Op<"parameter", [
    Pure, AllTypesMatch<["value", "result"]>]> {
  let summary = "Weights or a bias that can be learned, by name";
  let description = [{
    A constant with a name that does not fold, so that it can be found again.
    `qnn-expose-parameters` makes an argument of it, `qnn-freeze-parameters` an
    `arith.constant`; running or compiling a model freezes first.

    `value` is what the parameter has, or an initializer, from which
    `qnn-materialize-parameters` makes values.

    Constraints:
    1. The name is not empty. Names are unique within a function, which
       `qnn-expose-parameters` checks.
    2. The result is an `f32` tensor of static shape.
    3. `value` is an initializer or dense, of the result's type.

    ```mlir
    %w = qnn.parameter "conv1/weights" #qnn.initializer<he>
      : tensor<32x3x3x1xf32>
    %b = qnn.parameter "conv1/bias" dense<0.0> : tensor<32xf32>
    ```
  }];
  let arguments = (ins StrAttr:$name, TypedAttrInterface:$value);
  let results = (outs AnyStaticShapeTensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = "$name $value attr-dict";
  let extraClassDeclaration = [{
    /// The values, or null while there is an initializer only.
    ::mlir::DenseElementsAttr getElements() {
      return ::llvm::dyn_cast<::mlir::DenseElementsAttr>(getValue());
    }
  }];
}

#endif // QNN_DIALECT_QNN_IR_QNNPARAMETEROPS_TD
