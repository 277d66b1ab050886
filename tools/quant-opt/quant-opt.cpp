// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes and pipelines on textual IR.

#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "qnn/InitAll.h"
#include "llvm/Support/CommandLine.h"

int main(int argc, char **argv) {
  // LLVM's hundreds of options, before MLIR adds those that --help is for.
  llvm::cl::OptionCategory none("");
  llvm::cl::HideUnrelatedOptions(none);
  mlir::DialectRegistry registry;
  qnn::registerAllDialects(registry);
  qnn::registerAllPasses();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "quant-mlir optimizer driver\n", registry));
}
