// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loops over panels of columns, tiles of rows, taps and words; accumulators
// are vectors that the loops carry; the epilogue is computed on them.

#include "ContractionKernel.h"
#include "Dot4.h"
#include "FlatAccess.h"
#include "PackWeights.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace qnn;

namespace {

/// Positions of operands in the steps of row loops.
enum { kLhs = 0, kTarget = 1, kFirstInput = 2 };

/// A tile: where each operand begins, and the distance of its rows from there.
struct Tile {
  SmallVector<Value> bases;
  /// One entry for each row, with a distance for each operand.
  SmallVector<SmallVector<int64_t>> rows;
  const Panel *panel = nullptr;
  /// First column and first packed weight of the panel.
  Value column, weights;
  /// Copies of the accumulators that take turns, so that enough of them are
  /// independent of each other.
  int64_t copies = 1;

  int64_t numRows() const { return rows.size(); }
  int64_t numAccumulators() const { return numRows() * panel->vectors; }
};

class KernelEmitter {
public:
  KernelEmitter(ImplicitLocOpBuilder &builder, SymbolTable &symbols,
                const TargetRow &row, const Contraction &contraction,
                const Epilogue *epilogue)
      : builder(builder), symbols(symbols), row(row), contraction(contraction),
        epilogue(epilogue), dot4(builder, row, contraction.lhsIsSigned),
        words(contraction.depth) {}

  void emit() {
    collectOperands();
    chooseTile();
    emitConstants();
    emitPanels();
  }

private:
  void collectOperands();
  void chooseTile();
  void emitConstants();
  void emitPanels();
  void emitPanel(const Panel &panel, Value column, Value weights);
  void emitRowLoops(Tile &tile, ArrayRef<Loop> outer);
  void emitRowTiles(Tile &tile);
  void emitTile(Tile &tile);
  SmallVector<Value> emitStart(const Tile &tile);
  SmallVector<Value> emitTaps(const Tile &tile, ArrayRef<Loop> taps, Value lhs,
                              Value tapIndex, ValueRange accumulators);
  SmallVector<Value> emitWords(const Tile &tile, Value lhs, Value weights,
                               ValueRange accumulators);
  void emitWord(const Tile &tile, Value lhs, Value weights, int64_t copy,
                int64_t wordBytes, SmallVectorImpl<Value> &accumulators);
  Value emitLoadWord(Value address, int64_t numBytes);
  void emitResults(const Tile &tile, ArrayRef<Value> accumulators);
  Value emitEpilogue(const Tile &tile, int64_t rowIndex, Value column,
                     Value accumulator, int64_t width);
  Value loadInput(const Tile &tile, unsigned input, int64_t rowIndex,
                  Value column, int64_t width);
  VectorType accumulatorType() {
    return VectorType::get(row.lanes(), builder.getI32Type());
  }
  /// Packed weights of one word of a panel.
  int64_t weightsPerWord(const Panel &panel) const {
    return panel.vectors * dot4.weightsPerVector();
  }

  ImplicitLocOpBuilder &builder;
  SymbolTable &symbols;
  const TargetRow &row;
  const Contraction &contraction;
  const Epilogue *epilogue;
  Dot4 dot4;
  Words words;

