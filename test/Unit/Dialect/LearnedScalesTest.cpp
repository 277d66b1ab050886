// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scales as arguments: their gradients are those of LSQ, and a simulation with
// learned scales is the integer program of types with these scales.

#include "qnn/Dialect/QNN/Transforms/LearnedScales.h"
#include "../Reference/TestUtils.h"
#include "mlir/Pass/PassManager.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"
#include <cmath>

using namespace mlir;
using namespace qnn;
using namespace qnn::test;

static OwningOpRef<ModuleOp> parse(const char *ir) {
  auto module = parseSourceString<ModuleOp>(ir, &getContext());
  EXPECT_TRUE(module) << ir;
  return module;
}

static void runPass(ModuleOp module, std::unique_ptr<Pass> pass) {
  PassManager passes(&getContext());
  passes.addPass(std::move(pass));
  EXPECT_TRUE(succeeded(passes.run(module)));
}

static void quantize(ModuleOp module) {
  PassManager passes(&getContext());
  passes.addNestedPass<func::FuncOp>(createQNNQuantizePass());
  EXPECT_TRUE(succeeded(passes.run(module)));
}

static void simulate(ModuleOp module, bool normalizesGradients) {
  QNNSimulateQuantizationPassOptions options;
  options.learnScales = true;
  options.normalizeScaleGradients = normalizesGradients;
  runPass(module, createQNNSimulateQuantizationPass(options));
}

static func::FuncOp getFunction(ModuleOp module, StringRef name = "f") {
  return module.lookupSymbol<func::FuncOp>(name);
}

static SmallVector<Tensor> run(const Interpreter &interpreter,
                               llvm::ArrayRef<Tensor> inputs) {
  return llvm::cantFail(interpreter.run(inputs));
}

/// LSQ, equations 3 and 4 of Esser et al. 2020, for the range -7..7.
static double lsqGradient(double v) {
  if (v <= -7)
    return -7;
  return v >= 7 ? 7 : std::nearbyint(v) - v;
}

TEST(LearnedScales, GradientsAreThoseOfLsq) {
  const char *ir = R"(
    !w = !quant.uniform<i8<-7:7>:f32, 0.5>
    func.func @f(%x: tensor<6xf32> {qnn.parameter = "x"}) -> tensor<6xf32> {
      %0 = qnn.quantize %x : (tensor<6xf32>) -> tensor<6x!w>
      %1 = qnn.dequantize %0 : (tensor<6x!w>) -> tensor<6xf32>
      return %1 : tensor<6xf32>
    })";
  const std::vector<float> x = {-5, -3.5f, -0.6f, 0.6f, 1.3f, 9};
  const std::vector<float> cotangent = {1, 2, 3, 4, 5, 6};
  for (bool normalizes : {false, true}) {
    auto module = parse(ir);
    simulate(*module, normalizes);
    runPass(*module, createQNNDifferentiatePass());
    Tensor s = f32({}, {0.5f});
    EXPECT_EQ(run(Interpreter(getFunction(*module)), {f32({6}, x), s}).front(),
              f32({6}, {-3.5f, -3.5f, -0.5f, 0.5f, 1.5f, 3.5f}));
    SmallVector<Tensor> gradients =
        run(Interpreter(getFunction(*module, "f_gradient")),
            {f32({6}, x), s, f32({6}, cotangent)});
    EXPECT_EQ(gradients[0], f32({6}, {0, 0, 3, 4, 5, 0}));
    double expected = 0;
    for (auto [value, weight] : llvm::zip(x, cotangent))
      expected += weight * lsqGradient(value / 0.5);
    // Six elements, whose largest code is 7.
    if (normalizes)
      expected /= std::sqrt(6.0 * 7.0);
    EXPECT_NEAR(gradients[1].data<float>()[0], expected, 1e-5);
  }
}

