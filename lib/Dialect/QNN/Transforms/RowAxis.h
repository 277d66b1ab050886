// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How operations that see the entries of one row only come to see more rows.

#ifndef QNN_LIB_DIALECT_QNN_TRANSFORMS_ROWAXIS_H
#define QNN_LIB_DIALECT_QNN_TRANSFORMS_ROWAXIS_H

#include "qnn/Dialect/QNN/IR/QNN.h"

namespace qnn {

/// Puts in the place of a matrix product or a transpose, which moves or adds up
/// the entries of a row along axis 0, the same one rank higher between
/// reshapes, so that axis 0 counts rows. Returns the new operations in order;
/// none if `op` is neither or has scales that differ along an axis.
///
///   matmul [M, K] x [K, N]  ->  matmul [1, M, K] x [1, K, N]
llvm::SmallVector<mlir::Operation *> addRowAxis(mlir::Operation *op);

/// `value` `count` times along axis 0, by few operations: copies of copies.
mlir::Value emitRepeated(mlir::OpBuilder &builder, mlir::Value value,
                         int64_t count);

} // namespace qnn

#endif // QNN_LIB_DIALECT_QNN_TRANSFORMS_ROWAXIS_H
