// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attributes of the dialect.

#ifndef QNN_DIALECT_QNN_IR_QNNATTRS_TD
#define QNN_DIALECT_QNN_IR_QNNATTRS_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "qnn/Dialect/QNN/IR/QNNDialect.td"
include "qnn/Quantization/RequantizationMode.td"
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

def QNN_RequantizationModeAttr
    : EnumAttr<QNN_Dialect, QNN_RequantizationModeEnum, "requantization"> {
  let summary = "Arithmetic of a requantization";
  let description = [{
    From the exact accumulator `acc` of a quantized operation to a code:

    * `float`: `clamp(round(f32(acc) * f32(multiplier)) + zero point)`.
    * `tflite_single`, `tflite_double`: `clamp(fixedPoint(acc, M0, shift) + zero
      point)`, where `M0 * 2^(shift - 31)` is the multiplier, and `fixedPoint`
      is `MultiplyByQuantizedMultiplier` of TensorFlow Lite
      (`kernels/internal/common.cc`), built with or without
      `TFLITE_SINGLE_ROUNDING`; the second is gemmlowp's
      `SaturatingRoundingDoublingHighMul` and `RoundingDivideByPOT`.

    The bits equal those of TensorFlow Lite's reference kernels. The formulas
    have one rounding of their own, so `rounding` stays `half_even`. Bounds of
    an attached clamp become codes as there: ties away from zero.
  }];
  let assemblyFormat = "`(` $value `)`";
}

#endif // QNN_DIALECT_QNN_IR_QNNATTRS_TD
