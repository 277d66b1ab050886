// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The loop with a hand-written step: linear regression with momentum.

#include "qnn/Training/Train.h"
#include "../Support/TemporaryFolder.h"
#include "mlir/Parser/Parser.h"
#include "qnn/InitAll.h"
#include "qnn/Training/RowOrder.h"
#include "llvm/Support/JSON.h"
#include "gmock/gmock.h"
#include <csignal>
#include <functional>
#include <set>

using namespace mlir;
using namespace qnn;
using testing::HasSubstr;

static constexpr char kLoss[] = R"(
!x = tensor<4x3xf32>
!w = tensor<3x1xf32>
!y = tensor<4x1xf32>
!scalar = tensor<f32>
func.func @loss(
    %x: !x {qnn.name = "x", qnn.role = "input"},
    %w: !w {qnn.name = "w", qnn.role = "parameter"},
    %t: !y {qnn.name = "t", qnn.role = "label"})
    -> (!scalar {qnn.name = "loss", qnn.role = "loss"},
        !y {qnn.name = "y", qnn.role = "output"}) {
  %y = qnn.matmul %x, %w : (!x, !w) -> !y
  %d = qnn.sub %y, %t : (!y, !y) -> !y
  %s = qnn.mul %d, %d : (!y, !y) -> !y
  %m = qnn.mean %s axes [0, 1] : (!y) -> tensor<1x1xf32>
  %loss = tensor.collapse_shape %m [] : tensor<1x1xf32> into !scalar
  return %loss, %y : !scalar, !y
})";

static constexpr char kStep[] = R"(
!x = tensor<4x3xf32>
!w = tensor<3x1xf32>
!y = tensor<4x1xf32>
!scalar = tensor<f32>
func.func @step(
    %x: !x {qnn.name = "x", qnn.role = "input"},
    %w: !w {qnn.name = "w", qnn.role = "parameter"},
    %t: !y {qnn.name = "t", qnn.role = "label"},
    %v: !w {qnn.name = "w/velocity", qnn.role = "state"},
    %rate: !scalar {qnn.name = "rate", qnn.role = "learning_rate"},
    %number: !scalar {qnn.name = "step", qnn.role = "step"},
    %seed: tensor<2xi32> {qnn.name = "seed", qnn.role = "seed"})
    -> (!scalar {qnn.name = "loss", qnn.role = "loss"},
        !y {qnn.name = "y", qnn.role = "output"},
        !w {qnn.name = "w", qnn.role = "parameter"},
        !w {qnn.name = "w/velocity", qnn.role = "state"}) {
  %y = qnn.matmul %x, %w : (!x, !w) -> !y
  %d = qnn.sub %y, %t : (!y, !y) -> !y
  %s = qnn.mul %d, %d : (!y, !y) -> !y
  %m = qnn.mean %s axes [0, 1] : (!y) -> tensor<1x1xf32>
  %loss = tensor.collapse_shape %m [] : tensor<1x1xf32> into !scalar
  %xt = qnn.transpose %x [1, 0] : (!x) -> tensor<3x4xf32>
  %g = qnn.matmul %xt, %d : (tensor<3x4xf32>, !y) -> !w
  %half = arith.constant dense<0.5> : !scalar
  %decayed = qnn.mul %v, %half : (!w, !scalar) -> !w
  %velocity = qnn.add %decayed, %g : (!w, !w) -> !w
  %change = qnn.mul %velocity, %rate : (!w, !scalar) -> !w
  %new = qnn.sub %w, %change : (!w, !w) -> !w
  return %loss, %y, %new, %velocity : !scalar, !y, !w, !w
})";

namespace {
using Watcher = std::function<void(ArrayRef<const Tensor *>)>;

/// Shows its inputs before each of its runs.
class WatchedModel : public ExecutableModel {
public:
  WatchedModel(std::unique_ptr<ExecutableModel> model, Watcher watch)
      : model(std::move(model)), watch(std::move(watch)) {
    inputs.append(this->model->getInputs().begin(),
                  this->model->getInputs().end());
    outputs.append(this->model->getOutputs().begin(),
                   this->model->getOutputs().end());
  }

  llvm::Error runInto(ArrayRef<const Tensor *> values,
                      ArrayRef<Tensor *> results) override {
    watch(values);
    return model->runInto(values, results);
  }

