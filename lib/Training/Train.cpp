// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The loop and what happens around it: validation, checkpoints, log, progress.

#include "qnn/Training/Train.h"
#include "qnn/Support/Progress.h"
#include "qnn/Training/Interrupt.h"
#include "qnn/Training/RowOrder.h"
#include "qnn/Training/TrainingLog.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include <chrono>
#include <cmath>

using namespace llvm;
using namespace qnn;

StringRef qnn::describeStop(StopReason reason) {
  switch (reason) {
  case StopReason::Steps:
    return "all steps are done";
  case StopReason::Time:
    return "the time is over";
  case StopReason::Plateau:
    return "the score does not get better";
  case StopReason::Target:
    return "the target is reached";
  case StopReason::Interrupt:
    return "interrupted";
  case StopReason::Divergence:
    return "diverged";
  case StopReason::NotPruned:
    return "ended before the last weights were pruned";
  }
  llvm_unreachable("all reasons are handled");
}

/// No loss that grows this much comes back.
static constexpr double kDivergence = 1e6;

namespace {
class Trainer {
public:
  Trainer(TrainingProblem problem, const TrainingOptions &options)
      : problem(std::move(problem)), options(options) {}

  Expected<TrainingResult> run();

private:
  using Clock = std::chrono::steady_clock;

  Error prepare();
  Error start();
  Error resume();
  Error saveCheckpoint() const;
  Error runStep();
  Error validate();
  void logValidation(const Score &score);
  std::string findDivergence(float loss) const;
  std::optional<StopReason> findStopReason() const;
  std::string describeProgress() const;

  int64_t stepsPerEpoch() const {
    return int64_t(problem.rows.size()) / problem.step.getBatchSize();
  }
  int64_t epochOf(int64_t step) const { return (step - 1) / stepsPerEpoch(); }
  /// The number of steps after which to stop; 0 if only other conditions stop.
  int64_t lastStep() const;
  bool isValidationDue() const;
  /// Whether the best weights are as sparse as was asked for.
  bool isBestPruned() const {
    return !options.pruning ||
           progress.bestStep >= options.pruning->schedule.end;
  }
  double getSeconds() const {
    return std::chrono::duration<double>(Clock::now() - startTime).count();
  }
  double samplesPerSecond() const {
    return double((progress.step - firstStep) * problem.step.getBatchSize()) /
           getSeconds();
  }

  TrainingProblem problem;
  const TrainingOptions &options;
  TensorMap current, best;
  TrainingProgress progress;
  TrainingLog log;
  Batch batch;
  /// The rows of the epoch in their order.
  std::vector<int64_t> order;
  int64_t orderedEpoch = -1;
  /// Of this run.
  int64_t firstStep = 0;
  Clock::time_point startTime;
  float lastLoss = 0;
  /// Why the training cannot go on; empty if it can.
  std::string divergence;
};
} // namespace

int64_t Trainer::lastStep() const {
  int64_t byEpochs = options.stop.epochs * stepsPerEpoch();
  if (byEpochs == 0 || options.stop.steps == 0)
    return std::max(byEpochs, options.stop.steps);
  return std::min(byEpochs, options.stop.steps);
}

bool Trainer::isValidationDue() const {
  int64_t interval =
      options.validationInterval ? options.validationInterval : stepsPerEpoch();
  return progress.step % interval == 0 || progress.step == lastStep();
}

Error qnn::checkBatch(int64_t rows, int64_t batchSize) {
  if (rows >= batchSize)
    return Error::success();
  return createStringError(
      "there are " + Twine(rows) + " rows to train on, fewer than the " +
      Twine(batchSize) + " of a batch: give more rows or a smaller batch");
}

Error Trainer::prepare() {
  if (Error error =
          checkBatch(problem.rows.size(), problem.step.getBatchSize()))
    return error;
  if (Error error = options.schedule.verify())
    return error;
  batch = problem.step.makeBatch();
  if (Error error = options.resume ? resume() : start())
    return error;
  firstStep = progress.step;
  startTime = Clock::now();
  return Error::success();
}

Error Trainer::resume() {
  progress = options.resume->progress;
  problem.initial = options.resume->initial;
  current = options.resume->current;
  best = options.resume->best;
  auto opened = TrainingLog::open(options.log, /*append=*/true);
  if (!opened)
    return opened.takeError();
  log = std::move(*opened);
  return Error::success();
}

Error Trainer::start() {
  current = problem.initial;
  best = problem.initial;
  auto score = problem.validation.run(current);
  if (!score)
    return score.takeError();
  progress.start = progress.best = *score;
  auto opened = TrainingLog::open(options.log, options.appendsLog);
  if (!opened)
    return opened.takeError();
  log = std::move(*opened);
  StringRef metric = getMetricName(problem.validation.getMetric());
  log.write(json::Object{{"phase", options.phase},
                         {"step", 0},
                         {"metric", metric},
                         {"score", score->value},
                         {"validation_loss", getIfFinite(score->loss)}});
  return Error::success();
}

Error Trainer::saveCheckpoint() const {
  if (options.checkpoint.empty())
    return Error::success();
  return Checkpoint{options.model, options.description, options.phase,
                    progress,      problem.initial,     current,
                    best}
      .save(options.checkpoint);
}

