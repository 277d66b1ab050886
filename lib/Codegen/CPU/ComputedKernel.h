// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Register-blocked code for one contraction of bytes of which both sides are
// computed, and its epilogue.

#ifndef QNN_LIB_CODEGEN_CPU_COMPUTEDKERNEL_H
#define QNN_LIB_CODEGEN_CPU_COMPUTEDKERNEL_H

#include "BatchContraction.h"
#include "Epilogue.h"
#include "mlir/IR/SymbolTable.h"
#include "qnn/Codegen/CPU/TargetTable.h"

namespace qnn {

/// Emits at the insertion point of `builder`; the right side is copied there.
void emitComputedKernel(mlir::ImplicitLocOpBuilder &builder,
                        mlir::SymbolTable &symbols, const TargetRow &row,
                        const BatchContraction &contraction,
                        const Epilogue *epilogue);

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_COMPUTEDKERNEL_H
