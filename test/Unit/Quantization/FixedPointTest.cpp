// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// TFLite's fixed point against hand-computed values and 128-bit formulas.

#include "qnn/Quantization/FixedPoint.h"
#include "gtest/gtest.h"
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

using namespace qnn;

namespace {
TEST(FixedPoint, QuantizeMultiplier) {
  struct {
    double multiplier;
    int32_t mantissa;
    int shift;
  } cases[] = {{0.0, 0, 0},
               {1.0, 1 << 30, 1},
               {0.5, 1 << 30, 0},
               {0.75, 3 << 29, 0},
               {3.0, 3 << 29, 2},
               // The mantissa rounds up to 2^31 and is normalized.
               {1.0 - 0x1p-40, 1 << 30, 1},
               {1.0 - 0x1p-31, INT32_MAX, 0},
               // A tie, away from zero.
               {0.5 + 0x1p-32, (1 << 30) + 1, 0},
               {0x1p-32, 1 << 30, -31},
               {0x1p-33, 0, 0},
               {0x1p29, 1 << 30, 30},
               {0x1p30, INT32_MAX, 30},
               {std::numeric_limits<double>::infinity(), INT32_MAX, 30}};
  for (auto c : cases) {
    FixedPointMultiplier result = quantizeMultiplier(c.multiplier);
    EXPECT_EQ(result.mantissa, c.mantissa) << c.multiplier;
    EXPECT_EQ(result.shift, c.shift) << c.multiplier;
  }
}

TEST(FixedPoint, HighMul) {
  struct {
    int32_t a, b, expected;
  } cases[] = {{INT32_MIN, INT32_MIN, INT32_MAX},
               {INT32_MIN, INT32_MAX, -INT32_MAX},
               {INT32_MAX, INT32_MAX, INT32_MAX - 1},
               {1, 1 << 30, 1},  // 0.5
               {-1, 1 << 30, 0}, // -0.5
               {3, 1 << 30, 2},  // 1.5
               {-3, 1 << 30, -1},
               {100, 1 << 30, 50},
               {1, (1 << 30) - 1, 0}};
  for (auto c : cases)
    EXPECT_EQ(saturatingRoundingDoublingHighMul(c.a, c.b), c.expected)
        << c.a << ' ' << c.b;
}

TEST(FixedPoint, DivideByPOT) {
  struct {
    int32_t x;
    int exponent;
    int32_t expected;
  } cases[] = {{5, 0, 5},
               {1, 1, 1},
               {-1, 1, -1},
               {3, 1, 2},
               {-3, 1, -2},
               {5, 2, 1},
               {6, 2, 2},
               {-6, 2, -2},
               {-5, 2, -1},
               {INT32_MAX, 31, 1},
               {INT32_MIN, 31, -1},
               {1 << 30, 31, 1},
               {(1 << 30) - 1, 31, 0},
               {-(1 << 30), 31, -1}};
  for (auto c : cases)
    EXPECT_EQ(roundingDivideByPOT(c.x, c.exponent), c.expected)
        << c.x << " >> " << c.exponent;
}

/// floor(numerator / 2^shift + 1/2), in 128 bits.
int64_t roundShift(__int128 numerator, int shift) {
  if (shift == 0)
    return int64_t(numerator);
  return int64_t((numerator + (__int128(1) << (shift - 1))) >> shift);
}

TEST(FixedPoint, SingleRoundsTheExactProductOnce) {
  std::mt19937_64 random(5);
  FixedPointOutput output{3, INT32_MIN, INT32_MAX};
  for (int i = 0; i < 100000; ++i) {
    double real =
        std::ldexp(double(random() % 1000000 + 1), -int(random() % 45));
    FixedPointMultiplier m = quantizeMultiplier(real);
    auto acc = int32_t(random());
    int64_t exact = roundShift(__int128(acc) * m.mantissa, 31 - m.shift);
    int64_t expected = std::clamp<int64_t>(exact + 3, INT32_MIN, INT32_MAX);
    ASSERT_EQ(requantizeTfliteSingle(acc, m, output), expected) << acc;
  }
}

TEST(FixedPoint, DoubleRoundsTwice) {
  std::mt19937_64 random(6);
  FixedPointOutput output{-7, INT32_MIN, INT32_MAX};
  for (int i = 0; i < 100000; ++i) {
    double real =
        std::ldexp(double(random() % 1000000 + 1), -int(random() % 45));
    FixedPointMultiplier m = quantizeMultiplier(real);
    int left = std::max(m.shift, 0), right = std::max(-m.shift, 0);
    int64_t acc = int32_t(random()) >> left;
    // First rounding: ties upwards. Second: ties away from zero.
    int64_t high = roundShift(__int128(acc) * m.mantissa * (1 << left), 31);
    int64_t magnitude = roundShift(std::abs(high), right);
    int64_t expected = (high < 0 ? -magnitude : magnitude) - 7;
    ASSERT_EQ(requantizeTfliteDouble(int32_t(acc), m, output),
              std::clamp<int64_t>(expected, INT32_MIN, INT32_MAX))
        << acc;
  }
}

TEST(FixedPoint, TheTwoDifferOnDoubleRounding) {
  // 3 / 8 = 0.375 is 0. In two steps: 3 / 2 = 1.5 -> 2, then 2 / 4 = 0.5 -> 1.
  FixedPointMultiplier m = quantizeMultiplier(0.125);
  EXPECT_EQ(m.shift, -2);
  EXPECT_EQ(requantizeTfliteSingle(3, m, {0, -128, 127}), 0);
  EXPECT_EQ(requantizeTfliteDouble(3, m, {0, -128, 127}), 1);
}

TEST(FixedPoint, ModeChooses) {
  FixedPointMultiplier m = quantizeMultiplier(0.125);
  EXPECT_EQ(requantizeFixedPoint(3, m, {}, RequantizationMode::TfliteSingle),
            0);
  EXPECT_EQ(requantizeFixedPoint(3, m, {}, RequantizationMode::TfliteDouble),
            1);
}

/// The product of floats may leave the range of float.
TEST(FixedPoint, MultipliersAtTheEndsOfFloat) {
  double large = std::numeric_limits<float>::max();
  double small = std::numeric_limits<float>::min();
  EXPECT_EQ(quantizeMultiplier(realMultiplier(large, large, large)).shift, 30);
  EXPECT_EQ(
      quantizeMultiplier(realMultiplierInFloat(large, large, large)).shift, 30);
  EXPECT_EQ(
      quantizeMultiplier(realMultiplierInFloat(small, small, small)).mantissa,
      0);
}

TEST(FixedPoint, Clamps) {
  FixedPointMultiplier m = quantizeMultiplier(1.0);
  EXPECT_EQ(requantizeTfliteSingle(1000, m, {10, -128, 127}), 127);
  EXPECT_EQ(requantizeTfliteDouble(-1000, m, {10, -128, 127}), -128);
  EXPECT_EQ(requantizeTfliteDouble(100, m, {10, -128, 127}), 110);
}
} // namespace
