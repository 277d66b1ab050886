// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Borders between floats and codes, and the explicit operations.

#include "TestUtils.h"
#include <limits>

using namespace qnn;
using namespace qnn::test;

static const float kInf = std::numeric_limits<float>::infinity();
static const float kNaN = std::numeric_limits<float>::quiet_NaN();

TEST(Quantize, RoundingModesAndSaturation) {
  // 0.5, 1.5, 2.5, -0.5 steps: ties.
  Tensor input = f32({7}, {0.25f, 0.75f, 1.25f, -0.25f, kNaN, 1e30f, -kInf});
  std::pair<const char *, std::vector<int8_t>> modes[] = {
      {"", {3, 5, 5, 3, -128, 127, -128}},
      {"rounding(half_even)", {3, 5, 5, 3, -128, 127, -128}},
      {"rounding(half_away)", {4, 5, 6, 2, -128, 127, -128}},
      {"rounding(half_up)", {4, 5, 6, 3, -128, 127, -128}},
      {"rounding(floor)", {3, 4, 5, 2, -128, 127, -128}},
      {"rounding(toward_zero)", {3, 4, 5, 3, -128, 127, -128}}};
  for (const auto &[mode, expected] : modes)
    runCases({{std::string("qnn.quantize %0 ") + mode,
               "(tensor<7xf32>) -> tensor<7x!quant.uniform<i8:f32, 0.5:3>>",
               {input},
               s8({7}, expected)}});
}

TEST(Quantize, AllTypes) {
  runCases({
      {"qnn.quantize %0",
       "(tensor<3xf32>) -> tensor<3x!quant.uniform<u8:f32, 0.5:255>>",
       {f32({3}, {0, -127.5f, 1})},
       u8({3}, {255, 0, 255})},
      {"qnn.quantize %0",
       "(tensor<2xf32>) -> tensor<2x!quant.uniform<i8<-127:127>:f32, 0.5>>",
       {f32({2}, {-1000, 1000})},
       s8({2}, {-127, 127})},
      {"qnn.quantize %0",
       "(tensor<2x2xf32>) -> "
       "tensor<2x2x!quant.uniform<i8:f32:1, {0.5, 2.0:1}>>",
       {f32({2, 2}, {1, 1, 3, -2})},
       s8({2, 2}, {2, 1, 6, 0})},
      {"qnn.quantize %0",
       "(tensor<4x2xf32>) -> tensor<4x2x!quant.uniform<i8:f32:{0:2, 1:1}, "
       "{{1.0, 2.0}, {4.0, 0.5}}>>",
       {f32({4, 2}, {4, 4, 4, 4, 4, 4, 4, 4})},
       s8({4, 2}, {4, 2, 4, 2, 1, 8, 1, 8})},
      {"qnn.quantize %0",
       "(tensor<6xf32>) -> "
       "tensor<6x!qnn.codebook<u2:f32, {-1.0, -0.25, 0.25, 1.0}>>",
       {f32({6}, {-0.625f, -0.6f, 0, 0.1f, 5, kNaN})},
       u8({6}, {0, 1, 1, 2, 3, 0})},
      {"qnn.quantize %0",
       "(tensor<6xf32>) -> tensor<6x!qnn.pow2<i4:f32, -1:0>>",
       {f32({6}, {0.25f, 0.26f, -0.75f, -0.7f, 9, kNaN})},
       s8({6}, {0, 1, -2, -1, 2, -2})},
  });
}

TEST(Dequantize, AllTypes) {
  runCases({
      {"qnn.dequantize %0",
       "(tensor<2x!quant.uniform<u8:f32, 0.5:255>>) -> tensor<2xf32>",
       {u8({2}, {0, 255})},
       f32({2}, {-127.5f, 0})},
      {"qnn.dequantize %0",
       "(tensor<2x2x!quant.uniform<i8:f32:1, {0.5, 2.0:1}>>) -> "
       "tensor<2x2xf32>",
       {s8({2, 2}, {2, 1, 6, 0})},
       f32({2, 2}, {1, 0, 3, -2})},
      {"qnn.dequantize %0",
       "(tensor<4x2x!quant.uniform<i8:f32:{0:2}, {{1.0}, {4.0}}>>) -> "
       "tensor<4x2xf32>",
       {s8({4, 2}, {1, 2, 3, 4, 5, 6, 7, 8})},
       f32({4, 2}, {1, 2, 3, 4, 20, 24, 28, 32})},
      {"qnn.dequantize %0",
       "(tensor<4x!qnn.codebook<u2:f32, {-1.0, -0.25, 0.25, 1.0}>>) -> "
       "tensor<4xf32>",
       {u8({4}, {0, 1, 2, 3})},
       f32({4}, {-1, -0.25f, 0.25f, 1})},
      {"qnn.dequantize %0",
       "(tensor<5x!qnn.pow2<i4:f32, -1:0>>) -> tensor<5xf32>",
       {s8({5}, {-2, -1, 0, 1, 2})},
       f32({5}, {-1, -0.5f, 0, 0.5f, 1})},
  });
}

