// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nonlinear quantization: nearest levels, ties, powers of two.

#include "qnn/Quantization/LevelTable.h"
#include "gtest/gtest.h"
#include <cmath>
#include <limits>

using namespace qnn;

namespace {
using Floats = llvm::SmallVector<float>;

TEST(LevelTable, Boundaries) {
  EXPECT_EQ(levelBoundaries({-1.0f, 0.0f, 0.5f, 4.0f}),
            (Floats{-0.5f, 0.25f, 2.25f}));
  EXPECT_EQ(levelBoundaries({3.0f}), Floats());
  // The sum of both would be infinite in f32.
  EXPECT_EQ(levelBoundaries({0x1p127f, 0x1.8p127f}), Floats{0x1.4p127f});
}

TEST(LevelTable, BucketizeTakesTheNearestAndTheLowerOnATie) {
  Floats boundaries = levelBoundaries({-1.0f, 0.0f, 0.5f, 4.0f});
  struct {
    float x;
    int64_t expected;
  } cases[] = {{-7.0f, 0},
               {-0.5f, 0},
               {-0.49f, 1},
               {0.25f, 1},
               {0.26f, 2},
               {2.25f, 2},
               {2.5f, 3},
               {std::numeric_limits<float>::infinity(), 3},
               {-std::numeric_limits<float>::infinity(), 0},
               {std::nanf(""), 0}};
  for (auto c : cases)
    EXPECT_EQ(bucketize(c.x, boundaries), c.expected) << c.x;
}

TEST(LevelTable, PowersOfTwo) {
  EXPECT_EQ(powerOfTwoLevels(-1, 1),
            (Floats{-2.0f, -1.0f, -0.5f, 0.0f, 0.5f, 1.0f, 2.0f}));
  EXPECT_EQ(powerOfTwoLevels(3, 3), (Floats{-8.0f, 0.0f, 8.0f}));
}
} // namespace
