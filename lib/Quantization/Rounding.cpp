// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rounding by splitting the significand into its integer and fraction bits.

#include "qnn/Quantization/Rounding.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/ErrorHandling.h"

#include "qnn/Quantization/RoundingMode.cpp.inc"

using namespace qnn;

/// Whether a magnitude with integer part `whole` and fraction `rest / (2 *
/// half)` is rounded away from zero.
static bool roundsAway(uint64_t whole, uint64_t rest, uint64_t half,
                       bool isNegative, RoundingMode mode) {
  switch (mode) {
  case RoundingMode::HalfEven:
    return rest > half || (rest == half && (whole & 1));
  case RoundingMode::HalfAway:
    return rest >= half;
  case RoundingMode::HalfUp:
    return isNegative ? rest > half : rest >= half;
  case RoundingMode::Floor:
    return isNegative && rest != 0;
  case RoundingMode::TowardZero:
    return false;
  }
  llvm_unreachable("unknown rounding mode");
}

template <typename Float, typename Bits, int kFractionBits, int kBias>
static Float roundBits(Float x, RoundingMode mode) {
  constexpr Bits kSign = Bits(1) << (8 * sizeof(Bits) - 1);
  constexpr Bits kImplicitOne = Bits(1) << kFractionBits;
  Bits bits = llvm::bit_cast<Bits>(x);
  Bits magnitude = bits & ~kSign;
  bool isNegative = bits & kSign;
  int exponent = int(magnitude >> kFractionBits) - kBias;
  if (exponent >= kFractionBits || magnitude == 0)
    return x;

  // Below one half only the fact that something is left matters.
  Bits whole = 0, rest = 1, half = 2;
  if (exponent >= -1) {
    int shift = kFractionBits - exponent;
    Bits significand = (magnitude & (kImplicitOne - 1)) | kImplicitOne;
    whole = significand >> shift;
    rest = significand & ((Bits(1) << shift) - 1);
    half = Bits(1) << (shift - 1);
  }
  if (roundsAway(whole, rest, half, isNegative, mode))
    ++whole;
  // At most 2^kFractionBits: the conversion is exact.
  Bits result = llvm::bit_cast<Bits>(Float(whole));
  return llvm::bit_cast<Float>(Bits(result | (bits & kSign)));
}

double qnn::roundToInteger(double x, RoundingMode mode) {
  return roundBits<double, uint64_t, 52, 1023>(x, mode);
}

float qnn::roundToInteger(float x, RoundingMode mode) {
  return roundBits<float, uint32_t, 23, 127>(x, mode);
}
