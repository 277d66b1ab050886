// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A program that answers requests, one JSON object a line.

#ifndef QNN_LIB_BENCHMARK_SUBPROCESS_H
#define QNN_LIB_BENCHMARK_SUBPROCESS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/JSON.h"
#include <cstdio>
#include <memory>
#include <string>

namespace qnn {

/// Between requests the program waits for its standard input and uses no CPU.
class Subprocess {
public:
  /// Starts a program. Its standard error is dropped.
  static llvm::Expected<std::unique_ptr<Subprocess>>
  start(llvm::ArrayRef<std::string> command);

  /// Closes its input and waits for its end.
  ~Subprocess();

  /// The answer to a request. Fails if the program has ended, if it does not
  /// answer with an object, and with the text of an answer {"error": text}.
  llvm::Expected<llvm::json::Object> ask(llvm::json::Object request);

private:
  Subprocess(int process, FILE *toProcess, FILE *fromProcess)
      : process(process), toProcess(toProcess), fromProcess(fromProcess) {}

  int process;
  FILE *toProcess, *fromProcess;
};

} // namespace qnn

#endif // QNN_LIB_BENCHMARK_SUBPROCESS_H
