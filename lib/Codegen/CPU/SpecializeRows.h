// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Functions on tensors of which the leading extent is not known.

#ifndef QNN_LIB_CODEGEN_CPU_SPECIALIZEROWS_H
#define QNN_LIB_CODEGEN_CPU_SPECIALIZEROWS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace qnn {

/// Whether an argument has a leading extent that is not known.
bool hasDynamicRows(mlir::func::FuncOp func);

/// Makes every leading extent that is not known `rows`, in a function of linalg
/// operations that treat the entries along axis 0 one by one; others are
/// errors.
mlir::LogicalResult specializeRows(mlir::func::FuncOp func, int64_t rows);

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_SPECIALIZEROWS_H
