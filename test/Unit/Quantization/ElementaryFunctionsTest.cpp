// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The portable functions against those of the library in double precision.

#include "qnn/Quantization/ElementaryFunctions.h"
#include "qnn/Quantization/Exp.h"
#include "gtest/gtest.h"
#include <cmath>
#include <limits>
#include <vector>

using namespace qnn;

namespace {
constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kMin = std::numeric_limits<float>::min();
constexpr float kMax = std::numeric_limits<float>::max();

double errorInUlp(float got, double exact) {
  float near = std::fabs(float(exact));
  double ulp = double(std::nextafter(near, kInf)) - double(near);
  return std::fabs(double(got) - exact) / ulp;
}

/// Numbers of every power of two from 2^low to 2^high, of both signs.
std::vector<float> sweep(int low, int high) {
  std::vector<float> values;
  for (int exponent = low; exponent < high; ++exponent)
    for (int i = 0; i < 8192; ++i)
      for (float sign : {-1.0f, 1.0f})
        values.push_back(sign * std::ldexp(1.0f + i / 8192.0f, exponent));
  return values;
}
} // namespace

TEST(Log, WithinOneUnit) {
  double worst = 0;
  auto check = [&](float x) {
    worst = std::max(worst, errorInUlp(logReference(x), std::log(double(x))));
  };
  for (float x : sweep(-126, 128))
    if (x > 0 && x != 1)
      check(x);
  // Around 1, where the result is small.
  for (float x = 0.5f; x < 2.0f; x = std::nextafter(x, kInf) * 1.0000003f)
    if (x != 1)
      check(x);
  EXPECT_LE(worst, 1.0);
  RecordProperty("worst_ulp", std::to_string(worst));
}

TEST(Log, Limits) {
  EXPECT_EQ(logReference(1.0f), 0.0f);
  EXPECT_EQ(logReference(0.0f), -kInf);
  EXPECT_EQ(logReference(-0.0f), -kInf);
  EXPECT_EQ(logReference(std::nextafter(kMin, 0.0f)), -kInf);
  EXPECT_TRUE(std::isfinite(logReference(kMin)));
  EXPECT_TRUE(std::isfinite(logReference(kMax)));
  EXPECT_EQ(logReference(kInf), kInf);
  EXPECT_TRUE(std::isnan(logReference(-1.0f)));
  EXPECT_TRUE(std::isnan(logReference(-kInf)));
  EXPECT_TRUE(std::isnan(logReference(std::nanf("1"))));
}

TEST(Tanh, WithinTwoUnits) {
  double worst = 0;
  for (float x : sweep(-40, 8))
    worst = std::max(worst, errorInUlp(tanhReference(x), std::tanh(double(x))));
  EXPECT_LE(worst, 2.0);
  RecordProperty("worst_ulp", std::to_string(worst));
}

TEST(Tanh, Limits) {
  EXPECT_EQ(tanhReference(0.0f), 0.0f);
  for (float huge : {20.0f, kMax, kInf}) {
    EXPECT_EQ(tanhReference(huge), 1.0f);
    EXPECT_EQ(tanhReference(-huge), -1.0f);
  }
  EXPECT_TRUE(std::isnan(tanhReference(std::nanf("1"))));
}

TEST(Sigmoid, WithinThreeUnits) {
  double worst = 0;
  for (float x : sweep(-40, 7))
    if (x > -87.0f)
      worst = std::max(worst, errorInUlp(sigmoidReference(x),
                                         1 / (1 + std::exp(-double(x)))));
  EXPECT_LE(worst, 3.0);
  RecordProperty("worst_ulp", std::to_string(worst));
}

TEST(Sigmoid, Limits) {
  EXPECT_EQ(sigmoidReference(0.0f), 0.5f);
  EXPECT_TRUE(std::isnormal(sigmoidReference(exp_constants::kMinInput)));
  EXPECT_EQ(sigmoidReference(std::nextafter(exp_constants::kMinInput, -kInf)),
            0.0f);
  EXPECT_EQ(sigmoidReference(-kInf), 0.0f);
  EXPECT_EQ(sigmoidReference(kInf), 1.0f);
  EXPECT_TRUE(std::isnan(sigmoidReference(std::nanf("1"))));
}

TEST(Uniform, KnownNumbers) {
  // From another implementation of pcg4d.
  EXPECT_EQ(uniformReference(0, {0, 0, 0}), 0x1.a64a9p-1f);
  EXPECT_EQ(uniformReference(1, {2, 3, 4}), 0x1.5ca6p-7f);
  EXPECT_EQ(uniformReference(0xFFFFFFFFu, {0x80000000u, 7, 0x7FFFFFFFu}),
            0x1.47d01p-1f);
}

TEST(Uniform, IsSpreadEvenlyWhateverIsCounted) {
  // Sums of 2^16 numbers: mean 1/2, variance 1/12; the bounds are 5 sigma.
  constexpr unsigned count = 1 << 16;
  for (unsigned word = 0; word < 4; ++word) {
    double sum = 0, squares = 0, neighbours = 0, last = 0.5;
    unsigned buckets[16] = {};
    for (unsigned i = 0; i < count; ++i) {
      uint32_t words[4] = {1, 2, 3, 4};
      words[word] = i;
      float u = uniformReference(words[0], {words[1], words[2], words[3]});
      ASSERT_TRUE(u >= 0 && u < 1);
      sum += u - 0.5;
      squares += (u - 0.5) * (u - 0.5);
      neighbours += (u - 0.5) * (last - 0.5);
      last = u;
      ++buckets[unsigned(u * 16)];
    }
    EXPECT_LE(std::fabs(sum), 5 * std::sqrt(count / 12.0));
    EXPECT_NEAR(squares / count, 1 / 12.0, 0.0015);
    EXPECT_LE(std::fabs(neighbours), 5 * std::sqrt(double(count)) / 12);
    for (unsigned bucket : buckets)
      EXPECT_NEAR(bucket, count / 16.0, 5 * std::sqrt(count / 16.0));
  }
}
