// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Boundaries between levels, and the search for the nearest one.

#include "qnn/Quantization/LevelTable.h"
#include <cmath>

using namespace llvm;
using namespace qnn;

SmallVector<float> qnn::levelBoundaries(ArrayRef<float> levels) {
  SmallVector<float> boundaries;
  for (size_t i = 0; i + 1 < levels.size(); ++i)
    boundaries.push_back(
        static_cast<float>((double(levels[i]) + double(levels[i + 1])) / 2));
  return boundaries;
}

int64_t qnn::bucketize(float x, ArrayRef<float> boundaries) {
  int64_t count = 0;
  for (float boundary : boundaries)
    count += boundary < x;
  return count;
}

SmallVector<float> qnn::powerOfTwoLevels(int64_t minExponent,
                                         int64_t maxExponent) {
  SmallVector<float> levels;
  for (int64_t exponent = maxExponent; exponent >= minExponent; --exponent)
    levels.push_back(-std::ldexp(1.0f, static_cast<int>(exponent)));
  levels.push_back(0.0f);
  for (int64_t exponent = minExponent; exponent <= maxExponent; ++exponent)
    levels.push_back(std::ldexp(1.0f, static_cast<int>(exponent)));
  return levels;
}
