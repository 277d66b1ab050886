// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loops around tiles, and what happens before and after the sums of one.

#include "TileKernel.h"
#include "FlatAccess.h"
#include "Interleave.h"
#include "VectorBody.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "qnn/Codegen/CPU/Passes.h"

using namespace mlir;
using namespace qnn;

/// Units that can be shared evenly, by a few threads.
static constexpr int64_t kManyUnits = 16;

/// With more units, kernels are large enough to be shared alone.
static constexpr int64_t kMaxKnownUnits = 256;

/// Which part of the cache rows may take, and weights that stay there.
static constexpr int64_t kBlockPart = 4;

void TileKernel::emit() {
  collectOperands();
  chooseTile();
  packOperands();
  splitWork();
  SmallVector<Value> roots;
  for (const FlatOperand &operand : operands)
    roots.push_back(getRoot(operand.memref));
  kernel = emitKernelFunction(builder, symbols, views, roots, {kTarget}, units,
                              countSteps());
  if (hasKnownAccesses() && units <= kMaxKnownUnits)
    setAccesses(kernel,
                [&](unsigned operand) { return listAccesses(operand); });
  views = kernel.buffers;
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&kernel.function.front());
  emitConstants();
  emitTables();
  emitPasses([&] { emitBlocks(); });
}

static int64_t getElementBytes(Value view) {
  return cast<MemRefType>(view.getType()).getElementTypeBitWidth() / 8;
}

static int64_t countBytes(Value view) {
  return cast<MemRefType>(view.getType()).getNumElements() *
         getElementBytes(view);
}

int64_t TileKernel::countBlockUnits() const {
  int64_t bytes = countBytes(views[kLhs]);
  if (contraction.wideLhs)
    bytes += countBytes(views.back());
  int64_t available = row.cacheBytes / kBlockPart;
  // Depthwise, each panel reads its part of each pixel; where pixels do not
  // begin with lines, the next panel reads most of the same lines.
  int64_t elementBytes = getElementBytes(views[kLhs]);
  bool sharesLines = llvm::any_of(contraction.lhs.steps, [&](int64_t step) {
    return step > 1 && step * elementBytes % kCacheLine != 0;
  });
  if (contraction.isDepthwise && sharesLines)
    available = row.firstCacheBytes;
  if (splitsPanels || panels.size() == 1 || bytes <= available)
    return units;
  return std::clamp<int64_t>(units * available / bytes, 1, units);
}

/// Panel after panel reads all rows again. If the cache does not hold them,
/// a part that it holds is finished for all panels first.
void TileKernel::emitBlocks() {
  int64_t blockUnits = countBlockUnits();
  if (blockUnits == units)
    return emitPanels();
  Value end = kernel.end;
  auto loop = scf::ForOp::create(builder, kernel.begin, end,
                                 emitIndex(builder, blockUnits));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loop.getBody());
  kernel.begin = loop.getInductionVar();
  kernel.end = arith::MinSIOp::create(
      builder, emitOffset(builder, kernel.begin, blockUnits), end);
  emitPanels();
}

int64_t TileKernel::countSteps() const {
  int64_t products = 1;
  linalg::GenericOp op = contraction.op;
  for (int64_t extent : op.getStaticLoopRanges())
    products *= extent;
  // A depthwise step spends its time on making words.
  bool isPerLane = contraction.isDepthwise ||
                   isa<FloatType>(accumulatorType().getElementType());
  return products / (isPerLane ? row.lanes() : dot4.weightsPerVector());
}

VectorType TileKernel::accumulatorType() const {
  auto type = cast<MemRefType>(contraction.result.memref.getType());
  return VectorType::get(row.lanes(), type.getElementType());
}

int64_t TileKernel::countRows() const {
  int64_t count = 1;
  for (const Loop &loop : rowLoops)
    count *= loop.extent;
  return count;
}

