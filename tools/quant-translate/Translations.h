// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The translations of quant-translate, each with its command line options.

#ifndef QNN_TOOLS_QUANT_TRANSLATE_TRANSLATIONS_H
#define QNN_TOOLS_QUANT_TRANSLATE_TRANSLATIONS_H

#include "llvm/Support/CommandLine.h"

namespace qnn {

/// --emit-object, --emit-asm, --emit-llvm and --emit-header.
void registerEmitTranslations();

/// --import-onnx and --list-onnx-ops.
void registerONNXImport();

/// What the options of the --emit translations are listed under.
llvm::cl::OptionCategory &getEmitOptionCategory();

} // namespace qnn

#endif // QNN_TOOLS_QUANT_TRANSLATE_TRANSLATIONS_H
