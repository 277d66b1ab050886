// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pools, means and softmax, by numbers from hand.

#include "TestUtils.h"
#include "qnn/Quantization/Exp.h"
#include <limits>

using namespace qnn;
using namespace qnn::test;

static const float kInf = std::numeric_limits<float>::infinity();
static const float kNaN = std::numeric_limits<float>::quiet_NaN();

TEST(MaxPool2D, PaddingNeverWins) {
  Tensor image = f32({1, 3, 3, 1}, {-1, -2, -3, -4, -5, -6, -7, -8, -9});
  runCases({{"qnn.max_pool2d %0 kernel [2, 2] strides [2, 2] pad [1, 0, 1, 0]",
             "(tensor<1x3x3x1xf32>) -> tensor<1x2x2x1xf32>",
             {image},
             f32({1, 2, 2, 1}, {-1, -2, -4, -5})},
            {"qnn.max_pool2d %0 kernel [2, 1] dilations [2, 1]",
             "(tensor<1x3x3x1xf32>) -> tensor<1x1x3x1xf32>",
             {image},
             f32({1, 1, 3, 1}, {-1, -2, -3})},
            {"qnn.max_pool2d %0 kernel [1, 2] strides [1, 2]",
             "(tensor<1x1x4x1xf32>) -> tensor<1x1x2x1xf32>",
             {f32({1, 1, 4, 1}, {kNaN, -5, kNaN, kNaN})},
             f32({1, 1, 2, 1}, {-5, -kInf})},
            // Two channels, a padded border, codes below the zero point.
            {"qnn.max_pool2d %0 kernel [1, 2] pad [0, 0, 1, 0]",
             "(tensor<1x1x2x2x!q>) -> tensor<1x1x2x2x!q>",
             {u8({1, 1, 2, 2}, {0, 9, 3, 4})},
             u8({1, 1, 2, 2}, {0, 9, 3, 9})}},
           "!q = !quant.uniform<u8:f32, 0.5:255>\n");
}

TEST(AvgPool2D, Float) {
  Tensor image = f32({1, 2, 2, 1}, {1, 2, 3, 4});
  const char *types = "(tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32>";
  const char *window = "kernel [2, 2] strides [2, 2] pad [1, 1, 1, 1]";
  runCases({{std::string("qnn.avg_pool2d %0 ") + window,
             types,
             {image},
             f32({1, 2, 2, 1}, {1, 2, 3, 4})},
            {std::string("qnn.avg_pool2d %0 ") + window + " count_include_pad",
             types,
             {image},
             f32({1, 2, 2, 1}, {0.25f, 0.5f, 0.75f, 1})},
            // ((1e8 + 1) - 1e8) + 1 in row-major order.
            {"qnn.avg_pool2d %0 kernel [2, 2]",
             "(tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32>",
             {f32({1, 2, 2, 1}, {1e8f, 1, -1e8f, 1})},
             f32({1, 1, 1, 1}, {0.25f})}});
}

TEST(AvgPool2D, Quantized) {
  const char *types = "(tensor<1x2x2x1x!x>) -> tensor<1x2x2x1x!y>";
  const char *window = "kernel [2, 2] strides [2, 2] pad [1, 1, 1, 1]";
  std::vector<Tensor> inputs = {u8({1, 2, 2, 1}, {11, 12, 13, 14})};
  runCases({{std::string("qnn.avg_pool2d %0 ") + window, types, inputs,
             s8({1, 2, 2, 1}, {-99, -98, -97, -96})},
            // 0.25, 0.5, 0.75, 1
            {std::string("qnn.avg_pool2d %0 ") + window + " count_include_pad",
             types, inputs, s8({1, 2, 2, 1}, {-100, -100, -99, -99})},
            {std::string("qnn.avg_pool2d %0 ") + window +
                 " count_include_pad rounding(half_up)",
             types, inputs, s8({1, 2, 2, 1}, {-100, -99, -99, -99})}},
           "!x = !quant.uniform<u8:f32, 0.5:10>\n"
           "!y = !quant.uniform<i8:f32, 0.5:-100>\n");
}

TEST(Mean, FloatAndQuantized) {
  runCases({{"qnn.mean %0 axes [0, 1]",
             "(tensor<2x2x1xf32>) -> tensor<1x1x1xf32>",
             {f32({2, 2, 1}, {1e8f, 1, -1e8f, 1})},
             f32({1, 1, 1}, {0.25f})},
            {"qnn.mean %0 axes [0, 2]",
             "(tensor<2x2x2xf32>) -> tensor<1x2x1xf32>",
             {f32({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8})},
             f32({1, 2, 1}, {3.5f, 5.5f})},
            // Means -2.5 and -254 steps of 0.5, in steps of 1.
            {"qnn.mean %0 axes [1]",
             "(tensor<2x2x!x>) -> tensor<2x1x!y>",
             {u8({2, 2}, {255, 250, 0, 2})},
             s8({2, 1}, {-1, -127})},
            // Differs from the product with f32(1 / 3).
            {"qnn.mean %0 axes [0]",
             "(tensor<3xf32>) -> tensor<1xf32>",
             {f32({3}, {3, 1, 1})},
             f32({1}, {5.0f / 3.0f})},
            {"qnn.avg_pool2d %0 kernel [3, 1]",
             "(tensor<1x3x1x1xf32>) -> tensor<1x1x1x1xf32>",
             {f32({1, 3, 1, 1}, {3, 1, 1})},
             f32({1, 1, 1, 1}, {5.0f / 3.0f})},
            {"qnn.mean %0 axes []",
             "(tensor<2xf32>) -> tensor<2xf32>",
             {f32({2}, {1, 2})},
             f32({2}, {1, 2})}},
           "!x = !quant.uniform<u8:f32, 0.5:255>\n"
           "!y = !quant.uniform<i8:f32, 1.0>\n");
}

