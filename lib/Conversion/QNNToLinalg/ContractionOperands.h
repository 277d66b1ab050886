// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What convolutions and matrix products have in common: weights in the order of
// the loops, zero points, the start of the accumulator, the product.

#ifndef QNN_LIB_CONVERSION_QNNTOLINALG_CONTRACTIONOPERANDS_H
#define QNN_LIB_CONVERSION_QNNTOLINALG_CONTRACTIONOPERANDS_H

#include "TensorEmitter.h"
#include <optional>

namespace qnn {

/// The tensor with its axes permuted; of a constant, a constant.
mlir::Value emitPermuted(mlir::OpBuilder &builder, mlir::Location loc,
                         mlir::Value value,
                         llvm::ArrayRef<int64_t> permutation);

/// [..., count * X, ...] as [..., count, X, ...]; of a constant, a constant.
mlir::Value emitSplitAxis(mlir::OpBuilder &builder, mlir::Location loc,
                          mlir::Value value, unsigned axis, int64_t count);

/// One side of a product: how an element becomes a number.
struct Factor {
  mlir::Value values;
  /// The element type whose sign counts.
  mlir::Type elementType;
  /// What the loop body subtracts.
  int64_t zeroPoint = 0;
};

/// The constant side of an integer contraction.
struct ConstantWeights {
  Factor factor;
  /// sum(w - zero point) for each output channel.
  llvm::SmallVector<int64_t> channelSums;
};

/// Weights that are an integer constant, with their zero point subtracted;
/// nothing if they are not. `channelAxis` counts output channels.
std::optional<ConstantWeights>
foldWeights(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value weights,
            mlir::Type elementType, int64_t zeroPoint, int64_t channelAxis);

/// An accumulator of `type` that holds the bias (or zeros) plus `correction`
/// for each channel of the last axis, which may be empty.
mlir::Value emitAccumulator(mlir::OpBuilder &builder, mlir::Location loc,
                            mlir::RankedTensorType type, mlir::Value bias,
                            llvm::ArrayRef<int64_t> correction);

/// acc + lhs * rhs in the accumulator's type; floats are rounded once.
mlir::Value emitMultiplyAdd(ScalarEmitter &emitter, mlir::ValueRange arguments,
                            const Factor &lhs, const Factor &rhs);

} // namespace qnn

#endif // QNN_LIB_CONVERSION_QNNTOLINALG_CONTRACTIONOPERANDS_H