TEST(Requantize, PerTensorAndPerAxis) {
  const char *aliases = "!a = !quant.uniform<u8:f32, 0.5:128>\n"
                        "!b = !quant.uniform<i8:f32, 0.25:-1>\n"
                        "!c = !quant.uniform<i8:f32:0, {0.5, 1.0:3}>\n";
  runCases({{"qnn.requantize %0",
             "(tensor<4x!a>) -> tensor<4x!b>",
             {u8({4}, {128, 129, 0, 255})},
             s8({4}, {-1, 1, -128, 127})},
            // -1 * 0.5 / 1.0 is a tie.
            {"qnn.requantize %0 rounding(half_away)",
             "(tensor<2x!a>) -> tensor<2x!c>",
             {u8({2}, {127, 127})},
             s8({2}, {-1, 2})},
            {"qnn.requantize %0",
             "(tensor<2x!c>) -> tensor<2x!a>",
             {s8({2}, {4, 4})},
             u8({2}, {132, 130})}},
           aliases);
}

TEST(Rescale, IntegersAndFloats) {
  runCases({
      // 3.5 and -2.5 are ties.
      {"qnn.rescale %0 multiplier(dense<0.5> : tensor<f32>) "
       "input_zero_point(1) output_zero_point(10) range(8, 100)",
       "(tensor<3xi32>) -> tensor<3xui8>",
       {i32({3}, {8, -4, 1000})},
       u8({3}, {14, 8, 100})},
      {"qnn.rescale %0 multiplier(dense<0.5> : tensor<f32>) divide "
       "range(-128, 127)",
       "(tensor<3xf32>) -> tensor<3xsi8>",
       {f32({3}, {1.25f, kNaN, kInf})},
       s8({3}, {2, -128, 127})},
      {"qnn.rescale %0 multiplier(dense<[0.5, 2.0]> : tensor<2xf32>) "
       "range(-128, 127) rounding(floor)",
       "(tensor<2x2xi32>) -> tensor<2x2xsi8>",
       {i32({2, 2}, {3, 3, -3, -3})},
       s8({2, 2}, {1, 6, -2, -6})},
      {"qnn.rescale %0 multiplier(dense<[[[1.0], [0.5]]]> : "
       "tensor<1x2x1xf32>)",
       "(tensor<1x1x2x2xi32>) -> tensor<1x1x2x2xf32>",
       {i32({1, 1, 2, 2}, {1, 2, 3, 4})},
       f32({1, 1, 2, 2}, {1, 2, 1.5f, 2})},
      // 2^24 + 1 is rounded to f32 before it is multiplied.
      {"qnn.rescale %0 multiplier(dense<1.0> : tensor<f32>)",
       "(tensor<1xi32>) -> tensor<1xf32>",
       {i32({1}, {16777217})},
       f32({1}, {16777216})},
  });
}

TEST(Requantize, Unsupported) {
  const char *byte = "tensor<1x!quant.uniform<i8:f32, 1.0>>";
  const char *wide = "tensor<1x!quant.uniform<i32:f32, 1.0>>";
  auto types = [](std::string from, std::string to) {
    return "(" + from + ") -> " + to;
  };
  expectError(oneOp("qnn.requantize %0", types(byte, wide)), {s8({1}, {1})},
              "result of more than 16 bits is not supported");
  expectError(oneOp("qnn.requantize %0 requantization(tflite_double)",
                    types(wide, byte)),
              {i32({1}, {1})}, "input of more than 16 bits is not supported");
}

TEST(Lookup, TablesOfOneAndTwoRanks) {
  const char *types = "(tensor<2x2xsi8>) -> tensor<2x2xui8>";
  Tensor input = s8({2, 2}, {-2, -1, 0, -2});
  runCases({{"qnn.lookup %0 table(dense<[7, -1, 9]> : tensor<3xi8>) "
             "offset(-2)",
             types,
             {input},
             u8({2, 2}, {7, 255, 9, 7})},
            {"qnn.lookup %0 table(dense<[[1, 2, 3], [4, 5, 6]]> : "
             "tensor<2x3xi8>) offset(-2)",
             types,
             {input},
             u8({2, 2}, {1, 5, 3, 4})},
            {"qnn.lookup %0 table(dense<[0.5, 1.5]> : tensor<2xf32>)",
             "(tensor<2xui8>) -> tensor<2xf32>",
             {u8({2}, {1, 0})},
             f32({2}, {1.5f, 0.5f})}});
  expectError(oneOp("qnn.lookup %0 table(dense<[7, 8]> : tensor<2xi8>)",
                    "(tensor<1xui8>) -> tensor<1xui8>"),
              {u8({1}, {2})}, "table has no entry for code 2");
}

TEST(Bucketize, CountsBoundariesBelow) {
  runCases({{"qnn.bucketize %0 boundaries(dense<[0.0, 1.0]> : tensor<2xf32>) "
             "offset(-1)",
             "(tensor<6xf32>) -> tensor<6xsi8>",
             {f32({6}, {-1, 0, 0.5f, 1, 2, kNaN})},
             s8({6}, {-1, -1, 0, 0, 1, -1})}});
}
