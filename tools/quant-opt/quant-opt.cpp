// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes and pipelines on textual IR.

#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "qnn/InitAll.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  qnn::registerAllDialects(registry);
  qnn::registerAllPasses();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "quant-mlir optimizer driver\n", registry));
}
