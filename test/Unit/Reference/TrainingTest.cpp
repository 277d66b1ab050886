// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Labels, random numbers, values with the gradient of another.

#include "TestUtils.h"
#include "qnn/Quantization/ElementaryFunctions.h"

using namespace qnn;
using namespace qnn::test;

TEST(OneHot, LabelsOutsideHaveRowsOfZeros) {
  runCases({{"qnn.one_hot %0 depth(3)",
             "(tensor<2x2xi32>) -> tensor<2x2x3xf32>",
             {i32({2, 2}, {2, -1, 3, 0})},
             f32({2, 2, 3}, {0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0})},
            {"qnn.one_hot %0 depth(2)",
             "(tensor<3xui8>) -> tensor<3x2xf32>",
             {u8({3}, {1, 255, 0})},
             f32({3, 2}, {0, 1, 0, 0, 1, 0})}});
}

TEST(RandomUniform, CountsElementsInRowMajorOrder) {
  auto number = [](uint32_t i, uint32_t first, uint32_t second) {
    return uniformReference(i, {first, second, 9});
  };
  runCases({{"qnn.random_uniform %0 stream(9)",
             "(tensor<i32>) -> tensor<2x2xf32>",
             {i32({}, {-5})},
             f32({2, 2}, {number(0, -5, 0), number(1, -5, 0), number(2, -5, 0),
                          number(3, -5, 0)})},
            {"qnn.random_uniform %0 stream(9)",
             "(tensor<2xi32>) -> tensor<2xf32>",
             {i32({2}, {6, 7})},
             f32({2}, {number(0, 6, 7), number(1, 6, 7)})}});
}

TEST(StraightThrough, IsItsValue) {
  runCases({{"qnn.straight_through %0, %1",
             "(tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>",
             {f32({2}, {1, 2}), f32({2}, {3, 4})},
             f32({2}, {1, 2})}});
}

TEST(OneHot, AlsoInDoublePrecision) {
  auto module = mlir::parseSourceString<mlir::ModuleOp>(
      "func.func @f(%x: tensor<1xi32>, %s: tensor<i32>) -> tensor<1x2xf32> {\n"
      "  %0 = qnn.one_hot %x depth(2) : (tensor<1xi32>) -> tensor<1x2xf32>\n"
      "  %1 = qnn.random_uniform %s stream(0) : (tensor<i32>) -> "
      "tensor<1x2xf32>\n"
      "  %2 = qnn.mul %0, %1 : (tensor<1x2xf32>, tensor<1x2xf32>) -> "
      "tensor<1x2xf32>\n"
      "  return %2 : tensor<1x2xf32>\n}\n",
      &getContext());
  ASSERT_TRUE(module);
  Interpreter interpreter(*module->getOps<mlir::func::FuncOp>().begin(),
                          Precision::Double);
  auto results = interpreter.run({i32({1}, {1}), i32({}, {3})});
  ASSERT_TRUE(bool(results)) << llvm::toString(results.takeError());
  double expected = uniformReference(1, {3, 0, 0});
  EXPECT_EQ(results->front(), make<double>({1, 2}, {0.0, expected}));
}
