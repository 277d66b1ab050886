// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// File formats in and out.

#include "Emit.h"
#include "mlir/Support/LLVM.h"
#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"

int main(int argc, char **argv) {
  registerEmitTranslations();
  return mlir::failed(
      mlir::mlirTranslateMain(argc, argv, "quant-mlir translation driver"));
}
