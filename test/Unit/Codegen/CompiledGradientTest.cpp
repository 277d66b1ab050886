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
#include <random>

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

/// Numbers whose products and sums are rounded, so that their order counts.
static Tensor makeRoundedFloats(ArrayRef<int64_t> shape, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<float> values(ShapedType::getNumElements(shape));
  for (float &value : values)
    value = float(random()) / 4294967296.0f - 0.5f;
  return Tensor::fromValues<float>(shape, values);
}

namespace {
/// Shapes and attributes of a convolution.
struct ConvolutionCase {
  SmallVector<int64_t> input, weights, result;
  std::string attributes;
};
} // namespace

static const ConvolutionCase kConvolutions[] = {
    {{2, 5, 6, 3}, {4, 3, 2, 3}, {2, 3, 5, 4}, ""},
    {{1, 1, 1, 1}, {1, 1, 1, 1}, {1, 1, 1, 1}, ""},
    {{3, 7, 7, 5}, {19, 3, 3, 5}, {3, 7, 7, 19}, "pad [1, 1, 1, 1]"},
    {{2, 4, 5, 33}, {17, 1, 1, 33}, {2, 4, 5, 17}, ""},
    // Phases of different sizes, without taps, cut at the border.
    {{2, 8, 9, 3},
     {7, 3, 3, 3},
     {2, 4, 5, 7},
     "strides [2, 2] pad [0, 1, 1, 1]"},
    {{2, 6, 7, 18}, {5, 1, 1, 18}, {2, 3, 4, 5}, "strides [2, 2]"},
    {{1, 9, 11, 2},
     {3, 2, 5, 2},
     {1, 3, 3, 3},
     "strides [3, 4] pad [0, 0, 1, 1]"},
    {{1, 11, 12, 2},
     {3, 3, 2, 2},
     {1, 4, 4, 3},
     "strides [2, 3] pad [1, 0, 0, 2] dilations [2, 2]"},
    {{1, 2, 2, 1}, {1, 1, 1, 1}, {1, 7, 5, 1}, "pad [2, 3, 1, 2]"},
    // More than the cache holds: sums in several passes.
    {{6, 34, 34, 16}, {18, 3, 3, 16}, {6, 32, 32, 18}, ""},
    // Depthwise, with wide and narrow images, and groups.
    {{2, 5, 4, 19},
     {19, 3, 3, 1},
     {2, 5, 4, 19},
     "pad [1, 1, 1, 1] groups(19)"},
    {{2, 9, 38, 5},
     {5, 3, 3, 1},
     {2, 5, 19, 5},
     "strides [2, 2] pad [1, 1, 1, 0] groups(5)"},
    {{1, 5, 3, 4}, {6, 2, 3, 2}, {1, 3, 1, 6}, "dilations [2, 1] groups(2)"},
    {{1, 6, 5, 3},
     {6, 3, 2, 1},
     {1, 3, 3, 6},
     "strides [2, 2] pad [1, 1, 0, 1] groups(3)"}};

static std::string typeOf(ArrayRef<int64_t> shape) {
  return "tensor<" + dims(std::vector<int64_t>(shape.begin(), shape.end())) +
         "f32>";
}

static void expectSameGradient(const std::string &operation,
                               const ConvolutionCase &c,
                               ArrayRef<int64_t> operand,
                               ArrayRef<int64_t> result) {
  std::string cotangent = typeOf(c.result), other = typeOf(operand);
  expectSameBytesOn(
      "func.func @model(%dy: " + cotangent + ", %o: " + other + ") -> " +
          typeOf(result) + " {\n  %r = " + operation + " %dy, %o " +
          c.attributes + " : (" + cotangent + ", " + other + ") -> " +
          typeOf(result) + "\n  return %r : " + typeOf(result) + "\n}\n",
      {makeRoundedFloats(c.result, 1), makeRoundedFloats(operand, 2)});
}

TEST(CompiledGradient, ConvolutionInputs) {
  for (const ConvolutionCase &c : kConvolutions)
    expectSameGradient("qnn.conv2d_input_gradient", c, c.weights, c.input);
}

TEST(CompiledGradient, ConvolutionWeights) {
  for (const ConvolutionCase &c : kConvolutions)
    expectSameGradient("qnn.conv2d_weights_gradient", c, c.input, c.weights);
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
