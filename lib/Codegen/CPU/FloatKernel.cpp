// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Contractions of floats. Each accumulator is one chain of multiply-adds in the
// order of the loops, so that the result does not depend on tiles or vectors;
// the accumulators of a tile are what runs in parallel.

#include "FloatKernel.h"
#include "BatchKernel.h"
#include "FlatAccess.h"
#include "RuntimePacking.h"
#include "VectorBody.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/BitVector.h"

using namespace mlir;
using namespace qnn;

/// The longest sum that is written out, so that neighbours share what they
/// load.
static constexpr int64_t kMaxUnrolledTaps = 16;
/// The part of a longer depthwise sum that is.
static constexpr int64_t kMaxSplitTaps = 8;

/// Which part of the cache both sides of a block of sums may take.
static constexpr int64_t kSumBlockPart = 2;

namespace {

/// Where the right side is in the steps of a loop over sums.
enum SumOperand { kSumLhs = 0, kSumRhs = 1 };

class FloatKernel : public BatchKernel {
public:
  using BatchKernel::BatchKernel;

private:
  /// Constants and columns that do not lie together are copied.
  int64_t packedPerVector() const override {
    bool isPacked = contraction.constant ||
                    contraction.rhs.steps[contraction.columnLoop] != 1;
    return isPacked ? countSums() * row.lanes() : 0;
  }
  /// A vector of the right side for each of the columns, an activation, and a
  /// product that is not yet added.
  int64_t otherRegisters(int64_t vectors) const override {
    return vectors + 1 + !row.hasFma;
  }
  void chooseTile() override;
  void findFloatBorders();
  void keepNegativeZeros();
  void packOperands() override;
  void emitPasses(llvm::function_ref<void()> tiles) override;
  SmallVector<Value> emitSums(const Tile &tile,
                              SmallVector<Value> accumulators) override;

  std::vector<float> packConstant() const;
  SmallVector<Loop> sumLoops(const Panel &panel) const;
  SmallVector<Value> emitLoops(const Tile &tile, ArrayRef<Loop> loops,
                               Value lhs, Value rhs, ValueRange accumulators);
  SmallVector<Value> emitTaps(const Tile &tile, const Loop &taps, Value lhs,
                              Value rhs, SmallVector<Value> accumulators);
  Value loadActivation(const Tile &tile, Value address, int64_t vector);
  SmallVector<Value> emitRange(const Tile &tile, ArrayRef<Loop> loops,
                               Value lhs, Value rhs, ValueRange accumulators);
  Value emitFloat(float value);

  /// First iteration of the outermost loop of sums in this pass, if there are
  /// several.
  Value passBegin;
};

} // namespace

void FloatKernel::chooseTile() {
  BatchKernel::chooseTile();
  if (contraction.constant && contraction.startValues &&
      !contraction.isDepthwise && contraction.batchLoops.empty())
    findFloatBorders();
}

/// Products with the zeros of padding change nothing but -0.
void FloatKernel::findFloatBorders() {
  auto isFinite = [](const APFloat &value) { return value.isFinite(); };
  auto isNegativeZero = [](const APFloat &value) { return value.isNegZero(); };
  if (!llvm::all_of(contraction.constant.getValues<APFloat>(), isFinite) ||
      llvm::any_of(contraction.startValues.getValues<APFloat>(),
                   isNegativeZero))
    return;
  findBorders(/*numSteps=*/0);
  if (borders && borders->padding != 0)
    borders.reset();
  if (borders)
    keepNegativeZeros();
}

