// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operands, tiles and starts of kernels with a right side for each batch.

#include "BatchKernel.h"
#include "FlatAccess.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace qnn;

int64_t BatchKernel::countSums() const {
  int64_t count = 1;
  for (unsigned loop : contraction.sumLoops)
    count *= extents[loop];
  return count;
}

void BatchKernel::addOperands() {
  rhsOperand = operands.size();
  if (packedPerVector() == 0) {
    operands.push_back(contraction.rhs);
    return;
  }
  operands.push_back(batchOperand(packedPerVector() * countVectors()));
}

FlatOperand BatchKernel::batchOperand(int64_t step) const {
  FlatOperand operand{Value(), 0, SmallVector<int64_t>(extents.size(), 0)};
  for (unsigned loop : llvm::reverse(contraction.batchLoops)) {
    operand.steps[loop] = step;
    step *= extents[loop];
  }
  return operand;
}

int64_t BatchKernel::countTileRows(int64_t vectors) const {
  // More rows than enough only lengthen the code.
  int64_t enough =
      std::max<int64_t>(8, llvm::divideCeil(row.accumulators + 2, vectors));
  int64_t free = row.registers - otherRegisters(vectors);
  return std::clamp<int64_t>(free / vectors, 1, enough);
}

void BatchKernel::chooseTile() {
  int64_t numRows = 1;
  for (const Loop &loop : rowLoops)
    if (!isBatch(loop))
      numRows *= loop.extent;
  int64_t maxVectors = countTileVectors(numRows, bool(contraction.constant));
  // Depthwise, neighbours in two dimensions share what they read.
  if (contraction.isDepthwise)
    maxVectors = std::min<int64_t>(row.tileVectors, 2);
  panels = splitColumns(contraction.columns, row.lanes(), maxVectors);
  int64_t maxRows = countTileRows(panels.front().vectors);
  auto hasRows = [&] { return !rowLoops.empty() && !isBatch(rowLoops.back()); };
  if (!hasRows())
    return;
  Loop last = rowLoops.pop_back_val();
  int64_t size = contraction.isDepthwise ? 4 : maxRows;
  bool takesTwo = contraction.isDepthwise || last.extent * 2 <= size;
  size = std::min(size, last.extent);
  tiledLoops = {{last, size}};
  if (takesTwo && hasRows())
    tiledLoops.insert(
        tiledLoops.begin(),
        {rowLoops.pop_back_val(), std::max<int64_t>(1, maxRows / size)});
}

void BatchKernel::emitConstants() {
  packed = views[rhsOperand];
  if (borders)
    emitRangeTable();
  int64_t perVector = packedPerVector();
  packedSize = (perVector == 0 ? row.lanes() : perVector) * countVectors();
  if (!contraction.startValues)
    return;
  // Whole vectors are loaded.
  Type element = contraction.startValues.getElementType();
  auto values = llvm::to_vector(contraction.startValues.getValues<Attribute>());
  values.resize(countVectors() * row.lanes(), builder.getZeroAttr(element));
  auto type = RankedTensorType::get(values.size(), element);
  start = emitConstant(builder, symbols, "packed_start",
                       DenseElementsAttr::get(type, values));
}

void BatchKernel::emitTile(const Tile &tile) {
  emitResults(tile, emitSums(tile, emitFirst(tile)));
}

SmallVector<Value> BatchKernel::emitFirst(const Tile &tile) {
  if (start)
    return emitStart(tile, tile.rows.size());
  SmallVector<Value> accumulators;
  for (const Place &place : listPlaces(tile)) {
    Value base = emitOffset(builder, tile.bases[kTarget],
                            tile.rows[place.row][kTarget] + place.column);
    accumulators.push_back(emitLoadPart(
        builder, accumulatorType(), views[kTarget],
        builder.createOrFold<arith::AddIOp>(base, tile.column), place.width));
  }
  return accumulators;
}

Value BatchKernel::rhsBase(const Tile &tile) {
  return builder.createOrFold<arith::AddIOp>(tile.weights,
                                             tile.bases[rhsOperand]);
}
