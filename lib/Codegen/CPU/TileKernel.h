// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What all kernels of contractions share: loops over panels of columns and
// tiles of rows, the start of the accumulators, the epilogue and the stores.

#ifndef QNN_LIB_CODEGEN_CPU_TILEKERNEL_H
#define QNN_LIB_CODEGEN_CPU_TILEKERNEL_H

#include "BorderTaps.h"
#include "Dot4.h"
#include "Epilogue.h"
#include "KernelFunction.h"
#include "Saturation.h"
#include "mlir/IR/SymbolTable.h"
#include "qnn/Codegen/CPU/PackWeights.h"

namespace qnn {

/// Bytes that a prefetch reads.
inline constexpr int64_t kCacheLine = 64;

/// Where the operands of a kernel are in the steps of row loops; behind them
/// come the inputs of the epilogue, and a wide copy of the left side if there
/// is one.
enum OperandIndex { kLhs = 0, kTarget = 1, kFirstInput = 2 };

/// A tile: where each operand begins, and the distance of its rows from there.
struct Tile {
  llvm::SmallVector<mlir::Value> bases;
  /// One entry for each row, with a distance for each operand.
  llvm::SmallVector<llvm::SmallVector<int64_t>> rows;
  const Panel *panel = nullptr;
  /// First column and first packed weight of the panel, and where its group
  /// begins in the start of the accumulators.
  mlir::Value column, weights, start;
  /// First packed weight of the panel that comes next; after the last one, of
  /// the first one.
  mlir::Value nextWeights;
  /// How many tiles of the panel this call has computed before.
  mlir::Value number;
  /// Number of the iteration of the row loops around the tiles.
  mlir::Value iteration;
  /// The first iteration of the innermost row loop that belongs to the tile,
  /// and how many there are, for rows one after the other; of equal tiles those
  /// of the first.
  int64_t firstIteration = 0, numIterations = 1;

  int64_t numAccumulators() const { return rows.size() * panel->vectors; }
};

/// Where the lanes of a vector belong: to a row of the tile, in it to `width`
/// columns of the panel from `column` on.
struct Place {
  int64_t row = 0, column = 0, width = 0;
};

/// A row loop of which a tile has at most `size` iterations.
struct TiledLoop {
  Loop loop;
  int64_t size = 1;
};

/// What there is to know about the range of taps of an iteration.
enum RangeField {
  /// Where its starts of accumulators begin.
  kStartOffset = 0,
  kBegin = 1,
  kEnd = 2,
  kNumFields = 3
};

/// Iterations [begin, end) out of `count`.
struct UnitRange {
  mlir::Value begin, end;
  int64_t count = 1;
};

class TileKernel {
public:
  TileKernel(mlir::ImplicitLocOpBuilder &builder, mlir::SymbolTable &symbols,
             const TargetRow &row, const Contraction &contraction,
             const Epilogue *epilogue)
      : builder(builder), symbols(symbols), row(row), contraction(contraction),
        epilogue(epilogue), dot4(builder, row, contraction.getDot4Operands()) {
    if (epilogue)
      saturation = matchSaturation(row, contraction, *epilogue);
  }
  virtual ~TileKernel() = default;

  void emit();

protected:
  /// Takes the loops that tiles cut from `rowLoops` to `tiledLoops`, and splits
  /// the columns into `panels`.
  virtual void chooseTile() = 0;
  /// The weights in the order in which emitTile reads them, group by group and
  /// panel by panel, and other constants that it needs. Only for kernels that
  /// leave emitConstants as it is.
  virtual mlir::DenseElementsAttr packWeights() { return {}; }
  /// Adds operands behind the inputs of the epilogue. If the memref of one is
  /// null, packOperands sets it and its view.
  virtual void addOperands() {}
  /// Runs after chooseTile, in the function that calls the kernel.
  virtual void packOperands() {}
  /// Sets `packed`, its size and `start`.
  virtual void emitConstants();
  /// Emits `tiles`, the loops over all tiles, as often as it takes.
  virtual void emitPasses(llvm::function_ref<void()> tiles) { tiles(); }
  /// Whether operands are accessed as their steps say.
  virtual bool hasKnownAccesses() const { return true; }
  /// Computes and stores all rows of a tile.
  virtual void emitTile(const Tile &tile) = 0;
  /// The column of a lane, counted over the vectors of a panel.
  virtual std::optional<int64_t> columnOf(const Panel &panel,
                                          int64_t lane) const;
  /// Where accumulators belong, in the order in which emitResults gets them:
  /// row by row.
  virtual llvm::SmallVector<Place> listPlaces(const Tile &tile) const;

