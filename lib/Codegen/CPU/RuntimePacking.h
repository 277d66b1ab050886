// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Right sides of contractions that are computed, brought into the order in
// which kernels read them.

#ifndef QNN_LIB_CODEGEN_CPU_RUNTIMEPACKING_H
#define QNN_LIB_CODEGEN_CPU_RUNTIMEPACKING_H

#include "FloatContraction.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "qnn/Codegen/CPU/PackWeights.h"
#include "qnn/Codegen/CPU/TargetTable.h"

namespace qnn {

/// A new buffer with the right side as [batch][panel][sum][vector][lane].
mlir::Value emitPackedColumns(mlir::ImplicitLocOpBuilder &builder,
                              const FloatContraction &contraction,
                              llvm::ArrayRef<Panel> panels,
                              const TargetRow &row);

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_RUNTIMEPACKING_H
