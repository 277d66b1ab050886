// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Depthwise convolutions with many channels: a word is four rows of the image
// at one place of one channel.

#ifndef QNN_LIB_CODEGEN_CPU_VERTICALKERNEL_H
#define QNN_LIB_CODEGEN_CPU_VERTICALKERNEL_H

#include "TileKernel.h"

namespace qnn {

/// Whether emitVerticalKernel can compute the depthwise `contraction`.
bool fitsVerticalKernel(const TargetRow &row, const Contraction &contraction);

void emitVerticalKernel(mlir::ImplicitLocOpBuilder &builder,
                        mlir::SymbolTable &symbols, const TargetRow &row,
                        const Contraction &contraction,
                        const Epilogue *epilogue);

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_VERTICALKERNEL_H
