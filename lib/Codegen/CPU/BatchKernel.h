// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What kernels share whose right side is a buffer: an operand for it, tiles
// that stay inside of a batch, a start that may be in the result.

#ifndef QNN_LIB_CODEGEN_CPU_BATCHKERNEL_H
#define QNN_LIB_CODEGEN_CPU_BATCHKERNEL_H

#include "BatchContraction.h"
#include "TileKernel.h"

namespace qnn {

class BatchKernel : public TileKernel {
public:
  BatchKernel(mlir::ImplicitLocOpBuilder &builder, mlir::SymbolTable &symbols,
              const TargetRow &row, const BatchContraction &contraction,
              const Epilogue *epilogue)
      : TileKernel(builder, symbols, row, contraction, epilogue),
        contraction(contraction), extents(contraction.extents) {}

protected:
  /// Elements for a vector of columns in a packed copy of the right side; 0 if
  /// the right side is read where it is.
  virtual int64_t packedPerVector() const = 0;
  /// Registers for something else than accumulators.
  virtual int64_t otherRegisters(int64_t vectors) const = 0;

  void addOperands() override;
  /// Packed operands are not.
  bool hasKnownAccesses() const override { return false; }
  void chooseTile() override;
  void emitConstants() override;
  void emitTile(const Tile &tile) override;
  /// Accumulators to which nothing has been added.
  virtual llvm::SmallVector<mlir::Value> emitFirst(const Tile &tile);
  /// Adds all products to the accumulators: a vector for each row and each
  /// vector of columns.
  virtual llvm::SmallVector<mlir::Value>
  emitSums(const Tile &tile, llvm::SmallVector<mlir::Value> accumulators) = 0;

  /// An operand without memref that has a step in batches.
  FlatOperand batchOperand(int64_t step) const;
  /// First element of the right side for a tile.
  mlir::Value rhsBase(const Tile &tile);
  int64_t countSums() const;
  /// Vectors of columns.
  int64_t countVectors() const {
    return llvm::divideCeil(contraction.columns, row.lanes());
  }
  /// Columns in a vector of a panel.
  int64_t width(const Panel &panel, int64_t vector) const {
    return std::min(row.lanes(), panel.columns - vector * row.lanes());
  }

  const BatchContraction &contraction;
  llvm::ArrayRef<int64_t> extents;
  /// Position among the operands.
  unsigned rhsOperand = 0;

private:
  bool isBatch(const Loop &loop) const { return loop.steps[rhsOperand] != 0; }
  int64_t countTileRows(int64_t vectors) const;
};

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_BATCHKERNEL_H
