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

/// Emits the nest as loops on vectors; as a function if it is large, whose work
/// threads can share, or if others are like it (`isRepeated`), which can be
/// merged. `start` is what the result holds before a reduction; null if it is
/// to be loaded.
void emitLoopKernel(mlir::ImplicitLocOpBuilder &builder,
                    mlir::SymbolTable &symbols, const TargetRow &row,
                    const LoopNest &nest, mlir::Value start, bool isRepeated);

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_LOOPKERNEL_H
