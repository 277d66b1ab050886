// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Interval arithmetic over the weights of a channel.

#include "qnn/Quantization/Accumulator.h"
#include <algorithm>

using namespace qnn;

AccumulatorBound
AccumulatorBound::unionWith(const AccumulatorBound &other) const {
  return {std::min(min, other.min), std::max(max, other.max)};
}

AccumulatorBound qnn::accumulatorBound(llvm::ArrayRef<int64_t> weights,
                                       int64_t inputMin, int64_t inputMax,
                                       int64_t bias) {
  inputMin = std::min<int64_t>(inputMin, 0);
  inputMax = std::max<int64_t>(inputMax, 0);
  AccumulatorBound bound{bias, bias};
  for (int64_t weight : weights) {
    bound.min += weight * (weight < 0 ? inputMax : inputMin);
    bound.max += weight * (weight < 0 ? inputMin : inputMax);
  }
  return bound;
}
