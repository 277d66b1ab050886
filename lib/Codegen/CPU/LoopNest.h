// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which loop of a linalg operation that is not a contraction becomes the lanes
// of vectors, and around and inside of it which loops remain.

#ifndef QNN_LIB_CODEGEN_CPU_LOOPNEST_H
#define QNN_LIB_CODEGEN_CPU_LOOPNEST_H

#include "Contraction.h"
#include "qnn/Codegen/CPU/TargetTable.h"

namespace qnn {

/// What the lanes are.
enum class LaneLoop {
  /// Neighbours in the result: every lane has its own, in program order.
  Results,
  /// Neighbours in the inputs that lie apart in the result: a transpose.
  Inputs,
  /// Neighbours in the result that lie apart in the inputs, where terms of a
  /// sum lie together: a sum along rows.
  Rows,
  /// Terms of an integer sum or maximum, whose order does not matter.
  Terms
};

/// An operation on memrefs as loops over flat arrays. Steps of loops are in the
/// order of `operands`.
struct LoopNest {
  mlir::linalg::GenericOp op;
  /// Inputs, then the results, of which only elementwise operations have
  /// several. A scalar has no steps.
  llvm::SmallVector<FlatOperand> operands;
  /// Parallel loops around the lanes.
  llvm::SmallVector<Loop> outer;
  Loop lanes;
  LaneLoop kind = LaneLoop::Results;
  /// Kind `Inputs`: the loop along which results lie together.
  Loop columns;
  /// Sums, maxima: innermost, in program order. Of kind `Terms`, the last one
  /// is `lanes`.
  llvm::SmallVector<Loop> reductions;
  /// Elements of a vector, and of what a loop computes at once: several
  /// vectors where they are stored as one, or are sums.
  int64_t width = 0, unrolledWidth = 0;

  llvm::ArrayRef<FlatOperand> inputs() const {
    return llvm::ArrayRef(operands).drop_back(numResults());
  }
  llvm::ArrayRef<FlatOperand> results() const {
    return llvm::ArrayRef(operands).take_back(numResults());
  }
  int64_t numResults() const {
    return mlir::linalg::GenericOp(op).getNumDpsInits();
  }
  /// The only result's former value in the body.
  mlir::BlockArgument accumulator() const {
    return mlir::linalg::GenericOp(op).getBody()->getArguments().back();
  }
};

/// How often the innermost body of the operation runs.
int64_t countIterations(mlir::linalg::LinalgOp op);

/// Finds the lanes of an operation for vectors of `vectorBits`; on failure
/// `reason` says why there are none.
std::optional<LoopNest> matchLoopNest(mlir::linalg::GenericOp op,
                                      int64_t vectorBits,
                                      llvm::StringRef &reason);

/// The operation of the body that takes the accumulator, if terms can be
/// combined with it in any order; null otherwise.
mlir::Operation *matchCombiner(mlir::linalg::GenericOp op);

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_LOOPNEST_H
