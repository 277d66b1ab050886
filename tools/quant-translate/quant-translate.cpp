// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// File formats in and out.

#include "../Common/InputOptions.h"
#include "Translations.h"
#include "mlir/Tools/mlir-translate/MlirTranslateMain.h"

int main(int argc, char **argv) {
  // LLVM's hundreds of options, before MLIR adds those that --help is for.
  llvm::cl::HideUnrelatedOptions(
      {&qnn::getInputOptionCategory(), &qnn::getEmitOptionCategory()});
  qnn::registerEmitTranslations();
  qnn::registerONNXImport();
  return mlir::failed(
      mlir::mlirTranslateMain(argc, argv, "quant-mlir translation driver\n"));
}
