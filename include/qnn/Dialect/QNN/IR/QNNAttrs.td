// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attributes of the dialect.

#ifndef QNN_DIALECT_QNN_IR_QNNATTRS_TD
#define QNN_DIALECT_QNN_IR_QNNATTRS_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "qnn/Dialect/QNN/IR/QNNDialect.td"
include "qnn/Quantization/RoundingMode.td"

def QNN_RoundingModeAttr
    : EnumAttr<QNN_Dialect, QNN_RoundingModeEnum, "rounding"> {
  let summary = "Rounding mode of a quantization or requantization";
  let description = [{
    `half_even` (ONNX, IEEE default), `half_away` (ties away from zero, TFLite's
    reference quantizer), `half_up` (ties toward plus infinity), `floor`,
    `toward_zero` (also what a floor of the magnitude gives).
  }];
  // With the parentheses in the attribute, neither the short nor the generic
  // form of an operation prints a space before the mode.
  let assemblyFormat = "`(` $value `)`";
}

#endif // QNN_DIALECT_QNN_IR_QNNATTRS_TD
