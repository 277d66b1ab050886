// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Contractions of floats. Each accumulator is one chain of multiply-adds in the
// order of the loops, so that the result does not depend on tiles or vectors;
// the accumulators of a tile are what runs in parallel.

#include "FloatKernel.h"
#include "FlatAccess.h"
#include "RuntimePacking.h"
#include "TileKernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace qnn;

/// The longest sum that is written out, so that neighbours share what they
/// load.
static constexpr int64_t kMaxUnrolledTaps = 16;

namespace {

/// Where the right side is in the steps of a loop over sums.
enum SumOperand { kSumLhs = 0, kSumRhs = 1 };

class FloatKernel : public TileKernel {
public:
  FloatKernel(ImplicitLocOpBuilder &builder, SymbolTable &symbols,
              const TargetRow &row, const FloatContraction &contraction,
              const Epilogue *epilogue)
      : TileKernel(builder, symbols, row, contraction, epilogue),
        contraction(contraction), extents(contraction.extents),
        isPacked(contraction.constant ||
                 contraction.rhs.steps[contraction.columnLoop] != 1) {}

private:
  void addOperands() override;
  void chooseTile() override;
  void packOperands() override;
  void emitConstants() override;
  SmallVector<Value> emitStart(const Tile &tile) override;
  SmallVector<Value> emitSums(const Tile &tile,
                              SmallVector<Value> accumulators) override;

  int64_t countSums() const;
  int64_t countTileRows(int64_t vectors) const;
  bool isBatch(const Loop &loop) const { return loop.steps[rhsOperand] != 0; }
  std::vector<float> packConstant() const;
  SmallVector<Loop> sumLoops(const Panel &panel) const;
  SmallVector<Value> emitLoops(const Tile &tile, ArrayRef<Loop> loops,
                               Value lhs, Value rhs, ValueRange accumulators);
  SmallVector<Value> emitTaps(const Tile &tile, const Loop &taps, Value lhs,
                              Value rhs, SmallVector<Value> accumulators);
  Value loadActivation(const Tile &tile, Value address, int64_t vector);
  /// Columns in a vector of a panel.
  int64_t width(const Panel &panel, int64_t vector) const {
    return std::min(row.lanes(), panel.columns - vector * row.lanes());
  }

  const FloatContraction &contraction;
  ArrayRef<int64_t> extents;
  /// Whether the right side is read from a copy, panel by panel in whole
  /// vectors, instead of where it is.
  bool isPacked;
  unsigned rhsOperand = 0;
};

} // namespace

int64_t FloatKernel::countSums() const {
  int64_t count = 1;
  for (unsigned loop : contraction.sumLoops)
    count *= extents[loop];
  return count;
}

/// Behind the operands of all kernels comes the right side, which has a step in
/// batches.
void FloatKernel::addOperands() {
  rhsOperand = operands.size();
  if (!isPacked) {
    operands.push_back(contraction.rhs);
    return;
  }
  FlatOperand packedRhs{Value(), 0, SmallVector<int64_t>(extents.size(), 0)};
  int64_t step = countSums() * llvm::alignTo(contraction.columns, row.lanes());
  for (unsigned loop : llvm::reverse(contraction.batchLoops)) {
    packedRhs.steps[loop] = step;
    step *= extents[loop];
  }
  operands.push_back(packedRhs);
}

/// Rows for which accumulators, a vector of the right side for each of them,
/// and an activation fit into the registers.
int64_t FloatKernel::countTileRows(int64_t vectors) const {
  int64_t enough =
      std::max<int64_t>(8, llvm::divideCeil(row.accumulators + 2, vectors));
  int64_t others = vectors + 1 + !row.hasFma;
  return std::clamp<int64_t>((row.registers - others) / vectors, 1, enough);
}

