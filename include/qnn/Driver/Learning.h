// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Learning as a part of a compilation: options and what came of it.

#ifndef QNN_DRIVER_LEARNING_H
#define QNN_DRIVER_LEARNING_H

#include "qnn/Training/Train.h"
#include <string>
#include <vector>

namespace qnn {

struct LearningOptions {
  std::vector<DataFiles> data;
  /// Rows that are neither learned from nor chosen by; may be empty.
  std::vector<DataFiles> testData;
  /// The part of the data that the best weights are chosen by.
  double validationPart = 0.1;
  /// Options of qnn-training-step-pipeline: losses and optimizer. If no loss is
  /// named, one follows from the labels and the first output.
  std::string step;
  /// The same without labels, which is tried, too: few labels are learned by
  /// heart. Empty if the model is not tuned, or without labels.
  std::string stepWithoutLabels;
  /// The rate in it is not used.
  Schedule schedule;
  /// If nothing is given, the rate follows from the weights.
  std::optional<double> learningRate;
  StopConditions stop;
  /// Rows of a step.
  int64_t batch = 32;
  uint64_t seed = 0;
  unsigned threads = 1;
  std::string checkpoint;
  /// Else it is removed at the end.
  bool keepsCheckpoint = true;
  bool resume = false;
  /// Steps between two validations; 0 for an epoch.
  int64_t validationInterval = 0;
  std::string log;
  /// Quantizers to learn with the weights: lsq, lsq+, pact or none; empty for
  /// none, or what suits a model that is tuned.
  std::string learnQuantizers;
  /// The part of the weights that shall be zero; 0 for no pruning.
  double sparsity = 0;
  SparsityPattern sparsityPattern;
  /// How types are chosen, in any words: a checkpoint is for the same choice.
  std::string quantization;
  /// Learn to give what the float model gives; losses, schedule, batch and stop
  /// conditions follow from the model and the data. Labels, if there are any,
  /// are learned, too.
  bool tune = false;
};

/// What the same rows say of several weights; missing what was not measured.
struct LearningScores {
  /// "validation" or "test".
  std::string rows;
  Metric metric = Metric::Accuracy;
  std::optional<Score> floatBefore, floatAfter, integerBefore, integerAfter;
};

/// What tuning learns from, beside the outputs of the float model.
struct TuningSources {
  bool hasLabels = false;
  /// Otherwise the weights are those of a training without them.
  bool labelsHelped = true;
  /// Why what the float model has between its operations is not learned; empty
  /// if it is.
  std::string featureLimit;
  /// Why scales stay as they were calibrated; empty if they do not have to.
  std::string quantizerLimit;
};

struct LearningSummary {
  /// With the metric that the best weights were chosen by, and of tuning the
  /// noise, too.
  std::vector<LearningScores> scores;
  /// Nothing if the model was not tuned.
  std::optional<TuningSources> sources;
  /// Outputs that no loss is of.
  std::vector<std::string> untrainedOutputs;
  /// Weights that the pattern of sparsity has no room in.
  std::vector<std::string> denseWeights;
  /// Of the last training.
  TrainingProgress progress;
  StopReason reason = StopReason::Steps;

  void print(llvm::raw_ostream &os) const;
};

/// The user has interrupted; a checkpoint was written if there is a file for
/// it.
class InterruptedError : public llvm::ErrorInfo<InterruptedError> {
public:
  static char ID;

  /// \p remedy are the options with which to go on; empty for none.
  explicit InterruptedError(std::string remedy) : remedy(std::move(remedy)) {}

  void log(llvm::raw_ostream &os) const override;
  std::error_code convertToErrorCode() const override {
    return std::make_error_code(std::errc::interrupted);
  }

private:
  std::string remedy;
};

} // namespace qnn

#endif // QNN_DRIVER_LEARNING_H
