// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows and labels to learn from, in any number of .npy files, larger than
// memory if need be.

#ifndef QNN_TRAINING_DATASET_H
#define QNN_TRAINING_DATASET_H

#include "qnn/Execution/Rows.h"
#include "qnn/Training/Labels.h"
#include <optional>

namespace qnn {

/// Files with equally many rows.
struct DataFiles {
  /// One for each input of the model, in order.
  std::vector<std::string> inputs;
  /// Empty if there are none.
  std::string labels;
};

/// The rows of one part after the other. Copies share the mapped files.
class Dataset {
public:
  /// Opens files for ports of one row. `labels` says what labels must be; if it
  /// is nothing, label files are not read. Fails as Rows and Labels do, if
  /// labels are missing or not as many as rows, if a value is NaN or infinite,
  /// and if nothing can be learned: all rows or all labels are equal.
  static llvm::Expected<Dataset> open(llvm::ArrayRef<DataFiles> parts,
                                      llvm::ArrayRef<Port> inputs,
                                      const std::optional<LabelFormat> &labels);

  int64_t size() const { return numRows; }
  size_t numInputs() const { return inputs.size(); }
  bool hasLabels() const { return labels.has_value(); }

  /// Copies rows into the leading axis of one batch of input number `input`.
  llvm::Error readInput(size_t input, llvm::ArrayRef<int64_t> rows,
                        Tensor &batch) const;

  /// The same for labels.
  llvm::Error readLabels(llvm::ArrayRef<int64_t> rows, Tensor &batch) const;

  /// A number that changes with the rows and labels: of some that lie evenly.
  llvm::Expected<uint64_t> hash() const;

private:
  struct Part {
    int64_t firstRow = 0;
    InputRows inputs;
    std::optional<Labels> labels;
  };

  llvm::Error addPart(const DataFiles &files);
  llvm::Error checkVaries() const;
  llvm::Error checkReads() const;
  const Part &findPart(int64_t row) const;

  /// One row of each.
  llvm::SmallVector<Port> inputs;
  std::optional<LabelFormat> labels;
  std::vector<Part> parts;
  int64_t numRows = 0;
};

} // namespace qnn

#endif // QNN_TRAINING_DATASET_H
