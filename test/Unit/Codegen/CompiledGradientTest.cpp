// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What gradients are made of, compiled: bytes of the reference interpreter over
// shapes that leave rests.

#include "CompareModels.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"
#include "qnn/InitAll.h"
#include "gtest/gtest.h"
#include <limits>

using namespace mlir;
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

TEST(CompiledGradient, MaxPools) {
  // Multiples of 1/4 make ties; windows overlap, leave pixels over, have holes.
  expectSameBytesOfOne("%dy: tensor<2x3x4x5xf32>, %x: tensor<2x5x6x5xf32>",
                       "tensor<2x5x6x5xf32>",
                       "qnn.max_pool2d_gradient %dy, %x kernel [3, 3] : "
                       "(tensor<2x3x4x5xf32>, tensor<2x5x6x5xf32>)");
  expectSameBytesOfOne(
      "%dy: tensor<1x2x3x17xf32>, %x: tensor<1x5x7x17xf32>",
      "tensor<1x5x7x17xf32>",
      "qnn.max_pool2d_gradient %dy, %x kernel [3, 2] strides [2, 3] "
      "pad [1, 0, 0, 1] : (tensor<1x2x3x17xf32>, tensor<1x5x7x17xf32>)");
  expectSameBytesOfOne(
      "%dy: tensor<1x4x3x1xf32>, %x: tensor<1x5x6x1xf32>",
      "tensor<1x5x6x1xf32>",
      "qnn.max_pool2d_gradient %dy, %x kernel [2, 2] pad [1, 0, 0, 0] "
      "dilations [2, 3] : (tensor<1x4x3x1xf32>, tensor<1x5x6x1xf32>)");
}

TEST(CompiledGradient, MaxPoolOfInfinitiesAndNaN) {
  const float inf = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  float cotangent[] = {1, 10, 100, 1000};
  float input[] = {-inf, -inf, nan, nan, 1};
  expectSameBytesOn(
      "func.func @model(%dy: tensor<1x1x4x1xf32>, %x: tensor<1x1x5x1xf32>) -> "
      "tensor<1x1x5x1xf32> {\n  %r = qnn.max_pool2d_gradient %dy, %x kernel "
      "[1, 3] pad [0, 0, 1, 0] : (tensor<1x1x4x1xf32>, tensor<1x1x5x1xf32>) "
      "-> tensor<1x1x5x1xf32>\n  return %r : tensor<1x1x5x1xf32>\n}\n",
      {Tensor::fromValues<float>({1, 1, 4, 1}, cotangent),
       Tensor::fromValues<float>({1, 1, 5, 1}, input)});
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

/// What qnn-differentiate makes of @f, with the results of @f.
static std::string differentiate(const std::string &function) {
  DialectRegistry registry;
  qnn::registerAllDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  auto module = parseSourceString<ModuleOp>(function, &context);
  PassManager passes(&context);
  QNNDifferentiatePassOptions options;
  options.keepResults = true;
  passes.addPass(createQNNDifferentiatePass(options));
  std::string text;
  llvm::raw_string_ostream stream(text);
  if (module && succeeded(passes.run(*module)))
    module->lookupSymbol("f_gradient")->print(stream);
  return text;
}

TEST(CompiledGradient, Contractions) {
  const char *convolutions[][2] = {
      {"strides [2, 2] pad [0, 1, 0, 1]",
       "(tensor<3x7x6x5xf32>, tensor<7x3x3x5xf32>, tensor<7xf32>) "
       "-> tensor<3x3x3x7xf32>"},
      {"pad [1, 1, 1, 1] groups(5) clamp_min(0.0) clamp_max(6.0)",
       "(tensor<2x5x4x5xf32>, tensor<5x3x3x1xf32>, tensor<5xf32>) "
       "-> tensor<2x5x4x5xf32>"},
      {"dilations [2, 1] groups(2)",
       "(tensor<1x5x3x4xf32>, tensor<6x2x3x2xf32>, tensor<6xf32>) "
       "-> tensor<1x3x1x6xf32>"}};
  for (auto [attributes, types] : convolutions) {
    auto [operands, result] = StringRef(types).split(" -> ");
    auto [x, rest] = operands.drop_front().drop_back().split(", ");
    auto [w, b] = rest.split(", ");
    expectSameBytes(differentiate("func.func @f(%x: " + x.str() +
                                  ", %w: " + w.str() + ", %b: " + b.str() +
                                  ") -> " + result.str() +
                                  " {\n  %0 = qnn.conv2d %x, %w "
                                  "bias(%b) " +
                                  attributes + " : " + types +
                                  "\n  return %0 : " + result.str() + "\n}\n"));
  }
}

TEST(CompiledGradient, Network) {
  expectSameBytes(differentiate(R"(
    func.func @f(%x: tensor<2x6x5x3xf32>, %w: tensor<17x3x3x3xf32>,
                 %scale: tensor<17xf32>, %v: tensor<34x3xf32>)
        -> tensor<2x3xf32> {
      %0 = qnn.conv2d %x, %w pad [1, 1, 1, 1] :
        (tensor<2x6x5x3xf32>, tensor<17x3x3x3xf32>) -> tensor<2x6x5x17xf32>
      %1 = qnn.mul %0, %scale clamp_min(0.0) :
        (tensor<2x6x5x17xf32>, tensor<17xf32>) -> tensor<2x6x5x17xf32>
      %p = qnn.avg_pool2d %1 kernel [3, 3] strides [3, 2] pad [0, 0, 1, 1] :
        (tensor<2x6x5x17xf32>) -> tensor<2x2x3x17xf32>
      %2 = qnn.max_pool2d %p kernel [2, 2] pad [0, 1, 1, 0] :
        (tensor<2x2x3x17xf32>) -> tensor<2x2x3x17xf32>
      %3 = qnn.mean %2 axes [2] :
        (tensor<2x2x3x17xf32>) -> tensor<2x2x1x17xf32>
      %4 = tensor.collapse_shape %3 [[0], [1, 2, 3]] :
        tensor<2x2x1x17xf32> into tensor<2x34xf32>
      %5 = qnn.matmul %4, %v :
        (tensor<2x34xf32>, tensor<34x3xf32>) -> tensor<2x3xf32>
      %6 = qnn.softmax %5 axis(1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
      return %6 : tensor<2x3xf32>
    })"));
}
