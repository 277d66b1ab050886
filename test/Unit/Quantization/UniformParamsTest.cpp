// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Quantize, dequantize and the choice of parameters, with expectations worked
// out by hand.

#include "qnn/Quantization/UniformParams.h"
#include "gtest/gtest.h"
#include <cmath>
#include <limits>

using namespace qnn;

namespace {
constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kMinNormal = std::numeric_limits<float>::min();

struct QuantizeCase {
  UniformParams params;
  double x;
  int64_t expected;
};

const UniformParams kS8{0.5, 3, -128, 127};
const UniformParams kU8{0.25, 0, 0, 255};
const UniformParams kAtTop{0.5, 127, -128, 127};
const UniformParams kAtBottom{0.5, -128, -128, 127};
const UniformParams kBias{0.5, 0, INT32_MIN, INT32_MAX};

const QuantizeCase kQuantizeCases[] = {
    {kS8, 0.0, 3},
    {kS8, 0.25, 3}, // 0.5 -> 0
    {kS8, 0.75, 5}, // 1.5 -> 2
    {kS8, -0.25, 3},
    {kS8, -0.75, 1},   // -1.5 -> -2
    {kS8, 61.75, 127}, // 123.5 -> 124
    {kS8, 62.5, 127},
    {kS8, 1e30, 127},
    {kS8, -1e30, -128},
    {kS8, kInf, 127},
    {kS8, -kInf, -128},
    {kS8, kNaN, -128},
    {kS8, 1e300, 127}, // inf as a float
    {kS8, 1e-300, 3},
    {kU8, -1.0, 0},
    {kU8, 63.75, 255},
    {kU8, 63.625, 254}, // 254.5 -> 254
    {kU8, 63.875, 255},
    {kAtTop, 0.0, 127},
    {kAtTop, 5.0, 127},
    {kAtTop, -0.5, 126},
    {kAtTop, -127.5, -128},
    {kAtBottom, 0.0, -128},
    {kAtBottom, -5.0, -128},
    {kAtBottom, 127.5, 127},
    {kAtBottom, 127.0, 126},
    // 2^24 + 1 is no float: only double steps give it.
    {kBias, 8388608.5, 16777217},
    {kBias, 1e12, INT32_MAX},
    {kBias, -kInf, INT32_MIN},
    {kBias, kNaN, INT32_MIN},
};

TEST(UniformParams, Quantize) {
  for (const QuantizeCase &c : kQuantizeCases)
    EXPECT_EQ(c.params.quantize(c.x), c.expected)
        << c.x << " with zero point " << c.params.zeroPoint;
}

TEST(UniformParams, QuantizeWithOtherRoundings) {
  EXPECT_EQ(kS8.quantize(0.25, RoundingMode::HalfAway), 4);
  EXPECT_EQ(kS8.quantize(-0.25, RoundingMode::HalfAway), 2);
  EXPECT_EQ(kS8.quantize(-0.25, RoundingMode::HalfUp), 3);
  EXPECT_EQ(kS8.quantize(-0.25, RoundingMode::Floor), 2);
  EXPECT_EQ(kS8.quantize(-0.45, RoundingMode::TowardZero), 3);
}

TEST(UniformParams, DividesInSinglePrecision) {
  // 0.35 / 0.1 is 3.5 in f32, a tie that goes to 4, but 3.4999999... for the
  // same two floats in double.
  UniformParams params{double(0.1f), 0, -128, 127};
  EXPECT_LT(double(0.35f) / double(0.1f), 3.5);
  EXPECT_EQ(params.quantize(0.35f), 4);
  // A multiplication by the reciprocal gives 11.499999 here.
  EXPECT_EQ(
      (UniformParams{double(0.01f), 0, -128, 127}).quantize(0x1.d70a3cp-4), 12);
  // 0.675 is rounded to a float first; unrounded it gives 7.4999995.
  EXPECT_EQ((UniformParams{double(0.09f), 0, -128, 127}).quantize(0.675), 8);
}

TEST(UniformParams, Dequantize) {
  EXPECT_EQ(kS8.dequantize(3), 0.0);
  EXPECT_EQ(kS8.dequantize(-128), -65.5);
  EXPECT_EQ(kAtBottom.dequantize(127), 127.5);
  EXPECT_EQ(kBias.dequantize(INT32_MIN), -1073741824.0);
  UniformParams tenth{double(0.1f), 0, -128, 127};
  EXPECT_EQ(tenth.dequantize(3), double(3.0f * 0.1f));
  EXPECT_TRUE(kS8.isSinglePrecision());
  EXPECT_FALSE(kBias.isSinglePrecision());
}

TEST(UniformParams, LevelsRoundTrip) {
  for (double scale : {0.5, double(0.1f), double(3.3e-5f), kMinNormal})
    for (int64_t zeroPoint : {-128, -1, 0, 77, 127}) {
      UniformParams params{scale, zeroPoint, -128, 127};
      for (int64_t q = -128; q <= 127; ++q)
        ASSERT_EQ(params.quantize(params.dequantize(q)), q) << scale;
    }
}

struct ChooseCase {
  double min, max;
  int64_t storageMin, storageMax;
  double scale;
  int64_t zeroPoint;
};

const ChooseCase kChooseCases[] = {
    {-128, 127, -128, 127, 1.0, 0},
    {0, 255, 0, 255, 1.0, 0},
    {0, 255, -128, 127, 1.0, -128},
    {-255, 0, -128, 127, 1.0, 127},
    // Extended to contain 0.
    {51, 255, 0, 255, 1.0, 0},
    {-255, -1, 0, 255, 1.0, 255},
    // -(-1) / (510 / 255) = 0.5, a tie that goes to 0; 1.5 goes to 2.
    {-1, 509, 0, 255, 2.0, 0},
    {-3, 507, 0, 255, 2.0, 2},
    {0, 0, -128, 127, 1.0, -128},
    {0, 0, 1, 15, 1.0, 1},
    // -128 + 127.5 would be a tie, but the scale was rounded up to a float.
    {-1, 1, -128, 127, double(float(2.0 / 255)), -1},
    // Too small for a normal scale; too large for a finite one.
    {0, 1e-40, 0, 255, kMinNormal, 0},
    {-1e300, 1e300, 0, 254, std::numeric_limits<float>::max(), 254},
};

TEST(UniformParams, ChooseAsymmetric) {
  for (const ChooseCase &c : kChooseCases) {
    UniformParams params =
        chooseAsymmetric(c.min, c.max, c.storageMin, c.storageMax);
    EXPECT_EQ(params.scale, c.scale) << c.min << ' ' << c.max;
    EXPECT_EQ(params.zeroPoint, c.zeroPoint) << c.min << ' ' << c.max;
    EXPECT_EQ(params.storageMin, c.storageMin);
    EXPECT_EQ(params.dequantize(params.quantize(0.0)), 0.0);
  }
}

TEST(UniformParams, ChooseSymmetric) {
  EXPECT_EQ(chooseSymmetric(63.5, 127), (UniformParams{0.5, 0, -127, 127}));
  EXPECT_EQ(chooseSymmetric(0, 127).scale, 1.0);
  EXPECT_EQ(chooseSymmetric(1e-44, 127).scale, kMinNormal);
  EXPECT_EQ(chooseSymmetric(1, 127).scale, double(float(1.0 / 127)));
}

TEST(UniformParams, BiasAwareScaleIsTheSmallest) {
  constexpr double kLimit = 1 << 30;
  struct {
    double absMax, bias, inputScale;
  } cases[] = {{127, 0, 1},     {1, 3, 0.1f},      {1e-6, 1e4, 1e-3f},
               {0, 5, 0.25},    {1e-30, 0, 0.02f}, {1, 1e30, 1e-10f},
               {0.7, 12, 3e-7f}};
  for (auto c : cases) {
    double scale =
        chooseBiasAwareWeightScale(c.absMax, c.bias, c.inputScale, 127);
    EXPECT_EQ(scale, double(float(scale)));
    auto fits = [&](double candidate) {
      return candidate >= c.absMax / 127 &&
             c.bias / (c.inputScale * candidate) <= kLimit &&
             c.inputScale * candidate >= kMinNormal;
    };
    EXPECT_TRUE(fits(scale)) << c.absMax << ' ' << c.bias;
    EXPECT_FALSE(fits(std::nextafter(float(scale), 0.0f)))
        << c.absMax << ' ' << c.bias;
  }
  EXPECT_EQ(chooseBiasAwareWeightScale(127, 0, 1, 127), 1.0);
  EXPECT_EQ(chooseBiasAwareWeightScale(0, 5, 0.25, 127), std::ldexp(20, -30));
  EXPECT_EQ(chooseBiasAwareWeightScale(0, 0, 0.25, 127), 1.0);
}

TEST(UniformParams, BiasScaleIsAFloat) {
  EXPECT_EQ(biasScale(0.5, 0.25), 0.125);
  EXPECT_EQ(biasScale(0.1f, 0.1f), double(0.1f * 0.1f));
}
} // namespace
