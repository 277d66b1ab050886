// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What all kernels of contractions share: loops over panels of columns and
// tiles of rows, the start of the accumulators, the epilogue and the stores.

#ifndef QNN_LIB_CODEGEN_CPU_TILEKERNEL_H
#define QNN_LIB_CODEGEN_CPU_TILEKERNEL_H

#include "Dot4.h"
#include "Epilogue.h"
#include "KernelFunction.h"
#include "mlir/IR/SymbolTable.h"
#include "qnn/Codegen/CPU/PackWeights.h"

namespace qnn {

/// Where the operands of a kernel are in the steps of row loops; behind them
/// come the inputs of the epilogue.
enum OperandIndex { kLhs = 0, kTarget = 1, kFirstInput = 2 };

/// A tile: where each operand begins, and the distance of its rows from there.
struct Tile {
  llvm::SmallVector<mlir::Value> bases;
  /// One entry for each row, with a distance for each operand.
  llvm::SmallVector<llvm::SmallVector<int64_t>> rows;
  const Panel *panel = nullptr;
  /// First column and first packed weight of the panel.
  mlir::Value column, weights;

  int64_t numAccumulators() const { return rows.size() * panel->vectors; }
};

/// A row loop of which a tile has at most `size` iterations.
struct TiledLoop {
  Loop loop;
  int64_t size = 1;
};

class TileKernel {
public:
  TileKernel(mlir::ImplicitLocOpBuilder &builder, mlir::SymbolTable &symbols,
             const TargetRow &row, const Contraction &contraction,
             const Epilogue *epilogue)
      : builder(builder), symbols(symbols), row(row), contraction(contraction),
        epilogue(epilogue), dot4(builder, row, contraction.lhsIsSigned) {}
  virtual ~TileKernel() = default;

  void emit();

protected:
  /// Takes the loops that tiles cut from `rowLoops` to `tiledLoops`, and splits
  /// the columns into `panels`.
  virtual void chooseTile() = 0;
  /// The weights in the order in which emitSums reads them, panel by panel.
  /// Only for kernels that leave emitConstants as it is.
  virtual std::vector<int8_t> packWeights() { return {}; }
  /// Adds operands behind the inputs of the epilogue. If the memref of one is
  /// null, packOperands sets it and its view.
  virtual void addOperands() {}
  /// Runs after chooseTile, in the function that calls the kernel.
  virtual void packOperands() {}
  /// Sets `packed`, its size and `start`.
  virtual void emitConstants();
  /// Vectors of accumulators to which nothing has been added.
  virtual llvm::SmallVector<mlir::Value> emitStart(const Tile &tile);
  /// Adds all products to the accumulators: a vector for each row and each
  /// vector of columns.
  virtual llvm::SmallVector<mlir::Value>
  emitSums(const Tile &tile, llvm::SmallVector<mlir::Value> accumulators) = 0;

  int64_t countRows() const;
  mlir::VectorType accumulatorType() const;

  mlir::ImplicitLocOpBuilder &builder;
  mlir::SymbolTable &symbols;
  const TargetRow &row;
  const Contraction &contraction;
  const Epilogue *epilogue;
  Dot4 dot4;

  /// In the order of the steps of row loops.
  llvm::SmallVector<FlatOperand> operands;
  llvm::SmallVector<mlir::Value> views;
  llvm::SmallVector<Loop> rowLoops;
  llvm::SmallVector<TiledLoop> tiledLoops;
  llvm::SmallVector<Panel> panels;
  mlir::Value packed, start;
  int64_t packedSize = 0;

private:
  void collectOperands();
  /// Vector multiply-adds, about.
  int64_t countSteps() const;
  void splitWork();
  void emitUnits(int64_t first, int64_t count,
                 llvm::function_ref<void(mlir::Value)> body);
  void emitIterations(bool isSplit, int64_t first, int64_t count,
                      llvm::function_ref<void(mlir::Value)> body);
  void emitPanels();
  void emitPanel(const Panel &panel, mlir::Value column, mlir::Value weights);
  void emitRowLoops(const Tile &tile, llvm::ArrayRef<Loop> outer, bool isSplit);
  void emitRowTiles(const Tile &tile, llvm::ArrayRef<TiledLoop> loops,
                    bool isSplit);
  void emitResults(const Tile &tile, llvm::ArrayRef<mlir::Value> accumulators);
  mlir::Value emitEpilogue(const Tile &tile, int64_t rowIndex,
                           mlir::Value column, mlir::Value accumulator,
                           int64_t width);
  mlir::Value loadInput(const Tile &tile, unsigned input, int64_t rowIndex,
                        mlir::Value column, int64_t width);

  KernelFunction kernel;
  /// What the range of a call counts: panels, or iterations of the outermost
  /// loop over rows.
  bool splitsPanels = false;
  int64_t units = 1;
};

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_TILEKERNEL_H
