// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A training as lines of JSON, for other programs.

#ifndef QNN_TRAINING_TRAININGLOG_H
#define QNN_TRAINING_TRAININGLOG_H

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <memory>

namespace qnn {

class TrainingLog {
public:
  /// Begins a file, or goes on with one. Writes nothing if the path is empty.
  static llvm::Expected<TrainingLog> open(llvm::StringRef path, bool append);

  /// Writes one line, which readers see at once.
  void write(llvm::json::Object entry);

private:
  std::unique_ptr<llvm::raw_fd_ostream> stream;
};

} // namespace qnn

#endif // QNN_TRAINING_TRAININGLOG_H
