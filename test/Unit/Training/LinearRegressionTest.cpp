// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Linear regression with weights of 3 bits: compiled training steps of every
// optimizer against the best of all lattice points.

#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"
#include "qnn/InitAll.h"
#include "qnn/Pipelines/Pipelines.h"
#include "qnn/Training/Schedule.h"
#include "qnn/Training/TrainingFunction.h"
#include "gtest/gtest.h"
#include <cmath>

using namespace mlir;
using namespace qnn;

static constexpr int kRows = 16, kInputs = 4, kSteps = 400;
static constexpr double kScale = 0.25;

namespace {
/// Rows, and what a line through them is to predict.
struct Problem {
  std::vector<float> x, y;
};
} // namespace

/// A line whose slopes are between lattice points, and noise.
static Problem makeProblem() {
  Problem problem;
  uint32_t random = 1;
  auto next = [&] {
    random = random * 1664525 + 1013904223;
    return float(int32_t(random) >> 20) / 2048;
  };
  const float slopes[kInputs] = {0.62f, -0.87f, 0.36f, 0.11f};
  for (int row = 0; row < kRows; ++row) {
    float sum = 0.0625f * next();
    for (float slope : slopes) {
      problem.x.push_back(next());
      sum += slope * problem.x.back();
    }
    problem.y.push_back(sum);
  }
  return problem;
}

static double computeLoss(const Problem &problem, const int (&codes)[kInputs]) {
  double squares = 0;
  for (int row = 0; row < kRows; ++row) {
    double error = -problem.y[row];
    for (int i = 0; i < kInputs; ++i)
      error += problem.x[row * kInputs + i] * kScale * codes[i];
    squares += error * error;
  }
  return squares / kRows;
}

/// All 8^4 points.
static double searchExhaustively(const Problem &problem) {
  double best = INFINITY;
  for (int point = 0; point < 4096; ++point) {
    int codes[kInputs];
    for (int i = 0; i < kInputs; ++i)
      codes[i] = (point >> (3 * i)) % 8 - 4;
    best = std::min(best, computeLoss(problem, codes));
  }
  return best;
}

static TrainingFunction compileStep(MLIRContext &context,
                                    const std::string &options) {
  auto module = parseSourceFile<ModuleOp>(
      QNN_EXAMPLES "/linear-regression.mlir", &context);
  TrainingStepPipelineOptions parsed;
  if (!module || failed(parsed.parseFromString("loss=mse " + options)))
    llvm::report_fatal_error("the example does not parse");
  PassManager passes(&context);
  passes.addNestedPass<func::FuncOp>(createQNNExposeParametersPass());
  buildTrainingStepPipeline(passes, parsed);
  if (failed(passes.run(*module)))
    llvm::report_fatal_error("the example has no training step");
  auto ports = readStepPorts(module->lookupSymbol<func::FuncOp>("step"));
  return llvm::cantFail(
      TrainingFunction::create(llvm::cantFail(compileModule(*module)),
                               llvm::cantFail(std::move(ports))));
}

/// The smallest loss of any step, all of which are those of lattice points.
static double train(MLIRContext &context, const Problem &problem,
                    const std::string &options, double learningRate) {
  TrainingFunction step = compileStep(context, options);
  Batch batch = step.makeBatch();
  llvm::copy(problem.x, batch.inputs[0].data<float>().begin());
  llvm::copy(problem.y, batch.labels[0].data<float>().begin());
  TensorMap state;
  for (const StepPort &port : step.getPorts().arguments)
    if (port.role == StepRole::Parameter || port.role == StepRole::State)
      state[port.name] = Tensor(port.shape, port.kind);
  Schedule schedule;
  schedule.kind = Schedule::Kind::Cosine;
  schedule.learningRate = learningRate;
  schedule.totalSteps = kSteps;
  double best = INFINITY;
  for (int i = 1; i <= kSteps; ++i) {
    llvm::cantFail(step.run(batch, state, {schedule.at(i), i, /*seed=*/1}));
    best = std::min<double>(best, step.getLoss());
    step.exchange(state);
  }
  return best;
}

TEST(LinearRegression, ThreeBitsAgainstExhaustiveSearch) {
  DialectRegistry registry;
  qnn::registerAllDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  Problem problem = makeProblem();
  double optimum = searchExhaustively(problem);
  // Learning rates for each way to hold weights. Nearest rounding needs long
  // steps, and then ends somewhere near: within this factor of the best loss.
  struct {
    const char *optimizer;
    double shadow, stochastic, nearest, nearestFactor;
  } cases[] = {
      {"sgd", 0.5, 0.2, 1, 1.75},        {"momentum", 0.1, 0.01, 0.1, 1},
      {"nesterov", 0.2, 0.01, 0.2, 1},   {"adagrad", 0.35, 0.2, 0.5, 1.75},
      {"rmsprop", 0.02, 0.05, 0.1, 5.5}, {"adam", 0.1, 0.01, 0.2, 1.75},
      {"adamw", 0.1, 0.01, 0.2, 1.75}};
  for (auto &each : cases) {
    SCOPED_TRACE(each.optimizer);
    std::string options = "optimizer=" + std::string(each.optimizer);
    auto expectWithin = [&](double factor, const std::string &hold,
                            double learningRate) {
      double best = train(context, problem, options + hold, learningRate);
      EXPECT_GT(best, optimum * (1 - 1e-5)) << hold;
      EXPECT_LT(best, optimum * (factor + 1e-5)) << hold;
    };
    expectWithin(1, " hold=shadow", each.shadow);
    expectWithin(1, " hold=projected projected-rounding=stochastic",
                 each.stochastic);
    expectWithin(each.nearestFactor, " hold=projected", each.nearest);
  }
}
