// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What gradients are made of, compiled: bytes of the reference interpreter over
// shapes that leave rests.

#include "CompareModels.h"
#include "gtest/gtest.h"

using namespace qnn;

static void expectSameBytesOfOne(const std::string &arguments,
                                 const std::string &result,
                                 const std::string &operation) {
  expectSameBytes("func.func @model(" + arguments + ") -> " + result +
                  " {\n  %r = " + operation + " -> " + result +
                  "\n  return %r : " + result + "\n}\n");
}

TEST(CompiledGradient, FloatSums) {
  expectSameBytesOfOne("%x: tensor<3x5x7x19xf32>", "tensor<1x1x1x19xf32>",
                       "qnn.sum %x axes [0, 1, 2] : (tensor<3x5x7x19xf32>)");
  expectSameBytesOfOne("%x: tensor<3x21xf32>", "tensor<3x1xf32>",
                       "qnn.sum %x axes [1] : (tensor<3x21xf32>)");
  expectSameBytesOfOne("%x: tensor<2x3x17xf32>", "tensor<1x3x1xf32>",
                       "qnn.sum %x axes [0, 2] : (tensor<2x3x17xf32>)");
}

TEST(CompiledGradient, ClampGradients) {
  for (const char *bounds :
       {"clamp_min(0.0)", "clamp_max(0.5)", "clamp_min(-1.0) clamp_max(0.75)"})
    expectSameBytesOfOne("%dy: tensor<3x37xf32>, %y: tensor<3x37xf32>",
                         "tensor<3x37xf32>",
                         "qnn.clamp_gradient %dy, %y " + std::string(bounds) +
                             " : (tensor<3x37xf32>, tensor<3x37xf32>)");
}

TEST(CompiledGradient, Reverse) {
  expectSameBytesOfOne("%x: tensor<5x3x2x19xf32>", "tensor<5x3x2x19xf32>",
                       "qnn.reverse %x axes [1, 2] : (tensor<5x3x2x19xf32>)");
  expectSameBytesOfOne("%x: tensor<2x37xf32>", "tensor<2x37xf32>",
                       "qnn.reverse %x axes [1] : (tensor<2x37xf32>)");
  expectSameBytesOfOne("%x: tensor<3x1xf32>", "tensor<3x1xf32>",
                       "qnn.reverse %x axes [0, 1] : (tensor<3x1xf32>)");
}

/// The input gradient of a strided convolution as the pass writes it.
TEST(CompiledGradient, SpreadConvolutionOfReversedWeights) {
  expectSameBytes(R"(
    func.func @model(%dy: tensor<1x2x3x5xf32>, %w: tensor<3x3x3x5xf32>)
    -> tensor<1x4x6x3xf32> {
      %0 = tensor.expand_shape %dy [[0], [1, 2], [3, 4], [5]]
        output_shape [1, 2, 1, 3, 1, 5] :
        tensor<1x2x3x5xf32> into tensor<1x2x1x3x1x5xf32>
      %1 = qnn.pad %0 low [0, 0, 0, 0, 0, 0] high [0, 0, 1, 0, 1, 0] :
        (tensor<1x2x1x3x1x5xf32>) -> tensor<1x2x2x3x2x5xf32>
      %2 = tensor.collapse_shape %1 [[0], [1, 2], [3, 4], [5]] :
        tensor<1x2x2x3x2x5xf32> into tensor<1x4x6x5xf32>
      %3 = qnn.reverse %w axes [1, 2] :
        (tensor<3x3x3x5xf32>) -> tensor<3x3x3x5xf32>
      %4 = qnn.conv2d %2, %3 pad [1, 1, 1, 1] :
        (tensor<1x4x6x5xf32>, tensor<3x3x3x5xf32>) -> tensor<1x4x6x3xf32>
      return %4 : tensor<1x4x6x3xf32>
    })");
}

TEST(CompiledGradient, Slices) {
  expectSameBytes(R"(
    func.func @model(%x: tensor<5x4x7xf32>) -> tensor<2x3x4xf32> {
      %0 = tensor.extract_slice %x[1, 0, 2] [2, 3, 4] [2, 1, 1] :
        tensor<5x4x7xf32> to tensor<2x3x4xf32>
      return %0 : tensor<2x3x4xf32>
    })");
}
