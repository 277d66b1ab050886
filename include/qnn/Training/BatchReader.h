// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Batches of rows, labels and the teacher's outputs.

#ifndef QNN_TRAINING_BATCHREADER_H
#define QNN_TRAINING_BATCHREADER_H

#include "qnn/Training/Dataset.h"
#include "qnn/Training/TrainingFunction.h"

namespace qnn {

/// The outputs of a model for every row of the data, one tensor for each output
/// whose leading axis counts rows: what a teacher says, computed once.
llvm::Expected<std::vector<Tensor>> runOnAllRows(ExecutableModel &model,
                                                 const Dataset &data);

class BatchReader {
public:
  /// Without teachers if there are none to learn from.
  explicit BatchReader(const Dataset &data, std::vector<Tensor> teachers = {})
      : data(data), teachers(std::move(teachers)) {}

  /// Fills a batch of a function.
  llvm::Error read(llvm::ArrayRef<int64_t> rows, Batch &batch) const;

private:
  const Dataset &data;
  std::vector<Tensor> teachers;
};

} // namespace qnn

#endif // QNN_TRAINING_BATCHREADER_H
