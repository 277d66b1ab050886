// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What rows should give: class numbers or values.

#ifndef QNN_TRAINING_LABELS_H
#define QNN_TRAINING_LABELS_H

#include "qnn/Execution/Rows.h"
#include <optional>

namespace qnn {

/// What the labels of one row are.
struct LabelFormat {
  /// Class numbers if the kind is I32, else numbers of this shape.
  Port port;
  /// Class numbers are in [0, numClasses).
  int64_t numClasses = 0;

  bool areClasses() const { return port.kind == ElementKind::I32; }
};

/// The labels in one .npy file.
class Labels {
public:
  /// Class numbers may have any integer type; all are checked. Fails, naming
  /// the file and the remedy, for another type, another number of elements in a
  /// row, or a class number out of range.
  static llvm::Expected<Labels> open(llvm::StringRef path,
                                     const LabelFormat &format);

  int64_t size() const;

  /// Writes the label of a row, in the type of the port.
  llvm::Error read(int64_t row, llvm::MutableArrayRef<char> result) const;

private:
  llvm::Error checkClasses(llvm::StringRef path, int64_t numClasses) const;
  int64_t getClass(int64_t row) const;

  /// Either class numbers or values.
  NpyArray classes;
  std::optional<Rows> values;
};

} // namespace qnn

#endif // QNN_TRAINING_LABELS_H
