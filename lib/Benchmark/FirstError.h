// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Diagnostics of pipelines as errors.

#ifndef QNN_LIB_BENCHMARK_FIRSTERROR_H
#define QNN_LIB_BENCHMARK_FIRSTERROR_H

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/Error.h"

namespace qnn {

/// Keeps the first error diagnostic of a context, while it lives.
class FirstError {
public:
  explicit FirstError(mlir::MLIRContext &context)
      : handler(&context, [this](mlir::Diagnostic &diagnostic) {
          if (diagnostic.getSeverity() != mlir::DiagnosticSeverity::Error)
            return mlir::failure();
          if (first.empty())
            first = diagnostic.str();
          return mlir::success();
        }) {}

  /// The diagnostic instead of the error, if there was one.
  llvm::Error explain(llvm::Error error) {
    if (first.empty())
      return error;
    llvm::consumeError(std::move(error));
    return llvm::createStringError(first);
  }

private:
  std::string first;
  mlir::ScopedDiagnosticHandler handler;
};

} // namespace qnn

#endif // QNN_LIB_BENCHMARK_FIRSTERROR_H
