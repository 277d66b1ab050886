// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loops that copy a right side. Where elements of one column lie together,
// blocks of as many sums as lanes are transposed in registers.

#include "RuntimePacking.h"
#include "FlatAccess.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "qnn/Codegen/CPU/Passes.h"

using namespace mlir;
using namespace qnn;

namespace {

/// Where the copy is in the steps of a loop.
enum CopyOperand { kSource = 0, kCopy = 1 };

class ColumnPacker {
public:
  ColumnPacker(ImplicitLocOpBuilder &builder,
               const FloatContraction &contraction, ArrayRef<Panel> panels,
               const TargetRow &row)
      : builder(builder), contraction(contraction), panels(panels),
        lanes(row.lanes()), extents(contraction.extents),
        columnStep(contraction.rhs.steps[contraction.columnLoop]) {}

  Value emit() {
    source = emitFlatView(builder, contraction.rhs.memref);
    int64_t sums = count(contraction.sumLoops);
    int64_t batchSize = sums * llvm::alignTo(contraction.columns, lanes);
    auto type = MemRefType::get(batchSize * count(contraction.batchLoops),
                                builder.getF32Type());
    copy = memref::AllocOp::create(builder, type,
                                   builder.getI64IntegerAttr(kArenaAlignment));
    SmallVector<Loop> batches = loopsOf(contraction.batchLoops, batchSize);
    for (const Panel &panel : panels) {
      int64_t width = panel.vectors * lanes;
      SmallVector<Loop> sumLoops = loopsOf(contraction.sumLoops, width);
      Value from = emitIndex(builder, contraction.rhs.offset +
                                          panel.firstColumn * columnStep);
      Value to = emitIndex(builder, panel.firstColumn * sums);
      emitLoops(batches, from, to, [&](Value from, Value to) {
        emitSums(panel, sumLoops, from, to);
      });
    }
    return copy;
  }

private:
  int64_t count(ArrayRef<unsigned> loops) const {
    int64_t result = 1;
    for (unsigned loop : loops)
      result *= extents[loop];
    return result;
  }

  /// The loops with steps in both, `innerStep` being that of the copy in the
  /// innermost one.
  SmallVector<Loop> loopsOf(ArrayRef<unsigned> indices,
                            int64_t innerStep) const {
    SmallVector<Loop> loops;
    for (unsigned index : llvm::reverse(indices)) {
      loops.push_back(
          {extents[index], {contraction.rhs.steps[index], innerStep}});
      innerStep *= extents[index];
    }
    std::reverse(loops.begin(), loops.end());
    return mergeLoops(loops);
  }

  void emitLoops(ArrayRef<Loop> loops, Value from, Value to,
                 llvm::function_ref<void(Value, Value)> body) {
    if (loops.empty())
      return body(from, to);
    emitLoop(builder, 0, loops[0].extent, 1, {}, [&](Value index, ValueRange) {
      emitLoops(loops.drop_front(),
                emitStep(builder, from, index, loops[0].steps[kSource]),
                emitStep(builder, to, index, loops[0].steps[kCopy]), body);
      return SmallVector<Value>();
    });
  }

  /// All sums of a panel.
  void emitSums(const Panel &panel, ArrayRef<Loop> loops, Value from,
                Value to) {
    if (loops.empty() || loops.back().steps[kSource] != 1)
      return emitLoops(loops, from, to, [&](Value from, Value to) {
        emitVectors(panel, from, to, /*step=*/0, /*numSums=*/1);
      });
    const Loop &last = loops.back();
    emitLoops(loops.drop_back(), from, to, [&](Value from, Value to) {
      int64_t whole = last.extent / lanes * lanes;
      emitLoop(builder, 0, whole, lanes, {}, [&](Value index, ValueRange) {
        emitVectors(panel, emitStep(builder, from, index, 1),
                    emitStep(builder, to, index, last.steps[kCopy]),
                    last.steps[kCopy], lanes);
        return SmallVector<Value>();
      });
      if (whole < last.extent)
        emitVectors(panel, emitOffset(builder, from, whole),
                    emitOffset(builder, to, whole * last.steps[kCopy]),
                    last.steps[kCopy], last.extent - whole);
    });
  }

  /// `numSums` sums of all columns of a panel. The copy has one sum every
  /// `step` elements.
  void emitVectors(const Panel &panel, Value from, Value to, int64_t step,
                   int64_t numSums) {
    for (int64_t first = 0; first < panel.columns; first += lanes) {
      int64_t numColumns = std::min(lanes, panel.columns - first);
      Value base = emitOffset(builder, from, first * columnStep);
      SmallVector<Value> rows = numSums == 1
                                    ? gather(base, numColumns)
                                    : transpose(base, numColumns, numSums);
      for (int64_t sum = 0; sum < numSums; ++sum)
        vector::StoreOp::create(builder, rows[sum], copy,
                                emitOffset(builder, to, first + sum * step));
    }
  }

  VectorType vectorType() {
    return VectorType::get(lanes, builder.getF32Type());
  }

  Value zeros() {
    return arith::ConstantOp::create(builder,
                                     builder.getZeroAttr(vectorType()));
  }

  /// One vector of elements that do not lie together.
  SmallVector<Value> gather(Value base, int64_t numColumns) {
    Value vector = zeros();
    for (int64_t i = 0; i < numColumns; ++i) {
      Value element = memref::LoadOp::create(
          builder, source, emitOffset(builder, base, i * columnStep));
      vector = vector::InsertOp::create(builder, element, vector, i);
    }
    return {vector};
  }

  /// A vector for each of `numSums` sums, from columns of which each lies
  /// together.
  SmallVector<Value> transpose(Value base, int64_t numColumns,
                               int64_t numSums) {
    SmallVector<Value> rows;
    for (int64_t i = 0; i < lanes; ++i)
      rows.push_back(
          i < numColumns
              ? emitPartialLoad(builder, source,
                                emitOffset(builder, base, i * columnStep),
                                numSums, lanes)
              : zeros());
    SmallVector<int64_t> low, high;
    for (int64_t i = 0; i < lanes; ++i) {
      low.push_back(i / 2 + (i % 2) * lanes);
      high.push_back(low.back() + lanes / 2);
    }
    // Each round interleaves the first half of the rows with the second one:
    // one bit of the row's number and one of the column's change places.
    for (int64_t round = 1; round < lanes; round *= 2) {
      SmallVector<Value> next;
      for (int64_t i = 0; i < lanes / 2; ++i)
        for (ArrayRef<int64_t> mask : {ArrayRef(low), ArrayRef(high)})
          next.push_back(vector::ShuffleOp::create(builder, rows[i],
                                                   rows[i + lanes / 2], mask));
      rows = next;
    }
    return rows;
  }

  ImplicitLocOpBuilder &builder;
  const FloatContraction &contraction;
  ArrayRef<Panel> panels;
  int64_t lanes;
  ArrayRef<int64_t> extents;
  int64_t columnStep;
  Value source, copy;
};

} // namespace

Value qnn::emitPackedColumns(ImplicitLocOpBuilder &builder,
                             const FloatContraction &contraction,
                             ArrayRef<Panel> panels, const TargetRow &row) {
  return ColumnPacker(builder, contraction, panels, row).emit();
}
