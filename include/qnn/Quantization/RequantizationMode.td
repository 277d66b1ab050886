// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The arithmetics of requantization: one definition for the arithmetic library
// (the C++ enum) and the dialect (the attribute). Does not include
// RoundingMode.td, whose enum would be generated a second time.

#ifndef QNN_QUANTIZATION_REQUANTIZATIONMODE_TD
#define QNN_QUANTIZATION_REQUANTIZATIONMODE_TD

include "mlir/IR/EnumAttr.td"

def QNN_RequantizationModeEnum
    : I32EnumAttr<"RequantizationMode", "how an accumulator is scaled", [
        // One f32 multiplication, then the rounding mode.
        I32EnumAttrCase<"Float", 0, "float">,
        // TFLite built with TFLITE_SINGLE_ROUNDING: one 64-bit product, one
        // rounding shift.
        I32EnumAttrCase<"TfliteSingle", 1, "tflite_single">,
        // TFLite's default build and gemmlowp: a rounding high multiplication,
        // then a rounding division by a power of two.
        I32EnumAttrCase<"TfliteDouble", 2, "tflite_double">]> {
  let cppNamespace = "::qnn";
  let genSpecializedAttr = 0;
}

#endif // QNN_QUANTIZATION_REQUANTIZATIONMODE_TD
