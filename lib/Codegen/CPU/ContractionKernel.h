// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Register-blocked code for one contraction and its epilogue.

#ifndef QNN_LIB_CODEGEN_CPU_CONTRACTIONKERNEL_H
#define QNN_LIB_CODEGEN_CPU_CONTRACTIONKERNEL_H

#include "Epilogue.h"
#include "mlir/IR/SymbolTable.h"
#include "qnn/Codegen/CPU/TargetTable.h"

namespace qnn {

/// Steps of vectors of columns for which a row with mixed steps has had the
/// choice: multiplied as bytes, or as 16-bit numbers because these would
/// saturate.
struct StepCounts {
  int64_t bytes = 0, wide = 0;
};

/// Emits at the insertion point of `builder`. Packed constants are inserted
/// into `symbols`.
StepCounts emitContractionKernel(mlir::ImplicitLocOpBuilder &builder,
                                 mlir::SymbolTable &symbols,
                                 const TargetRow &row,
                                 const Contraction &contraction,
                                 const Epilogue *epilogue);

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_CONTRACTIONKERNEL_H
