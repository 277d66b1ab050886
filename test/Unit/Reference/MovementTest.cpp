// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operations that move elements of any kind.

#include "TestUtils.h"

using namespace qnn;
using namespace qnn::test;

static const char *kAliases = "!q = !quant.uniform<u8:f32, 0.5:7>\n";

TEST(Movement, Transpose) {
  runCases({{"qnn.transpose %0 [1, 0]",
             "(tensor<2x3xf32>) -> tensor<3x2xf32>",
             {f32({2, 3}, {1, 2, 3, 4, 5, 6})},
             f32({3, 2}, {1, 4, 2, 5, 3, 6})},
            // NHWC to NCHW.
            {"qnn.transpose %0 [0, 3, 1, 2]",
             "(tensor<1x2x1x3x!q>) -> tensor<1x3x2x1x!q>",
             {u8({1, 2, 1, 3}, {1, 2, 3, 4, 5, 6})},
             u8({1, 3, 2, 1}, {1, 4, 2, 5, 3, 6})},
            {"qnn.transpose %0 []",
             "(tensor<i32>) -> tensor<i32>",
             {i32({}, {-5})},
             i32({}, {-5})}},
           kAliases);
}

TEST(Movement, Pad) {
  runCases({{"qnn.pad %0 low [1, 0] high [0, 2] value(-1.5)",
             "(tensor<1x2xf32>) -> tensor<2x4xf32>",
             {f32({1, 2}, {1, 2})},
             f32({2, 4}, {-1.5f, -1.5f, -1.5f, -1.5f, 1, 2, -1.5f, -1.5f})},
            // 0.75 / 0.5 is a tie: 2, plus the zero point.
            {"qnn.pad %0 low [1] high [0] value(0.75)",
             "(tensor<1x!q>) -> tensor<2x!q>",
             {u8({1}, {1})},
             u8({2}, {9, 1})},
            {"qnn.pad %0 low [0] high [1]",
             "(tensor<1x!q>) -> tensor<2x!q>",
             {u8({1}, {1})},
             u8({2}, {1, 7})},
            {"qnn.pad %0 low [0] high [1] value(255.0)",
             "(tensor<1xui8>) -> tensor<2xui8>",
             {u8({1}, {1})},
             u8({2}, {1, 255})}},
           kAliases);
  for (const char *value : {"256.0", "-1.0", "0.5"})
    expectError(
        oneOp("qnn.pad %0 low [0] high [1] value(" + std::string(value) + ")",
              "(tensor<1xui8>) -> tensor<2xui8>"),
        {u8({1}, {1})}, "expects a padding value that is a code");
  expectError(oneOp("qnn.pad %0 low [0, 0] high [0, 1] value(0.0)",
                    "(tensor<2x1x!w>) -> tensor<2x2x!w>",
                    "!w = !quant.uniform<i8:f32:0, {1.0, 2.0}>\n"),
              {s8({2, 1}, {1, 1})},
              "per-axis or blockwise type is not supported");
}

TEST(Movement, ReshapesAndConcat) {
  std::string ir = std::string(kAliases) + R"(
    func.func @f(%0: tensor<2x2x!q>, %1: tensor<2x1x!q>) -> tensor<1x6x!q> {
      %2 = tensor.concat dim(1) %0, %1 :
        (tensor<2x2x!q>, tensor<2x1x!q>) -> tensor<2x3x!q>
      %3 = tensor.collapse_shape %2 [[0, 1]] : tensor<2x3x!q> into tensor<6x!q>
      %4 = tensor.expand_shape %3 [[0, 1]] output_shape [1, 6] :
        tensor<6x!q> into tensor<1x6x!q>
      %5 = tensor.cast %4 : tensor<1x6x!q> to tensor<1x6x!q>
      return %5 : tensor<1x6x!q>
    })";
  EXPECT_EQ(interpretOne(ir, {u8({2, 2}, {1, 2, 3, 4}), u8({2, 1}, {5, 6})}),
            u8({1, 6}, {1, 2, 5, 3, 4, 6}));
}

TEST(Movement, Reverse) {
  runCases({{"qnn.reverse %0 axes [1]",
             "(tensor<2x3xui8>) -> tensor<2x3xui8>",
             {u8({2, 3}, {1, 2, 3, 4, 5, 6})},
             u8({2, 3}, {3, 2, 1, 6, 5, 4})},
            {"qnn.reverse %0 axes [0, 1]",
             "(tensor<2x3xui8>) -> tensor<2x3xui8>",
             {u8({2, 3}, {1, 2, 3, 4, 5, 6})},
             u8({2, 3}, {6, 5, 4, 3, 2, 1})}});
}

TEST(Movement, ExtractSlice) {
  std::string ir = R"(
    func.func @f(%0: tensor<3x5xui8>) -> tensor<2xui8> {
      %1 = tensor.extract_slice %0[1, 1] [1, 2] [1, 3] :
        tensor<3x5xui8> to tensor<2xui8>
      return %1 : tensor<2xui8>
    })";
  EXPECT_EQ(interpretOne(ir, {u8({3, 5}, {0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 20,
                                          21, 22, 23, 24})}),
            u8({2}, {11, 14}));
}