/// Whether bodies for blocks of other numbers of rows have the same weights.
static bool isInOneOfSeveralBodies(Operation *op) {
  auto bodies = op->getParentOfType<ModuleOp>().getOps<func::FuncOp>();
  return llvm::count_if(bodies, [](func::FuncOp body) {
           return body->hasAttr(kRowBlocksAttr);
         }) > 1;
}

int64_t TileKernel::countTileVectors(int64_t numRows,
                                     bool hasConstantWeights) const {
  if (numRows * row.tileVectors >= row.accumulators ||
      (hasConstantWeights && isInOneOfSeveralBodies(contraction.op)))
    return row.tileVectors;
  return std::max<int64_t>(row.tileVectors, (row.accumulators + 2) / numRows);
}

void TileKernel::cutTiles(int64_t maxRows) {
  if (rowLoops.empty())
    return;
  Loop last = rowLoops.pop_back_val();
  if (last.extent * 2 > maxRows || rowLoops.empty()) {
    tiledLoops = {{last, maxRows}};
    return;
  }
  // A short loop is in the tile as a whole, several times.
  tiledLoops = {{rowLoops.pop_back_val(), maxRows / last.extent},
                {last, last.extent}};
}

static int64_t countTiles(const TiledLoop &loop) {
  int64_t count = 0;
  for (const TileRun &run : splitRows(loop.loop.extent, loop.size))
    count += run.count;
  return count;
}

/// Rows are shared by threads if there are enough of them, because then each
/// thread writes and reads rows of its own from layer to layer; otherwise the
/// panels of each row.
void TileKernel::splitWork() {
  rowUnits = 1;
  unitLoops = 0;
  while (unitLoops < rowLoops.size() && rowUnits < kManyUnits)
    rowUnits *= rowLoops[unitLoops++].extent;
  tilesPerRowUnit = tiledLoops.empty() ? 1 : countTiles(tiledLoops.front());
  for (const Loop &loop : ArrayRef(rowLoops).drop_front(unitLoops))
    tilesPerRowUnit *= loop.extent;
  if (rowLoops.empty())
    std::swap(rowUnits, tilesPerRowUnit);
  splitsPanels = rowUnits < kManyUnits && panels.size() > 1;
  units = splitsPanels ? rowUnits * panels.size() : rowUnits;
}

/// Where panels are split, too, units are numbered by panels, row after row, so
/// that a thread has rows of its own as far as possible: those of a panel in
/// [begin, end) are from (begin - panel) / panels on, rounded up.
UnitRange TileKernel::emitRowRange(Value panel) {
  if (!splitsPanels)
    return {kernel.begin, kernel.end, rowUnits};
  int64_t numPanels = panels.size();
  Value size = emitIndex(builder, numPanels);
  auto emitFirst = [&](Value unit) -> Value {
    Value roundedUp = arith::SubIOp::create(
        builder, emitOffset(builder, unit, numPanels - 1), panel);
    return arith::DivUIOp::create(builder, roundedUp, size);
  };
  Value begin = emitFirst(kernel.begin);
  Value end = emitFirst(kernel.end);
  return {begin, end, rowUnits};
}

/// The body for those of `count` iterations from `first` on that are in the
/// range, with their number counted from `first`; without a range for all.
void TileKernel::emitIterations(const UnitRange *range, int64_t first,
                                int64_t count,
                                llvm::function_ref<void(Value)> body) {
  if (!range || units == 1) {
    emitLoop(builder, 0, count, 1, {}, [&](Value index, ValueRange) {
      body(index);
      return SmallVector<Value>();
    });
    return;
  }
  Value begin = range->begin, end = range->end;
  if (first > 0)
    begin = arith::MaxSIOp::create(builder, begin, emitIndex(builder, first));
  if (first + count < range->count)
    end =
        arith::MinSIOp::create(builder, end, emitIndex(builder, first + count));
  auto loop = scf::ForOp::create(builder, begin, end, emitIndex(builder, 1));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loop.getBody());
  body(emitOffset(builder, loop.getInductionVar(), -first));
}

