// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Vector code for what is not a contraction: elementwise operations,
// reductions, pools, fills, copies and transposes.

#ifndef QNN_LIB_CODEGEN_CPU_LOOPKERNEL_H
#define QNN_LIB_CODEGEN_CPU_LOOPKERNEL_H

#include "LoopNest.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/SymbolTable.h"

namespace qnn {

/// Emits the nest as loops on vectors, large ones as a function whose work
/// threads can share. `start` is what the result holds before a reduction; null
/// if it is to be loaded.
void emitLoopKernel(mlir::ImplicitLocOpBuilder &builder,
                    mlir::SymbolTable &symbols, const TargetRow &row,
                    const LoopNest &nest, mlir::Value start);

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_LOOPKERNEL_H