  llvm::Error useThreads(unsigned count) override {
    return model->useThreads(count);
  }

private:
  std::unique_ptr<ExecutableModel> model;
  Watcher watch;
};

/// Rows x with t = x * (1, -2, 0.5).
class TrainTest : public TemporaryFolder {
protected:
  static constexpr int64_t kRows = 42;
  static constexpr float kWeights[3] = {1, -2, 0.5f};

  void SetUp() override {
    TemporaryFolder::SetUp();
    SplitMix64 generator(1);
    std::vector<float> rows(kRows * 3), targets(kRows);
    for (float &value : rows)
      value = float(generator.below(1000)) / 500 - 1;
    for (int64_t row = 0; row < kRows; ++row)
      for (int64_t i = 0; i < 3; ++i)
        targets[row] += rows[row * 3 + i] * kWeights[i];
    save("x.npy", {kRows, 3}, rows);
    save("t.npy", {kRows, 1}, targets);
    options.schedule.learningRate = 0.05;
    options.stop.epochs = 20;
    options.seed = 5;
  }

  void save(StringRef name, ArrayRef<int64_t> shape,
            const std::vector<float> &values) {
    ArrayRef<char> bytes(reinterpret_cast<const char *>(values.data()),
                         values.size() * sizeof(float));
    llvm::cantFail(writeNpy(path(name), NpyType::F32, shape, bytes));
  }

  TrainingFunction compile(StringRef text, unsigned threads,
                           Watcher watch = nullptr) {
    DialectRegistry registry;
    registerAllDialects(registry);
    MLIRContext context(registry, MLIRContext::Threading::DISABLED);
    auto module = parseSourceString<ModuleOp>(text, &context);
    auto model = llvm::cantFail(compileModule(*module));
    llvm::cantFail(model->useThreads(threads));
    if (watch)
      model =
          std::make_unique<WatchedModel>(std::move(model), std::move(watch));
    auto ports =
        llvm::cantFail(readStepPorts(*module->getOps<func::FuncOp>().begin()));
    return llvm::cantFail(
        TrainingFunction::create(std::move(model), std::move(ports)));
  }

  Dataset openData() {
    return llvm::cantFail(
        Dataset::open({DataFiles{{path("x.npy")}, path("t.npy")}},
                      {Port{"x", ElementKind::F32, {1, 3}}},
                      LabelFormat{{"t", ElementKind::F32, {1, 1}}}));
  }

  llvm::Expected<TrainingResult> run(unsigned threads = 1,
                                     Watcher watch = nullptr) {
    TrainingFunction step = compile(kStep, threads, std::move(watch));
    TrainingFunction loss = compile(kLoss, threads);
    Dataset data = openData();
    BatchReader reader(data);
    RowSplit split = splitRows(data.size(), 0.2, options.seed);
    Validation validation(loss, reader, split.validation,
                          Metric::SignalToNoise);
    TensorMap initial;
    initial.emplace("w", Tensor::fromValues<float>({3, 1}, {0, 0, 0}));
    initial.emplace("w/velocity", Tensor({3, 1}, ElementKind::F32));
    return train({step, validation, reader, split.training, initial}, options);
  }

  /// Ctrl-C in the run after so many.
  static Watcher interruptAfter(int runsBefore) {
    return [runsBefore](ArrayRef<const Tensor *>) mutable {
      if (runsBefore-- == 0)
        std::raise(SIGINT);
    };
  }

  std::vector<llvm::json::Value> readLog() {
    SmallVector<StringRef> lines;
    std::string text = read("log.jsonl");
    StringRef(text).split(lines, '\n', -1, /*KeepEmpty=*/false);
    std::vector<llvm::json::Value> entries;
    for (StringRef line : lines)
      entries.push_back(llvm::cantFail(llvm::json::parse(line)));
    return entries;
  }