/// Weights with a scale for each column, a bias, a residual, bounds at 0 and
/// beyond, values that share a scale, and a mean.
static const char *kNetwork = R"(
  !x = !quant.uniform<u8:f32, 0.0078125:128>
  !w = !quant.uniform<i8<-7:7>:f32:1, {0.125, 0.25, 0.0625, 0.125}>
  !b = !quant.uniform<i32:f32:0, {0.0009765625, 0.001953125, 0.00048828125,
                                  0.0009765625}>
  !y = !quant.uniform<u8<0:15>:f32, 0.125>
  !z = !quant.uniform<u8:f32, 0.03125:40>
  func.func @f(%x: tensor<2x3xf32> loc("x"),
               %w: tensor<3x4xf32> {qnn.parameter = "w"} loc("w"),
               %b: tensor<4xf32> {qnn.parameter = "b"} loc("b"))
      -> (tensor<4x2xf32>, tensor<2x1xf32>) {
    %0 = qnn.matmul %x, %w bias(%b) clamp_min(0.0) clamp_max(1.0)
      {qnn.operand_types = [!x, !w, !b], qnn.result_types = [!y]} :
      (tensor<2x3xf32>, tensor<3x4xf32>, tensor<4xf32>) -> tensor<2x4xf32>
      loc("y")
    %1 = qnn.mul %0, %0
      {qnn.operand_types = [!y, !y], qnn.result_types = [!z]} :
      (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32> loc("product")
    %2 = qnn.sub %0, %1
      {qnn.operand_types = [!y, !z], qnn.result_types = [!z]} :
      (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32> loc("z")
    %3 = qnn.transpose %2 [1, 0]
      {qnn.operand_types = [!z], qnn.result_types = [!z]} :
      (tensor<2x4xf32>) -> tensor<4x2xf32> loc("z")
    %4 = qnn.mean %2 axes [1]
      {qnn.operand_types = [!z], qnn.result_types = [!y]} :
      (tensor<2x4xf32>) -> tensor<2x1xf32> loc("mean")
    return %3, %4 : tensor<4x2xf32>, tensor<2x1xf32>
  })";

static std::vector<Tensor> makeInputs() {
  return {f32({2, 3}, {0.5f, -0.25f, 0.9f, -1, 0.3f, 0.7f}),
          f32({3, 4}, {0.5f, -0.3f, 0.2f, 0.7f, -0.9f, 0.4f, 0.1f, 0.35f, 0.8f,
                       1.6f, -0.4f, 0.15f}),
          f32({4}, {0.1f, 0.2f, -0.05f, 0})};
}

TEST(LearnedScales, SimulationIsTheIntegerProgramOfTheirTypes) {
  auto annotated = parse(kNetwork);
  OwningOpRef<ModuleOp> simulated = annotated->clone();
  quantize(*simulated);
  simulate(*simulated, /*normalizesGradients=*/true);
  func::FuncOp function = getFunction(*simulated);
  SmallVector<LearnedScale> learned = readLearnedScales(function);
  // x, w, y, product, z with its transpose, mean.
  ASSERT_EQ(learned.size(), 6u);
  EXPECT_EQ(learned[4].values.size(), 2u);
  for (float factor : {1.0f, 0.77f, 1.3f}) {
    std::vector<Tensor> inputs = makeInputs(), arguments = inputs;
    std::vector<std::vector<float>> values;
    for (const LearnedScale &scale : learned) {
      values.emplace_back();
      for (float initial : scale.getInitialScales())
        // Another number for each, no power of two.
        values.back().push_back(initial * factor *
                                (1 + 0.01f * float(values.size())));
      ArrayRef<int64_t> shape =
          cast<RankedTensorType>(function.getArgument(scale.argument).getType())
              .getShape();
      arguments.push_back(f32(shape, values.back()));
    }
    OwningOpRef<ModuleOp> quantized = annotated->clone();
    std::vector<ArrayRef<float>> views(values.begin(), values.end());
    ASSERT_EQ(llvm::toString(writeLearnedScales(*quantized, learned, views)),
              "");
    quantize(*quantized);
    EXPECT_EQ(run(Interpreter(function), arguments),
              run(Interpreter(getFunction(*quantized)), inputs));
  }
}

TEST(LearnedScales, BadScalesAreRefused) {
  auto annotated = parse(kNetwork);
  OwningOpRef<ModuleOp> simulated = annotated->clone();
  quantize(*simulated);
  simulate(*simulated, /*normalizesGradients=*/true);
  SmallVector<LearnedScale> learned =
      readLearnedScales(getFunction(*simulated));
  learned.resize(1);
  auto write = [&](std::vector<float> scales) {
    ArrayRef<float> view = scales;
    return llvm::toString(writeLearnedScales(*annotated, learned, view));
  };
  EXPECT_EQ(write({0.0f}), "scale 'x/scale3' is not a positive normal number");
  EXPECT_EQ(write({-1.0f}), "scale 'x/scale3' is not a positive normal number");
  EXPECT_EQ(write({1, 2}), "scale 'x/scale3' has 1 elements, got 2");
  learned[0].values = {"nothing"};
  EXPECT_EQ(write({1}), "no annotation has the scale of value 'nothing'");
}
