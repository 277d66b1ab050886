// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Learning as a part of a compilation: float, then quantized.

#ifndef QNN_LIB_DRIVER_LEARNING_H
#define QNN_LIB_DRIVER_LEARNING_H

#include "LearningData.h"
#include "LearningFunctions.h"
#include "qnn/Calibration/Calibrate.h"
#include "qnn/Training/Interrupt.h"

namespace qnn {

/// What a model learns between the phases of a compilation. An interruption by
/// the user is an InterruptedError.
class Learning {
public:
  explicit Learning(const LearningOptions &options);

  /// Takes the prepared model: its constants become parameters, parameters get
  /// values, the data are opened.
  llvm::Error prepare(mlir::ModuleOp model);

  /// Trains the float model, all the time if it stays float, or half of the
  /// time if its weights were random.
  llvm::Error trainFloat(mlir::ModuleOp model, bool staysFloat);

  /// Calibrates on rows that are learned from.
  llvm::Expected<Calibration> calibrate(mlir::ModuleOp model);

  /// Trains the annotated model in the arithmetic of its annotations.
  llvm::Error trainQuantized(mlir::ModuleOp annotated);

  /// Fails if the object gives another byte than what was trained, for a row of
  /// the validation.
  llvm::Error checkObject(ExecutableModel &object);

  /// Removes the checkpoint of a training that cannot go on, unless the user
  /// has asked for the file: it would be in the way of the corrected command.
  void discardCheckpoint() const;

  /// Gives another copy of the model the weights that were learned.
  llvm::Error setWeights(mlir::ModuleOp model) const {
    return setParameters(model, finalState);
  }

  const LearningSummary &getSummary() const { return summary; }

private:
  llvm::Error makeParameters(mlir::ModuleOp model);
  llvm::Error openData(mlir::ModuleOp model);
  /// Chooses the losses that options do not name, and makes that of one row.
  FunctionOrError makeRowLoss(mlir::ModuleOp model,
                              llvm::ArrayRef<Ending> endings);
  /// Fails if there is nothing to learn from, or if labels are not learned.
  llvm::Error checkSources(const StepPorts &ports) const;
  /// Fails if nothing can be pruned that should be, and remembers what cannot.
  llvm::Error checkSparsity(mlir::ModuleOp model);
  llvm::Error loadCheckpoint(mlir::ModuleOp model);
  llvm::Error train(mlir::ModuleOp model, Arithmetic arithmetic);
  /// The best of one training for each learning rate that is to be tried.
  /// Trainings are numbered for the sake of their checkpoints.
  llvm::Expected<TrainingResult> trainBest(const TrainingProblem &problem,
                                           TrainingOptions trainingOptions,
                                           size_t firstNumber = 0);
  /// The same with `problem`, which has labels, and with one that has none; the
  /// labels must help rows that are held out.
  llvm::Expected<TrainingResult>
  trainWithAndWithoutLabels(mlir::ModuleOp model,
                            const TrainingProblem &problem,
                            TrainingOptions trainingOptions);
  std::string describeResumption() const;
  /// What Ctrl-C leaves behind, outside of trainings.
  std::string describeInterruption(bool hasTrained) const;
  /// Fails if no score can be the target.
  llvm::Error checkTarget() const;
  /// The checkpoint of the training of this number.
  llvm::Error useCheckpoint(size_t number,
                            TrainingOptions &trainingOptions) const;
  /// Goes back to the start, unless held-out rows say clearly that the result
  /// is better.
  void keepIfClearlyBetter(const TrainingProblem &problem,
                           TrainingResult &result) const;
  /// Writes scores into the summary.
  llvm::Error record(const TrainingResult &result, Arithmetic arithmetic,
                     const TensorMap &initial);
  /// Writes how near the outputs are to those of the float model.
  llvm::Error recordNoise(const TensorMap &initial);
  llvm::Error scoreFloat(mlir::ModuleOp model);
  /// What outputs are compared with; nothing if labels are.
  static llvm::ArrayRef<Tensor> getReferences(const LearningRows &rows) {
    return rows.data.hasLabels() ? llvm::ArrayRef<Tensor>()
                                 : llvm::ArrayRef<Tensor>(rows.references);
  }
  /// Scores the test data, if there are any, with the final loss.
  llvm::Error scoreTest(const TensorMap &state,
                        std::optional<Score> LearningScores::*member);
  llvm::Error compareRow(ExecutableModel &object, const Batch &batch, int64_t i,
                         int64_t number) const;
  /// All steps, of both halves; 0 if only time is limited.
  int64_t countSteps() const;
  TrainingOptions makeOptions(Arithmetic arithmetic) const;
  std::string describeOptions() const;

  LearningOptions options;
  /// Tuning has no part in what the user does next.
  std::optional<InterruptMessage> interruptMessage;
  bool wasRandom = false;
  /// The part of epochs, steps and time for the float model.
  double floatShare = 0;
  /// Of the model before learning, and of its data.
  std::string modelHash, dataHash;
  /// Of the data, and of the test data if there are any.
  std::vector<LearningRows> rows;
  RowSplit split;
  std::optional<Checkpoint> checkpoint;
  /// Of the last training, and the best weights.
  std::optional<TrainingFunction> finalLoss;
  TensorMap finalState;
  Metric metric = Metric::Accuracy;
  LearningSummary summary;
};

} // namespace qnn

#endif // QNN_LIB_DRIVER_LEARNING_H
