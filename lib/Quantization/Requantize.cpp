// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Requantization and the comparison of step functions by their thresholds.

#include "qnn/Quantization/Requantize.h"
#include "Clamp.h"
#include <cassert>

using namespace qnn;

float qnn::requantizeMultiplier(double inputScale, double weightScale,
                                double outputScale) {
  return float((inputScale * weightScale) / outputScale);
}

int64_t qnn::requantizeFloat(float value, const RequantizeParams &params) {
  return clampAndRound(value * params.multiplier, params.min - params.zeroPoint,
                       params.max - params.zeroPoint, params.rounding) +
         params.zeroPoint;
}

int64_t qnn::requantize(int64_t acc, const RequantizeParams &params) {
  return requantizeFloat(float(acc), params);
}

/// The smallest acc in [accMin, accMax] with function(acc) >= level, or
/// accMax + 1.
static int64_t firstReaching(StepFunction function, int64_t level,
                             int64_t accMin, int64_t accMax) {
  int64_t lo = accMin, hi = accMax + 1;
  while (lo < hi) {
    // Unsigned, because hi - lo can exceed INT64_MAX.
    int64_t middle = lo + int64_t((uint64_t(hi) - uint64_t(lo)) / 2);
    if (function(middle) >= level)
      hi = middle;
    else
      lo = middle + 1;
  }
  return lo;
}

llvm::SmallVector<int64_t> qnn::thresholds(const RequantizeParams &params,
                                           int64_t accMin, int64_t accMax) {
  assert(accMin <= accMax && accMax < INT64_MAX && "no room for accMax + 1");
  auto function = [&](int64_t acc) { return requantize(acc, params); };
  llvm::SmallVector<int64_t> result;
  result.reserve(params.max - params.min);
  // Monotone, so the search for a level can start where the last one began.
  int64_t first = accMin;
  for (int64_t level = params.min + 1; level <= params.max; ++level) {
    first = firstReaching(function, level, first, accMax);
    result.push_back(first);
  }
  return result;
}

bool qnn::equalStepFunctions(StepFunction a, StepFunction b, int64_t accMin,
                             int64_t accMax) {
  assert(accMin <= accMax && accMax < INT64_MAX && "no room for accMax + 1");
  int64_t lowest = a(accMin), highest = a(accMax);
  if (lowest != b(accMin) || highest != b(accMax))
    return false;
  int64_t first = accMin;
  for (int64_t level = lowest + 1; level <= highest; ++level) {
    first = firstReaching(a, level, first, accMax);
    // b must be below the level just before, and reach it here. first is
    // above accMin, as a(accMin) is below the level.
    if (b(first) < level || b(first - 1) >= level)
      return false;
  }
  return true;
}

bool qnn::equalOnAllAccumulators(const RequantizeParams &a,
                                 const RequantizeParams &b, int64_t accMin,
                                 int64_t accMax) {
  return equalStepFunctions([&](int64_t acc) { return requantize(acc, a); },
                            [&](int64_t acc) { return requantize(acc, b); },
                            accMin, accMax);
}
