// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Matrix products and convolutions for CPUs whose product of bytes saturates.

#ifndef QNN_LIB_CODEGEN_CPU_MIXEDKERNEL_H
#define QNN_LIB_CODEGEN_CPU_MIXEDKERNEL_H

#include "ContractionKernel.h"

namespace qnn {

/// For contractions of unsigned bytes that have a wide copy.
StepCounts emitMixedKernel(mlir::ImplicitLocOpBuilder &builder,
                           mlir::SymbolTable &symbols, const TargetRow &row,
                           const Contraction &contraction,
                           const Epilogue *epilogue);

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_MIXEDKERNEL_H
