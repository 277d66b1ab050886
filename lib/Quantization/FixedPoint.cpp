// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// TensorFlow Lite's fixed-point requantization.

#include "qnn/Quantization/FixedPoint.h"
#include "qnn/Quantization/Rounding.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/ErrorHandling.h"
#include <algorithm>
#include <cassert>
#include <cmath>

#include "qnn/Quantization/RequantizationMode.cpp.inc"

using namespace qnn;

FixedPointMultiplier qnn::quantizeMultiplier(double multiplier) {
  assert(multiplier >= 0 && "multipliers are quotients of scales");
  if (multiplier >= double(1 << 30))
    return {INT32_MAX, 30};
  int shift = 0;
  double fraction = std::frexp(multiplier, &shift);
  auto mantissa = int64_t(
      roundToInteger(fraction * double(1LL << 31), RoundingMode::HalfAway));
  if (mantissa == 1LL << 31) {
    mantissa /= 2;
    ++shift;
  }
  if (shift < -31)
    return {0, 0};
  if (shift > 30)
    return {INT32_MAX, 30};
  return {int32_t(mantissa), shift};
}

double qnn::realMultiplier(double inputScale, double weightScale,
                           double outputScale) {
  return inputScale * weightScale / outputScale;
}

double qnn::realMultiplierOfFloatProduct(double inputScale, double weightScale,
                                         double outputScale) {
  float product = float(inputScale) * float(weightScale);
  return double(product) / double(float(outputScale));
}

double qnn::realMultiplierInFloat(double lhsScale, double rhsScale,
                                  double outputScale) {
  float product = float(lhsScale) * float(rhsScale);
  return product / float(outputScale);
}

int32_t qnn::saturatingRoundingDoublingHighMul(int32_t a, int32_t b) {
  if (a == INT32_MIN && b == INT32_MIN)
    return INT32_MAX;
  int64_t product = int64_t(a) * b;
  int64_t nudge = product >= 0 ? 1LL << 30 : 1 - (1LL << 30);
  return int32_t((product + nudge) / (1LL << 31));
}

int32_t qnn::roundingDivideByPOT(int32_t x, int exponent) {
  assert(exponent >= 0 && exponent <= 31 && "exponent out of range");
  int64_t mask = (1LL << exponent) - 1;
  int64_t remainder = x & mask;
  int64_t threshold = (mask >> 1) + (x < 0);
  return (x >> exponent) + (remainder > threshold);
}

static int64_t finish(int64_t scaled, const FixedPointOutput &output) {
  return std::clamp(scaled + output.zeroPoint, output.min, output.max);
}

int64_t qnn::requantizeTfliteSingle(int32_t acc,
                                    FixedPointMultiplier multiplier,
                                    const FixedPointOutput &output) {
  int totalShift = 31 - multiplier.shift;
  int64_t half = 1LL << (totalShift - 1);
  int64_t product = int64_t(acc) * multiplier.mantissa;
  return finish((product + half) >> totalShift, output);
}

int64_t qnn::requantizeTfliteDouble(int32_t acc,
                                    FixedPointMultiplier multiplier,
                                    const FixedPointOutput &output) {
  int left = std::max(multiplier.shift, 0);
  int right = std::max(-multiplier.shift, 0);
  auto shifted = int32_t(uint32_t(acc) << left);
  int32_t high =
      saturatingRoundingDoublingHighMul(shifted, multiplier.mantissa);
  return finish(roundingDivideByPOT(high, right), output);
}

int64_t qnn::requantizeFixedPoint(int32_t acc, FixedPointMultiplier multiplier,
                                  const FixedPointOutput &output,
                                  RequantizationMode mode) {
  switch (mode) {
  case RequantizationMode::TfliteSingle:
    return requantizeTfliteSingle(acc, multiplier, output);
  case RequantizationMode::TfliteDouble:
    return requantizeTfliteDouble(acc, multiplier, output);
  case RequantizationMode::Float:
    break;
  }
  llvm_unreachable("the float multiplication is in Requantize.h");
}
