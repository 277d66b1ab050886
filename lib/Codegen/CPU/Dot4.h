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

/// What is multiplied.
struct Dot4Operands {
  bool activationsAreSigned = false;
  /// Activations are numbers of 16 bits in memory, for rows whose step wants
  /// them so.
  bool activationsAreWide = false;
  /// Range of the weights; at most 255 wide.
  int64_t minWeight = -128, maxWeight = 127;
};

class Dot4 {
public:
  Dot4(mlir::ImplicitLocOpBuilder &builder, const TargetRow &row,
       const Dot4Operands &operands);

  /// What the step adds to each activation; the start of the accumulators
  /// makes up for it.
  int64_t activationShift() const { return shift; }
  /// What the step adds to each activation of these operands.
  static int64_t activationShift(const TargetRow &row,
                                 const Dot4Operands &operands);

  bool activationsAreWide() const { return operands.activationsAreWide; }

  /// Elements of packed weights: i8, or i16 for wide rows.
  mlir::Type weightType();
  /// Elements of packed weights for one vector of columns.
  int64_t weightsPerVector() const { return 4 * row.lanes(); }
  /// Weights as [vector][lane][4] in the order and type that `loadWeights`
  /// reads.
  mlir::DenseElementsAttr pack(llvm::ArrayRef<int16_t> weights);

  /// A word of activations (i32) as the step wants it, in all lanes.
  llvm::SmallVector<mlir::Value, 2> broadcast(mlir::Value word);
  /// The word of four activations from `position` on as the step wants it, in
  /// all lanes.
  llvm::SmallVector<mlir::Value, 2> broadcastAt(mlir::Value memref,
                                                mlir::Value position);
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
  mlir::Value broadcastPart(mlir::Value memref, mlir::Value position,
                            int64_t size);
  mlir::Value emitBytes(mlir::Value accumulator, mlir::Value activations,
                        mlir::Value weights);
  mlir::Value emitProducts(mlir::Value accumulator,
                           llvm::ArrayRef<mlir::Value> activations,
                           llvm::ArrayRef<mlir::Value> weights);
  mlir::Value call(mlir::StringRef intrinsic, mlir::Type result,
                   mlir::ValueRange arguments);
  /// A constant with `value` in every element.
  mlir::Value splat(mlir::VectorType type, int64_t value);
  mlir::VectorType vectorOf(int64_t perLane, unsigned width);
  mlir::Value flipSigns(mlir::Value bytes);

  mlir::ImplicitLocOpBuilder &builder;
  const TargetRow &row;
  Dot4Operands operands;
  /// Of the rows that have any.
  const Dot4Instruction *instruction;
  int64_t shift;
  /// Weights that fit into bytes of neither sign are packed without this part
  /// of them.
  int64_t commonWeight = 0;
};

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_DOT4_H
