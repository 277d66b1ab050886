// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What accumulators begin with, and which taps are left for a tile.

#include "FlatAccess.h"
#include "LoopNest.h"
#include "TileKernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace qnn;

/// The start of the accumulators for all lanes of the panels, once for each
/// group or each range of taps.
void TileKernel::emitStartTable() {
  int64_t shift = dot4.activationShift(), columns = contraction.columns;
  std::vector<int32_t> values;
  auto append = [&](ArrayRef<int32_t> starts, ArrayRef<int64_t> sums) {
    for (const Panel &panel : panels)
      for (int64_t lane = 0; lane < panel.vectors * row.lanes(); ++lane) {
        std::optional<int64_t> column = columnOf(panel, lane);
        values.push_back(column ? int32_t(uint32_t(starts[*column]) -
                                          uint32_t(shift * sums[*column]))
                                : 0);
      }
  };
  for (int64_t group = 0; group < contraction.groups; ++group) {
    auto sums = sumColumns(contraction.getGroupWeights(group), columns);
    if (!borders) {
      ArrayRef<int32_t> starts(contraction.start);
      append(starts.slice(group * columns, columns), sums);
      continue;
    }
    for (const TapRange &places : borders->placeRanges)
      for (const TapRange &taps : borders->ranges)
        append(borders->computeStart(contraction, taps, places, shift), sums);
  }
  auto type = RankedTensorType::get(values.size(), builder.getI32Type());
  start = emitConstant(builder, symbols, "packed_start",
                       DenseElementsAttr::get(type, ArrayRef<int32_t>(values)));
  if (borders)
    emitRangeTable();
}

int64_t TileKernel::countLanes() const {
  int64_t count = 0;
  for (const Panel &panel : panels)
    count += panel.vectors * row.lanes();
  return count;
}

void TileKernel::findBorders(int64_t numSteps) {
  SmallVector<Loop> inner;
  for (const TiledLoop &tiled : tiledLoops)
    inner.push_back(tiled.loop);
  borders = findBorderTaps(contraction, rowLoops, inner, numSteps);
}

int64_t TileKernel::getStartDistance(const Tile &tile, int64_t row) const {
  int64_t iteration = tile.firstIteration + row % tile.numIterations;
  return borders->placeRangeOf[iteration] * borders->ranges.size() *
         countLanes();
}

TapRange TileKernel::getPlaces(const Tile &tile, int64_t row) const {
  if (!borders)
    return {0, contraction.numPlaces()};
  return borders->getPlaces(tile.firstIteration + row % tile.numIterations);
}

void TileKernel::emitRangeTable() {
  int64_t numStarts = countLanes();
  SmallVector<int32_t> fields;
  for (int32_t range : borders->rangeOf) {
    const TapRange &taps = borders->ranges[range];
    fields.append(
        {int32_t(range * numStarts), int32_t(taps.begin), int32_t(taps.end)});
  }
  auto type = RankedTensorType::get(fields.size(), builder.getI32Type());
  rangeTable = emitConstant(builder, symbols, "tap_ranges",
                            DenseElementsAttr::get(type, ArrayRef(fields)));
}

Value TileKernel::loadRange(const Tile &tile, RangeField field) {
  Value position = emitOffset(
      builder,
      emitStep(builder, emitIndex(builder, 0), tile.iteration, kNumFields),
      field);
  Value number = memref::LoadOp::create(builder, rangeTable, position);
  return arith::IndexCastOp::create(builder, builder.getIndexType(), number);
}

SmallVector<Value> TileKernel::emitStart(const Tile &tile, int64_t numRows,
                                         Value offset) {
  SmallVector<Value> vectors, accumulators;
  Value first = builder.createOrFold<arith::AddIOp>(tile.start, tile.column);
  if (offset)
    first = builder.createOrFold<arith::AddIOp>(first, offset);
  for (int64_t j = 0; j < tile.panel->vectors; ++j)
    vectors.push_back(
        vector::LoadOp::create(builder, accumulatorType(), start,
                               emitOffset(builder, first, j * row.lanes())));
  for (int64_t i = 0; i < numRows; ++i)
    llvm::append_range(accumulators, vectors);
  return accumulators;
}
