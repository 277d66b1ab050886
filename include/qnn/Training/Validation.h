// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The score of weights on rows that are not trained on.

#ifndef QNN_TRAINING_VALIDATION_H
#define QNN_TRAINING_VALIDATION_H

#include "qnn/Training/BatchReader.h"
#include "qnn/Training/Score.h"

namespace qnn {

class Validation {
public:
  /// `loss` is the function of the loss alone, in the arithmetic that the
  /// object has. The rows must be at least one. \p references are the outputs
  /// to compare with, one row for each of the data; none if labels are.
  Validation(TrainingFunction &loss, const BatchReader &reader,
             std::vector<int64_t> rows, Metric metric,
             llvm::ArrayRef<Tensor> references = {});

  Metric getMetric() const { return metric; }

  /// The score of all rows. The last batch is filled up with rows that are
  /// already counted: they do not change the value, but the loss, which is the
  /// mean over whole batches, counts them again.
  llvm::Expected<Score> run(const TensorMap &state);

private:
  /// Runs the loss on each batch; `visit` gets the rows of the batch that were
  /// not in one before.
  llvm::Error
  forEachBatch(const TensorMap &state,
               llvm::function_ref<void(llvm::ArrayRef<int64_t>)> visit);
  /// Row number \p i of the batch, which is \p row of the data.
  void addRow(ScoreSum &sum, size_t i, int64_t row) const;

  TrainingFunction &loss;
  const BatchReader &reader;
  std::vector<int64_t> rows;
  Metric metric;
  llvm::ArrayRef<Tensor> references;
  Batch batch;
};

} // namespace qnn

#endif // QNN_TRAINING_VALIDATION_H
