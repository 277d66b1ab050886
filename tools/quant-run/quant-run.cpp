// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs a model, whatever its form, on rows of .npy files.

#include "../Common/InputOptions.h"
#include "../Common/ThreadsOption.h"
#include "qnn/Execution/ExecutableModel.h"
#include "qnn/Execution/RunRows.h"
#include "qnn/Import/Model.h"
#include "qnn/InitAll.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/InitLLVM.h"

using namespace llvm;
using namespace qnn;

static cl::OptionCategory category("quant-run options");

static cl::opt<std::string>
    model(cl::Positional, cl::Required,
          cl::desc("MODEL.onnx, .mlir of any phase, .o or .so"),
          cl::cat(category));
static cl::list<std::string>
    inputs("input", cl::CommaSeparated, cl::OneOrMore,
           cl::desc("Rows, a .npy file for each input in order"),
           cl::value_desc("X.npy"), cl::cat(category));
static cl::list<std::string>
    outputs("output", cl::CommaSeparated,
            cl::desc("Where the rows of each output go, in order"),
            cl::value_desc("Y.npy"), cl::cat(category));
static cl::opt<bool> reference("reference",
                               cl::desc("Run with the reference interpreter"),
                               cl::cat(category));
static cl::opt<bool> whole("whole", cl::desc("Each file is one row, not many"),
                           cl::cat(category));
static cl::opt<int64_t>
    rowsPerCall("rows",
                cl::desc("Rows of a call, of a model that takes any number "
                         "(default: 1)"),
                cl::value_desc("N"), cl::init(1), cl::cat(category));
static cl::opt<bool> showTime("time",
                              cl::desc("Print the median time of a row"),
                              cl::cat(category));
static cl::opt<int64_t> repeat("repeat",
                               cl::desc("Times to run each row, for --time"),
                               cl::init(1), cl::cat(category));

/// Reads a model file and makes it executable.
static ModelOrError openModel(mlir::MLIRContext &context) {
  StringRef path = model;
  if (path.ends_with(".o") || path.ends_with(".so")) {
    if (reference)
      return createStringError("--reference needs a model before codegen, not "
                               "machine code");
    return loadModel(path);
  }
  auto options = readInputOptions();
  if (!options)
    return options.takeError();
  mlir::OwningOpRef<mlir::ModuleOp> module =
      importModel(path, context, *options);
  if (!module)
    return createStringError("cannot read " + path);
  return reference ? interpretModule(*module) : compileModule(*module);
}

static Error run(mlir::MLIRContext &context) {
  ModelOrError executable = openModel(context);
  if (!executable)
    return executable.takeError();
  Expected<unsigned> threads = readThreadsOption();
  if (!threads)
    return threads.takeError();
  if (Error error = (*executable)->useThreads(*threads))
    return error;
  if (repeat < 1)
    return createStringError("--repeat expects a positive number");
  RunOptions options;
  options.inputs.assign(inputs.begin(), inputs.end());
  options.outputs.assign(outputs.begin(), outputs.end());
  options.whole = whole;
  options.rowsPerCall = rowsPerCall;
  options.repeat = repeat;
  Expected<double> microseconds = runRows(**executable, options);
  if (!microseconds)
    return microseconds.takeError();
  if (showTime)
    outs() << "time: " << format("%.2f", *microseconds) << " us per row\n";
  return Error::success();
}

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  addThreadsOption(category);
  cl::HideUnrelatedOptions({&category, &getInputOptionCategory()});
  cl::ParseCommandLineOptions(argc, argv, "Runs a model on rows of data\n");
  mlir::DialectRegistry registry;
  qnn::registerAllDialects(registry);
  mlir::MLIRContext context(registry);
  OneLineErrors diagnostics(context);
  if (Error error = run(context))
    return diagnostics.report("quant-run", std::move(error));
  return 0;
}
