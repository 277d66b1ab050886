// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attributes of the dialect.

#ifndef QNN_DIALECT_QNN_IR_QNNATTRS_TD
#define QNN_DIALECT_QNN_IR_QNNATTRS_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/EnumAttr.td"
include "qnn/Dialect/QNN/IR/Initializer.td"
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

def QNN_InitializerAttr
    : AttrDef<QNN_Dialect, "Initializer", [TypedAttrInterface]> {
  let mnemonic = "initializer";
  let summary = "First values of a parameter";
  let description = [{
    With `fan-in` the products that an output of the layer sums, `fan-out` those
    that an input of it takes part in, evenly distributed numbers:

    * `zeros`: no distribution, 0.
    * `uniform`: in `+-1 / sqrt(fan-in)` (LeCun et al., Efficient BackProp,
      1998, section 4.6, as frameworks have it).
    * `he`: in `+-sqrt(6 / fan-in)`, of variance `2 / fan-in` (He et al.,
      Delving Deep into Rectifiers, 2015, equation 10).
    * `glorot`: in `+-sqrt(6 / (fan-in + fan-out))` (Glorot and Bengio,
      Understanding the difficulty of training deep feedforward neural networks,
      2010, equation 16).

    Those of a bias are those of the weights beside it.
  }];
  let parameters = (ins EnumParameter<QNN_InitializerEnum>:$kind,
                        AttributeSelfTypeParameter<"">:$type);
  let assemblyFormat = "`<` $kind `>`";
}

#endif // QNN_DIALECT_QNN_IR_QNNATTRS_TD
