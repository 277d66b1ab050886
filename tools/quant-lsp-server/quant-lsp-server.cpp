// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Editor support (language server protocol) for IR with our dialect.

#include "mlir/Support/LLVM.h"
#include "mlir/Tools/mlir-lsp-server/MlirLspServerMain.h"
#include "qnn/InitAll.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  qnn::registerAllDialects(registry);
  qnn::registerAllPasses();
  return mlir::failed(mlir::MlirLspServerMain(argc, argv, registry));
}
