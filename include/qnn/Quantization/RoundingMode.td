// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rounding modes of quantization and requantization: one definition for
// the arithmetic library (the C++ enum) and the dialect (the attribute).

#ifndef QNN_QUANTIZATION_ROUNDINGMODE_TD
#define QNN_QUANTIZATION_ROUNDINGMODE_TD

include "mlir/IR/EnumAttr.td"

def QNN_RoundingModeEnum
    : I32EnumAttr<"RoundingMode", "how a real number becomes an integer", [
        // To nearest, ties to the even neighbour: 0.5 -> 0, 1.5 -> 2.
        I32EnumAttrCase<"HalfEven", 0, "half_even">,
        // To nearest, ties away from zero: 0.5 -> 1, -0.5 -> -1.
        I32EnumAttrCase<"HalfAway", 1, "half_away">,
        // To nearest, ties towards plus infinity: 0.5 -> 1, -0.5 -> 0.
        I32EnumAttrCase<"HalfUp", 2, "half_up">,
        // Towards minus infinity: 0.9 -> 0, -0.1 -> -1.
        I32EnumAttrCase<"Floor", 3, "floor">,
        // Truncation: 0.9 -> 0, -0.9 -> 0.
        I32EnumAttrCase<"TowardZero", 4, "toward_zero">]> {
  let cppNamespace = "::qnn";
  let genSpecializedAttr = 0;
}

#endif // QNN_QUANTIZATION_ROUNDINGMODE_TD
