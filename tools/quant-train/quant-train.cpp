// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Trains a model in the arithmetic of the object that it becomes.

#include "../Common/InputOptions.h"
#include "../Common/SparsityOptions.h"
#include "../Common/TargetOptions.h"
#include "../Common/ThreadsOption.h"
#include "TrainOptions.h"
#include "qnn/InitAll.h"
#include "llvm/Support/InitLLVM.h"

using namespace llvm;
using namespace qnn;

/// What a shell expects of a program that Ctrl-C has ended.
static constexpr int kInterrupted = 130;

static Error run(mlir::MLIRContext &context) {
  Expected<CompileOptions> options = readTrainOptions();
  if (!options)
    return options.takeError();
  Expected<CompileSummary> summary = compile(context, *options);
  if (!summary)
    return summary.takeError();
  summary->print(outs());
  return Error::success();
}

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  addThreadsOption(getTrainCategory());
  addSparsityOptions(getTrainCategory());
  addTargetOptions(getTrainCategory());
  cl::HideUnrelatedOptions({&getTrainCategory(), &getInputOptionCategory()});
  cl::ParseCommandLineOptions(
      argc, argv,
      "Trains a model under quantization and compiles it to an object file\n");
  mlir::DialectRegistry registry;
  registerAllDialects(registry);
  mlir::MLIRContext context(registry);
  OneLineErrors diagnostics(context);
  Error error = run(context);
  if (!error)
    return 0;
  bool isInterrupted = error.isA<InterruptedError>();
  int code = diagnostics.report("quant-train", std::move(error));
  return isInterrupted ? kInterrupted : code;
}
