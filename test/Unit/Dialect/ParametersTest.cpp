// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values of parameters: made by initializers, read and replaced by name.

#include "qnn/Dialect/QNN/Transforms/Parameters.h"
#include "../Reference/TestUtils.h"
#include "mlir/Pass/PassManager.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"
#include <cmath>

using namespace mlir;
using namespace qnn;
using namespace qnn::test;

/// A convolution in two groups, a depthwise one and a matrix product.
static std::string layers(const std::string &initializer) {
  std::string init = " #qnn.initializer<" + initializer + "> : ";
  return R"(
    func.func @model(%x: tensor<1x8x8x16xf32>, %y: tensor<1x60xf32>)
        -> (tensor<1x8x8x8xf32>, tensor<1x8x8x16xf32>, tensor<1x40xf32>) {
      %a = qnn.parameter "conv")" +
         init + R"(tensor<8x3x3x8xf32>
      %b = qnn.parameter "depthwise")" +
         init + R"(tensor<16x3x3x1xf32>
      %c = qnn.parameter "dense")" +
         init + R"(tensor<60x40xf32>
      %d = qnn.parameter "bias")" +
         init + R"(tensor<40xf32>
      %0 = qnn.conv2d %x, %a pad [1, 1, 1, 1] groups(2)
        : (tensor<1x8x8x16xf32>, tensor<8x3x3x8xf32>) -> tensor<1x8x8x8xf32>
      %1 = qnn.conv2d %x, %b pad [1, 1, 1, 1] groups(16)
        : (tensor<1x8x8x16xf32>, tensor<16x3x3x1xf32>) -> tensor<1x8x8x16xf32>
      %2 = qnn.matmul %y, %c bias(%d)
        : (tensor<1x60xf32>, tensor<60x40xf32>, tensor<40xf32>)
        -> tensor<1x40xf32>
      return %0, %1, %2
        : tensor<1x8x8x8xf32>, tensor<1x8x8x16xf32>, tensor<1x40xf32>
    })";
}

static OwningOpRef<ModuleOp> materialize(const std::string &ir, uint32_t seed) {
  auto module = parseSourceString<ModuleOp>(ir, &getContext());
  PassManager passes(&getContext());
  QNNMaterializeParametersPassOptions options;
  options.seed = seed;
  passes.addNestedPass<func::FuncOp>(
      createQNNMaterializeParametersPass(options));
  EXPECT_TRUE(module && succeeded(passes.run(*module)));
  return module;
}

static std::vector<float> valuesOf(ModuleOp module, StringRef name) {
  DenseFPElementsAttr values = llvm::cantFail(readParameter(module, name));
  return {values.value_begin<float>(), values.value_end<float>()};
}

/// Evenly distributed in (-limit, limit): the largest magnitude comes close,
/// and the variance is limit^2 / 3.
static void expectUniform(const std::vector<float> &values, double limit) {
  double largest = 0, sum = 0, squares = 0;
  for (float value : values) {
    largest = std::max(largest, std::abs(double(value)));
    sum += value;
    squares += double(value) * value;
  }
  EXPECT_LT(largest, limit);
  EXPECT_GT(largest, 0.9 * limit);
  // Four standard deviations of the means of so many numbers.
  double tolerance = 4 * limit / std::sqrt(3.0 * values.size());
  EXPECT_NEAR(sum / values.size(), 0, tolerance);
  EXPECT_NEAR(squares / values.size(), limit * limit / 3,
              4 * limit * limit * std::sqrt(4 / 45.0 / values.size()));
}

TEST(Parameters, LimitsFollowFromFans) {
  // Fan-in and fan-out worked by hand: 3 * 3 * 8 and 3 * 3 * 4 of the grouped
  // convolution, 9 and 9 of the depthwise one, 60 and 40 of the product.
  struct {
    const char *initializer;
    double conv, depthwise, dense;
  } cases[] = {
      {"uniform", 1 / std::sqrt(72.), 1 / 3., 1 / std::sqrt(60.)},
      {"he", std::sqrt(6 / 72.), std::sqrt(6 / 9.), std::sqrt(6 / 60.)},
      {"glorot", std::sqrt(6 / 108.), std::sqrt(6 / 18.), std::sqrt(6 / 100.)}};
  for (auto &each : cases) {
    SCOPED_TRACE(each.initializer);
    auto module = materialize(layers(each.initializer), 7);
    expectUniform(valuesOf(*module, "conv"), each.conv);
    expectUniform(valuesOf(*module, "depthwise"), each.depthwise);
    expectUniform(valuesOf(*module, "dense"), each.dense);
    expectUniform(valuesOf(*module, "bias"), each.dense);
  }
}

