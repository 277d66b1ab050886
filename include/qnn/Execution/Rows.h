// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows of a data file as inputs of a model.

#ifndef QNN_EXECUTION_ROWS_H
#define QNN_EXECUTION_ROWS_H

#include "qnn/Execution/ExecutableModel.h"
#include "qnn/Support/Npy.h"

namespace qnn {

/// The rows of one .npy file: its leading axis, whatever the shape of the
/// others, as long as a row has as many elements as the port.
class Rows {
public:
  /// Opens a file for a port. Fails, naming the file and the remedy, if there
  /// are no rows, if rows have another number of elements or other axes (axes
  /// of extent 1 aside; a plain list has any), or if their type cannot be
  /// converted: any type becomes f32, integers keep their type.
  /// `whole` takes the file as one row.
  static llvm::Expected<Rows> open(llvm::StringRef path, const Port &port,
                                   bool whole = false);

  int64_t size() const { return whole ? 1 : array.rows(); }

  /// Row `row` in the shape and type of the port. Fails for NaN and infinite
  /// values, which no model means to get.
  llvm::Expected<Tensor> get(int64_t row) const;

  /// The same into memory that is aligned for the port's type.
  llvm::Error read(int64_t row, llvm::MutableArrayRef<char> bytes) const;

private:
  std::string path;
  NpyArray array;
  Port port;
  bool whole = false;
};

/// The files of all inputs of a model, row by row.
class InputRows {
public:
  /// One file for each input, in order, with equally many rows.
  static llvm::Expected<InputRows> open(llvm::ArrayRef<std::string> paths,
                                        llvm::ArrayRef<Port> ports,
                                        bool whole = false);

  int64_t size() const { return files.front().size(); }
  llvm::ArrayRef<Rows> getFiles() const { return files; }
  llvm::Expected<llvm::SmallVector<Tensor>> get(int64_t row) const;
  /// `count` rows from `row` on, one behind the other in each tensor.
  llvm::Expected<llvm::SmallVector<Tensor>> get(int64_t row,
                                                int64_t count) const;

private:
  llvm::SmallVector<Port> ports;
  llvm::SmallVector<Rows> files;
};

} // namespace qnn

#endif // QNN_EXECUTION_ROWS_H
