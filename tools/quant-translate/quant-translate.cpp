// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// File formats in and out.

#include "Translations.h"
#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"

int main(int argc, char **argv) {
  qnn::registerEmitTranslations();
  qnn::registerONNXImport();
  return mlir::failed(
      mlir::mlirTranslateMain(argc, argv, "quant-mlir translation driver\n"));
}