TEST(Parameters, ValuesDependOnSeedAndNameOnly) {
  auto one = materialize(layers("he"), 1), two = materialize(layers("he"), 2);
  EXPECT_NE(valuesOf(*one, "dense"), valuesOf(*two, "dense"));
  // A network with the layer alone has the same.
  auto alone = materialize(R"(
    func.func @model(%y: tensor<1x60xf32>) -> tensor<1x40xf32> {
      %c = qnn.parameter "dense" #qnn.initializer<he> : tensor<60x40xf32>
      %other = qnn.parameter "other" #qnn.initializer<he> : tensor<60x40xf32>
      %0 = qnn.matmul %y, %c
        : (tensor<1x60xf32>, tensor<60x40xf32>) -> tensor<1x40xf32>
      %1 = qnn.matmul %y, %other clamp_min(0.0)
        : (tensor<1x60xf32>, tensor<60x40xf32>) -> tensor<1x40xf32>
      %2 = qnn.add %0, %1
        : (tensor<1x40xf32>, tensor<1x40xf32>) -> tensor<1x40xf32>
      return %2 : tensor<1x40xf32>
    })",
                           1);
  EXPECT_EQ(valuesOf(*one, "dense"), valuesOf(*alone, "dense"));
  EXPECT_NE(valuesOf(*alone, "dense"), valuesOf(*alone, "other"));
}

TEST(Parameters, ReadAndReplace) {
  auto module = parseSourceString<ModuleOp>(R"(
    func.func @model() -> (tensor<2xf32>, tensor<2xf32>) {
      %0 = qnn.parameter "a" dense<[1.0, 2.0]> : tensor<2xf32>
      %1 = qnn.parameter "b" #qnn.initializer<zeros> : tensor<2xf32>
      return %0, %1 : tensor<2xf32>, tensor<2xf32>
    })",
                                            &getContext());
  ASSERT_EQ(getParameters(*module).size(), 2u);
  EXPECT_EQ(valuesOf(*module, "a"), (std::vector<float>{1, 2}));
  auto missing = readParameter(*module, "b");
  EXPECT_EQ(llvm::toString(missing.takeError()),
            "parameter 'b' has an initializer but no values yet");
  float values[] = {3, 4};
  llvm::cantFail(replaceParameter(*module, "b", values));
  EXPECT_EQ(valuesOf(*module, "b"), (std::vector<float>{3, 4}));
  EXPECT_EQ(llvm::toString(replaceParameter(*module, "a", {1.0f})),
            "parameter 'a' has 2 elements, got 1");
  EXPECT_EQ(llvm::toString(replaceParameter(*module, "c", values)),
            "the module has no parameter 'c'");
}

/// A model with parameters runs; one without values says so.
TEST(Parameters, Interpreted) {
  const char *ir = R"(
    func.func @model(%x: tensor<2xf32>) -> tensor<2xf32> {
      %0 = qnn.parameter "a" VALUE : tensor<2xf32>
      %1 = qnn.add %x, %0 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
      return %1 : tensor<2xf32>
    })";
  auto run = [&](const std::string &value) {
    std::string text = ir;
    text.replace(text.find("VALUE"), 5, value);
    auto module = parseSourceString<ModuleOp>(text, &getContext());
    float input[] = {10, 20};
    return Interpreter(module->lookupSymbol<func::FuncOp>("model"))
        .run({Tensor::fromValues<float>({2}, input)});
  };
  auto results = run("dense<[1.0, 2.0]>");
  ASSERT_TRUE(bool(results));
  float sum[] = {11, 22};
  EXPECT_EQ((*results)[0], Tensor::fromValues<float>({2}, sum));
  auto without = run("#qnn.initializer<he>");
  EXPECT_NE(llvm::toString(without.takeError())
                .find("parameter 'a' has no values yet"),
            std::string::npos);
}
