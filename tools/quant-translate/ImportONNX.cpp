// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --import-onnx and --list-onnx-ops.

#include "../Common/InputOptions.h"
#include "Translations.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "qnn/Import/ONNX.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace qnn;

static LogicalResult translate(const std::shared_ptr<llvm::SourceMgr> &source,
                               llvm::raw_ostream &output,
                               MLIRContext *context) {
  // Errors are about a binary file: no line, no column.
  ScopedDiagnosticHandler handler(context, [](Diagnostic &diagnostic) {
    llvm::errs() << "error: " << diagnostic << '\n';
  });
  llvm::Expected<ImportOptions> options = readInputOptions();
  if (!options)
    return emitError(UnknownLoc::get(context))
           << llvm::toString(options.takeError());
  const llvm::MemoryBuffer *buffer =
      source->getMemoryBuffer(source->getMainFileID());
  OwningOpRef<ModuleOp> module =
      importONNX(buffer->getMemBufferRef(), *context, *options);
  if (!module)
    return failure();
  // The names of values are their locations.
  module->print(output, OpPrintingFlags().enableDebugInfo());
  output << '\n';
  return success();
}

void qnn::registerONNXImport() {
  static TranslateRegistration import("import-onnx", "import an ONNX model",
                                      translate);
  static TranslateRegistration list(
      "list-onnx-ops", "print the table of supported ONNX operators",
      [](const std::shared_ptr<llvm::SourceMgr> &, llvm::raw_ostream &output,
         MLIRContext *) {
        printSupportedONNXOps(output);
        return success();
      });
}
