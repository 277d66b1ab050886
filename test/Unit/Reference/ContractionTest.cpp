// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// qnn.conv2d and qnn.matmul in their three forms, by numbers from hand.

#include "TestUtils.h"
#include <limits>

using namespace qnn;
using namespace qnn::test;

static const float kNaN = std::numeric_limits<float>::quiet_NaN();
static const Tensor kImage = f32({1, 3, 3, 1}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
static const Tensor kFilter = f32({1, 2, 2, 1}, {1, 2, 3, 4});

TEST(Conv2D, FloatWindows) {
  const char *types =
      "(tensor<1x3x3x1xf32>, tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32>";
  runCases({
      {"qnn.conv2d %0, %1",
       types,
       {kImage, kFilter},
       f32({1, 2, 2, 1}, {37, 47, 67, 77})},
      {"qnn.conv2d %0, %1 strides [2, 2] pad [1, 0, 1, 0]",
       types,
       {kImage, kFilter},
       f32({1, 2, 2, 1}, {4, 18, 36, 77})},
      {"qnn.conv2d %0, %1 strides [2, 1]",
       "(tensor<1x3x3x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x2x3x1xf32>",
       {kImage, f32({1, 1, 1, 1}, {1})},
       f32({1, 2, 3, 1}, {1, 2, 3, 7, 8, 9})},
      {"qnn.conv2d %0, %1 dilations [2, 2]",
       "(tensor<1x3x3x1xf32>, tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32>",
       {kImage, kFilter},
       f32({1, 1, 1, 1}, {64})},
      {"qnn.conv2d %0, %1 bias(%2) clamp_min(50.0) clamp_max(80.0)",
       "(tensor<1x3x3x1xf32>, tensor<1x2x2x1xf32>, tensor<1xf32>) -> "
       "tensor<1x2x2x1xf32>",
       {kImage, kFilter, f32({1}, {10})},
       f32({1, 2, 2, 1}, {50, 57, 77, 80})},
  });
}

TEST(Conv2D, FloatGroups) {
  Tensor pixel = f32({1, 1, 1, 2}, {3, 5});
  runCases({
      {"qnn.conv2d %0, %1 groups(2)",
       "(tensor<1x1x1x2xf32>, tensor<4x1x1x1xf32>) -> tensor<1x1x1x4xf32>",
       {pixel, f32({4, 1, 1, 1}, {1, 2, 10, 20})},
       f32({1, 1, 1, 4}, {3, 6, 50, 100})},
      {"qnn.conv2d %0, %1",
       "(tensor<1x1x1x2xf32>, tensor<2x1x1x2xf32>) -> tensor<1x1x1x2xf32>",
       {pixel, f32({2, 1, 1, 2}, {1, 2, 10, 20})},
       f32({1, 1, 1, 2}, {13, 130})},
      // The second image of a batch starts after the first.
      {"qnn.conv2d %0, %1 groups(2)",
       "(tensor<2x1x1x2xf32>, tensor<2x1x1x1xf32>) -> tensor<2x1x1x2xf32>",
       {f32({2, 1, 1, 2}, {3, 5, 7, 11}), f32({2, 1, 1, 1}, {2, 10})},
       f32({2, 1, 1, 2}, {6, 50, 14, 110})},
  });
}

TEST(Conv2D, FloatOrderOfSummation) {
  // ((1e8 + 1) - 1e8) + 1 is 1 in f32; with channels outermost it were 2.
  runCases({{"qnn.conv2d %0, %1",
             "(tensor<1x1x2x2xf32>, tensor<1x1x2x2xf32>) -> "
             "tensor<1x1x1x1xf32>",
             {f32({1, 1, 2, 2}, {1e8f, 1, -1e8f, 1}),
              f32({1, 1, 2, 2}, {1, 1, 1, 1})},
             f32({1, 1, 1, 1}, {1})}});
}

TEST(Conv2D, FloatPaddingIsMultipliedAndNaNGivesABound) {
  // The product underflows to -0; the one of the padded tap makes 0 of it.
  runCases({{"qnn.conv2d %0, %1 pad [0, 0, 0, 1]",
             "(tensor<1x1x1x1xf32>, tensor<1x1x2x1xf32>) -> "
             "tensor<1x1x1x1xf32>",
             {f32({1, 1, 1, 1}, {-1.0e-30f}), f32({1, 1, 2, 1}, {1.0e-30f, 2})},
             f32({1, 1, 1, 1}, {0})},
            {"qnn.conv2d %0, %1 clamp_min(-1.0) clamp_max(1.0)",
             "(tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> "
             "tensor<1x1x1x1xf32>",
             {f32({1, 1, 1, 1}, {kNaN}), f32({1, 1, 1, 1}, {2})},
             f32({1, 1, 1, 1}, {-1})}});
}

TEST(Conv2D, QuantizedRounding) {
  // Accumulators 1, 3, 5, -1 and multiplier 0.5 * 0.25 / 0.25 = 0.5: ties.
  const char *aliases = "!x = !quant.uniform<u8:f32, 0.5:128>\n"
                        "!w = !quant.uniform<i8:f32, 0.25>\n"
                        "!y = !quant.uniform<i8:f32, 0.25:10>\n";
  const char *types =
      "(tensor<1x1x4x1x!x>, tensor<1x1x1x1x!w>) -> tensor<1x1x4x1x!y>";
  std::vector<Tensor> inputs = {u8({1, 1, 4, 1}, {129, 131, 133, 127}),
                                s8({1, 1, 1, 1}, {1})};
  std::pair<const char *, std::vector<int8_t>> modes[] = {
      {"", {10, 12, 12, 10}},
      {"rounding(half_even)", {10, 12, 12, 10}},
      {"rounding(half_away)", {11, 12, 13, 9}},
      {"rounding(half_up)", {11, 12, 13, 10}},
      {"rounding(floor)", {10, 11, 12, 9}},
      {"rounding(toward_zero)", {10, 11, 12, 10}}};
  for (const auto &[mode, expected] : modes)
    runCases({{std::string("qnn.conv2d %0, %1 ") + mode, types, inputs,
               s8({1, 1, 4, 1}, expected)}},
             aliases);
}

TEST(Conv2D, QuantizedPaddingHasTheInputsZeroPoint) {
  // Codes minus 255 are -1 and -255; both windows hold both and padding.
  runCases({{"qnn.conv2d %0, %1 pad [0, 0, 1, 1]",
             "(tensor<1x1x2x1x!x>, tensor<1x1x3x1x!w>) -> tensor<1x1x2x1x!y>",
             {u8({1, 1, 2, 1}, {254, 0}), s8({1, 1, 3, 1}, {1, 1, 1})},
             u8({1, 1, 2, 1}, {127, 127})}},
           "!x = !quant.uniform<u8:f32, 1.0:255>\n"
           "!w = !quant.uniform<i8:f32, 1.0>\n"
           "!y = !quant.uniform<u8:f32, 2.0:255>\n");
}

TEST(Conv2D, QuantizedPerAxisWithBiasAndZeroPoints) {
  // acc = {4 * 1 + 100, 4 * (5 - 3) - 4} = {104, 4}, times {0.5, 2}.
  const char *aliases = "!x = !quant.uniform<u8:f32, 1.0>\n"
                        "!w = !quant.uniform<i8:f32:0, {0.5, 2.0:3}>\n"
                        "!b = !quant.uniform<i32:f32:0, {0.5, 2.0}>\n"
                        "!y = !quant.uniform<i8:f32, 1.0>\n";
  const char *types = "(tensor<1x1x1x1x!x>, tensor<2x1x1x1x!w>, tensor<2x!b>) "
                      "-> tensor<1x1x1x2x!y>";
  std::vector<Tensor> inputs = {u8({1, 1, 1, 1}, {4}), s8({2, 1, 1, 1}, {1, 5}),
                                i32({2}, {100, -4})};
  runCases(
      {{"qnn.conv2d %0, %1 bias(%2)", types, inputs, s8({1, 1, 1, 2}, {52, 8})},
       {"qnn.conv2d %0, %1 bias(%2) clamp_min(9.0) clamp_max(1000.0)", types,
        inputs, s8({1, 1, 1, 2}, {52, 9})},
       {"qnn.conv2d %0, %1 bias(%2) clamp_min(-500.0) clamp_max(6.5)", types,
        inputs, s8({1, 1, 1, 2}, {6, 6})}},
      aliases);
}

TEST(MatMul, Float) {
  runCases({
      {"qnn.matmul %0, %1 bias(%2)",
       "(tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>",
       {f32({1, 2}, {1, 2}), f32({2, 2}, {1, 10, 100, 1000}),
        f32({2}, {0.5f, -0.5f})},
       f32({1, 2}, {201.5f, 2009.5f})},
      // (1 + 1e8) - 1e8 is 0: the bias comes first.
      {"qnn.matmul %0, %1 bias(%2)",
       "(tensor<1x2xf32>, tensor<2x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>",
       {f32({1, 2}, {1e8f, -1e8f}), f32({2, 1}, {1, 1}), f32({1}, {1})},
       f32({1, 1}, {0})},
      {"qnn.matmul %0, %1",
       "(tensor<2x1x2xf32>, tensor<2x2x1xf32>) -> tensor<2x1x1xf32>",
       {f32({2, 1, 2}, {1, 2, 3, 4}), f32({2, 2, 1}, {1, 1, 10, 100})},
       f32({2, 1, 1}, {3, 430})},
      {"qnn.matmul %0, %1 clamp_max(5.0)",
       "(tensor<2x1x2xf32>, tensor<2x1xf32>) -> tensor<2x1x1xf32>",
       {f32({2, 1, 2}, {1, 2, 3, 4}), f32({2, 1}, {1, 1})},
       f32({2, 1, 1}, {3, 5})},
  });
}

TEST(MatMul, Quantized) {
  const char *aliases = "!x = !quant.uniform<i8:f32, 1.0:-128>\n"
                        "!w = !quant.uniform<u8:f32, 1.0:255>\n"
                        "!c = !quant.uniform<i8:f32:1, {0.5, 0.25:-1}>\n"
                        "!b = !quant.uniform<i32:f32, 1.0>\n"
                        "!y = !quant.uniform<u8:f32, 1.0>\n"
                        "!z = !quant.uniform<u8:f32, 33554432.0>\n";
  runCases(
      {// 255 * -255 saturates; 128 * -1 + 130 = 2.
       {"qnn.matmul %0, %1 bias(%2)",
        "(tensor<1x1x!x>, tensor<1x2x!w>, tensor<2x!b>) -> tensor<1x2x!y>",
        {s8({1, 1}, {0}), u8({1, 2}, {0, 254}), i32({2}, {0, 130})},
        u8({1, 2}, {0, 2})},
       // 2 * 3 * 0.5 and 2 * (3 + 1) * 0.25.
       {"qnn.matmul %0, %1",
        "(tensor<1x1x!x>, tensor<1x2x!c>) -> tensor<1x2x!y>",
        {s8({1, 1}, {-126}), s8({1, 2}, {3, 3})},
        u8({1, 2}, {3, 2})},
       // 2^24 + 1 becomes 2^24 in f32: a tie, that goes to 0.
       {"qnn.matmul %0, %1 bias(%2)",
        "(tensor<1x1x!x>, tensor<1x1x!w>, tensor<1x!b>) -> tensor<1x1x!z>",
        {s8({1, 1}, {-128}), u8({1, 1}, {0}), i32({1}, {16777217})},
        u8({1, 1}, {0})}},
      aliases);
}

TEST(MatMul, Explicit) {
  runCases({{"qnn.matmul %0, %1 bias(%2) lhs_zero_point(255) "
             "rhs_zero_point(-128)",
             "(tensor<1x2xui8>, tensor<2x1xsi8>, tensor<1xi32>) -> "
             "tensor<1x1xi32>",
             {u8({1, 2}, {0, 254}), s8({2, 1}, {127, -127}), i32({1}, {26})},
             i32({1, 1}, {-255 * 255 - 1 + 26})},
            {"qnn.matmul %0, %1 bias(%2)",
             "(tensor<1x1xui8>, tensor<1x1xi8>, tensor<1xi32>) -> "
             "tensor<1x1xi64>",
             {u8({1, 1}, {1}), s8({1, 1}, {1}), i32({1}, {2147483647})},
             i64({1, 1}, {2147483648})}});
}

TEST(Conv2D, Explicit) {
  runCases({{"qnn.conv2d %0, %1 bias(%2) pad [0, 0, 1, 1] "
             "input_zero_point(255) weights_zero_point(1)",
             "(tensor<1x1x2x1xui8>, tensor<1x1x3x1xsi8>, tensor<1xi32>) -> "
             "tensor<1x1x2x1xi32>",
             {u8({1, 1, 2, 1}, {254, 0}), s8({1, 1, 3, 1}, {2, 3, 4}),
              i32({1}, {1000})},
             i32({1, 1, 2, 1}, {1000 - 2 - 3 * 255, 1000 - 1 - 2 * 255})}});
}

TEST(MatMul, Unsupported) {
  std::string overflow = oneOp(
      "qnn.matmul %0, %1 bias(%2)",
      "(tensor<1x1xui8>, tensor<1x1xi8>, tensor<1xi32>) -> tensor<1x1xi32>");
  expectError(
      overflow, {u8({1, 1}, {1}), s8({1, 1}, {1}), i32({1}, {2147483647})},
      "qnn.matmul of node 'qnn.matmul': accumulator 2147483648 does not fit");
  const char *types =
      "(tensor<2x2x!quant.uniform<u8:f32, 1.0>>, tensor<2x2x!w>) -> "
      "tensor<2x2x!quant.uniform<u8:f32, 1.0>>";
  std::vector<Tensor> inputs = {u8({2, 2}, {0, 0, 0, 0}),
                                s8({2, 2}, {0, 0, 0, 0})};
  std::pair<const char *, const char *> weights[] = {
      {"!qnn.pow2<i4:f32, -6:0>", "nonlinear type of weights"},
      {"!quant.uniform<i8:f32:{0:1}, {{1.0}, {2.0}}>", "blockwise type of"},
      {"!quant.uniform<i8:f32:0, {1.0, 2.0}>", "per-axis type of weights"}};
  for (auto [type, message] : weights)
    expectError(
        oneOp("qnn.matmul %0, %1", types, std::string("!w = ") + type + "\n"),
        inputs, message);
  expectError(oneOp("qnn.matmul %0, %1",
                    "(tensor<1x1xi32>, tensor<1x1xi8>) -> tensor<1x1xi32>"),
              {i32({1, 1}, {1}), s8({1, 1}, {1})},
              "lhs of more than 16 bits is not supported");
  expectError(oneOp("qnn.matmul %0, %1 bias(%2)",
                    "(tensor<1x1x!q>, tensor<1x1x!q>, tensor<1x!b>) -> "
                    "tensor<1x1x!q>",
                    "!q = !quant.uniform<i8:f32, 1.0>\n"
                    "!b = !qnn.pow2<i4:f32, -6:0>\n"),
              {s8({1, 1}, {1}), s8({1, 1}, {1}), s8({1}, {1})},
              "nonlinear or blockwise type of bias is not supported");
}

TEST(Conv2DInputGradient, SkipsPixelsBetweenTheStrides) {
  runCases({{"qnn.conv2d_input_gradient %0, %1 strides [1, 2] pad [0, 0, 1, 0]",
             "(tensor<1x1x2x1xf32>, tensor<1x1x3x1xf32>) -> "
             "tensor<1x1x5x1xf32>",
             {f32({1, 1, 2, 1}, {1, 10}), f32({1, 1, 3, 1}, {2, 3, 5})},
             f32({1, 1, 5, 1}, {3, 5 + 20, 30, 50, 0})}});
}

TEST(Conv2DInputGradient, AddsOutputChannelsOfAGroup) {
  runCases({{"qnn.conv2d_input_gradient %0, %1 groups(2)",
             "(tensor<1x1x1x4xf32>, tensor<4x1x1x1xf32>) -> "
             "tensor<1x1x1x2xf32>",
             {f32({1, 1, 1, 4}, {1, 2, 3, 4}), f32({4, 1, 1, 1}, {5, 6, 7, 8})},
             f32({1, 1, 1, 2}, {5 + 12, 21 + 32})}});
}

TEST(Conv2DWeightsGradient, AddsPixelsInTheirOrder) {
  // 1 is rounded away beside 2^24; images side by side would make it 2.
  runCases({{"qnn.conv2d_weights_gradient %0, %1 pad [0, 0, 1, 0]",
             "(tensor<2x1x2x1xf32>, tensor<2x1x2x1xf32>) -> "
             "tensor<1x1x2x1xf32>",
             {f32({2, 1, 2, 1}, {1, 16777216, 1, 1}),
              f32({2, 1, 2, 1}, {1, 1, 1, 1})},
             f32({1, 1, 2, 1}, {16777216, 16777216})}});
}
