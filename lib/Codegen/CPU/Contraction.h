// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a linalg contraction or convolution of bytes computes, reduced to
// addresses: every operand is a flat array, every loop a step in each of them.

#ifndef QNN_LIB_CODEGEN_CPU_CONTRACTION_H
#define QNN_LIB_CODEGEN_CPU_CONTRACTION_H

#include "Dot4.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace qnn {

/// A memref as a flat array: element (i, j, ...) of the loops is at
/// `offset + sum(steps * indices)`.
struct FlatOperand {
  mlir::Value memref;
  int64_t offset = 0;
  /// One for each loop of the operation.
  llvm::SmallVector<int64_t> steps;
};

/// The operand of `op` as a flat array; nothing for layouts or subscripts that
/// are not linear or not static.
std::optional<FlatOperand> flatten(mlir::linalg::GenericOp op,
                                   mlir::OpOperand &operand);

/// A loop with its step in each operand of a kernel. Which operand is which is
/// up to the owner.
struct Loop {
  int64_t extent = 1;
  llvm::SmallVector<int64_t> steps;
};

/// Merges neighbours that walk on where the inner one ends, and drops loops of
/// one iteration. Outermost first.
llvm::SmallVector<Loop> mergeLoops(llvm::ArrayRef<Loop> loops);

/// result[row, column] = start[column] +
///   sum over taps and depth of lhs[row + tap + depth] *
///                              weights[tap][depth][column],
/// or, depthwise, of lhs[row + tap + column] * weights[tap][column]; all of it
/// for each group.
struct Contraction {
  mlir::linalg::GenericOp op;
  /// Writes the start into the result; becomes superfluous. Null if the result
  /// holds the start.
  mlir::Operation *init = nullptr;
  FlatOperand lhs, result;
  /// Copy of `lhs` in 16 bits, for steps that multiply these; may be null.
  mlir::Value wideLhs;
  bool lhsIsSigned = false;
  /// Loops of `op` over rows, and the one over columns.
  llvm::SmallVector<unsigned> rowLoops;
  unsigned columnLoop = 0;
  int64_t columns = 0;
  /// The loop of `op` over groups of columns that have activations of their
  /// own, if there is one, and how many of its iterations are one group here.
  /// Groups of few columns are merged to fill a vector: weights that are zero
  /// make up for what they do not share.
  std::optional<unsigned> groupLoop;
  int64_t mergedGroups = 1;
  int64_t groups = 1;
  /// Whether each column has activations of its own, in the order of the
  /// columns, instead of all columns the same.
  bool isDepthwise = false;
  /// Loops of a sum around the bytes that lie together; steps = {lhs}.
  llvm::SmallVector<Loop> taps;
  /// Bytes that lie together, and how many of them the innermost sum has: the
  /// channels, where `depth` also has the columns of the kernel.
  int64_t depth = 1;
  int64_t innerDepth = 1;
  /// [group][taps...][depth][columns]; numbers of 8 bits with or without a
  /// sign, or such numbers less a zero point.
  std::vector<int16_t> weights;
  /// [group][columns]
  std::vector<int32_t> start;

  llvm::ArrayRef<int16_t> getGroupWeights(int64_t group) const;
  /// Adds `value` times the sum of the weights of each column to the start.
  void addToStart(int64_t value);
  int64_t numTaps() const;
  /// Columns of the kernel that lie together.
  int64_t numPlaces() const { return depth / innerDepth; }
  Dot4Operands getDot4Operands() const;
};

/// The contraction of `count` columns from `first` on.
Contraction sliceColumns(const Contraction &contraction, int64_t first,
                         int64_t count);

/// Reads a contraction of bytes with constant weights; on failure `reason` says
/// why it is not one. `lanes` is the number of columns that groups should have.
std::optional<Contraction> matchContraction(mlir::linalg::GenericOp op,
                                            int64_t lanes,
                                            llvm::StringRef &reason);

/// What a contraction adds its products to.
struct Start {
  mlir::Operation *init = nullptr;
  /// One for each column.
  mlir::DenseElementsAttr values;
};

/// The operation that writes one constant for each column into the result; on
/// failure `reason` says why there is none.
std::optional<Start> matchStart(mlir::linalg::GenericOp op,
                                const FlatOperand &result, int64_t columns,
                                llvm::StringRef &reason);

/// Addresses of the elements that the loops `order` walk over, the last one
/// innermost. `extents` has all loops of the operation.
std::vector<int64_t> listAddresses(const FlatOperand &operand,
                                   llvm::ArrayRef<unsigned> order,
                                   llvm::ArrayRef<int64_t> extents);

/// The alloc, argument or constant behind views.
mlir::Value getRoot(mlir::Value memref);

/// The value of a memref of constants; null if it is none.
mlir::DenseElementsAttr getConstant(mlir::Value memref);

/// The alloc, place in the arena, argument or constant behind views.
mlir::Value getBuffer(mlir::Value memref);

/// Operations other than views that use the buffer or a view of it.
llvm::SmallVector<mlir::Operation *> getAccesses(mlir::Value memref);

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_CONTRACTION_H
