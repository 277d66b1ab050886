// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Vectorized code for one depthwise convolution and its epilogue.

#ifndef QNN_LIB_CODEGEN_CPU_DEPTHWISEKERNEL_H
#define QNN_LIB_CODEGEN_CPU_DEPTHWISEKERNEL_H

#include "Epilogue.h"
#include "mlir/IR/SymbolTable.h"
#include "qnn/Codegen/CPU/TargetTable.h"

namespace qnn {

/// The most taps for which all places of a tile are written out.
inline constexpr int64_t kMaxDepthwiseTaps = 64;

void emitDepthwiseKernel(mlir::ImplicitLocOpBuilder &builder,
                         mlir::SymbolTable &symbols, const TargetRow &row,
                         const Contraction &contraction,
                         const Epilogue *epilogue);

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_DEPTHWISEKERNEL_H
