// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Fake quantization and exact sums, with values worked by hand.

#include "TestUtils.h"
#include <limits>

using namespace qnn;
using namespace qnn::test;

static const float kInf = std::numeric_limits<float>::infinity();
static const float kNaN = std::numeric_limits<float>::quiet_NaN();

TEST(Simulation, FakeQuantize) {
  const std::string six = "(tensor<6xf32>) -> tensor<6xf32>";
  // -3..12 times 0.5.
  const std::string u4 = "qnn.fake_quantize %0 as !quant.uniform<u8<0:15>:f32, "
                         "0.5:3>";
  const std::vector<float> x = {0.25f, 0.75f, -0.75f, 1e30f, kNaN, -kInf};
  runCases({
      {u4, six, {f32({6}, x)}, f32({6}, {0, 1, -1, 6, -1.5f, -1.5f})},
      {u4 + " codes", six, {f32({6}, x)}, f32({6}, {0, 2, -2, 12, -3, -3})},
      {u4 + " codes rounding(half_away)",
       six,
       {f32({6}, x)},
       f32({6}, {1, 2, -2, 12, -3, -3})},
      {u4 + " codes rounding(floor)",
       six,
       {f32({6}, x)},
       f32({6}, {0, 1, -2, 12, -3, -3})},
      {"qnn.fake_quantize %0 as !quant.uniform<i8<-7:7>:f32:0, {0.5, 2.0}>",
       "(tensor<2x2xf32>) -> tensor<2x2xf32>",
       {f32({2, 2}, {0.3f, -9, 0.3f, -9})},
       f32({2, 2}, {0.5f, -3.5f, 0, -8})},
      {"qnn.fake_quantize %0 as !quant.uniform<i8:f32:{1:2}, {{0.5, 2.0}}>",
       "(tensor<1x4xf32>) -> tensor<1x4xf32>",
       {f32({1, 4}, {0.3f, 1, 0.3f, 1.5f})},
       f32({1, 4}, {0.5f, 1, 0, 2})},
      {"qnn.fake_quantize %0 as !qnn.codebook<u2:f32, {-1.0, 0.0, 0.5, 4.0}>",
       six,
       {f32({6}, {0.25f, 0.26f, 100, -0.5f, kNaN, kInf})},
       f32({6}, {0, 0.5f, 4, -1, -1, 4})},
      {"qnn.fake_quantize %0 as !qnn.pow2<i4:f32, -1:1>",
       six,
       {f32({6}, {0.2f, 0.3f, 0.8f, 9, -0.6f, -2})},
       f32({6}, {0, 0.5f, 1, 2, -0.5f, -2})},
  });
}

TEST(Simulation, ScalesOfOperandsReplaceThoseOfTheType) {
  runCases({{"qnn.fake_quantize %0 scale(%1) as !quant.uniform<i8<-7:7>:f32, "
             "1.0> codes",
             "(tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>",
             {f32({2, 2}, {0.3f, -9, 0.3f, -9}), f32({2}, {0.5f, 2})},
             f32({2, 2}, {1, -4, 1, -4})}});
}

TEST(Simulation, WideCodesAreTwoFloats) {
  // 12582913 / 0.75 is 2^24 + 1.33; 2^24 + 1 and 2^31 - 1 are no floats.
  const std::string type = "!quant.uniform<i32:f32, 0.75>";
  const std::string three = "(tensor<3xf32>) -> tensor<3xf32>";
  std::vector<Tensor> x = {f32({3}, {12582913, 97.5f, 1e30f})};
  runCases({
      {"qnn.fake_quantize %0 as " + type + " codes", three, x,
       f32({3}, {16777216, 130, 2147483648.0f})},
      {"qnn.fake_quantize %0 as " + type + " high", three, x,
       f32({3}, {16777216, 256, 2147483648.0f})},
      {"qnn.fake_quantize %0 as " + type + " low", three, x,
       f32({3}, {1, -126, -1})},
  });
}

TEST(Simulation, FakeQuantizeGradient) {
  // x / s = -8, -7, -6.5, 6.5, 7, 7.25; the range is -7..7.
  const std::vector<float> x = {-4, -3.5f, -3.25f, 3.25f, 3.5f, 3.625f};
  const std::string types = "(tensor<6xf32>, tensor<6xf32>) -> tensor<6xf32>";
  std::vector<Tensor> inputs = {f32({6}, {1, 1, 1, 2, 1, 1}), f32({6}, x)};
  const std::string op = "qnn.fake_quantize_gradient %0, %1 as "
                         "!quant.uniform<i8<-7:7>:f32, 0.5>";
  runCases({
      {op, types, inputs, f32({6}, {0, 0, 1, 2, 0, 0})},
      {op + " margin(0.5)", types, inputs, f32({6}, {0, 1, 1, 2, 1, 1})},
      {op + " codes", types, inputs, f32({6}, {0, 0, 2, 4, 0, 0})},
      {op + " codes of_scale", types, inputs, f32({6}, {0, 0, 13, -26, 0, 0})},
      {"qnn.fake_quantize_gradient %0, %1 as !qnn.pow2<i4:f32, -1:1>",
       types,
       {f32({6}, {1, 1, 1, 1, 1, 1}), f32({6}, {-3, -2, -1, 1, 2, 3})},
       f32({6}, {0, 0, 1, 1, 0, 0})},
  });
}

TEST(Simulation, ExactSumIsRoundedOnce) {
  // 2^24 + 1 + 2^-24 is above the middle of two floats; the sum of the first
  // two is at it and goes to the even one below.
  runCases({{"qnn.exact_sum %0, %1, %2",
             "(tensor<2xf32>, tensor<2xf32>, tensor<f32>) -> tensor<2xf32>",
             {f32({2}, {16777216, 1}), f32({2}, {1, 2}), f32({}, {0x1p-24f})},
             f32({2}, {16777218, 3})}});
}

TEST(Simulation, RequantizeMultiplier) {
  // 3 * 7 / (2 * 5); without weights and count 3 / 2.
  runCases({{"qnn.requantize_multiplier %0 weights(%1) to %2 count(%3)",
             "(tensor<f32>, tensor<2xf32>, tensor<f32>, tensor<f32>) -> "
             "tensor<2xf32>",
             {f32({}, {3}), f32({2}, {7, 0.5f}), f32({}, {2}), f32({}, {5})},
             f32({2}, {2.1f, 0.15f})},
            {"qnn.requantize_multiplier %0 to %1",
             "(tensor<f32>, tensor<f32>) -> tensor<f32>",
             {f32({}, {3}), f32({}, {2})},
             f32({}, {1.5f})}});
}
