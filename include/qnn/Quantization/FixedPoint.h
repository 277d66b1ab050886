// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// TensorFlow Lite's two fixed-point requantizations, for bit-exact agreement
// with models and programs that use them. The definitions follow
// tensorflow/lite/kernels/internal/{quantization_util.cc,common.cc} and
// gemmlowp/fixedpoint/fixedpoint.h.

#ifndef QNN_QUANTIZATION_FIXEDPOINT_H
#define QNN_QUANTIZATION_FIXEDPOINT_H

#include "qnn/Quantization/RequantizationMode.h"
#include "qnn/Quantization/RoundingMode.h"
#include <cstdint>

namespace qnn {

/// The real number mantissa * 2^(shift - 31).
struct FixedPointMultiplier {
  /// 0, or in [2^30, 2^31).
  int32_t mantissa = 0;
  /// In [-31, 30]; positive shifts left.
  int shift = 0;
};

/// The nearest fixed-point number to `multiplier`, which must not be NaN or
/// negative; the mantissa is rounded half away from zero (TFLite's
/// QuantizeMultiplier). Below about 2^-32 the result is 0, from 2^30 on it is
/// saturated.
FixedPointMultiplier quantizeMultiplier(double multiplier);

/// (inputScale * weightScale) / outputScale in double: the real multiplier of
/// TFLite's convolutions (per channel or not), of its fully connected layers
/// with weights per channel, and, with a weightScale of 1, of its QUANTIZE.
double realMultiplier(double inputScale, double weightScale,
                      double outputScale);

/// The same with the product in float and the quotient in double: TFLite's
/// GetQuantizedConvolutionMultipler, which FULLY_CONNECTED with one weight
/// scale and BATCH_MATMUL use. Scales in TFLite are floats.
double realMultiplierOfFloatProduct(double inputScale, double weightScale,
                                    double outputScale);

/// The same with both operations in float: TFLite's MUL.
double realMultiplierInFloat(double lhsScale, double rhsScale,
                             double outputScale);

/// round(a * b / 2^31) with ties towards plus infinity: (a * b + nudge) / 2^31
/// truncated, nudge being 2^30 for a product >= 0 and 1 - 2^30 otherwise. The
/// one overflow, INT32_MIN * INT32_MIN, saturates to INT32_MAX. From gemmlowp;
/// what NEON sqrdmulh computes.
int32_t saturatingRoundingDoublingHighMul(int32_t a, int32_t b);

/// round(x / 2^exponent), ties away from zero; exponent in [0, 31]. From
/// gemmlowp.
int32_t roundingDivideByPOT(int32_t x, int exponent);

/// How the real bounds of a clamp become codes: TFLite's
/// CalculateActivationRangeQuantized takes ties away from zero.
inline RoundingMode getBoundRounding(RequantizationMode mode) {
  return mode == RequantizationMode::Float ? RoundingMode::HalfEven
                                           : RoundingMode::HalfAway;
}

/// Output zero point and inclusive output range of a fixed-point
/// requantization.
struct FixedPointOutput {
  int64_t zeroPoint = 0;
  int64_t min = -128;
  int64_t max = 127;
};

/// MultiplyByQuantizedMultiplier with TFLITE_SINGLE_ROUNDING:
/// (acc * mantissa + 2^(30 - shift)) >> (31 - shift), that is, one rounding
/// with ties upwards; then + zeroPoint and clamp. Where TFLite's i32 result
/// would overflow (which it forbids), ours is exact and hence clamped.
int64_t requantizeTfliteSingle(int32_t acc, FixedPointMultiplier multiplier,
                               const FixedPointOutput &output);

/// MultiplyByQuantizedMultiplier as in gemmlowp and TFLite's default build:
/// shift left (modulo 2^32), saturatingRoundingDoublingHighMul by the
/// mantissa, roundingDivideByPOT for a negative shift: two roundings. Then
/// + zeroPoint and clamp. Monotone in acc as long as acc * 2^shift fits i32.
int64_t requantizeTfliteDouble(int32_t acc, FixedPointMultiplier multiplier,
                               const FixedPointOutput &output);

/// One of the two; `mode` is not Float.
int64_t requantizeFixedPoint(int32_t acc, FixedPointMultiplier multiplier,
                             const FixedPointOutput &output,
                             RequantizationMode mode);

} // namespace qnn

#endif // QNN_QUANTIZATION_FIXEDPOINT_H
