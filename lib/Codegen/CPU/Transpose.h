// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Transposes of tiles on registers.

#ifndef QNN_LIB_CODEGEN_CPU_TRANSPOSE_H
#define QNN_LIB_CODEGEN_CPU_TRANSPOSE_H

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace qnn {

/// One vector with element 0 of each vector, then element 1 of each, and so on.
mlir::Value emitInterleaved(mlir::ImplicitLocOpBuilder &builder,
                            llvm::ArrayRef<mlir::Value> vectors);

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_TRANSPOSE_H
