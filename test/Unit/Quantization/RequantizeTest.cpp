// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Requantization by hand, and thresholds against direct evaluation.

#include "qnn/Quantization/Requantize.h"
#include "qnn/Quantization/FixedPoint.h"
#include "gtest/gtest.h"
#include <cmath>
#include <limits>
#include <random>

using namespace qnn;

namespace {
struct Case {
  int64_t acc;
  RequantizeParams params;
  int64_t expected;
};

const RequantizeParams kHalf{0.5f, 3, -128, 127, RoundingMode::HalfEven};
const RequantizeParams kUp{0.5f, 3, -128, 127, RoundingMode::HalfUp};
const RequantizeParams kRelu6{0.25f, -128, -128, -104, RoundingMode::HalfEven};
const RequantizeParams kTop{1.0f, 127, -128, 127, RoundingMode::HalfEven};
const RequantizeParams kOne{1.0f, 0, -16777216, 16777216,
                            RoundingMode::HalfEven};

const Case kCases[] = {
    {0, kHalf, 3},
    {1, kHalf, 3}, // 0.5 -> 0
    {3, kHalf, 5}, // 1.5 -> 2
    {-1, kHalf, 3},
    {1, kUp, 4},
    {-1, kUp, 3},
    {247, kHalf, 127}, // 123.5 -> 124
    {246, kHalf, 126},
    {INT32_MAX, kHalf, 127},
    {INT32_MIN, kHalf, -128},
    {-262, kHalf, -128},
    {-259, kHalf, -127}, // -129.5 -> -130
    {-5, kRelu6, -128},
    {10, kRelu6, -126}, // 2.5 -> 2
    {1000, kRelu6, -104},
    {1, kTop, 127},
    {-255, kTop, -128},
    // float(16777217) is 16777216, a tie to even.
    {16777217, kOne, 16777216},
    {16777215, kOne, 16777215},
};

TEST(Requantize, Table) {
  for (const Case &c : kCases)
    EXPECT_EQ(requantize(c.acc, c.params), c.expected) << c.acc;
}

TEST(Requantize, Float) {
  float inf = std::numeric_limits<float>::infinity();
  EXPECT_EQ(requantizeFloat(2.5f, kTop), 127);
  EXPECT_EQ(requantizeFloat(-2.5f, kTop), 125);
  EXPECT_EQ(requantizeFloat(-inf, kTop), -128);
  EXPECT_EQ(requantizeFloat(inf, kHalf), 127);
  EXPECT_EQ(requantizeFloat(std::numeric_limits<float>::quiet_NaN(), kHalf),
            -128);
}

TEST(Requantize, Multiplier) {
  EXPECT_EQ(requantizeMultiplier(0.5, 0.25, 0.125), 1.0f);
  // Rounding the product to f32 first gives 0x1.7bace2p-3.
  EXPECT_EQ(requantizeMultiplier(0.228f, 0.67f, 0.824f), 0x1.7bace4p-3f);
  // The product is 0 in f32, not in double.
  EXPECT_EQ(requantizeMultiplier(0x1p-100, 0x1p-60, 0x1p-120), 0x1p-40f);
}

TEST(Requantize, ThresholdsByHand) {
  RequantizeParams params{0.5f, 0, -2, 2, RoundingMode::HalfEven};
  // -2: ..-3, -1: -2, 0: -1..1, 1: 2, 2: 3..
  EXPECT_EQ(thresholds(params, -100, 100),
            (llvm::SmallVector<int64_t>{-2, -1, 2, 3}));
  EXPECT_EQ(thresholds(params, 0, 2), (llvm::SmallVector<int64_t>{0, 0, 2, 3}));
  params.multiplier = 0;
  EXPECT_EQ(thresholds(params, -9, 9),
            (llvm::SmallVector<int64_t>{-9, -9, 10, 10}));
}

/// Random parameters with outputs spread over [-limit, limit] or so.
RequantizeParams randomParams(std::mt19937 &random, int64_t limit) {
  std::uniform_real_distribution<float> logScale(-3, 3);
  int64_t zeroPoint = int64_t(random() % 256) - 128;
  int64_t min = int64_t(random() % 256) - 128;
  int64_t max = int64_t(random() % 256) - 128;
  return {std::exp2(logScale(random)) * 127.0f / float(limit), zeroPoint,
          std::min(min, max), std::max(min, max), RoundingMode(random() % 5)};
}

TEST(Requantize, ThresholdsAgreeWithEvaluation) {
  std::mt19937 random(2);
  for (int i = 0; i < 200; ++i) {
    int64_t limit = 1 + random() % 1500;
    RequantizeParams params = randomParams(random, limit);
    auto steps = thresholds(params, -limit, limit);
    ASSERT_EQ(int64_t(steps.size()), params.max - params.min);
    for (int64_t acc = -limit; acc <= limit; ++acc) {
      int64_t level = params.min;
      for (int64_t step : steps)
        level += step <= acc;
      ASSERT_EQ(requantize(acc, params), level) << acc << " iteration " << i;
    }
  }
}

TEST(Requantize, ThresholdsOverAllOfI32) {
  std::mt19937 random(3);
  for (int i = 0; i < 50; ++i) {
    RequantizeParams params = randomParams(random, INT32_MAX);
    auto steps = thresholds(params, INT32_MIN, INT32_MAX);
    for (size_t k = 0; k < steps.size(); ++k) {
      int64_t level = params.min + 1 + int64_t(k);
      if (steps[k] <= INT32_MAX) {
        ASSERT_GE(requantize(steps[k], params), level);
      }
      if (steps[k] > INT32_MIN) {
        ASSERT_LT(requantize(steps[k] - 1, params), level);
      }
    }
  }
}

TEST(Requantize, EqualOnAllAccumulatorsFindsEveryDifference) {
  std::mt19937 random(4);
  int numEqual = 0;
  for (int i = 0; i < 400; ++i) {
    int64_t limit = 1 + random() % 1000;
    RequantizeParams a = randomParams(random, limit), b = a;
    switch (random() % 4) {
    case 0:
      b.multiplier = std::nextafter(a.multiplier, 1e9f);
      break;
    case 1:
      b.rounding = RoundingMode(random() % 5);
      break;
    case 2:
      b.multiplier *= 1.0f + float(random() % 100) / 1e5f;
      break;
    case 3:
      b.max = std::max(b.min, b.max - int64_t(random() % 2));
      break;
    }
    bool expected = true;
    for (int64_t acc = -limit; acc <= limit; ++acc)
      expected &= requantize(acc, a) == requantize(acc, b);
    ASSERT_EQ(equalOnAllAccumulators(a, b, -limit, limit), expected) << i;
    numEqual += expected;
  }
  // Both answers must have been tested.
  EXPECT_GT(numEqual, 50);
  EXPECT_LT(numEqual, 350);
}

TEST(Requantize, EqualStepFunctionsComparesOtherForms) {
  // A power of two: the float form and TFLite's fixed point agree everywhere,
  // if both round ties upwards.
  RequantizeParams params{0x1p-10f, 5, -128, 127, RoundingMode::HalfUp};
  FixedPointMultiplier fixed = quantizeMultiplier(0x1p-10);
  auto viaFloat = [&](int64_t acc) { return requantize(acc, params); };
  auto viaFixed = [&](int64_t acc) {
    return requantizeTfliteSingle(int32_t(acc), fixed, {5, -128, 127});
  };
  EXPECT_TRUE(equalStepFunctions(viaFloat, viaFixed, INT32_MIN, INT32_MAX));
  params.rounding = RoundingMode::HalfEven;
  EXPECT_FALSE(equalStepFunctions(viaFloat, viaFixed, INT32_MIN, INT32_MAX));
}
} // namespace