void TileKernel::collectOperands() {
  operands.push_back(contraction.lhs);
  operands.push_back(epilogue ? epilogue->output : contraction.result);
  if (epilogue)
    llvm::append_range(operands, epilogue->inputs);
  if (contraction.wideLhs) {
    operands.push_back(contraction.lhs);
    operands.back().memref = contraction.wideLhs;
  }
  addOperands();
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
    bool isUnused = !operand.memref ||
                    (epilogue && i == kFirstInput + epilogue->accumulator);
    views.push_back(isUnused ? Value() : emitFlatView(builder, operand.memref));
  }
}

void TileKernel::emitConstants() {
  DenseElementsAttr weights = packWeights();
  packedSize = weights.getNumElements();
  packed = emitConstant(builder, symbols, "packed_weights", weights);

  emitStartTable();
}

/// The constant input with an element for each lane; null if there is none for
/// each column only.
Value TileKernel::emitInputTable(unsigned input) {
  const FlatOperand &operand = epilogue->inputs[input];
  DenseElementsAttr constant = getConstant(operand.memref);
  if (!constant)
    return Value();
  for (auto [loop, step] : llvm::enumerate(operand.steps))
    if (step != (loop == contraction.columnLoop))
      return Value();
  auto values = constant.getValues<Attribute>();
  SmallVector<Attribute> elements;
  for (const Panel &panel : panels)
    for (int64_t lane = 0; lane < panel.vectors * row.lanes(); ++lane) {
      std::optional<int64_t> column = columnOf(panel, lane);
      elements.push_back(column
                             ? Attribute(values[operand.offset + *column])
                             : builder.getZeroAttr(constant.getElementType()));
    }
  auto type = RankedTensorType::get(elements.size(), constant.getElementType());
  return emitConstant(builder, symbols, "packed_input",
                      DenseElementsAttr::get(type, elements));
}

/// An epilogue on interleaved lanes needs its inputs in the same order: there
/// are tables of those that are constant, and single numbers have no order.
void TileKernel::emitTables() {
  if (!isInterleaved || !saturation)
    return;
  for (unsigned i = 0; i < epilogue->inputs.size(); ++i) {
    Value &table = tables.emplace_back();
    if (i == epilogue->accumulator ||
        llvm::all_of(epilogue->inputs[i].steps,
                     [](int64_t step) { return step == 0; }))
      continue;
    table = emitInputTable(i);
    if (table)
      continue;
    tables.clear();
    return;
  }
  isNatural = false;
}

void TileKernel::emitPanels() {
  int64_t padded = llvm::alignTo(contraction.columns, row.lanes());
  emitLoop(builder, 0, contraction.groups, 1, {}, [&](Value index, ValueRange) {
    Value zero = emitIndex(builder, 0);
    Tile tile;
    tile.weights =
        emitStep(builder, zero, index, packedSize / contraction.groups);
    tile.start = emitStep(builder, zero, index, padded);
    for (const FlatOperand &operand : operands) {
      Value base = emitIndex(builder, operand.offset);
      if (contraction.groupLoop)
        base = emitStep(builder, base, index,
                        contraction.mergedGroups *
                            operand.steps[*contraction.groupLoop]);
      tile.bases.push_back(base);
    }
    tile.rows.emplace_back(operands.size(), 0);
    emitGroup(tile);
    return SmallVector<Value>();
  });
}

