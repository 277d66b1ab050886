// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The portable exponential against double exp.

#include "qnn/Quantization/Exp.h"
#include "gtest/gtest.h"
#include <cmath>
#include <limits>

using namespace qnn;

namespace {
constexpr float kInf = std::numeric_limits<float>::infinity();

/// Distance from the true value in units of the last place of the result.
double errorInUlp(float x) {
  double exact = std::exp(double(x));
  float near = float(exact);
  double ulp = double(std::nextafter(near, kInf)) - double(near);
  return std::fabs(double(expReference(x)) - exact) / ulp;
}

TEST(Exp, DenseSweep) {
  double worst = 0;
  // Steps of 1/65536 are exact in this range.
  for (int i = -87 * 65536; i <= 88 * 65536; ++i)
    worst = std::max(worst, errorInUlp(float(i) / 65536.0f));
  EXPECT_LE(worst, 2.0);
  // Small arguments, all of whose bits matter.
  for (int exponent = -40; exponent < 0; ++exponent)
    for (int i = 0; i < 4096; ++i)
      for (float sign : {-1.0f, 1.0f}) {
        float x = sign * std::ldexp(1.0f + i / 4096.0f, exponent);
        worst = std::max(worst, errorInUlp(x));
      }
  EXPECT_LE(worst, 2.0);
  RecordProperty("worst_ulp", std::to_string(worst));
}

TEST(Exp, ExactPoints) {
  EXPECT_EQ(expReference(0.0f), 1.0f);
  EXPECT_EQ(expReference(-0.0f), 1.0f);
  EXPECT_EQ(expReference(std::numeric_limits<float>::denorm_min()), 1.0f);
}

TEST(Exp, Limits) {
  using namespace exp_constants;
  EXPECT_TRUE(std::isfinite(expReference(kMaxInput)));
  EXPECT_EQ(expReference(std::nextafter(kMaxInput, kInf)), kInf);
  EXPECT_EQ(expReference(kInf), kInf);
  EXPECT_TRUE(std::isnormal(expReference(kMinInput)));
  EXPECT_EQ(expReference(std::nextafter(kMinInput, -kInf)), 0.0f);
  EXPECT_EQ(expReference(-kInf), 0.0f);
  EXPECT_TRUE(std::isnan(expReference(std::nanf(""))));
  // A payload must not leak into the exponent.
  EXPECT_TRUE(std::isnan(expReference(std::nanf("1"))));
  EXPECT_LE(errorInUlp(kMinInput), 2.0);
  EXPECT_LE(errorInUlp(kMaxInput), 2.0);
}

TEST(Exp, KnownBits) {
  // From another implementation of the recipe, which rounds every step by
  // itself: a fused or reordered operation changes some of these.
  struct {
    float x, expected;
  } cases[] = {
      {-8.5625f, 0x1.90d9f4p-13f},      {-8.609375f, 0x1.7e7ebep-13f},
      {-32.578125f, 0x1.ffe4cep-48f},   {72.46875f, 0x1.76e2bp+104f},
      {0x1.0p+0f, 0x1.5bf0a8p+1f},      {-0x1.0p+0f, 0x1.78b564p-2f},
      {0x1.333334p-2f, 0x1.599058p+0f}, {-0x1.5c28f6p-2f, 0x1.6c6d28p-1f},
      {0x1.5p+3f, 0x1.1bb702p+15f},     {-0x1.44p+4f, 0x1.b93de2p-30f},
      {0x1.408p+6f, 0x1.82eedcp+115f},  {-0x1.5dp+6f, 0x1.172478p-126f},
      {0x1.47ae14p-7f, 0x1.0292a6p+0f}};
  for (auto c : cases)
    EXPECT_EQ(expReference(c.x), c.expected) << c.x;
}
} // namespace