std::string Trainer::findDivergence(float loss) const {
  std::string what;
  raw_string_ostream os(what);
  StringRef tensor = findNonFinite(current);
  if (!tensor.empty())
    os << "'" << tensor << "' has a NaN or infinite value";
  else if (!std::isfinite(loss))
    os << "the loss is " << loss;
  else if (std::abs(loss) > kDivergence * std::max(1.0, progress.firstLoss))
    os << "the loss has grown from " << format("%g", progress.firstLoss)
       << " to " << format("%g", loss);
  else
    return "";
  os << " after step " << progress.step << ": use a learning rate below "
     << format("%g", options.schedule.at(progress.step))
     << ", a warm-up, or clipped gradients";
  return what;
}

Error Trainer::runStep() {
  int64_t step = progress.step + 1;
  if (epochOf(step) != orderedEpoch) {
    orderedEpoch = epochOf(step);
    order = shuffleRows(problem.rows, options.seed, orderedEpoch);
  }
  int64_t size = problem.step.getBatchSize();
  int64_t first = (step - 1) % stepsPerEpoch() * size;
  if (Error error = problem.reader.read(
          ArrayRef<int64_t>(order).slice(first, size), batch))
    return error;
  if (options.pruning && options.pruning->schedule.isPruningStep(step))
    prune(*options.pruning, step, current);
  StepScalars scalars{options.schedule.at(step), step, options.seed};
  if (Error error = problem.step.run(batch, current, scalars))
    return error;
  lastLoss = problem.step.getLoss();
  problem.step.exchange(current);
  progress.step = step;
  if (step == 1)
    progress.firstLoss = lastLoss;
  progress.lossSum += lastLoss;
  ++progress.lossCount;
  return Error::success();
}

Error Trainer::validate() {
  // Values that are not finite need not reach the loss of a batch.
  divergence = findDivergence(lastLoss);
  if (!divergence.empty())
    return Error::success();
  auto score = problem.validation.run(current);
  if (!score)
    return score.takeError();
  ++progress.numWithoutGain;
  if (!isBestPruned() || isBetter(*score, progress.best, options.preference)) {
    progress.best = *score;
    progress.bestStep = progress.step;
    progress.numWithoutGain = 0;
    best = current;
  }
  logValidation(*score);
  progress.lossSum = 0;
  progress.lossCount = 0;
  return saveCheckpoint();
}

void Trainer::logValidation(const Score &score) {
  log.write(
      json::Object{{"phase", options.phase},
                   {"step", progress.step},
                   {"epoch", epochOf(progress.step) + 1},
                   {"loss", progress.lossSum / double(progress.lossCount)},
                   {"learning_rate", options.schedule.at(progress.step)},
                   {"score", score.value},
                   {"validation_loss", getIfFinite(score.loss)},
                   {"best_score", progress.best.value},
                   {"samples_per_second", samplesPerSecond()}});
}

std::optional<StopReason> Trainer::findStopReason() const {
  if (!divergence.empty())
    return StopReason::Divergence;
  const StopConditions &stop = options.stop;
  if (stop.target && isBestPruned() && progress.best.value >= *stop.target)
    return StopReason::Target;
  if (lastStep() != 0 && progress.step >= lastStep())
    return StopReason::Steps;
  if (stop.patience != 0 && progress.numWithoutGain >= stop.patience)
    return StopReason::Plateau;
  if (stop.seconds > 0 && getSeconds() >= stop.seconds)
    return StopReason::Time;
  return std::nullopt;
}

std::string Trainer::describeProgress() const {
  std::string text;
  Metric metric = problem.validation.getMetric();
  raw_string_ostream(text) << "loss " << format("%.4g", lastLoss) << ", best "
                           << getMetricName(metric) << " "
                           << formatValue(metric, progress.best.value) << ", "
                           << format("%.0f", samplesPerSecond())
                           << " samples/s";
  return text;
}

Expected<TrainingResult> Trainer::run() {
  if (Error error = prepare())
    return std::move(error);
  InterruptGuard interrupt;
  Progress line("training", std::max<int64_t>(lastStep() - firstStep, 0));
  std::optional<StopReason> reason = findStopReason();
  while (!reason) {
    if (Error error = runStep())
      return std::move(error);
    if (!std::isfinite(lastLoss))
      divergence = findDivergence(lastLoss);
    else if (isValidationDue())
      if (Error error = validate())
        return std::move(error);
    line.advance([this] { return describeProgress(); });
    reason = findStopReason();
    if (!reason && interrupt.isRequested())
      reason = StopReason::Interrupt;
  }
  // The last steps count, too.
  if (reason == StopReason::Time && progress.lossCount > 0)
    if (Error error = validate())
      return std::move(error);
  if (reason == StopReason::Interrupt)
    if (Error error = saveCheckpoint())
      return std::move(error);
  std::string message = divergence;
  if (!isBestPruned() && reason != StopReason::Interrupt &&
      reason != StopReason::Divergence) {
    reason = StopReason::NotPruned;
    message = formatv("training ended with step {0}, before the last weights "
                      "were pruned at step {1}: give it more time",
                      progress.step, options.pruning->schedule.end);
  }
  log.write(json::Object{{"phase", options.phase},
                         {"step", progress.step},
                         {"stop", describeStop(*reason)}});
  return TrainingResult{std::move(best), progress, *reason, std::move(message)};
}

Expected<TrainingResult> qnn::train(TrainingProblem problem,
                                    const TrainingOptions &options) {
  return Trainer(std::move(problem), options).run();
}
