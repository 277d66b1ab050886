// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scales and zero points as arguments: their gradients are those of LSQ, LSQ+
// and PACT, and a simulation with learned ones is the integer program of types
// with these.

#include "qnn/Dialect/QNN/Transforms/LearnedQuantizers.h"
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

static void simulate(ModuleOp module, bool normalizesGradients,
                     const char *how = "lsq") {
  QNNSimulateQuantizationPassOptions options;
  options.learnQuantizers = how;
  options.normalizeQuantizerGradients = normalizesGradients;
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

TEST(LearnedQuantizers, GradientsAreThoseOfLsq) {
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

/// Arguments that are `factor` times what the types say, a little more for
/// each, and zero points a little beside their place.
static std::vector<std::vector<float>>
makeValues(ArrayRef<LearnedQuantizer> learned, float factor) {
  std::vector<std::vector<float>> values;
  for (const LearnedQuantizer &quantizer : learned) {
    values.emplace_back();
    for (float initial : quantizer.getInitialScales())
      // Another number for each, no power of two.
      values.back().push_back(initial * factor *
                              (1 + 0.01f * float(values.size())));
    if (quantizer.hasZeroPoint)
      values.push_back({std::clamp(
          factor * quantizer.getInitialZeroPoint() - 0.03f, 0.0f, 1.0f)});
  }
  return values;
}

/// What writeLearnedQuantizers expects.
static std::vector<QuantizerValues>
makeViews(ArrayRef<LearnedQuantizer> learned,
          ArrayRef<std::vector<float>> values) {
  std::vector<QuantizerValues> views;
  for (const LearnedQuantizer &quantizer : learned) {
    views.push_back({values.front(), std::nullopt});
    values = values.drop_front();
    if (!quantizer.hasZeroPoint)
      continue;
    views.back().zeroPoint = values.front()[0];
    values = values.drop_front();
  }
  return views;
}

static void expectIntegerProgram(const char *how, float factor,
                                 size_t numQuantizers, size_t numZeroPoints) {
  SCOPED_TRACE(std::string(how) + " " + std::to_string(factor));
  auto annotated = parse(kNetwork);
  OwningOpRef<ModuleOp> simulated = annotated->clone();
  quantize(*simulated);
  simulate(*simulated, /*normalizesGradients=*/true, how);
  func::FuncOp function = getFunction(*simulated);
  SmallVector<LearnedQuantizer> learned = readLearnedQuantizers(function);
  ASSERT_EQ(learned.size(), numQuantizers);
  std::vector<std::vector<float>> values = makeValues(learned, factor);
  ASSERT_EQ(values.size(), numQuantizers + numZeroPoints);
  std::vector<Tensor> inputs = makeInputs(), arguments = inputs;
  for (const std::vector<float> &value : values)
    arguments.push_back(f32(
        cast<RankedTensorType>(function.getArgument(arguments.size()).getType())
            .getShape(),
        value));
  OwningOpRef<ModuleOp> quantized = annotated->clone();
  ASSERT_EQ(llvm::toString(writeLearnedQuantizers(*quantized, learned,
                                                  makeViews(learned, values))),
            "");
  quantize(*quantized);
  EXPECT_EQ(run(Interpreter(function), arguments),
            run(Interpreter(getFunction(*quantized)), inputs));
}

TEST(LearnedQuantizers, SimulationIsTheIntegerProgramOfTheirTypes) {
  for (float factor : {1.0f, 0.77f, 1.3f, 4.0f}) {
    // x, w, y, product, z with its transpose, mean.
    expectIntegerProgram("lsq", factor, 6, 0);
    // Of x, product and z; y and the mean are not negative.
    expectIntegerProgram("lsq+", factor, 6, 3);
    expectIntegerProgram("pact", factor, 2, 0);
  }
}

TEST(LearnedQuantizers, BadScalesAreRefused) {
  auto annotated = parse(kNetwork);
  OwningOpRef<ModuleOp> simulated = annotated->clone();
  quantize(*simulated);
  simulate(*simulated, /*normalizesGradients=*/true);
  SmallVector<LearnedQuantizer> learned =
      readLearnedQuantizers(getFunction(*simulated));
  learned.resize(1);
  auto write = [&](std::vector<float> scales) {
    QuantizerValues values{scales, std::nullopt};
    return llvm::toString(writeLearnedQuantizers(*annotated, learned, values));
  };
  EXPECT_EQ(write({0.0f}), "scale 'x/scale3' is not a positive normal number");
  EXPECT_EQ(write({-1.0f}), "scale 'x/scale3' is not a positive normal number");
  EXPECT_EQ(write({1, 2}), "scale 'x/scale3' has 1 elements, got 2");
  learned[0].values = {"nothing"};
  EXPECT_EQ(write({1}), "no annotation has the quantizer of value 'nothing'");
}

TEST(LearnedQuantizers, TwoScalesOfOneValueAreRefused) {
  auto annotated = parse(kNetwork);
  OwningOpRef<ModuleOp> simulated = annotated->clone();
  quantize(*simulated);
  simulate(*simulated, /*normalizesGradients=*/true);
  LearnedQuantizer first =
      readLearnedQuantizers(getFunction(*simulated)).front();
  std::vector<float> one = {1}, two = {2};
  auto write = [&](std::vector<float> scale) {
    return llvm::toString(writeLearnedQuantizers(*annotated, {first, first},
                                                 {{one, {}}, {scale, {}}}));
  };
  EXPECT_EQ(write(two), "value 'x' has two quantizers of one type");
  EXPECT_EQ(write(one), "");
}

TEST(LearnedQuantizers, BadZeroPointsAreRefused) {
  auto annotated = parse(kNetwork);
  OwningOpRef<ModuleOp> simulated = annotated->clone();
  quantize(*simulated);
  simulate(*simulated, /*normalizesGradients=*/true, "lsq+");
  SmallVector<LearnedQuantizer> learned =
      readLearnedQuantizers(getFunction(*simulated));
  learned.resize(1);
  ASSERT_TRUE(learned[0].hasZeroPoint);
  auto write = [&](std::optional<float> zeroPoint) {
    std::vector<float> scales = {1};
    QuantizerValues values{scales, zeroPoint};
    return llvm::toString(writeLearnedQuantizers(*annotated, learned, values));
  };
  const char *outside =
      "the zero point of 'x/scale3' is not a part of the range of codes";
  EXPECT_EQ(write(-0.01f), outside);
  EXPECT_EQ(write(1.01f), outside);
  EXPECT_EQ(write(std::nanf("")), outside);
  EXPECT_EQ(write(std::nullopt),
            "'x/scale3' needs a zero point if it learns one");
}

/// A quantizer of floats and its gradient.
static OwningOpRef<ModuleOp> makeGradient(const char *ir, const char *how) {
  auto module = parse(ir);
  simulate(*module, /*normalizesGradients=*/false, how);
  runPass(*module, createQNNDifferentiatePass());
  return module;
}

static const std::vector<float> kGradientInputs = {-9,   -1.5f, -0.6f, 0,
                                                   0.6f, 1.3f,  5.5f,  9};
static const std::vector<float> kCotangent = {1, 2, 3, 4, 5, 6, 7, 8};

/// Bhalgat et al. 2020, equation 5, with the offset `-zero point * scale`:
/// outside -scale for each code of the zero point, inside 0.
TEST(LearnedQuantizers, GradientsAreThoseOfLsqPlus) {
  auto module = makeGradient(R"(
    !x = !quant.uniform<u8<0:15>:f32, 0.5:4>
    func.func @f(%x: tensor<8xf32>) -> tensor<8xf32> {
      %0 = qnn.quantize %x : (tensor<8xf32>) -> tensor<8x!x>
      %1 = qnn.dequantize %0 : (tensor<8x!x>) -> tensor<8xf32>
      return %1 : tensor<8xf32>
    })",
                             "lsq+");
  Tensor x = f32({8}, kGradientInputs), scale = f32({}, {0.5f});
  // 4.35 of 15 codes.
  Tensor zeroPoint = f32({}, {0.29f});
  EXPECT_EQ(
      run(Interpreter(getFunction(*module)), {x, scale, zeroPoint}).front(),
      f32({8}, {-2, -1.5f, -0.5f, 0, 0.5f, 1.5f, 5.5f, 5.5f}));
  SmallVector<Tensor> gradients =
      run(Interpreter(getFunction(*module, "f_gradient")),
          {x, scale, zeroPoint, f32({8}, kCotangent)});
  // 5.5 is the last code: clipped, as at an end.
  EXPECT_EQ(gradients[0], f32({8}, {0, 2, 3, 4, 5, 6, 0, 0}));
  double ofScale = -4 * 1 + 11 * (7 + 8);
  for (int i = 1; i < 6; ++i) {
    double v = kGradientInputs[i] / 0.5;
    ofScale += kCotangent[i] * (std::nearbyint(v) - v);
  }
  EXPECT_NEAR(gradients[1].data<float>()[0], ofScale, 1e-4);
  EXPECT_NEAR(gradients[2].data<float>()[0], -0.5 * 15 * (1 + 7 + 8), 1e-4);
}

/// Choi et al. 2018, equation 3: 1 for what is clipped at the end `a = 15 s`,
/// else 0; with respect to s that is 15.
TEST(LearnedQuantizers, GradientsAreThoseOfPact) {
  auto module = makeGradient(R"(
    !x = !quant.uniform<u8<0:15>:f32, 0.25>
    func.func @f(%x: tensor<8xf32>) -> tensor<8xf32> {
      %0 = qnn.quantize %x : (tensor<8xf32>) -> tensor<8x!x>
      %1 = qnn.dequantize %0 : (tensor<8x!x>) -> tensor<8xf32>
      return %1 : tensor<8xf32>
    })",
                             "pact");
  Tensor x = f32({8}, kGradientInputs), scale = f32({}, {0.25f});
  EXPECT_EQ(run(Interpreter(getFunction(*module)), {x, scale}).front(),
            f32({8}, {0, 0, 0, 0, 0.5f, 1.25f, 3.75f, 3.75f}));
  SmallVector<Tensor> gradients =
      run(Interpreter(getFunction(*module, "f_gradient")),
          {x, scale, f32({8}, kCotangent)});
  EXPECT_EQ(gradients[0], f32({8}, {0, 0, 0, 0, 5, 6, 0, 0}));
  EXPECT_NEAR(gradients[1].data<float>()[0], 15 * (7 + 8), 1e-4);
}
