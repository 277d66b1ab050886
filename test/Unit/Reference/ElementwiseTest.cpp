// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arithmetic with broadcasting, clamp and normalize, by numbers from hand.

#include "TestUtils.h"
#include <limits>

using namespace qnn;
using namespace qnn::test;

static const float kNaN = std::numeric_limits<float>::quiet_NaN();

TEST(Binary, FloatBroadcast) {
  Tensor column = f32({2, 1}, {10, 20}), row = f32({3}, {1, 2, 3});
  const char *types = "(tensor<2x1xf32>, tensor<3xf32>) -> tensor<2x3xf32>";
  runCases({{"qnn.add %0, %1",
             types,
             {column, row},
             f32({2, 3}, {11, 12, 13, 21, 22, 23})},
            {"qnn.sub %0, %1",
             types,
             {column, row},
             f32({2, 3}, {9, 8, 7, 19, 18, 17})},
            {"qnn.mul %0, %1 clamp_min(15.0) clamp_max(45.0)",
             types,
             {column, row},
             f32({2, 3}, {15, 20, 30, 20, 40, 45})},
            {"qnn.sub %0, %1",
             "(tensor<f32>, tensor<1xf32>) -> tensor<1xf32>",
             {f32({}, {1}), f32({1}, {0.25f})},
             f32({1}, {0.75f})}});
}

TEST(Binary, QuantizedSumAndDifference) {
  // a = (q - 128) * 0.5 / 0.5, b = (q + 1) * 0.25 / 0.5.
  const char *aliases = "!a = !quant.uniform<u8:f32, 0.5:128>\n"
                        "!b = !quant.uniform<i8:f32, 0.25:-1>\n"
                        "!y = !quant.uniform<u8:f32, 0.5:3>\n";
  const char *types = "(tensor<4x!a>, tensor<4x!b>) -> tensor<4x!y>";
  std::vector<Tensor> inputs = {u8({4}, {130, 130, 0, 255}),
                                s8({4}, {0, -2, -128, 127})};
  runCases(
      {// 2.5, 1.5, -191.5, 191
       {"qnn.add %0, %1", types, inputs, u8({4}, {5, 5, 0, 194})},
       // 1.5, 2.5, -64.5, 63
       {"qnn.sub %0, %1", types, inputs, u8({4}, {5, 5, 0, 66})},
       {"qnn.sub %0, %1 rounding(half_up)", types, inputs,
        u8({4}, {5, 6, 0, 66})},
       {"qnn.add %0, %1 clamp_min(0.0) clamp_max(1.5)", types, inputs,
        u8({4}, {5, 5, 3, 6})}},
      aliases);
}

TEST(Binary, QuantizedSumRoundsEachProductToFloat) {
  // 9 * f32(1 / 3) is 3 in f32 and a little more when exact; so 3 - 0.5 is a
  // tie, which goes to 2.
  runCases({{"qnn.add %0, %1",
             "(tensor<1x!a>, tensor<1x!b>) -> tensor<1x!y>",
             {s8({1}, {9}), s8({1}, {-1})},
             s8({1}, {2})}},
           "!a = !quant.uniform<i8:f32, 1.0>\n"
           "!b = !quant.uniform<i8:f32, 1.5>\n"
           "!y = !quant.uniform<i8:f32, 3.0>\n");
}

TEST(Binary, QuantizedProduct) {
  // acc = (q - 128) * q, times 0.5 * 0.25 / 0.25.
  runCases({{"qnn.mul %0, %1",
             "(tensor<3x!a>, tensor<1x!b>) -> tensor<3x!y>",
             {u8({3}, {129, 131, 0}), s8({1}, {1})},
             s8({3}, {-1, 1, -65})},
            {"qnn.mul %0, %1 clamp_min(0.0) rounding(half_away)",
             "(tensor<3x!a>, tensor<1x!b>) -> tensor<3x!y>",
             {u8({3}, {129, 131, 0}), s8({1}, {1})},
             s8({3}, {0, 1, -1})}},
           "!a = !quant.uniform<u8:f32, 0.5:128>\n"
           "!b = !quant.uniform<i8:f32, 0.25>\n"
           "!y = !quant.uniform<i8:f32, 0.25:-1>\n");
}