  /// The first accumulators of a number of rows. `offset` is that of a range of
  /// taps in the table of starts.
  llvm::SmallVector<mlir::Value> emitStart(const Tile &tile, int64_t numRows,
                                           mlir::Value offset = {});
  /// Sets `borders` if taps are worth to be left out, and also places of the
  /// kernel out of `numSteps` vector multiply-adds, or none of them if that is
  /// 0. Once tiles are chosen.
  void findBorders(int64_t numSteps);
  /// How far behind the start of all places of the kernel is that of those that
  /// a row of the tile has.
  int64_t getStartDistance(const Tile &tile, int64_t row) const;
  /// The places of the kernel that a row of the tile has.
  TapRange getPlaces(const Tile &tile, int64_t row) const;
  /// Emits `rangeTable`, for `borders`.
  void emitRangeTable();
  /// A field of the range of taps of a tile's iteration, as an index.
  mlir::Value loadRange(const Tile &tile, RangeField field);
  /// Epilogue and stores.
  void emitResults(const Tile &tile, llvm::ArrayRef<mlir::Value> accumulators);

  int64_t countRows() const;
  /// Vector multiply-adds, about.
  int64_t countSteps() const;
  /// How much of the weights of the next panel each tile has to prefetch for
  /// `perWord` of its own, so that all tiles together prefetch all of them; 0
  /// if that is of no use.
  int64_t countPrefetched(int64_t perWord) const;
  /// Lanes of all panels.
  int64_t countLanes() const;
  /// Vectors of columns in a tile: as the table says, or more if there are too
  /// few rows for enough accumulators, unless constant weights are shared with
  /// kernels of more rows.
  int64_t countTileVectors(int64_t numRows, bool hasConstantWeights) const;
  /// Takes what tiles of at most this many rows cut from `rowLoops`.
  void cutTiles(int64_t maxRows);
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
  /// Taps that tiles leave out, by iteration of `rowLoops`.
  std::optional<BorderTaps> borders;
  /// Whether the lanes of four vectors are in interleaved order
  /// (Interleave.h); places are in natural order.
  bool isInterleaved = false;

private:
  void collectOperands();
  void splitWork();
  /// First elements and ends for each unit; empty if they are not known.
  llvm::SmallVector<int64_t> listAccesses(unsigned operand) const;
  /// What the range of the call means for the rows of a panel.
  UnitRange emitRowRange(mlir::Value panel);
  void emitIterations(const UnitRange *range, int64_t first, int64_t count,
                      llvm::function_ref<void(mlir::Value)> body);
  /// Units of which the left side fits into a part of the cache.
  int64_t countBlockUnits() const;
  void emitBlocks();
  void emitPanels();
  void emitGroup(const Tile &group);
  void emitPanel(const Tile &group, const Panel &panel, mlir::Value column,
                 mlir::Value weights, const UnitRange &rows);
  void emitRowLoops(const Tile &tile, llvm::ArrayRef<Loop> outer,
                    const UnitRange *range);
  void emitUnit(const Tile &tile, mlir::Value unit);
  llvm::SmallVector<TileRun> listRuns(const TiledLoop &tiled,
                                      bool isInnermost) const;
  void emitRowTiles(const Tile &tile, llvm::ArrayRef<TiledLoop> loops,
                    const UnitRange *range);
  mlir::Value emitTileNumber(const Tile &tile, int64_t firstTile,
                             mlir::Value index);
  void emitStartTable();
  void emitTables();
  void emitBytes(const Tile &tile, llvm::ArrayRef<mlir::Value> accumulators,
                 llvm::ArrayRef<Place> places);
  void emitStores(const Tile &tile, mlir::Value vector,
                  llvm::ArrayRef<Place> places);
  /// The epilogue up to `result`, a value of its body. `position` counts the
  /// vectors of four that are in the same order.
  mlir::Value emitEpilogue(const Tile &tile, const Place &place,
                           int64_t position, mlir::Value accumulator,
                           mlir::Value result);
  mlir::Value loadInput(const Tile &tile, unsigned input, const Place &place,
                        int64_t position);
  mlir::Value emitInputTable(unsigned input);

  std::optional<Saturation> saturation;
  /// RangeFields of each iteration of the row loops, if there are borders.
  mlir::Value rangeTable;
  /// Constant inputs of the epilogue with an element for each lane of the
  /// panels; null for others.
  llvm::SmallVector<mlir::Value> tables;
  /// Whether the epilogue is computed on lanes in natural order.
  bool isNatural = true;
  KernelFunction kernel;
  /// What the range of a call counts: iterations of the first loops over rows,
  /// with all panels together or panel by panel.
  bool splitsPanels = false;
  int64_t rowUnits = 1, tilesPerRowUnit = 1;
  unsigned unitLoops = 0;
  int64_t units = 1;
};

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_TILEKERNEL_H