void FloatKernel::chooseTile() {
  int64_t numRows = 1;
  for (const Loop &loop : rowLoops)
    if (!isBatch(loop))
      numRows *= loop.extent;
  int64_t maxVectors = row.tileVectors;
  if (numRows * maxVectors < row.accumulators)
    maxVectors =
        std::max<int64_t>(maxVectors, (row.accumulators + 2) / numRows);
  if (contraction.isDepthwise)
    maxVectors = std::min<int64_t>(row.tileVectors, 2);
  panels = splitColumns(contraction.columns, row.lanes(), maxVectors);
  int64_t maxRows = countTileRows(panels.front().vectors);
  auto hasRows = [&] { return !rowLoops.empty() && !isBatch(rowLoops.back()); };
  if (!hasRows())
    return;
  Loop last = rowLoops.pop_back_val();
  // Depthwise, neighbours in two dimensions share what they read.
  int64_t size = contraction.isDepthwise ? 4 : maxRows;
  bool takesTwo = contraction.isDepthwise || last.extent * 2 <= size;
  size = std::min(size, last.extent);
  tiledLoops = {{last, size}};
  if (takesTwo && hasRows())
    tiledLoops.insert(
        tiledLoops.begin(),
        {rowLoops.pop_back_val(), std::max<int64_t>(1, maxRows / size)});
}

/// [batch][panel][sum][vector][lane]
std::vector<float> FloatKernel::packConstant() const {
  SmallVector<unsigned> order(contraction.batchLoops);
  llvm::append_range(order, contraction.sumLoops);
  order.push_back(contraction.columnLoop);
  auto values = contraction.constant.getValues<float>();
  std::vector<float> weights;
  for (int64_t address : listAddresses(contraction.rhs, order, extents))
    weights.push_back(values[address]);
  return packFloats(weights, countSums(), contraction.columns, panels,
                    row.lanes());
}

void FloatKernel::packOperands() {
  FlatOperand &operand = operands[rhsOperand];
  if (!isPacked)
    return;
  if (contraction.constant) {
    std::vector<float> weights = packConstant();
    auto type = RankedTensorType::get(weights.size(), builder.getF32Type());
    operand.memref =
        emitConstant(builder, symbols, "packed_weights",
                     DenseElementsAttr::get(type, ArrayRef<float>(weights)));
  } else {
    operand.memref = emitPackedColumns(builder, contraction, panels, row);
  }
  views[rhsOperand] = emitFlatView(builder, operand.memref);
}

void FloatKernel::emitConstants() {
  packed = views[rhsOperand];
  int64_t columns = llvm::alignTo(contraction.columns, row.lanes());
  packedSize = (isPacked ? countSums() : 1) * columns;
  if (!contraction.startValues)
    return;
  // Whole vectors are loaded.
  std::vector<float> values(columns, 0);
  llvm::copy(contraction.startValues.getValues<float>(), values.begin());
  auto type = RankedTensorType::get(values.size(), builder.getF32Type());
  start = emitConstant(builder, symbols, "packed_start",
                       DenseElementsAttr::get(type, ArrayRef<float>(values)));
}

SmallVector<Value> FloatKernel::emitStart(const Tile &tile) {
  if (start)
    return TileKernel::emitStart(tile);
  SmallVector<Value> accumulators;
  for (ArrayRef<int64_t> distances : tile.rows)
    for (int64_t j = 0; j < tile.panel->vectors; ++j) {
      Value base = emitOffset(builder, tile.bases[kTarget], distances[kTarget]);
      Value column = emitOffset(builder, tile.column, j * row.lanes());
      accumulators.push_back(
          emitPartialLoad(builder, views[kTarget],
                          builder.createOrFold<arith::AddIOp>(base, column),
                          width(*tile.panel, j), row.lanes()));
    }
  return accumulators;
}

/// Loops over sums, with steps in both sides.
SmallVector<Loop> FloatKernel::sumLoops(const Panel &panel) const {
  SmallVector<Loop> loops;
  int64_t packedStep = panel.vectors * row.lanes();
  for (unsigned index : llvm::reverse(contraction.sumLoops)) {
    int64_t rhsStep = isPacked ? packedStep : contraction.rhs.steps[index];
    loops.push_back({extents[index], {contraction.lhs.steps[index], rhsStep}});
    packedStep *= extents[index];
  }
  std::reverse(loops.begin(), loops.end());
  return mergeLoops(loops);
}