TEST(Sum, ExplicitForms) {
  runCases({{"qnn.sum %0 axes [0] input_zero_point(255)",
             "(tensor<2x2xui8>) -> tensor<1x2xi32>",
             {u8({2, 2}, {0, 255, 254, 1})},
             i32({1, 2}, {-256, -254})},
            // Pixels x and x + 2 of every second x.
            {"qnn.sum_pool2d %0 kernel [1, 2] strides [1, 2] "
             "dilations [1, 2]",
             "(tensor<1x2x5x1xui8>) -> tensor<1x2x2x1xi32>",
             {u8({1, 2, 5, 1}, {1, 2, 4, 8, 16, 3, 5, 7, 9, 11})},
             i32({1, 2, 2, 1}, {5, 20, 10, 18})},
            {"qnn.sum_pool2d %0 kernel [1, 2] pad [0, 0, 1, 0] "
             "input_zero_point(-128)",
             "(tensor<1x1x2x1xsi8>) -> tensor<1x1x2x1xi32>",
             {s8({1, 1, 2, 1}, {127, -127})},
             i32({1, 1, 2, 1}, {255, 256})}});
}

TEST(Softmax, Float) {
  float e = expReference(-1.0f), sum = 1.0f + e;
  runCases({{"qnn.softmax %0 axis(1)",
             "(tensor<1x2xf32>) -> tensor<1x2xf32>",
             {f32({1, 2}, {5, 4})},
             f32({1, 2}, {1.0f / sum, e / sum})},
            {"qnn.softmax %0 axis(0)",
             "(tensor<2x2xf32>) -> tensor<2x2xf32>",
             {f32({2, 2}, {0, 1, 0, -kInf})},
             f32({2, 2}, {0.5f, 1, 0.5f, 0})}});
}

TEST(Softmax, Quantized) {
  const char *aliases = "!x = !quant.uniform<i8:f32, 1.0:5>\n"
                        "!y = !quant.uniform<i8:f32, 0.00390625:-128>\n";
  runCases(
      {// 256 / (1 + 1 / e) = 187.2
       {"qnn.softmax %0 axis(0)",
        "(tensor<2x1x!x>) -> tensor<2x1x!y>",
        {s8({2, 1}, {-127, -128})},
        s8({2, 1}, {59, -59})},
       // One element has probability 1, which saturates.
       {"qnn.softmax %0 axis(1)",
        "(tensor<2x1x!x>) -> tensor<2x1x!y>",
        {s8({2, 1}, {-127, 127})},
        s8({2, 1}, {127, 127})},
       {"qnn.softmax %0 axis(0)",
        "(tensor<2x!x>) -> tensor<2x!y>",
        {s8({2}, {127, -128})},
        s8({2}, {127, -128})}},
      aliases);
}

TEST(IntegerSoftmax, TableAndRange) {
  // All entries are 2^23: the uniform distribution, 0.5 * multiplier.
  auto run = [](const char *multiplier, const char *rounding) {
    return interpretOne(
        oneOp(std::string("qnn.integer_softmax %0 axis(0) "
                          "table(dense<8388608> : tensor<256xi32>) "
                          "multiplier(") +
                  multiplier + ") output_zero_point(1) range(-4, 3)" + rounding,
              "(tensor<2xui8>) -> tensor<2xsi8>"),
        {u8({2}, {0, 255})});
  };
  EXPECT_EQ(run("3.0", ""), s8({2}, {3, 3}));
  EXPECT_EQ(run("3.0", " rounding(floor)"), s8({2}, {2, 2}));
  EXPECT_EQ(run("90.0", ""), s8({2}, {3, 3}));
  EXPECT_EQ(run("-90.0", ""), s8({2}, {-4, -4}));
}

TEST(Softmax, Unsupported) {
  expectError(oneOp("qnn.softmax %0 axis(0)",
                    "(tensor<1x!quant.uniform<i16:f32, 1.0>>) -> "
                    "tensor<1x!quant.uniform<i8:f32, 1.0>>"),
              {make<int16_t>({1}, {1})},
              "input of more than 8 bits is not supported");
}

TEST(Sum, Float) {
  runCases({{"qnn.sum %0 axes [1]",
             "(tensor<2x3xf32>) -> tensor<2x1xf32>",
             {f32({2, 3}, {1, 2, 3, 4, 5, 6.5f})},
             f32({2, 1}, {6, 15.5f})}});
}

TEST(MaxPool2DGradient, GoesToTheFirstLargestOfEachWindow) {
  const float inf = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const char *row = "(tensor<1x1x3x1xf32>, tensor<1x1x4x1xf32>) -> "
                    "tensor<1x1x4x1xf32>";
  Tensor cotangent = f32({1, 1, 3, 1}, {1, 10, 100});
  auto run = [&](std::vector<float> input, std::vector<float> expected) {
    runCases({{"qnn.max_pool2d_gradient %0, %1 kernel [1, 2]",
               row,
               {cotangent, f32({1, 1, 4, 1}, std::move(input))},
               f32({1, 1, 4, 1}, std::move(expected))}});
  };
  run({1, 5, 2, 7}, {0, 11, 0, 100});
  run({3, 3, 3, 3}, {1, 10, 100, 0});
  run({-inf, -inf, 1, nan}, {1, 0, 110, 0});
  run({nan, nan, nan, 1}, {0, 0, 0, 100});
}