  TrainingOptions options;
};

TEST_F(TrainTest, FindsTheWeights) {
  TrainingResult result = llvm::cantFail(run());
  EXPECT_EQ(result.reason, StopReason::Steps);
  // 34 rows to train on are 8 batches and 2 rows that wait.
  EXPECT_EQ(result.progress.step, 160);
  EXPECT_EQ(result.progress.start.value, 0);
  EXPECT_GT(result.progress.best.value, 40);
  for (int i = 0; i < 3; ++i)
    EXPECT_NEAR(result.best.at("w").data<float>()[i], kWeights[i], 0.02);
}

TEST_F(TrainTest, ThreadsChangeNothing) {
  options.checkpoint = path("one");
  TrainingResult one = llvm::cantFail(run(1));
  options.checkpoint = path("two");
  TrainingResult two = llvm::cantFail(run(2));
  EXPECT_EQ(one.best, two.best);
  EXPECT_EQ(read("one"), read("two"));
}

TEST_F(TrainTest, TheSeedChangesTheResult) {
  TensorMap best = llvm::cantFail(run()).best;
  options.seed = 6;
  EXPECT_NE(llvm::cantFail(run()).best, best);
}

/// An interruption in the middle of an epoch.
TEST_F(TrainTest, ResumedIsAsUninterrupted) {
  options.checkpoint = path("whole");
  TensorMap best = llvm::cantFail(run()).best;
  options.checkpoint = path("parts");
  TrainingResult part = llvm::cantFail(run(1, interruptAfter(20)));
  EXPECT_EQ(part.reason, StopReason::Interrupt);
  EXPECT_EQ(part.progress.step, 21);
  options.resume = llvm::cantFail(Checkpoint::load(path("parts"), "", ""));
  TrainingResult rest = llvm::cantFail(run());
  EXPECT_EQ(rest.best, best);
  EXPECT_EQ(read("parts"), read("whole"));
}

TEST_F(TrainTest, ResumedKnowsTheBestAndTheNumberOfTheStep) {
  options.checkpoint = path("parts");
  TrainingResult part = llvm::cantFail(run(1, interruptAfter(15)));
  ASSERT_EQ(part.progress.bestStep, 16);
  options.resume = llvm::cantFail(Checkpoint::load(path("parts"), "", ""));
  // Nothing better comes than what the end of the second epoch gave.
  options.schedule.learningRate = 1e-30;
  std::optional<float> firstStep;
  auto record = [&](ArrayRef<const Tensor *> inputs) {
    if (!firstStep)
      firstStep = inputs[5]->data<float>()[0];
  };
  TrainingResult rest = llvm::cantFail(run(1, record));
  EXPECT_EQ(firstStep, 17.0f);
  EXPECT_EQ(rest.best, part.best);
}

TEST_F(TrainTest, RowsThatFillTheLastBatchHaveNoScore) {
  Dataset data = openData();
  BatchReader reader(data);
  TrainingFunction loss = compile(kLoss, /*threads=*/1);
  TensorMap state;
  state.emplace("w", Tensor::fromValues<float>({3, 1}, {1, 0, 0}));
  auto score = [&](std::vector<int64_t> rows) {
    Validation validation(loss, reader, std::move(rows), Metric::SignalToNoise);
    return llvm::cantFail(validation.run(state)).value;
  };
  // Filled with other ones.
  EXPECT_NEAR(score({0, 1, 2, 3, 4}), score({4, 3, 2, 1, 0}), 1e-9);
}

TEST_F(TrainTest, IsNeverWorseThanTheStart) {
  // This rate does not diverge to infinity in one epoch, but is of no use.
  options.schedule.learningRate = 1;
  options.stop.epochs = 1;
  TrainingResult result = llvm::cantFail(run());
  EXPECT_EQ(result.progress.bestStep, 0);
  EXPECT_EQ(result.best.at("w"), Tensor::fromValues<float>({3, 1}, {0, 0, 0}));
}

TEST_F(TrainTest, StopsAtDivergence) {
  options.schedule.learningRate = 100;
  TrainingResult result = llvm::cantFail(run());
  EXPECT_EQ(result.reason, StopReason::Divergence);
  EXPECT_EQ(result.progress.bestStep, 0);
  EXPECT_THAT(result.message, HasSubstr("after step "));
  EXPECT_THAT(result.message, HasSubstr("use a learning rate below 100"));
}

TEST_F(TrainTest, NamesTheTensorThatIsNotFinite) {
  options.schedule.learningRate = 3e38;
  options.validationInterval = 2;
  TrainingResult result = llvm::cantFail(run());
  EXPECT_EQ(result.reason, StopReason::Divergence);
  EXPECT_THAT(result.message, HasSubstr("'w' has a NaN or infinite value"));
}

TEST_F(TrainTest, StopsAtTheTarget) {
  options.stop.target = 10;
  TrainingResult result = llvm::cantFail(run());
  EXPECT_EQ(result.reason, StopReason::Target);
  EXPECT_GE(result.progress.best.value, 10);
  EXPECT_LT(result.progress.step, 160);
}

TEST_F(TrainTest, StopsAtAPlateau) {
  options.schedule.learningRate = 1e-30;
  options.stop.patience = 3;
  TrainingResult result = llvm::cantFail(run());
  EXPECT_EQ(result.reason, StopReason::Plateau);
  EXPECT_EQ(result.progress.step, 3 * 8);
}

TEST_F(TrainTest, APlateauBeginsWithTheLastGain) {
  options.stop.patience = 3;
  EXPECT_EQ(llvm::cantFail(run()).progress.step, 160);
}

TEST_F(TrainTest, EachEpochShufflesAllRowsAnew) {
  options.stop.epochs = 2;
  // 34 rows, of which 8 batches have 32.
  std::vector<float> firsts;
  auto record = [&](ArrayRef<const Tensor *> inputs) {
    ArrayRef<float> rows = inputs.front()->data<float>();
    for (size_t i = 0; i < rows.size(); i += 3)
      firsts.push_back(rows[i]);
  };
  llvm::cantFail(run(1, record));
  ASSERT_EQ(firsts.size(), 2u * 32);
  std::vector<float> one(firsts.begin(), firsts.begin() + 32);
  std::vector<float> two(firsts.begin() + 32, firsts.end());
  EXPECT_NE(one, two);
  EXPECT_EQ(std::set<float>(one.begin(), one.end()).size(), 32u);
  EXPECT_EQ(std::set<float>(two.begin(), two.end()).size(), 32u);
}

TEST_F(TrainTest, StopsInTimeAndCountsTheLastSteps) {
  options.stop.epochs = 0;
  options.stop.seconds = 0.001;
  options.validationInterval = 1000000;
  TrainingResult result = llvm::cantFail(run());
  EXPECT_EQ(result.reason, StopReason::Time);
  EXPECT_EQ(result.progress.bestStep, result.progress.step);
}

TEST_F(TrainTest, TheFewerOfStepsAndEpochsHolds) {
  options.stop.steps = 11;
  EXPECT_EQ(llvm::cantFail(run()).progress.step, 11);
  options.stop.steps = 1000;
  EXPECT_EQ(llvm::cantFail(run()).progress.step, 160);
}

TEST_F(TrainTest, RefusesALogThatCannotBeWritten) {
  options.log = path("no-folder/log.jsonl");
  auto result = run();
  ASSERT_FALSE(bool(result));
  EXPECT_EQ(llvm::toString(result.takeError()),
            "cannot write the log '" + options.log +
                "': No such file or directory");
}

TEST_F(TrainTest, LogsEachValidation) {
  options.log = path("log.jsonl");
  options.phase = "float";
  options.stop.epochs = 2;
  TrainingResult result = llvm::cantFail(run());
  std::vector<llvm::json::Value> entries = readLog();
  ASSERT_EQ(entries.size(), 4u);
  for (const llvm::json::Value &entry : entries)
    EXPECT_EQ(*entry.getAsObject()->getString("phase"), "float");
  EXPECT_EQ(*entries[0].getAsObject()->getString("metric"), "SNR");
  EXPECT_EQ(*entries[1].getAsObject()->getInteger("step"), 8);
  EXPECT_EQ(*entries[2].getAsObject()->getInteger("epoch"), 2);
  EXPECT_EQ(*entries[2].getAsObject()->getNumber("best_score"),
            result.progress.best.value);
  EXPECT_EQ(*entries[3].getAsObject()->getString("stop"), "all steps are done");
}

TEST_F(TrainTest, RefusesFewerRowsThanABatch) {
  std::vector<float> few(9, 1);
  few[0] = 2;
  save("x.npy", {3, 3}, few);
  save("t.npy", {3, 1}, {1, 2, 3});
  EXPECT_EQ(llvm::toString(run().takeError()),
            "there are 2 rows to train on, fewer than the 4 of a batch: give "
            "more rows or a smaller batch");
}
} // namespace
