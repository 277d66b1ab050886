// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Accumulator bounds against all inputs of small channels.

#include "qnn/Quantization/Accumulator.h"
#include "gtest/gtest.h"
#include <algorithm>
#include <vector>

using namespace qnn;

namespace {
TEST(Accumulator, BoundsAreReached) {
  // x - zx in [-2, 3]: min = 5 - 2*4 - 3*7 = -24, max = 5 + 3*4 + 2*7 = 31.
  AccumulatorBound bound = accumulatorBound({4, -7, 0}, -2, 3, 5);
  EXPECT_EQ(bound.min, -24);
  EXPECT_EQ(bound.max, 31);
  int64_t min = 5, max = 5;
  for (int64_t x = -2; x <= 3; ++x)
    for (int64_t y = -2; y <= 3; ++y) {
      min = std::min(min, 5 + 4 * x - 7 * y);
      max = std::max(max, 5 + 4 * x - 7 * y);
    }
  EXPECT_EQ(bound.min, min);
  EXPECT_EQ(bound.max, max);
}

TEST(Accumulator, PaddingAddsZeroToTheInputRange) {
  AccumulatorBound bound = accumulatorBound({2}, 3, 5, 0);
  EXPECT_EQ(bound.min, 0);
  EXPECT_EQ(bound.max, 10);
}

TEST(Accumulator, FitsI32) {
  EXPECT_TRUE(accumulatorBound({}, -255, 255, INT32_MIN).fitsI32());
  EXPECT_FALSE(accumulatorBound({}, 0, 0, int64_t(INT32_MAX) + 1).fitsI32());
  // 255 * 127 * n <= 2^31 - 1 up to n = 66311.
  std::vector<int64_t> weights(66311, 127);
  EXPECT_TRUE(accumulatorBound(weights, 0, 255, 0).fitsI32());
  weights.push_back(127);
  EXPECT_FALSE(accumulatorBound(weights, 0, 255, 0).fitsI32());
  // A negative bias makes room.
  EXPECT_TRUE(accumulatorBound(weights, 0, 255, -32385).fitsI32());
}

TEST(Accumulator, Union) {
  AccumulatorBound both =
      AccumulatorBound{-3, 4}.unionWith(AccumulatorBound{-1, 9});
  EXPECT_EQ(both.min, -3);
  EXPECT_EQ(both.max, 9);
}
} // namespace