void TileKernel::emitGroup(const Tile &group) {
  int64_t vectors = 0;
  for (const Panel &panel : panels)
    vectors += panel.vectors;
  const Panel &first = panels.front(), &last = panels.back();
  int64_t width = first.vectors * row.lanes();
  int64_t panelWeights =
      packedSize / contraction.groups / vectors * first.vectors;
  bool lastIsEqual = last.columns == width;
  int64_t numEqual = panels.size() - !lastIsEqual;
  auto emitEqual = [&](Value index) {
    Value zero = emitIndex(builder, 0);
    Value column = emitStep(builder, zero, index, width);
    Value weights = emitStep(builder, group.weights, index, panelWeights);
    Value isLast =
        arith::CmpIOp::create(builder, arith::CmpIPredicate::eq, index,
                              emitIndex(builder, panels.size() - 1));
    Tile tile = group;
    tile.nextWeights =
        arith::SelectOp::create(builder, isLast, group.weights,
                                emitOffset(builder, weights, panelWeights));
    emitPanel(tile, first, column, weights, emitRowRange(index));
  };
  auto emitLast = [&](Value) {
    Value column = emitIndex(builder, last.firstColumn);
    Value weights = emitOffset(builder, group.weights, numEqual * panelWeights);
    Tile tile = group;
    tile.nextWeights = group.weights;
    emitPanel(tile, last, column, weights,
              emitRowRange(emitIndex(builder, numEqual)));
  };
  emitIterations(/*range=*/nullptr, 0, numEqual, emitEqual);
  if (!lastIsEqual)
    emitLast(Value());
}

void TileKernel::emitPanel(const Tile &group, const Panel &panel, Value column,
                           Value weights, const UnitRange &rows) {
  Tile tile = group;
  tile.panel = &panel;
  tile.column = column;
  tile.weights = weights;
  tile.iteration = emitIndex(builder, 0);
  emitRowLoops(tile, rowLoops, &rows);
}

void TileKernel::emitRowLoops(const Tile &tile, ArrayRef<Loop> outer,
                              const UnitRange *range) {
  if (outer.empty())
    return emitRowTiles(tile, tiledLoops, range);
  if (range && unitLoops > 1)
    return emitIterations(range, 0, rowUnits,
                          [&](Value unit) { emitUnit(tile, unit); });
  auto emitIteration = [&](Value index) {
    Tile inner = tile;
    for (auto [base, step] : llvm::zip_equal(inner.bases, outer[0].steps))
      base = emitStep(builder, base, index, step);
    inner.iteration = emitStep(builder, index, tile.iteration, outer[0].extent);
    emitRowLoops(inner, outer.drop_front(), /*range=*/nullptr);
  };
  emitIterations(range, 0, outer[0].extent, emitIteration);
}

/// One iteration of all loops that are units together.
void TileKernel::emitUnit(const Tile &tile, Value unit) {
  Tile inner = tile;
  inner.iteration = unit;
  Value rest = unit;
  for (const Loop &loop :
       llvm::reverse(ArrayRef(rowLoops).take_front(unitLoops))) {
    Value extent = emitIndex(builder, loop.extent);
    Value index = arith::RemUIOp::create(builder, rest, extent);
    rest = arith::DivUIOp::create(builder, rest, extent);
    for (auto [base, step] : llvm::zip_equal(inner.bases, loop.steps))
      base = emitStep(builder, base, index, step);
  }
  emitRowLoops(inner, ArrayRef(rowLoops).drop_front(unitLoops),
               /*range=*/nullptr);
}

/// Every row of the tile once for each of `count` iterations of a loop.
static SmallVector<SmallVector<int64_t>>
repeatRows(ArrayRef<SmallVector<int64_t>> rows, const Loop &loop,
           int64_t count) {
  SmallVector<SmallVector<int64_t>> repeated;
  for (ArrayRef<int64_t> row : rows)
    for (int64_t i = 0; i < count; ++i) {
      SmallVector<int64_t> &distances = repeated.emplace_back(row);
      for (auto [distance, step] : llvm::zip_equal(distances, loop.steps))
        distance += i * step;
    }
  return repeated;
}

