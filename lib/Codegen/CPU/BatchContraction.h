// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a linalg contraction or convolution computes whose right side is a
// buffer, constant or computed, reduced to addresses.

#ifndef QNN_LIB_CODEGEN_CPU_BATCHCONTRACTION_H
#define QNN_LIB_CODEGEN_CPU_BATCHCONTRACTION_H

#include "Contraction.h"

namespace qnn {

/// A contraction of f32, or of bytes in i32 with a right side that has a sign,
/// with one right side for each batch. Sums stay in the order of the loops,
/// because floats are rounded; all of those of floats are `taps`. Row loops
/// begin with `batchLoops`.
struct BatchContraction : Contraction {
  FlatOperand rhs;
  /// The elements of the right side; null if they are computed.
  mlir::DenseElementsAttr constant;
  /// Iterations of each loop of `op`.
  llvm::SmallVector<int64_t> extents;
  /// Position of the left side among the inputs of `op`.
  unsigned lhsIndex = 0;
  /// Loops of both sides and the result: each iteration has a right side of its
  /// own.
  llvm::SmallVector<unsigned> batchLoops;
  /// Loops of sums, outermost first.
  llvm::SmallVector<unsigned> sumLoops;
  /// One for each column, or null if the result holds the start.
  mlir::DenseElementsAttr startValues;
  /// Iterations of the outermost loop of sums after which all tiles have stored
  /// their accumulators, and after which they load them again; 0 for all.
  int64_t sumBlock = 0;
};

/// Reads a contraction of f32 or of bytes; on failure `reason` says why it is
/// not one.
std::optional<BatchContraction>
matchBatchContraction(mlir::linalg::GenericOp op, llvm::StringRef &reason);

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_BATCHCONTRACTION_H