SmallVector<Value> FloatKernel::emitSums(const Tile &tile,
                                         SmallVector<Value> accumulators) {
  Value rhs =
      builder.createOrFold<arith::AddIOp>(tile.weights, tile.bases[rhsOperand]);
  return emitLoops(tile, sumLoops(*tile.panel), tile.bases[kLhs], rhs,
                   accumulators);
}

SmallVector<Value> FloatKernel::emitLoops(const Tile &tile,
                                          ArrayRef<Loop> loops, Value lhs,
                                          Value rhs, ValueRange accumulators) {
  if (loops.empty())
    return emitTaps(tile, {1, {0, 0}}, lhs, rhs, accumulators);
  const Loop &loop = loops.front();
  if (loops.size() == 1 && loop.extent <= kMaxUnrolledTaps)
    return emitTaps(tile, loop, lhs, rhs, accumulators);
  return emitLoop(builder, 0, loop.extent, 1, accumulators,
                  [&](Value index, ValueRange carried) {
                    return emitLoops(
                        tile, loops.drop_front(),
                        emitStep(builder, lhs, index, loop.steps[kSumLhs]),
                        emitStep(builder, rhs, index, loop.steps[kSumRhs]),
                        carried);
                  });
}

/// A loop over sums, written out. What several rows read is loaded once.
SmallVector<Value> FloatKernel::emitTaps(const Tile &tile, const Loop &taps,
                                         Value lhs, Value rhs,
                                         SmallVector<Value> accumulators) {
  DenseMap<std::pair<int64_t, int64_t>, Value> activations;
  int64_t vectors = tile.panel->vectors;
  for (int64_t tap = 0; tap < taps.extent; ++tap) {
    SmallVector<Value> columns;
    for (int64_t j = 0; j < vectors; ++j)
      columns.push_back(emitPartialLoad(
          builder, packed,
          emitOffset(builder, rhs, tap * taps.steps[kSumRhs] + j * row.lanes()),
          isPacked ? row.lanes() : width(*tile.panel, j), row.lanes()));
    for (auto [i, distances] : llvm::enumerate(tile.rows))
      for (int64_t j = 0; j < vectors; ++j) {
        int64_t distance = distances[kLhs] + tap * taps.steps[kSumLhs];
        int64_t part = contraction.isDepthwise ? j : 0;
        Value &activation = activations[{distance, part}];
        if (!activation)
          activation =
              loadActivation(tile, emitOffset(builder, lhs, distance), part);
        Value &accumulator = accumulators[i * vectors + j];
        SmallVector<Value> arguments{activation, columns[j], accumulator};
        if (contraction.lhsIndex == 1)
          std::swap(arguments[0], arguments[1]);
        accumulator =
            emitVectorBody(builder, contraction.op, arguments, row.lanes());
      }
  }
  return accumulators;
}

/// One float in all lanes, or, depthwise, one of each column.
Value FloatKernel::loadActivation(const Tile &tile, Value address,
                                  int64_t vector) {
  if (!contraction.isDepthwise) {
    Value scalar = memref::LoadOp::create(builder, views[kLhs], address);
    return vector::BroadcastOp::create(builder, accumulatorType(), scalar);
  }
  address = builder.createOrFold<arith::AddIOp>(address, tile.column);
  return emitPartialLoad(builder, views[kLhs],
                         emitOffset(builder, address, vector * row.lanes()),
                         width(*tile.panel, vector), row.lanes());
}

void qnn::emitFloatKernel(ImplicitLocOpBuilder &builder, SymbolTable &symbols,
                          const TargetRow &row,
                          const FloatContraction &contraction,
                          const Epilogue *epilogue) {
  FloatKernel(builder, symbols, row, contraction, epilogue).emit();
}
