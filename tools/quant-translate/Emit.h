// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Translations from MLIR to what a linker or a C compiler reads.

#ifndef QUANT_TRANSLATE_EMIT_H
#define QUANT_TRANSLATE_EMIT_H

/// --emit-object, --emit-asm, --emit-llvm and --emit-header.
void registerEmitTranslations();

#endif // QUANT_TRANSLATE_EMIT_H
