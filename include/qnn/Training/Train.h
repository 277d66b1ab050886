// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The loop: batch, step, batch, step, validation, until a stop condition.

#ifndef QNN_TRAINING_TRAIN_H
#define QNN_TRAINING_TRAIN_H

#include "qnn/Training/Checkpoint.h"
#include "qnn/Training/Pruning.h"
#include "qnn/Training/Schedule.h"
#include "qnn/Training/Validation.h"

namespace qnn {

/// The first that holds ends the training; 0 or nothing: no such condition.
struct StopConditions {
  int64_t epochs = 0;
  int64_t steps = 0;
  /// Of this run: a resumed training has the whole time again.
  double seconds = 0;
  /// Validations in a row without a better score.
  int64_t patience = 0;
  /// A value of the score.
  std::optional<double> target;
};

enum class StopReason {
  Steps,
  Time,
  Plateau,
  Target,
  /// The user asked for it.
  Interrupt,
  /// A value is not finite, or the loss has grown beyond all measure.
  Divergence,
  /// The weights are not as sparse yet as was asked for.
  NotPruned,
};

/// "all steps are done", ...
llvm::StringRef describeStop(StopReason reason);

struct TrainingOptions {
  Schedule schedule;
  StopConditions stop;
  /// Until its end, the last weights are the best, since the others are less
  /// sparse.
  std::optional<PruningPlan> pruning;
  uint64_t seed = 0;
  /// Which weights are the best.
  Preference preference = Preference::Value;
  /// Steps between two validations; 0 for the steps of an epoch.
  int64_t validationInterval = 0;
  /// Where to write a checkpoint after each validation and when interrupted;
  /// empty for nowhere.
  std::string checkpoint;
  /// What the checkpoint is of: see Checkpoint.
  std::string model, description, phase;
  /// Where to go on.
  std::optional<Checkpoint> resume;
  /// A file of JSON lines; empty for none.
  std::string log;
  /// Go on with the file, which a training before has begun.
  bool appendsLog = false;
};

/// What is trained on what.
struct TrainingProblem {
  TrainingFunction &step;
  Validation &validation;
  const BatchReader &reader;
  /// The rows to train on. An epoch takes each once, in an order of its own;
  /// those that do not fill a batch wait for the next epoch.
  std::vector<int64_t> rows;
  /// Every parameter, scale, state and mask.
  TensorMap initial;
};

struct TrainingResult {
  /// The weights with the best score: the initial ones, if none was better.
  TensorMap best;
  TrainingProgress progress;
  StopReason reason = StopReason::Steps;
  /// For Divergence and NotPruned: what happened at which step, and the remedy.
  std::string message;
};

/// Fails if the rows to train on do not fill a batch.
llvm::Error checkBatch(int64_t rows, int64_t batchSize);

/// Trains. The result is a function of problem and options, whatever the number
/// of threads and however often it was interrupted and resumed (but for the
/// stop condition of time).
llvm::Expected<TrainingResult> train(TrainingProblem problem,
                                     const TrainingOptions &options);

} // namespace qnn

#endif // QNN_TRAINING_TRAIN_H