/// Taps before the others find a start that is not -0, which they leave as it
/// is. Those behind the others may find a sum that has become -0 by underflow:
/// they make 0 of it, if there is a weight without sign among them. Where there
/// is none, they stay.
void FloatKernel::keepNegativeZeros() {
  SmallVector<unsigned> order(contraction.sumLoops);
  order.push_back(contraction.columnLoop);
  auto values = contraction.constant.getValues<APFloat>();
  std::vector<int64_t> addresses =
      listAddresses(contraction.rhs, order, extents);
  size_t numTaps = contraction.taps[0].extent;
  size_t perTap = addresses.size() / numTaps;
  for (TapRange &range : borders->ranges) {
    llvm::BitVector makesZero(contraction.columns);
    for (size_t i = range.end * perTap; i < addresses.size(); ++i)
      if (!values[addresses[i]].isNegative())
        makesZero.set(i % contraction.columns);
    if (!makesZero.all())
      range.end = numTaps;
  }
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
  if (packedPerVector() == 0)
    return;
  FlatOperand &operand = operands[rhsOperand];
  if (contraction.constant) {
    std::vector<float> weights = packConstant();
    auto type = RankedTensorType::get(weights.size(), builder.getF32Type());
    operand.memref =
        emitConstant(builder, symbols, "packed_weights",
                     DenseElementsAttr::get(type, ArrayRef<float>(weights)));
  } else {
    operand.memref = emitPackedColumns(builder, contraction, panels, row);
  }
  views[rhsOperand] = operand.memref;
}

/// Loops over sums, with steps in both sides.
SmallVector<Loop> FloatKernel::sumLoops(const Panel &panel) const {
  SmallVector<Loop> loops;
  int64_t packedStep = panel.vectors * row.lanes();
  for (unsigned index : llvm::reverse(contraction.sumLoops)) {
    int64_t rhsStep =
        packedPerVector() ? packedStep : contraction.rhs.steps[index];
    loops.push_back({extents[index], {contraction.lhs.steps[index], rhsStep}});
    packedStep *= extents[index];
  }
  std::reverse(loops.begin(), loops.end());
  return loops;
}

void FloatKernel::emitPasses(llvm::function_ref<void()> tiles) {
  if (contraction.sumBlock == 0)
    return tiles();
  emitLoop(builder, 0, extents[contraction.sumLoops.front()],
           contraction.sumBlock, {}, [&](Value index, ValueRange) {
             passBegin = index;
             tiles();
             return SmallVector<Value>();
           });
}

/// Depthwise, neighbours in a sum share what they load: part of a long loop is
/// written out.
static void splitLastLoop(SmallVectorImpl<Loop> &loops) {
  if (loops.empty() || loops.back().extent <= kMaxUnrolledTaps)
    return;
  Loop taps = loops.pop_back_val();
  int64_t extent = taps.extent;
  taps.extent = kMaxSplitTaps;
  while (extent % taps.extent != 0)
    --taps.extent;
  Loop outer{extent / taps.extent, taps.steps};
  for (int64_t &step : outer.steps)
    step *= taps.extent;
  loops.append({outer, taps});
}

SmallVector<Value> FloatKernel::emitSums(const Tile &tile,
                                         SmallVector<Value> accumulators) {
  Value lhs = tile.bases[kLhs], rhs = rhsBase(tile);
  SmallVector<Loop> loops = sumLoops(*tile.panel);
  if (passBegin) {
    Loop &pass = loops.front();
    lhs = emitStep(builder, lhs, passBegin, pass.steps[kSumLhs]);
    rhs = emitStep(builder, rhs, passBegin, pass.steps[kSumRhs]);
    pass.extent = contraction.sumBlock;
  }
  if (borders)
    return emitRange(tile, loops, lhs, rhs, accumulators);
  loops = mergeLoops(loops);
  if (contraction.isDepthwise)
    splitLastLoop(loops);
  return emitLoops(tile, loops, lhs, rhs, accumulators);
}

