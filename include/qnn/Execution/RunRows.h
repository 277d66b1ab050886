// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A model over all rows of data files.

#ifndef QNN_EXECUTION_RUNROWS_H
#define QNN_EXECUTION_RUNROWS_H

#include "qnn/Execution/Rows.h"

namespace qnn {

struct RunOptions {
  /// One file for each input; for each output a file, or no files at all.
  std::vector<std::string> inputs, outputs;
  /// Every file is one row.
  bool whole = false;
  /// How many rows run at once; for models that take any number.
  int64_t rowsPerCall = 1;
  /// How often each row runs, for the time.
  int64_t repeat = 1;
};

/// Runs all rows and writes the outputs: the leading axis counts rows, the
/// others are the output's without its leading axis if that is 1. With `whole`
/// files have the output's shape. Returns the median time of a row in
/// microseconds.
llvm::Expected<double> runRows(ExecutableModel &model,
                               const RunOptions &options);

} // namespace qnn

#endif // QNN_EXECUTION_RUNROWS_H
