// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one step that differs between instruction sets: to each 32-bit lane, add
// the products of four activations, the same ones in all lanes, with four
// weights of the lane's own.

#ifndef QNN_LIB_CODEGEN_CPU_DOT4_H
#define QNN_LIB_CODEGEN_CPU_DOT4_H

#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "qnn/Codegen/CPU/TargetTable.h"

namespace qnn {

class Dot4 {
public:
  Dot4(mlir::ImplicitLocOpBuilder &builder, const TargetRow &row, bool isSigned)
      : builder(builder), row(row), isSigned(isSigned) {}

  /// What the step adds to each activation; the start of the accumulators
  /// makes up for it.
  static int64_t shift(const TargetRow &row, bool isSigned);

  /// Elements of packed weights: i8, or i16 for pairs.
  mlir::Type weightType();
  /// Elements of packed weights for one vector of columns.
  int64_t weightsPerVector() const { return 4 * row.lanes(); }

  /// A word of activations (i32) as the step wants it, in all lanes.
  llvm::SmallVector<mlir::Value, 2> broadcast(mlir::Value word);
  /// A vector of words, one for each lane, as the step wants it.
  llvm::SmallVector<mlir::Value, 2> prepare(mlir::Value words);
  /// The weights of a vector of columns from `position` on.
  llvm::SmallVector<mlir::Value, 2> loadWeights(mlir::Value memref,
                                                mlir::Value position);
  /// A vector of words of weights with a sign, one for each lane, as
  /// `loadWeights` reads them.
  llvm::SmallVector<mlir::Value, 2> prepareWeights(mlir::Value words);
  mlir::Value emit(mlir::Value accumulator,
                   llvm::ArrayRef<mlir::Value> activations,
                   llvm::ArrayRef<mlir::Value> weights);

private:
  llvm::SmallVector<mlir::Value, 2> splitPairs(mlir::Value words,
                                               bool isSigned);
  mlir::Value call(mlir::ValueRange arguments);
  /// A constant with `value` in every element.
  mlir::Value splat(mlir::VectorType type, int64_t value);

  mlir::ImplicitLocOpBuilder &builder;
  const TargetRow &row;
  bool isSigned;
};

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_DOT4_H
