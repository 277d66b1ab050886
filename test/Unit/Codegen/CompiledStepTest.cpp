// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Training steps, compiled: bytes of the reference interpreter, for every loss
// and every optimizer.

#include "CompareModels.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"
#include "qnn/Dialect/QNN/Transforms/Roles.h"
#include "qnn/InitAll.h"
#include "qnn/Pipelines/Pipelines.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace qnn;

/// A convolution, a product with 5 classes, and biases; nothing divides by the
/// width of a vector.
static const char *const kModel = R"(
  func.func @model(%x: tensor<3x5x4x3xf32>) -> tensor<3x5xf32> {
    %k = qnn.parameter "kernel" #qnn.initializer<he> : tensor<7x3x3x3xf32>
    %b = qnn.parameter "bias" #qnn.initializer<zeros> : tensor<7xf32>
    %w = qnn.parameter "weights" #qnn.initializer<he> : tensor<42x5xf32>
    %0 = qnn.conv2d %x, %k bias(%b) clamp_min(0.0)
      : (tensor<3x5x4x3xf32>, tensor<7x3x3x3xf32>, tensor<7xf32>)
      -> tensor<3x3x2x7xf32>
    %1 = tensor.collapse_shape %0 [[0], [1, 2, 3]]
      : tensor<3x3x2x7xf32> into tensor<3x42xf32>
    %2 = qnn.matmul %1, %w : (tensor<3x42xf32>, tensor<42x5xf32>)
      -> tensor<3x5xf32>
    %3 = qnn.softmax %2 axis(1) : (tensor<3x5xf32>) -> tensor<3x5xf32>
    return %3 : tensor<3x5xf32>
  })";

/// Weights of 4 bits with a scale for each column.
static const char *const kQuantized = R"(
  func.func @model(%x: tensor<3x19xf32>) -> tensor<3x5xf32> {
    %w = qnn.parameter "weights" #qnn.initializer<he> : tensor<19x5xf32>
    %b = qnn.parameter "bias" #qnn.initializer<zeros> : tensor<5xf32>
    %0 = qnn.fake_quantize %w
      as !quant.uniform<i8<-7:7>:f32:1, {0.125, 0.1, 0.0625, 0.25, 0.3}>
      : (tensor<19x5xf32>) -> tensor<19x5xf32>
    %1 = qnn.matmul %x, %0 bias(%b)
      : (tensor<3x19xf32>, tensor<19x5xf32>, tensor<5xf32>) -> tensor<3x5xf32>
    return %1 : tensor<3x5xf32>
  })";

/// Numbers of [-1, 1]; those of states are positive, as sums of squares are.
static Tensor makeValues(Type type, StringRef role, Choices &choices) {
  Tensor tensor = llvm::cantFail(Tensor::fromType(type));
  if (tensor.getKind() == ElementKind::I32) {
    for (int32_t &value : tensor.data<int32_t>())
      value = choices.between(0, 4);
    return tensor;
  }
  for (float &value : tensor.data<float>())
    value = float(choices.between(role == role::kState ? 1 : -64, 64)) / 64;
  return tensor;
}

static void expectSameSteps(const std::string &options,
                            const char *model = kModel) {
  SCOPED_TRACE(options);
  DialectRegistry registry;
  qnn::registerAllDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  auto module = parseSourceString<ModuleOp>(model, &context);
  TrainingStepPipelineOptions parsed;
  ASSERT_TRUE(module && succeeded(parsed.parseFromString(options)));
  PassManager passes(&context);
  passes.addNestedPass<func::FuncOp>(createQNNExposeParametersPass());
  buildTrainingStepPipeline(passes, parsed);
  ASSERT_TRUE(succeeded(passes.run(*module)));
  auto step = module->lookupSymbol<func::FuncOp>("step");
  Choices choices(5);
  std::vector<Tensor> inputs;
  for (auto [i, type] : llvm::enumerate(step.getArgumentTypes()))
    inputs.push_back(makeValues(
        type, step.getArgAttrOfType<StringAttr>(i, kRoleAttr), choices));
  std::string text;
  llvm::raw_string_ostream stream(text);
  step.print(stream);
  expectSameBytesOn(text, inputs);
}

TEST(CompiledStep, Losses) {
  for (const char *loss : {"mse", "softmax_cross_entropy", "hinge",
                           "kl temperature=2", "feature_mse", "noise_to_signal",
                           "softmax_cross_entropy,kl loss-weights=0.5,0.25"})
    expectSameSteps("optimizer=sgd loss=" + std::string(loss));
}

TEST(CompiledStep, Optimizers) {
  for (const char *optimizer : {"momentum", "nesterov", "adagrad", "rmsprop",
                                "adam", "adamw weight-decay=0.01 masks=true"})
    expectSameSteps("loss=softmax_cross_entropy optimizer=" +
                    std::string(optimizer));
}

TEST(CompiledStep, RelativeRates) {
  expectSameSteps("loss=softmax_cross_entropy optimizer=adam "
                  "relative-rates=true");
}

TEST(CompiledStep, Clipping) {
  for (const char *bound :
       {"clip-norm=0.25", "clip-value=0.01", "clip-stochastic=0.125"})
    expectSameSteps("loss=softmax_cross_entropy optimizer=momentum " +
                    std::string(bound));
}

TEST(CompiledStep, Projected) {
  for (const char *rounding : {"nearest", "stochastic"})
    expectSameSteps("loss=hinge optimizer=adam masks=true hold=projected "
                    "projected-rounding=" +
                        std::string(rounding),
                    kQuantized);
}