TEST(Binary, ExplicitProduct) {
  runCases({{"qnn.mul %0, %1 lhs_zero_point(255) rhs_zero_point(-128)",
             "(tensor<2xui8>, tensor<1xsi8>) -> tensor<2xi32>",
             {u8({2}, {0, 255}), s8({1}, {127})},
             i32({2}, {-255 * 255, 0})}});
  expectError(oneOp("qnn.mul %0, %1",
                    "(tensor<1xi32>, tensor<1xi32>) -> tensor<1xi32>"),
              {i32({1}, {65536}), i32({1}, {32768})}, "does not fit i32");
  // The product, and the codes without their zero point.
  std::string wide = "(tensor<1xi64>, tensor<1xi64>) -> tensor<1xi64>";
  Tensor min = make<int64_t>({1}, {INT64_MIN});
  expectError(oneOp("qnn.mul %0, %1", wide), {min, min},
              "product does not fit i64");
  expectError(oneOp("qnn.mul %0, %1 lhs_zero_point(1)", wide),
              {min, make<int64_t>({1}, {0})}, "product does not fit i64");
  expectError(oneOp("qnn.mul %0, %1 rhs_zero_point(1)", wide),
              {make<int64_t>({1}, {0}), min}, "product does not fit i64");
}

TEST(Binary, Unsupported) {
  expectError(oneOp("qnn.add %0, %0",
                    "(tensor<1x!q>, tensor<1x!q>) -> "
                    "tensor<1x!quant.uniform<i32:f32, 1.0>>",
                    "!q = !quant.uniform<i8:f32, 1.0>\n"),
              {s8({1}, {1}), s8({1}, {1})},
              "result of more than 24 bits is not supported");
}

TEST(Clamp, Float) {
  Tensor input = f32({4}, {-1, 0.5f, 7, kNaN});
  const char *types = "(tensor<4xf32>) -> tensor<4xf32>";
  runCases({{"qnn.clamp %0 clamp_min(0.0)",
             types,
             {input},
             f32({4}, {0, 0.5f, 7, 0})},
            {"qnn.clamp %0 clamp_max(6.0)",
             types,
             {input},
             f32({4}, {-1, 0.5f, 6, 6})},
            {"qnn.clamp %0 clamp_min(0.0) clamp_max(6.0)",
             types,
             {input},
             f32({4}, {0, 0.5f, 6, 0})}});
}

TEST(Clamp, Quantized) {
  // Codes -128, 1, 127 stand for -64, 0.5, 63.5; the result's step is 0.25.
  runCases({{"qnn.clamp %0 clamp_min(0.0) clamp_max(6.0)",
             "(tensor<3x!a>) -> tensor<3x!y>",
             {s8({3}, {-128, 1, 127})},
             u8({3}, {100, 102, 124})}},
           "!a = !quant.uniform<i8:f32, 0.5>\n"
           "!y = !quant.uniform<u8:f32, 0.25:100>\n");
  expectError(oneOp("qnn.clamp %0 clamp_min(0.0)",
                    "(tensor<1x!p>) -> tensor<1x!p>",
                    "!p = !qnn.pow2<i4:f32, -6:0>\n"),
              {s8({1}, {1})}, "nonlinear type is not supported");
}

TEST(Normalize, FloatAndQuantized) {
  Tensor raw = u8({1, 2, 2}, {0, 255, 128, 1});
  const char *types = "(tensor<1x2x2xui8>) -> ";
  runCases({{"qnn.normalize %0 mean [128.0] scale [0.5]",
             std::string(types) + "tensor<1x2x2xf32>",
             {raw},
             f32({1, 2, 2}, {-64, 63.5f, 0, -63.5f})},
            {"qnn.normalize %0 mean [128.0, 1.0] scale [0.5, 2.0]",
             std::string(types) + "tensor<1x2x2xf32>",
             {raw},
             f32({1, 2, 2}, {-64, 508, 0, 0})},
            {"qnn.normalize %0 mean [128.0] scale [0.5]",
             std::string(types) + "tensor<1x2x2x!quant.uniform<i8:f32, 1.0>>",
             {raw},
             s8({1, 2, 2}, {-64, 64, 0, -64})},
            {"qnn.normalize %0 mean [128.0] scale [0.5] rounding(floor)",
             std::string(types) + "tensor<1x2x2x!quant.uniform<i8:f32, 1.0>>",
             {raw},
             s8({1, 2, 2}, {-64, 63, 0, -64})},
            {"qnn.normalize %0 mean [1.0] scale [2.0]",
             "(tensor<1xf32>) -> tensor<1xf32>",
             {f32({1}, {0.5f})},
             f32({1}, {-1})}});
}

TEST(ClampGradient, IsZeroAtAndBeyondTheBounds) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  Tensor cotangent = f32({6}, {1, 2, 3, 4, 5, 6});
  Tensor value = f32({6}, {-2, -1, 0, 1, 2, nan});
  const char *types = "(tensor<6xf32>, tensor<6xf32>) -> tensor<6xf32>";
  runCases({{"qnn.clamp_gradient %0, %1 clamp_min(-1.0)",
             types,
             {cotangent, value},
             f32({6}, {0, 0, 3, 4, 5, 0})},
            {"qnn.clamp_gradient %0, %1 clamp_min(-1.0) clamp_max(1.0)",
             types,
             {cotangent, value},
             f32({6}, {0, 0, 3, 0, 0, 0})}});
}
