// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A compiled function whose arguments and results have roles: the step, or the
// loss alone.

#ifndef QNN_TRAINING_TRAININGFUNCTION_H
#define QNN_TRAINING_TRAININGFUNCTION_H

#include "qnn/Execution/ExecutableModel.h"
#include "qnn/Training/StepPorts.h"
#include "qnn/Training/TrainingState.h"
#include <optional>

namespace qnn {

/// What a function takes of some rows; the leading axis counts them.
struct Batch {
  llvm::SmallVector<Tensor> inputs, labels, teachers;
};

/// What a step takes besides rows and state.
struct StepScalars {
  double learningRate = 0;
  int64_t step = 1;
  uint64_t seed = 0;
};

class TrainingFunction {
public:
  /// `model` is made from the function that the ports are of.
  static llvm::Expected<TrainingFunction>
  create(std::unique_ptr<ExecutableModel> model, StepPorts ports);

  llvm::Error useThreads(unsigned count) { return model->useThreads(count); }

  /// The number of rows in a batch.
  int64_t getBatchSize() const { return batchSize; }
  const StepPorts &getPorts() const { return ports; }
  /// Tensors of the right shapes.
  Batch makeBatch() const;

  /// Computes the results. Parameters, scales, states and masks come from
  /// `state`, which must have all of them.
  llvm::Error run(const Batch &batch, const TensorMap &state,
                  const StepScalars &scalars = {});

  /// Results of the last run.
  float getLoss() const;
  llvm::SmallVector<const Tensor *> getOutputs() const;

  /// Exchanges the new values of the last run with those in `state`.
  void exchange(TensorMap &state);

private:
  const Tensor &findArgument(const Batch &batch, const TensorMap &state,
                             const StepPort &port) const;
  void setScalars(const StepScalars &scalars);

  std::unique_ptr<ExecutableModel> model;
  StepPorts ports;
  int64_t batchSize = 0;
  std::optional<Tensor> learningRate, step, seed;
  /// One for each result.
  std::vector<Tensor> results;
};

} // namespace qnn

#endif // QNN_TRAINING_TRAININGFUNCTION_H
