// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Register-blocked code for one contraction of floats and its epilogue.

#ifndef QNN_LIB_CODEGEN_CPU_FLOATKERNEL_H
#define QNN_LIB_CODEGEN_CPU_FLOATKERNEL_H

#include "BatchContraction.h"
#include "Epilogue.h"
#include "mlir/IR/SymbolTable.h"
#include "qnn/Codegen/CPU/TargetTable.h"

namespace qnn {

/// BatchContraction::sumBlock for a contraction of floats.
int64_t chooseSumBlock(const TargetRow &row,
                       const BatchContraction &contraction);

/// Emits at the insertion point of `builder`. Packed constants are inserted
/// into `symbols`.
void emitFloatKernel(mlir::ImplicitLocOpBuilder &builder,
                     mlir::SymbolTable &symbols, const TargetRow &row,
                     const BatchContraction &contraction,
                     const Epilogue *epilogue);

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_FLOATKERNEL_H
