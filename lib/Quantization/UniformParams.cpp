// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Quantize, dequantize and the choice of scales and zero points.

#include "qnn/Quantization/UniformParams.h"
#include "Clamp.h"
#include "qnn/Quantization/Rounding.h"
#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

using namespace qnn;

/// Integers of at most this magnitude are exact in f32.
static constexpr int64_t kMaxExactFloat = int64_t(1) << 24;
static constexpr double kMinScale = std::numeric_limits<float>::min();
static constexpr double kMaxScale = std::numeric_limits<float>::max();

bool UniformParams::isSinglePrecision() const {
  return storageMin - zeroPoint >= -kMaxExactFloat &&
         storageMax - zeroPoint <= kMaxExactFloat;
}

int64_t UniformParams::quantize(double x, RoundingMode mode) const {
  int64_t lo = storageMin - zeroPoint, hi = storageMax - zeroPoint;
  if (isSinglePrecision())
    return clampAndRound(float(x) / float(scale), lo, hi, mode) + zeroPoint;
  return clampAndRound(x / scale, lo, hi, mode) + zeroPoint;
}

double UniformParams::dequantize(int64_t q) const {
  if (isSinglePrecision())
    return float(q - zeroPoint) * float(scale);
  return float(double(q - zeroPoint) * scale);
}

double qnn::roundScale(double scale) {
  return float(std::clamp(scale, kMinScale, kMaxScale));
}

UniformParams qnn::chooseAsymmetric(double min, double max, int64_t storageMin,
                                    int64_t storageMax) {
  assert(min <= max && storageMin < storageMax && "empty range");
  min = std::min(min, 0.0);
  max = std::max(max, 0.0);
  UniformParams params{1.0, 0, storageMin, storageMax};
  if (min < max)
    params.scale = roundScale((max - min) / double(storageMax - storageMin));
  double zeroPoint = roundToInteger(double(storageMin) - min / params.scale,
                                    RoundingMode::HalfEven);
  params.zeroPoint =
      int64_t(std::clamp(zeroPoint, double(storageMin), double(storageMax)));
  return params;
}

UniformParams qnn::chooseSymmetric(double absMax, int64_t storageMax) {
  assert(absMax >= 0 && storageMax > 0 && "needs a magnitude");
  double scale = absMax > 0 ? roundScale(absMax / double(storageMax)) : 1.0;
  return {scale, 0, -storageMax, storageMax};
}

double qnn::biasScale(double inputScale, double weightScale) {
  return roundScale(inputScale * weightScale);
}

double qnn::chooseBiasAwareWeightScale(double absMax, double biasAbs,
                                       double inputScale, int64_t storageMax) {
  assert(absMax >= 0 && biasAbs >= 0 && inputScale > 0 && storageMax > 0);
  if (absMax == 0 && biasAbs == 0)
    return 1.0;
  // Products of two floats, and of those and a power of two, are exact.
  auto isLargeEnough = [&](double scale) {
    return scale * double(storageMax) >= absMax &&
           inputScale * scale * double(kMaxBiasCode) >= biasAbs &&
           inputScale * scale >= kMinScale;
  };
  float scale = roundScale(std::max(
      {absMax / double(storageMax),
       biasAbs / (inputScale * double(kMaxBiasCode)), kMinScale / inputScale}));
  // Rounding to nearest can have gone down, by less than one float.
  while (!isLargeEnough(scale) && scale < float(kMaxScale))
    scale = std::nextafter(scale, std::numeric_limits<float>::infinity());
  return scale;
}
