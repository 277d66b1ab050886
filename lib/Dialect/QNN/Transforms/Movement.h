// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What moves elements between an operation that computes and one that could be
// part of it.

#ifndef QNN_LIB_DIALECT_QNN_TRANSFORMS_MOVEMENT_H
#define QNN_LIB_DIALECT_QNN_TRANSFORMS_MOVEMENT_H

#include "mlir/IR/Operation.h"

namespace qnn {

/// Reshapes, slices and transposes between `result` and `source`, from the last
/// to the first. Each is the only use of the value before it.
struct Movement {
  mlir::Value result, source;
  llvm::SmallVector<mlir::Operation *> ops;

  /// Whether the remainder of an element's place divided by `channels`, which
  /// are the extent of the last axis of `result`, is the same in all values.
  bool keepsChannels(int64_t channels) const;

  /// Names the values that hold the data of `result`: what is before a slice
  /// holds more.
  void rename(mlir::Location loc) const;
};

/// The extent of the last axis; 1 of rank 0.
int64_t lastExtent(mlir::Value value);

/// All movement that leads to `result` and has no other use; none if `result`
/// has several.
Movement getMovement(mlir::Value result);

} // namespace qnn

#endif // QNN_LIB_DIALECT_QNN_TRANSFORMS_MOVEMENT_H