  /// In the order of the steps of row loops.
  SmallVector<FlatOperand> operands;
  SmallVector<Value> views;
  SmallVector<Loop> rowLoops;
  /// The loops of which a tile has iterations: the innermost one, or the two
  /// innermost ones if the last is short.
  Loop tileLoop, innerLoop;
  int64_t tileSize = 1;
  SmallVector<Panel> panels;
  Value packed, start;
};

void KernelEmitter::collectOperands() {
  operands.push_back(contraction.lhs);
  operands.push_back(epilogue ? epilogue->output : contraction.result);
  if (epilogue)
    llvm::append_range(operands, epilogue->inputs);
  linalg::GenericOp op = contraction.op;
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  SmallVector<Loop> loops;
  for (unsigned index : contraction.rowLoops) {
    Loop loop{extents[index], {}};
    for (const FlatOperand &operand : operands)
      loop.steps.push_back(operand.steps[index]);
    loops.push_back(loop);
  }
  rowLoops = mergeLoops(loops);
  for (auto [i, operand] : llvm::enumerate(operands)) {
    // The accumulators of an epilogue never reach memory.
    bool isUnused = epilogue && i == kFirstInput + epilogue->accumulator;
    views.push_back(isUnused ? Value() : emitFlatView(builder, operand.memref));
  }
}

/// Tiles have as many columns as the table says, or more if there are too few
/// rows for enough accumulators; then as many rows as registers allow.
void KernelEmitter::chooseTile() {
  int64_t numRows = 1;
  for (const Loop &loop : rowLoops)
    numRows *= loop.extent;
  int64_t fewRows = llvm::divideCeil(row.accumulators, row.tileVectors);
  int64_t maxVectors = row.tileVectors;
  if (numRows < fewRows)
    maxVectors = std::max<int64_t>(
        maxVectors, (row.accumulators + 2) / numRows);
  panels = splitColumns(contraction.columns, row.lanes(), maxVectors);
  int64_t vectors = panels.front().vectors;
  int64_t weightRegisters = row.dot4 == Dot4Form::Pairs ? 2 : 1;
  int64_t forAccumulators =
      row.registers - (vectors + 1) * weightRegisters;
  int64_t maxRows = std::max<int64_t>(1, forAccumulators / vectors);
  // More rows than enough only lengthen the code and the loops over rests.
  int64_t enough = llvm::divideCeil(row.accumulators + 2, vectors);
  maxRows = std::min(maxRows, std::max<int64_t>(enough, fewRows));

  SmallVector<int64_t> none(operands.size(), 0);
  tileLoop = innerLoop = Loop{1, none};
  if (!rowLoops.empty())
    tileLoop = rowLoops.pop_back_val();
  if (tileLoop.extent * 2 <= maxRows && !rowLoops.empty()) {
    innerLoop = tileLoop;
    tileLoop = rowLoops.pop_back_val();
  }
  tileSize = maxRows / innerLoop.extent;
}

void KernelEmitter::emitConstants() {
  std::vector<int8_t> bytes =
      packBytes(contraction.weights, contraction.numTaps(), contraction.depth,
                contraction.columns, panels, row.lanes());
  auto shape = RankedTensorType::get(bytes.size(), dot4.weightType());
  DenseElementsAttr weights =
      row.dot4 == Dot4Form::Pairs
          ? DenseElementsAttr::get(
                shape, ArrayRef<int16_t>(packPairs(bytes, row.lanes())))
          : DenseElementsAttr::get(shape, ArrayRef<int8_t>(bytes));
  packed = emitConstant(builder, symbols, "packed_weights", weights);

  int64_t shift = Dot4::shift(row, contraction.lhsIsSigned);
  std::vector<int64_t> sums =
      sumColumns(contraction.weights, contraction.columns);
  // Whole vectors are loaded.
  std::vector<int32_t> values(
      llvm::alignTo(contraction.columns, row.lanes()), 0);
  for (int64_t i = 0; i < contraction.columns; ++i)
    values[i] = int32_t(uint32_t(contraction.start[i]) -
                        uint32_t(shift * sums[i]));
  auto type = RankedTensorType::get(values.size(), builder.getI32Type());
  start = emitConstant(builder, symbols, "packed_start",
                       DenseElementsAttr::get(type, ArrayRef<int32_t>(values)));
}

void KernelEmitter::emitPanels() {
  const Panel &last = panels.back();
  int64_t width = panels.front().vectors * row.lanes();
  bool lastIsEqual = last.columns == width;
  int64_t numEqual = panels.size() - !lastIsEqual;
  int64_t panelWeights = contraction.numTaps() * words.count() *
                         weightsPerWord(panels.front());
  emitLoop(builder, 0, numEqual, 1, {}, [&](Value index, ValueRange) {
    Value zero = emitIndex(builder, 0);
    emitPanel(panels.front(), emitStep(builder, zero, index, width),
              emitStep(builder, zero, index, panelWeights));
    return SmallVector<Value>();
  });
  if (!lastIsEqual)
    emitPanel(last, emitIndex(builder, last.firstColumn),
              emitIndex(builder, numEqual * panelWeights));
}

void KernelEmitter::emitPanel(const Panel &panel, Value column,
                              Value weights) {
  Tile tile;
  tile.panel = &panel;
  tile.column = column;
  tile.weights = weights;
  for (const FlatOperand &operand : operands)
    tile.bases.push_back(emitIndex(builder, operand.offset));
  emitRowLoops(tile, rowLoops);
}

void KernelEmitter::emitRowLoops(Tile &tile, ArrayRef<Loop> outer) {
  if (outer.empty())
    return emitRowTiles(tile);
  emitLoop(builder, 0, outer[0].extent, 1, {}, [&](Value index, ValueRange) {
    Tile inner = tile;
    for (auto [base, step] : llvm::zip_equal(inner.bases, outer[0].steps))
      base = emitStep(builder, base, index, step);
    emitRowLoops(inner, outer.drop_front());
    return SmallVector<Value>();
  });
}

void KernelEmitter::emitRowTiles(Tile &tile) {
  for (const TileRun &run : splitRows(tileLoop.extent, tileSize)) {
    int64_t end = run.begin + run.count * run.size;
    emitLoop(builder, run.begin, end, run.size, {},
             [&](Value index, ValueRange) {
               Tile inner = tile;
               for (auto [base, step] :
                    llvm::zip_equal(inner.bases, tileLoop.steps))
                 base = emitStep(builder, base, index, step);
               for (int64_t i = 0; i < run.size; ++i)
                 for (int64_t j = 0; j < innerLoop.extent; ++j) {
                   auto &distances = inner.rows.emplace_back();
                   for (auto [a, b] :
                        llvm::zip_equal(tileLoop.steps, innerLoop.steps))
                     distances.push_back(i * a + j * b);
                 }
               emitTile(inner);
               return SmallVector<Value>();
             });
  }
}

void KernelEmitter::emitTile(Tile &tile) {
  while (tile.copies * 2 * tile.numAccumulators() <= row.accumulators &&
         tile.copies * 2 <= words.numWhole())
    tile.copies *= 2;
  SmallVector<Value> accumulators =
      emitTaps(tile, contraction.taps, tile.bases[kLhs], emitIndex(builder, 0),
               emitStart(tile));
  int64_t count = tile.numAccumulators();
  for (int64_t width = tile.copies / 2; width > 0; width /= 2)
    for (int64_t i = 0; i < width * count; ++i)
      accumulators[i] = arith::AddIOp::create(builder, accumulators[i],
                                              accumulators[i + width * count]);
  accumulators.resize(count);
  emitResults(tile, accumulators);
}

SmallVector<Value> KernelEmitter::emitStart(const Tile &tile) {
  SmallVector<Value> vectors, accumulators;
  for (int64_t j = 0; j < tile.panel->vectors; ++j)
    vectors.push_back(vector::LoadOp::create(
        builder, accumulatorType(), start,
        emitOffset(builder, tile.column, j * row.lanes())));
  for (int64_t i = 0; i < tile.numRows(); ++i)
    llvm::append_range(accumulators, vectors);
  if (tile.copies > 1) {
    Value zero = arith::ConstantOp::create(
        builder, builder.getZeroAttr(accumulatorType()));
    accumulators.resize(tile.copies * tile.numAccumulators(), zero);
  }
  return accumulators;
}

SmallVector<Value> KernelEmitter::emitTaps(const Tile &tile,
                                           ArrayRef<Loop> taps, Value lhs,
                                           Value tapIndex,
                                           ValueRange accumulators) {
  if (taps.empty()) {
    int64_t perTap = words.count() * weightsPerWord(*tile.panel);
    return emitWords(tile, lhs,
                     emitStep(builder, tile.weights, tapIndex, perTap),
                     accumulators);
  }
  int64_t perIteration = 1;
  for (const Loop &tap : taps.drop_front())
    perIteration *= tap.extent;
  return emitLoop(
      builder, 0, taps[0].extent, 1, accumulators,
      [&](Value index, ValueRange carried) {
        return emitTaps(tile, taps.drop_front(),
                        emitStep(builder, lhs, index, taps[0].steps[0]),
                        emitStep(builder, tapIndex, index, perIteration),
                        carried);
      });
}

/// Whole words in a loop, then those that are left and the rest.
SmallVector<Value> KernelEmitter::emitWords(const Tile &tile, Value lhs,
                                            Value weights,
                                            ValueRange accumulators) {
  int64_t perWord = weightsPerWord(*tile.panel);
  int64_t whole = words.numWhole();
  int64_t looped = whole / tile.copies * tile.copies;
  SmallVector<Value> values = emitLoop(
      builder, 0, looped, tile.copies, accumulators,
      [&](Value index, ValueRange carried) {
        SmallVector<Value> next(carried);
        for (int64_t copy = 0; copy < tile.copies; ++copy) {
          Value word = emitOffset(builder, index, copy);
          emitWord(tile, emitStep(builder, lhs, word, 4),
                   emitStep(builder, weights, word, perWord), copy, 4, next);
        }
        return next;
      });
  for (int64_t word = looped; word < words.count(); ++word)
    emitWord(tile, emitOffset(builder, lhs, words.begin(word)),
             emitOffset(builder, weights, word * perWord), word - looped,
             std::min<int64_t>(4, contraction.depth), values);
  return values;
}

void KernelEmitter::emitWord(const Tile &tile, Value lhs, Value weights,
                             int64_t copy, int64_t wordBytes,
                             SmallVectorImpl<Value> &accumulators) {
  SmallVector<SmallVector<Value, 2>> columns;
  for (int64_t j = 0; j < tile.panel->vectors; ++j)
    columns.push_back(dot4.loadWeights(
        packed, emitOffset(builder, weights, j * dot4.weightsPerVector())));
  int64_t next = copy % tile.copies * tile.numAccumulators();
  for (ArrayRef<int64_t> distances : tile.rows) {
    Value address = emitOffset(builder, lhs, distances[kLhs]);
    auto activations = dot4.broadcast(emitLoadWord(address, wordBytes));
    for (ArrayRef<Value> column : columns) {
      accumulators[next] = dot4.emit(accumulators[next], activations, column);
      ++next;
    }
  }
}

/// Fewer than four bytes are read one by one: there may be nothing behind.
Value KernelEmitter::emitLoadWord(Value address, int64_t numBytes) {
  Type i32 = builder.getI32Type();
  if (numBytes == 4) {
    auto bytes = VectorType::get(4, builder.getI8Type());
    Value loaded =
        vector::LoadOp::create(builder, bytes, views[kLhs], address);
    Value word = vector::BitCastOp::create(builder, VectorType::get(1, i32),
                                           loaded);
    return vector::ExtractOp::create(builder, word, 0);
  }
  Value word;
  for (int64_t i = 0; i < numBytes; ++i) {
    Value byte = memref::LoadOp::create(builder, views[kLhs],
                                        emitOffset(builder, address, i));
    Value wide = arith::ExtUIOp::create(builder, i32, byte);
    if (i > 0)
      wide = arith::ShLIOp::create(
          builder, wide, arith::ConstantIntOp::create(builder, i32, 8 * i));
    word = word ? arith::OrIOp::create(builder, word, wide).getResult() : wide;
  }
  return word;
}

void KernelEmitter::emitResults(const Tile &tile,
                                ArrayRef<Value> accumulators) {
  int64_t lanes = row.lanes(), next = 0;
  for (int64_t i = 0; i < tile.numRows(); ++i)
    for (int64_t j = 0; j < tile.panel->vectors; ++j) {
      Value value = accumulators[next++];
      int64_t width = std::min(lanes, tile.panel->columns - j * lanes);
      if (width < lanes)
        value = vector::ExtractStridedSliceOp::create(
            builder, value, ArrayRef<int64_t>{0}, ArrayRef(width),
            ArrayRef<int64_t>{1});
      Value column = emitOffset(builder, tile.column, j * lanes);
      if (epilogue)
        value = emitEpilogue(tile, i, column, value, width);
      Value base = emitOffset(builder, tile.bases[kTarget],
                              tile.rows[i][kTarget]);
      Value address = builder.createOrFold<arith::AddIOp>(base, column);
      vector::StoreOp::create(builder, value, views[kTarget], address);
    }
}

Value KernelEmitter::emitEpilogue(const Tile &tile, int64_t rowIndex,
                                  Value column, Value accumulator,
                                  int64_t width) {
  SmallVector<Value> arguments;
  for (unsigned i = 0; i < epilogue->inputs.size(); ++i)
    arguments.push_back(i == epilogue->accumulator
                            ? accumulator
                            : loadInput(tile, i, rowIndex, column, width));
  return emitVectorBody(builder, epilogue->op, arguments, width);
}

Value KernelEmitter::loadInput(const Tile &tile, unsigned input,
                               int64_t rowIndex, Value column, int64_t width) {
  unsigned operand = kFirstInput + input;
  Value view = views[operand];
  Type element = cast<MemRefType>(view.getType()).getElementType();
  auto type = VectorType::get(width, element);
  Value address =
      emitOffset(builder, tile.bases[operand], tile.rows[rowIndex][operand]);
  if (operands[operand].steps[contraction.columnLoop] == 0) {
    Value scalar = memref::LoadOp::create(builder, view, address);
    return vector::BroadcastOp::create(builder, type, scalar);
  }
  address = builder.createOrFold<arith::AddIOp>(address, column);
  return vector::LoadOp::create(builder, type, view, address);
}

} // namespace

void qnn::emitContractionKernel(ImplicitLocOpBuilder &builder,
                                SymbolTable &symbols, const TargetRow &row,
                                const Contraction &contraction,
                                const Epilogue *epilogue) {
  KernelEmitter(builder, symbols, row, contraction, epilogue).emit();
}
