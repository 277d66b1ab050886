// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loops that copy a right side. Where floats of one column lie together, blocks
// of as many sums as lanes are transposed in registers.

#include "RuntimePacking.h"
#include "FlatAccess.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "qnn/Codegen/CPU/Passes.h"

using namespace mlir;
using namespace qnn;

/// Where the copy is in the steps of a loop.
enum CopyOperand { kSource = 0, kCopy = 1 };

RuntimePacker::RuntimePacker(ImplicitLocOpBuilder &builder,
                             const BatchContraction &contraction,
                             ArrayRef<Panel> panels, const TargetRow &row)
    : builder(builder), contraction(contraction), panels(panels), row(row),
      lanes(row.lanes()),
      columnStep(contraction.rhs.steps[contraction.columnLoop]),
      source(emitFlatView(builder, contraction.rhs.memref)) {}

int64_t RuntimePacker::count(ArrayRef<unsigned> loops) const {
  int64_t result = 1;
  for (unsigned loop : loops)
    result *= contraction.extents[loop];
  return result;
}

Value RuntimePacker::allocate(Type element, int64_t perVector) {
  int64_t size = count(contraction.batchLoops) * countVectors() * perVector;
  return memref::AllocOp::create(builder, MemRefType::get(size, element),
                                 builder.getI64IntegerAttr(kArenaAlignment));
}

SmallVector<Loop> RuntimePacker::loopsOf(ArrayRef<unsigned> indices,
                                         int64_t innerStep) const {
  SmallVector<Loop> loops;
  for (unsigned index : llvm::reverse(indices)) {
    loops.push_back({contraction.extents[index],
                     {contraction.rhs.steps[index], innerStep}});
    innerStep *= contraction.extents[index];
  }
  std::reverse(loops.begin(), loops.end());
  return mergeLoops(loops);
}

void RuntimePacker::emitLoops(ArrayRef<Loop> loops, Value from, Value to,
                              llvm::function_ref<void(Value, Value)> body) {
  if (loops.empty())
    return body(from, to);
  emitLoop(builder, 0, loops[0].extent, 1, {}, [&](Value index, ValueRange) {
    Value source = emitStep(builder, from, index, loops[0].steps[kSource]);
    Value copy = emitStep(builder, to, index, loops[0].steps[kCopy]);
    emitLoops(loops.drop_front(), source, copy, body);
    return SmallVector<Value>();
  });
}

/// All panels but the last one have the same size.
void RuntimePacker::emitPanels() {
  SmallVector<Loop> batches = loopsOf(contraction.batchLoops, countVectors());
  Value first = emitIndex(builder, contraction.rhs.offset);
  Value zero = emitIndex(builder, 0);
  emitLoops(batches, first, zero, [&](Value from, Value vector) {
    int64_t numEqual = panels.size() - 1;
    int64_t vectors = panels.front().vectors;
    Loop equal{numEqual, {vectors * lanes * columnStep, vectors}};
    emitLoops(equal, from, vector, [&](Value from, Value vector) {
      emitPanel(panels.front(), from, vector);
    });
    const Panel &last = panels.back();
    from = emitOffset(builder, from, last.firstColumn * columnStep);
    vector = emitOffset(builder, vector, numEqual * vectors);
    emitPanel(last, from, vector);
  });
}

SmallVector<Value> RuntimePacker::emitTransposed(SmallVector<Value> rows) {
  SmallVector<int64_t> low, high;
  for (int64_t i = 0; i < lanes; ++i) {
    low.push_back(i / 2 + (i % 2) * lanes);
    high.push_back(low.back() + lanes / 2);
  }
  // Each round interleaves the first half of the rows with the second one: one
  // bit of the row's number and one of the column's change places.
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

namespace {

class ColumnPacker : public RuntimePacker {
public:
  using RuntimePacker::RuntimePacker;

  Value emit() {
    copy = allocate(builder.getF32Type(), countSums() * lanes);
    emitPanels();
    return copy;
  }

private:
  void emitPanel(const Panel &panel, Value from, Value vector) override;
  void emitVectors(const Panel &panel, Value from, Value to, int64_t step,
                   int64_t numSums);
  SmallVector<Value> gather(Value base, int64_t numColumns);
  SmallVector<Value> transpose(Value base, int64_t numColumns, int64_t numSums);

  VectorType vectorType() {
    return VectorType::get(lanes, builder.getF32Type());
  }
  Value zeros() {
    return arith::ConstantOp::create(builder,
                                     builder.getZeroAttr(vectorType()));
  }

  Value copy;
};

} // namespace

void ColumnPacker::emitPanel(const Panel &panel, Value from, Value vector) {
  SmallVector<Loop> loops = sumLoops(panel.vectors * lanes);
  Value to =
      emitStep(builder, emitIndex(builder, 0), vector, countSums() * lanes);
  if (loops.empty() || loops.back().steps[kSource] != 1)
    return emitLoops(loops, from, to, [&](Value from, Value to) {
      emitVectors(panel, from, to, /*step=*/0, /*numSums=*/1);
    });
  Loop last = loops.pop_back_val();
  int64_t step = last.steps[kCopy];
  emitLoops(loops, from, to, [&](Value from, Value to) {
    int64_t whole = last.extent / lanes * lanes;
    emitLoop(builder, 0, whole, lanes, {}, [&](Value index, ValueRange) {
      Value source = emitStep(builder, from, index, 1);
      Value copy = emitStep(builder, to, index, step);
      emitVectors(panel, source, copy, step, lanes);
      return SmallVector<Value>();
    });
    if (whole == last.extent)
      return;
    from = emitOffset(builder, from, whole);
    to = emitOffset(builder, to, whole * step);
    emitVectors(panel, from, to, step, last.extent - whole);
  });
}

/// `numSums` sums of all columns of a panel. The copy has one sum every `step`
/// elements.
void ColumnPacker::emitVectors(const Panel &panel, Value from, Value to,
                               int64_t step, int64_t numSums) {
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

/// One vector of elements that do not lie together.
SmallVector<Value> ColumnPacker::gather(Value base, int64_t numColumns) {
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
SmallVector<Value> ColumnPacker::transpose(Value base, int64_t numColumns,
                                           int64_t numSums) {
  SmallVector<Value> columns;
  for (int64_t i = 0; i < numColumns; ++i)
    columns.push_back(emitLoadPart(builder, vectorType(), source,
                                   emitOffset(builder, base, i * columnStep),
                                   numSums));
  columns.resize(lanes, zeros());
  return emitTransposed(columns);
}

Value qnn::emitPackedColumns(ImplicitLocOpBuilder &builder,
                             const BatchContraction &contraction,
                             ArrayRef<Panel> panels, const TargetRow &row) {
  return ColumnPacker(builder, contraction, panels, row).emit();
}
