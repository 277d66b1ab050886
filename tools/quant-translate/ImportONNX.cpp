// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// --import-onnx and --list-onnx-ops.

#include "Translations.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "qnn/Import/ONNX.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace qnn;
namespace cl = llvm::cl;

namespace {
enum class InputType { F32, U8 };

struct Options {
  cl::OptionCategory category{"ONNX import"};
  cl::opt<std::string> name{
      "name", cl::desc("Name of the function (default: the file's stem)"),
      cl::cat(category)};
  cl::list<std::string> dims{
      "dim", cl::value_desc("NAME=VALUE"),
      cl::desc("Extent of a dynamic dimension of the inputs"),
      cl::cat(category)};
  cl::opt<RawLayout> inputLayout{
      "input-layout", cl::desc("Axis order of the first argument"),
      cl::values(clEnumValN(RawLayout::AsModel, "model", "as in the model"),
                 clEnumValN(RawLayout::NHWC, "nhwc", "channels last")),
      cl::init(RawLayout::AsModel), cl::cat(category)};
  cl::list<float> inputMean{
      "input-mean", cl::CommaSeparated,
      cl::desc("Subtracted from raw input: one number, or one per channel"),
      cl::cat(category)};
  cl::list<float> inputScale{
      "input-scale", cl::CommaSeparated,
      cl::desc("Multiplies raw input, after the mean: one, or per channel"),
      cl::cat(category)};
  cl::opt<InputType> inputType{
      "input-type", cl::desc("Element type of the first argument"),
      cl::values(clEnumValN(InputType::F32, "f32", "float"),
                 clEnumValN(InputType::U8, "u8",
                            "bytes, normalized by mean and scale")),
      cl::init(InputType::F32), cl::cat(category)};
};
} // namespace

/// The command line as options of the library; failure after an error.
static FailureOr<ImportOptions> getImportOptions(const Options &options,
                                                 MLIRContext *context) {
  ImportOptions result;
  result.name = options.name;
  result.inputLayout = options.inputLayout;
  result.inputMean.assign(options.inputMean.begin(), options.inputMean.end());
  result.inputScale.assign(options.inputScale.begin(),
                           options.inputScale.end());
  result.inputIsU8 = options.inputType == InputType::U8;
  for (StringRef dim : options.dims) {
    auto [name, value] = dim.rsplit('=');
    int64_t extent;
    if (name.empty() || value.getAsInteger(10, extent))
      return emitError(UnknownLoc::get(context))
             << "expects --dim=NAME=VALUE, got '" << dim << "'";
    result.dims[name] = extent;
  }
  return result;
}

static LogicalResult translate(const Options &options,
                               const std::shared_ptr<llvm::SourceMgr> &source,
                               llvm::raw_ostream &output,
                               MLIRContext *context) {
  // Errors are about a binary file: no line, no column.
  ScopedDiagnosticHandler handler(context, [](Diagnostic &diagnostic) {
    llvm::errs() << "error: " << diagnostic << '\n';
  });
  FailureOr<ImportOptions> importOptions = getImportOptions(options, context);
  if (failed(importOptions))
    return failure();
  const llvm::MemoryBuffer *buffer =
      source->getMemoryBuffer(source->getMainFileID());
  OwningOpRef<ModuleOp> module =
      importONNX(buffer->getMemBufferRef(), *context, *importOptions);
  if (!module)
    return failure();
  // The names of values are their locations.
  module->print(output, OpPrintingFlags().enableDebugInfo());
  output << '\n';
  return success();
}

void qnn::registerONNXImport() {
  static Options options;
  static TranslateRegistration import(
      "import-onnx", "import an ONNX model",
      [](const std::shared_ptr<llvm::SourceMgr> &source,
         llvm::raw_ostream &output, MLIRContext *context) {
        return translate(options, source, output, context);
      });
  static TranslateRegistration list(
      "list-onnx-ops", "print the table of supported ONNX operators",
      [](const std::shared_ptr<llvm::SourceMgr> &, llvm::raw_ostream &output,
         MLIRContext *) {
        printSupportedONNXOps(output);
        return success();
      });
}
