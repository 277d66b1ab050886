// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One training or several, of which the best counts.

#include "Learning.h"
#include "Tuning.h"
#include "llvm/Support/FileSystem.h"

using namespace mlir;
using namespace qnn;

llvm::Error Learning::train(ModuleOp model, Arithmetic arithmetic) {
  auto functions = compileTraining(model, arithmetic, options);
  if (!functions) {
    discardCheckpoint();
    return functions.takeError();
  }
  const LearningFunction &step = functions->step.source;
  auto initial = makeInitialState(model, step);
  if (!initial)
    return initial.takeError();
  TrainingOptions trainingOptions = makeOptions(arithmetic);
  // What is shipped is sparse, whatever comes before.
  bool isLast = arithmetic == Arithmetic::Simulated || floatShare == 1;
  if (options.sparsity > 0 && isLast)
    trainingOptions.pruning = PruningPlan::create(
        model, step.ports.arguments, options.sparsityPattern, options.sparsity,
        trainingOptions.schedule.totalSteps);
  BatchReader reader(rows.front().data, rows.front().teachers);
  Validation validation(functions->loss.code, reader, split.validation, metric,
                        getReferences(rows.front()));
  TrainingProblem problem{functions->step.code, validation, reader,
                          split.training, *initial};
  auto result =
      options.stepWithoutLabels.empty()
          ? trainBest(problem, std::move(trainingOptions))
          : trainWithAndWithoutLabels(model, problem, trainingOptions);
  if (!result)
    return result.takeError();
  if (interruptMessage)
    interruptMessage->set(describeInterruption(/*hasTrained=*/true));
  finalLoss = std::move(functions->loss.code);
  finalState = std::move(result->best);
  if (llvm::Error error = record(*result, arithmetic, *initial))
    return error;
  if (llvm::Error error = setQuantizers(model, step, finalState))
    return error;
  return setParameters(model, finalState);
}

llvm::Expected<TrainingResult>
Learning::trainWithAndWithoutLabels(ModuleOp model,
                                    const TrainingProblem &problem,
                                    TrainingOptions trainingOptions) {
  LearningOptions others = options;
  others.step = options.stepWithoutLabels;
  auto functions = compileTraining(model, Arithmetic::Simulated, others);
  if (!functions)
    return functions.takeError();
  Validation validation(functions->loss.code, problem.reader, split.validation,
                        Metric::SignalToNoise, rows.front().references);
  trainingOptions.stop.seconds /= 2;
  auto without = trainBest({functions->step.code, validation, problem.reader,
                            problem.rows, problem.initial},
                           trainingOptions);
  if (!without)
    return without;
  trainingOptions.appendsLog = true;
  auto with =
      trainBest(problem, trainingOptions, getLearningRates(options).size());
  if (!with)
    return with;
  auto score = problem.validation.run(without->best);
  if (!score)
    return score.takeError();
  if (doLabelsHelp(with->progress.best.loss, score->loss,
                   with->progress.start.loss, int64_t(split.validation.size())))
    return with;
  summary.sources->labelsHelped = false;
  without->progress.start = with->progress.start;
  without->progress.best = *score;
  return without;
}

/// The options with which the user goes on; empty without a checkpoint.
std::string Learning::describeResumption() const {
  if (options.checkpoint.empty())
    return "";
  return options.tune ? "--tune-checkpoint=" + options.checkpoint
                      : "--checkpoint=" + options.checkpoint + " --resume";
}

std::string Learning::describeInterruption(bool hasTrained) const {
  if (hasTrained || options.resume)
    return InterruptedError(describeResumption()).message();
  return "interrupted: nothing was trained yet, and there is nothing to resume";
}

void Learning::discardCheckpoint() const {
  if (!options.keepsCheckpoint && !options.resume)
    llvm::sys::fs::remove(options.checkpoint);
}

/// Each of several trainings has a file of its own, so that those that are over
/// need not be done again.
llvm::Error Learning::useCheckpoint(size_t number,
                                    TrainingOptions &trainingOptions) const {
  if (number == 0 || options.checkpoint.empty())
    return llvm::Error::success();
  trainingOptions.checkpoint =
      options.checkpoint + "." + std::to_string(number);
  trainingOptions.resume = std::nullopt;
  if (!options.resume || !llvm::sys::fs::exists(trainingOptions.checkpoint))
    return llvm::Error::success();
  auto loaded = Checkpoint::load(trainingOptions.checkpoint, modelHash,
                                 describeOptions());
  if (!loaded)
    return loaded.takeError();
  trainingOptions.resume = std::move(*loaded);
  return llvm::Error::success();
}

llvm::Expected<TrainingResult>
Learning::trainBest(const TrainingProblem &problem,
                    TrainingOptions trainingOptions, size_t firstNumber) {
  std::optional<TrainingResult> best;
  ArrayRef<double> rates = getLearningRates(options);
  trainingOptions.stop.seconds /= double(rates.size());
  for (auto [number, rate] : llvm::enumerate(rates)) {
    trainingOptions.schedule.learningRate = rate;
    if (llvm::Error error =
            useCheckpoint(firstNumber + number, trainingOptions))
      return std::move(error);
    auto result = qnn::train(problem, trainingOptions);
    if (!result)
      return result.takeError();
    if (result->reason == StopReason::Interrupt)
      return llvm::make_error<InterruptedError>(describeResumption());
    // Tuning has the best weights until then.
    bool hasWeights =
        result->message.empty() ||
        (options.tune && result->reason == StopReason::Divergence);
    if (!hasWeights) {
      discardCheckpoint();
      return llvm::createStringError(result->message);
    }
    if (!best || isBetter(result->progress.best, best->progress.best,
                          trainingOptions.preference))
      best = std::move(*result);
    trainingOptions.appendsLog = true;
  }
  // What is pruned differs from the start on purpose.
  if (options.tune && !trainingOptions.pruning)
    keepIfClearlyBetter(problem, *best);
  return std::move(*best);
}

void Learning::keepIfClearlyBetter(const TrainingProblem &problem,
                                   TrainingResult &result) const {
  TrainingProgress &progress = result.progress;
  if (isClearlyLess(progress.best.loss, progress.start.loss,
                    int64_t(split.validation.size())))
    return;
  result.best = problem.initial;
  progress.best = progress.start;
  progress.bestStep = 0;
}
