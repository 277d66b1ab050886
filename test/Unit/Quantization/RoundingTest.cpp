// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rounding: ties of every mode, exactness near the limits, environment.

#include "qnn/Quantization/Rounding.h"
#include "gtest/gtest.h"
#include <cfenv>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

using namespace qnn;

namespace {
constexpr RoundingMode kModes[] = {
    RoundingMode::HalfEven, RoundingMode::HalfAway, RoundingMode::HalfUp,
    RoundingMode::Floor, RoundingMode::TowardZero};

struct Case {
  double x;
  /// In the order of kModes.
  double expected[5];
};

const Case kCases[] = {
    {0.0, {0, 0, 0, 0, 0}},
    {0.25, {0, 0, 0, 0, 0}},
    {-0.25, {0, 0, 0, -1, 0}},
    {0.5, {0, 1, 1, 0, 0}},
    {-0.5, {0, -1, 0, -1, 0}},
    {0.75, {1, 1, 1, 0, 0}},
    {-0.75, {-1, -1, -1, -1, 0}},
    {1.0, {1, 1, 1, 1, 1}},
    {1.5, {2, 2, 2, 1, 1}},
    {-1.5, {-2, -2, -1, -2, -1}},
    {2.5, {2, 3, 3, 2, 2}},
    {-2.5, {-2, -3, -2, -3, -2}},
    {126.5, {126, 127, 127, 126, 126}},
    {-127.5, {-128, -128, -127, -128, -127}},
    {-7.0, {-7, -7, -7, -7, -7}},
    {8388606.5, {8388606, 8388607, 8388607, 8388606, 8388606}},
    {4194303.25, {4194303, 4194303, 4194303, 4194303, 4194303}},
};

TEST(Rounding, Table) {
  for (const Case &c : kCases)
    for (int i = 0; i < 5; ++i) {
      EXPECT_EQ(roundToInteger(c.x, kModes[i]), c.expected[i])
          << c.x << ' ' << stringifyRoundingMode(kModes[i]).str();
      EXPECT_EQ(roundToInteger(float(c.x), kModes[i]), float(c.expected[i]))
          << c.x << ' ' << stringifyRoundingMode(kModes[i]).str();
    }
}

TEST(Rounding, JustBelowOneHalfIsNotOne) {
  // x + 0.5 would round up to 1 in both precisions.
  EXPECT_EQ(roundToInteger(0.49999997f, RoundingMode::HalfAway), 0.0f);
  EXPECT_EQ(roundToInteger(0.49999997f, RoundingMode::HalfUp), 0.0f);
  double below = std::nextafter(0.5, 0.0);
  EXPECT_EQ(roundToInteger(below, RoundingMode::HalfUp), 0.0);
  EXPECT_EQ(roundToInteger(-below, RoundingMode::HalfAway), 0.0);
}

TEST(Rounding, LargeValuesAreIntegersAlready) {
  // 8388609 + 0.5 would be a tie that goes to 8388610.
  for (RoundingMode mode : kModes) {
    for (float x : {8388608.0f, 8388609.0f, -16777215.0f, 3e38f})
      EXPECT_EQ(roundToInteger(x, mode), x);
    for (double x : {4503599627370497.0, -9007199254740991.0, 1e308})
      EXPECT_EQ(roundToInteger(x, mode), x);
  }
}

TEST(Rounding, SpecialValues) {
  double inf = std::numeric_limits<double>::infinity();
  for (RoundingMode mode : kModes) {
    EXPECT_EQ(roundToInteger(-inf, mode), -inf);
    EXPECT_TRUE(std::isnan(
        roundToInteger(std::numeric_limits<float>::quiet_NaN(), mode)));
    EXPECT_TRUE(std::signbit(roundToInteger(-0.0f, mode)));
  }
  float denormal = std::numeric_limits<float>::denorm_min();
  EXPECT_EQ(roundToInteger(-denormal, RoundingMode::Floor), -1.0f);
  EXPECT_EQ(roundToInteger(-denormal, RoundingMode::TowardZero), 0.0f);
  EXPECT_TRUE(std::signbit(roundToInteger(-0.3f, RoundingMode::HalfEven)));
}

TEST(Rounding, AgreesWithLibmWhereThatIsExact) {
  std::mt19937 random(1);
  for (int i = 0; i < 200000; ++i) {
    uint32_t bits = random();
    float x;
    static_assert(sizeof x == sizeof bits);
    memcpy(&x, &bits, sizeof x);
    if (std::isnan(x))
      continue;
    ASSERT_EQ(roundToInteger(x, RoundingMode::HalfEven), std::nearbyint(x));
    ASSERT_EQ(roundToInteger(x, RoundingMode::HalfAway), std::round(x));
    ASSERT_EQ(roundToInteger(x, RoundingMode::Floor), std::floor(x));
    ASSERT_EQ(roundToInteger(x, RoundingMode::TowardZero), std::trunc(x));
    // Exact in double: a float has 29 bits less.
    ASSERT_EQ(roundToInteger(x, RoundingMode::HalfUp),
              float(std::floor(double(x) + 0.5)));
  }
}

TEST(Rounding, IgnoresTheRoundingModeOfTheHost) {
  ASSERT_EQ(std::fesetround(FE_UPWARD), 0);
  float even = roundToInteger(2.5f, RoundingMode::HalfEven);
  double away = roundToInteger(-2.5, RoundingMode::HalfAway);
  double large = roundToInteger(4503599627370495.5, RoundingMode::HalfEven);
  std::fesetround(FE_TONEAREST);
  EXPECT_EQ(even, 2.0f);
  EXPECT_EQ(away, -3.0);
  EXPECT_EQ(large, 4503599627370496.0);
}

TEST(Rounding, NamesRoundTrip) {
  for (RoundingMode mode : kModes)
    EXPECT_EQ(symbolizeRoundingMode(stringifyRoundingMode(mode)), mode);
  EXPECT_FALSE(symbolizeRoundingMode("nearest"));
}
} // namespace