/// Tiles of rows that leave out places of the kernel have code of their own.
SmallVector<TileRun> TileKernel::listRuns(const TiledLoop &tiled,
                                          bool isInnermost) const {
  SmallVector<TileRun> all = splitRows(tiled.loop.extent, tiled.size);
  if (!borders || !isInnermost)
    return all;
  SmallVector<TileRun> result;
  bool wasWhole = false;
  for (const TileRun &run : all) {
    for (int64_t i = 0; i < run.count; ++i) {
      int64_t begin = run.begin + i * run.size;
      bool isWhole = borders->haveAllPlaces(begin, run.size);
      if (i > 0 && isWhole && wasWhole)
        ++result.back().count;
      else
        result.push_back({begin, 1, run.size});
      wasWhole = isWhole;
    }
  }
  return result;
}

void TileKernel::emitRowTiles(const Tile &tile, ArrayRef<TiledLoop> loops,
                              const UnitRange *range) {
  if (loops.empty())
    return emitTile(tile);
  const Loop &loop = loops[0].loop;
  int64_t firstTile = 0;
  for (const TileRun &run : listRuns(loops[0], loops.size() == 1)) {
    auto emitTile = [&](Value index) {
      Tile inner = tile;
      for (auto [base, step] : llvm::zip_equal(inner.bases, loop.steps))
        base = emitStep(builder, emitOffset(builder, base, run.begin * step),
                        index, run.size * step);
      inner.rows = repeatRows(tile.rows, loop, run.size);
      inner.firstIteration = run.begin;
      inner.numIterations = run.size;
      if (loops.size() == tiledLoops.size())
        inner.number = emitTileNumber(tile, firstTile, index);
      emitRowTiles(inner, loops.drop_front(), /*range=*/nullptr);
    };
    emitIterations(range, firstTile, run.count, emitTile);
    firstTile += run.count;
  }
}

/// The number of a tile of the outermost tiled loop, `index` tiles behind its
/// `firstTile`.
Value TileKernel::emitTileNumber(const Tile &tile, int64_t firstTile,
                                 Value index) {
  Value number = emitStep(builder, emitOffset(builder, index, firstTile),
                          tile.iteration, countTiles(tiledLoops.front()));
  if (splitsPanels)
    return number;
  Value before =
      emitStep(builder, emitIndex(builder, 0), kernel.begin, tilesPerRowUnit);
  return builder.createOrFold<arith::SubIOp>(number, before);
}

/// Weights that do not stay in the cache come from one that is too slow to read
/// them just before they are used. A tile has time for a line with each word.
int64_t TileKernel::countPrefetched(int64_t perWord) const {
  int64_t numTiles =
      (splitsPanels ? rowUnits : countBlockUnits()) * tilesPerRowUnit;
  if (tiledLoops.empty() || panels.size() == 1 ||
      perWord * getElementBytes(packed) > numTiles * kCacheLine ||
      countBytes(packed) <= row.cacheBytes / kBlockPart)
    return 0;
  return llvm::divideCeil(perWord, numTiles);
}

std::optional<int64_t> TileKernel::columnOf(const Panel &panel,
                                            int64_t lane) const {
  if (lane >= panel.columns)
    return std::nullopt;
  return panel.firstColumn + lane;
}

SmallVector<Place> TileKernel::listPlaces(const Tile &tile) const {
  SmallVector<Place> places;
  for (int64_t i = 0; i < int64_t(tile.rows.size()); ++i)
    for (int64_t j = 0; j < tile.panel->vectors; ++j) {
      int64_t column = j * row.lanes();
      places.push_back(
          {i, column, std::min(row.lanes(), tile.panel->columns - column)});
    }
  return places;
}

