// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Command line options and error output that quant-compile, quant-run and
// quant-translate share.

#ifndef QNN_TOOLS_COMMON_INPUTOPTIONS_H
#define QNN_TOOLS_COMMON_INPUTOPTIONS_H

#include "mlir/IR/Diagnostics.h"
#include "qnn/Import/ONNX.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Error.h"

namespace qnn {

/// The options --name, --dim, --input-layout, --input-mean, --input-scale and
/// --input-type.
llvm::cl::OptionCategory &getInputOptionCategory();

/// What they say; an error for values that make no sense.
llvm::Expected<ImportOptions> readInputOptions();

/// Keeps the first error diagnostic and its notes, so that a failure shows one
/// clear message and not what followed from it. Warnings pass through.
class OneLineErrors {
public:
  explicit OneLineErrors(mlir::MLIRContext &context);

  /// Prints the diagnostic, or the error if there was none. Returns the exit
  /// code, 1.
  int report(llvm::StringRef tool, llvm::Error error);

private:
  std::string first;
  mlir::ScopedDiagnosticHandler handler;
};

} // namespace qnn

#endif // QNN_TOOLS_COMMON_INPUTOPTIONS_H
