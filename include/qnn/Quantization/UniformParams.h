// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Uniform quantization of one value, `real = scale * (q - zeroPoint)`, and the
// choice of its parameters from a range.

#ifndef QNN_QUANTIZATION_UNIFORMPARAMS_H
#define QNN_QUANTIZATION_UNIFORMPARAMS_H

#include "qnn/Quantization/RoundingMode.h"
#include <cstdint>

namespace qnn {

/// Parameters of a uniformly quantized value.
///
/// The arithmetic is f32 (every step rounded to nearest even), since that is
/// what generated code and ONNX QuantizeLinear do. Only where a distance from
/// the zero point can exceed 2^24 (an i32 bias) the same steps are double.
struct UniformParams {
  /// Real distance between neighbouring levels: positive, normal, and exactly
  /// representable as a float.
  double scale = 1.0;
  /// The level that stands for real 0.
  int64_t zeroPoint = 0;
  /// First and last level in use, inclusive; storageMin <= storageMax.
  int64_t storageMin = -128;
  int64_t storageMax = 127;

  /// The level of `x`:
  ///   v = float(x) / float(scale)
  ///   v = v > lo ? v : lo        with lo = storageMin - zeroPoint
  ///   v = v < hi ? v : hi        with hi = storageMax - zeroPoint
  ///   q = round(v) + zeroPoint
  /// so NaN gives storageMin and infinities saturate. Clamping before rounding
  /// gives the same as after, because lo and hi are integers.
  int64_t quantize(double x, RoundingMode mode = RoundingMode::HalfEven) const;

  /// The real value of level `q`, always a float:
  /// float(q - zeroPoint) * float(scale), one f32 multiplication.
  double dequantize(int64_t q) const;

  /// Whether every q - zeroPoint is exact in f32 (at most 24 bits).
  bool isSinglePrecision() const;

  bool operator==(const UniformParams &other) const {
    return scale == other.scale && zeroPoint == other.zeroPoint &&
           storageMin == other.storageMin && storageMax == other.storageMax;
  }
  bool operator!=(const UniformParams &other) const {
    return !(*this == other);
  }
};

/// The float nearest to `scale` that may serve as a scale: at least the
/// smallest normal float, at most the largest finite one.
double roundScale(double scale);

/// Levels [storageMin, storageMax] spread over [min, max], after the range was
/// extended to contain 0, which becomes exactly representable. Requires finite
/// min <= max and storageMin < storageMax. The scale is
/// roundScale((max - min) / (storageMax - storageMin)), the zero point
/// storageMin - min / scale, rounded half to even and clamped. [0, 0] gives
/// scale 1.
UniformParams chooseAsymmetric(double min, double max, int64_t storageMin,
                               int64_t storageMax);

/// Zero point 0 and the narrow storage range [-storageMax, storageMax], in
/// which a value and its negation are both representable. Requires
/// 0 <= absMax < inf; the scale is roundScale(absMax / storageMax), or 1 if
/// absMax is 0.
UniformParams chooseSymmetric(double absMax, int64_t storageMax);

/// The scale of an i32 bias: the product of both scales (exact in double),
/// rounded to float.
double biasScale(double inputScale, double weightScale);

/// The largest magnitude of the code of an i32 bias, which leaves the
/// accumulator one more bit for the products.
inline constexpr int64_t kMaxBiasCode = int64_t(1) << 30;

/// Scale of symmetric weights (of one channel) whose i32 bias shares the scale
/// inputScale * result: the smallest float such that
///   result >= absMax / storageMax,
///   biasAbs / (inputScale * result) <= kMaxBiasCode, and
///   inputScale * result is a normal float.
/// A channel without weights and bias (both 0) gets 1, as chooseSymmetric.
double chooseBiasAwareWeightScale(double absMax, double biasAbs,
                                  double inputScale, int64_t storageMax);

} // namespace qnn

#endif // QNN_QUANTIZATION_UNIFORMPARAMS_H