void TileKernel::emitResults(const Tile &tile, ArrayRef<Value> accumulators) {
  SmallVector<Value> values(accumulators);
  if (isInterleaved && isNatural)
    for (auto first = values.begin(); first != values.end(); first += 4)
      llvm::copy(emitNaturalOrder(builder, ArrayRef(first, 4)), first);
  SmallVector<Place> places = listPlaces(tile);
  if (saturation)
    return emitBytes(tile, values, places);
  for (auto [value, place] : llvm::zip_equal(values, places)) {
    if (place.width == 0)
      continue;
    if (epilogue)
      value = emitEpilogue(tile, place, 0, value, /*result=*/Value());
    emitStores(tile, value, place);
  }
}

/// Four vectors at a time are narrowed together.
void TileKernel::emitBytes(const Tile &tile, ArrayRef<Value> accumulators,
                           ArrayRef<Place> places) {
  while (!places.empty()) {
    ArrayRef<Place> group = places.take_front(4);
    SmallVector<Value> reals;
    for (auto [place, accumulator] : llvm::zip(group, accumulators)) {
      bool isPadding = place.width == 0 && isNatural;
      reals.push_back(isPadding ? reals.back()
                                : emitEpilogue(tile, place, reals.size(),
                                               accumulator, saturation->real));
    }
    reals.resize(4, reals.back());
    Value bytes = emitSaturation(builder, row, *saturation, reals);
    if (isNatural)
      bytes = emitQuarters(builder, bytes);
    emitStores(tile, bytes, group);
    places = places.drop_front(group.size());
    accumulators = accumulators.drop_front(group.size());
  }
}

/// `vector` has whole vectors of lanes for all places, one after the other;
/// places that are neighbours in memory are stored together.
void TileKernel::emitStores(const Tile &tile, Value vector,
                            ArrayRef<Place> places) {
  int64_t lanes = row.lanes();
  for (size_t next = 0, first = 0; next < places.size(); first = next) {
    Place run = places[next++];
    while (next < places.size() && places[next].row == run.row &&
           places[next].column == run.column + run.width)
      run.width += places[next++].width;
    if (run.width <= 0)
      continue;
    Value part = vector::ExtractStridedSliceOp::create(
        builder, vector, ArrayRef(int64_t(first) * lanes), ArrayRef(run.width),
        ArrayRef<int64_t>{1});
    Value base = emitOffset(builder, tile.bases[kTarget],
                            tile.rows[run.row][kTarget] + run.column);
    Value address = builder.createOrFold<arith::AddIOp>(base, tile.column);
    vector::StoreOp::create(builder, part, views[kTarget], address);
  }
}

Value TileKernel::emitEpilogue(const Tile &tile, const Place &place,
                               int64_t position, Value accumulator,
                               Value result) {
  SmallVector<Value> arguments;
  for (unsigned i = 0; i < epilogue->inputs.size(); ++i)
    arguments.push_back(i == epilogue->accumulator
                            ? accumulator
                            : loadInput(tile, i, place, position));
  return emitVectorBody(builder, row, epilogue->op, arguments, row.lanes(),
                        result);
}

/// Lanes without a column are zero: nothing behind the input is read.
Value TileKernel::loadInput(const Tile &tile, unsigned input,
                            const Place &place, int64_t position) {
  unsigned operand = kFirstInput + input;
  Value view = views[operand];
  Type element = cast<MemRefType>(view.getType()).getElementType();
  auto type = VectorType::get(row.lanes(), element);
  if (!tables.empty() && tables[input])
    return vector::LoadOp::create(
        builder, type, tables[input],
        emitOffset(builder, tile.column, position * row.lanes()));
  Value address =
      emitOffset(builder, tile.bases[operand], tile.rows[place.row][operand]);
  if (operands[operand].steps[contraction.columnLoop] == 0) {
    Value scalar = memref::LoadOp::create(builder, view, address);
    return vector::BroadcastOp::create(builder, type, scalar);
  }
  address = emitOffset(builder, address, place.column);
  address = builder.createOrFold<arith::AddIOp>(address, tile.column);
  return emitLoadPart(builder, type, view, address, place.width);
}