/// The taps that do not only meet padding, and what is left of the others: one
/// addition, of 0 if there are any behind them, and of -0, which changes
/// nothing, if not.
SmallVector<Value> FloatKernel::emitRange(const Tile &tile,
                                          ArrayRef<Loop> loops, Value lhs,
                                          Value rhs, ValueRange accumulators) {
  const Loop &taps = loops.front();
  SmallVector<Loop> inner = mergeLoops(loops.drop_front());
  Value begin = loadRange(tile, kBegin);
  Value end = loadRange(tile, kEnd);
  SmallVector<Value> sums = emitLoop(
      builder, begin, end, 1, accumulators,
      [&](Value index, ValueRange carried) {
        Value left = emitStep(builder, lhs, index, taps.steps[kSumLhs]);
        Value right = emitStep(builder, rhs, index, taps.steps[kSumRhs]);
        return emitLoops(tile, inner, left, right, carried);
      });
  Value hasAll = arith::CmpIOp::create(builder, arith::CmpIPredicate::eq, end,
                                       emitIndex(builder, taps.extent));
  Value negativeZero = emitFloat(-0.0f), zero = emitFloat(0.0f);
  Value rest = arith::SelectOp::create(builder, hasAll, negativeZero, zero);
  rest = vector::BroadcastOp::create(builder, accumulatorType(), rest);
  for (Value &sum : sums)
    sum = arith::AddFOp::create(builder, sum, rest);
  return sums;
}

Value FloatKernel::emitFloat(float value) {
  return arith::ConstantOp::create(builder, builder.getF32FloatAttr(value));
}

SmallVector<Value> FloatKernel::emitLoops(const Tile &tile,
                                          ArrayRef<Loop> loops, Value lhs,
                                          Value rhs, ValueRange accumulators) {
  if (loops.empty())
    return emitTaps(tile, {1, {0, 0}}, lhs, rhs, accumulators);
  const Loop &loop = loops.front();
  if (loops.size() == 1 && loop.extent <= kMaxUnrolledTaps)
    return emitTaps(tile, loop, lhs, rhs, accumulators);
  return emitLoop(
      builder, 0, loop.extent, 1, accumulators,
      [&](Value index, ValueRange carried) {
        Value left = emitStep(builder, lhs, index, loop.steps[kSumLhs]);
        Value right = emitStep(builder, rhs, index, loop.steps[kSumRhs]);
        return emitLoops(tile, loops.drop_front(), left, right, carried);
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
      columns.push_back(emitLoadPart(
          builder, accumulatorType(), packed,
          emitOffset(builder, rhs, tap * taps.steps[kSumRhs] + j * row.lanes()),
          packedPerVector() ? row.lanes() : width(*tile.panel, j)));
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
        accumulator = emitVectorBody(builder, row, contraction.op, arguments,
                                     row.lanes());
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
  return emitLoadPart(builder, accumulatorType(), views[kLhs],
                      emitOffset(builder, address, vector * row.lanes()),
                      width(*tile.panel, vector));
}

static int64_t countBytes(const FlatOperand &operand) {
  auto type = cast<MemRefType>(operand.memref.getType());
  return type.getNumElements() * sizeof(float);
}

/// A gradient of weights has few results and long sums: tile after tile would
/// read two whole batches of images. Instead all tiles add what the cache holds
/// of both, then the next part; the order of each sum is the same.
int64_t qnn::chooseSumBlock(const TargetRow &row,
                            const BatchContraction &contraction) {
  if (contraction.constant || !contraction.batchLoops.empty() ||
      contraction.sumLoops.empty())
    return 0;
  unsigned loop = contraction.sumLoops.front();
  int64_t extent = contraction.extents[loop];
  int64_t bytes = countBytes(contraction.lhs) + countBytes(contraction.rhs);
  int64_t cache = row.cacheBytes / kSumBlockPart;
  bool isCut = contraction.lhs.steps[loop] != 0 &&
               contraction.rhs.steps[loop] != 0 && extent > 1;
  if (!isCut || bytes <= cache || countBytes(contraction.result) > cache)
    return 0;
  int64_t block = std::max<int64_t>(1, extent * cache / bytes);
  while (extent % block != 0)
    --block;
  return block;
}

void qnn::emitFloatKernel(ImplicitLocOpBuilder &builder, SymbolTable &symbols,
                          const TargetRow &row,
                          const BatchContraction &contraction,
                          const Epilogue *epilogue) {
  TargetRow fitting =
      narrowVectors(row, llvm::PowerOf2Ceil(contraction.columns));
  FloatKernel(builder, symbols, fitting, contraction, epilogue).emit();
}
