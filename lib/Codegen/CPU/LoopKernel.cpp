// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loops on vectors. What does not fill a vector at the end of the lanes is
// computed by a vector that begins earlier, or by a shorter one where computing
// an element twice is wrong.

#include "LoopKernel.h"
#include "FlatAccess.h"
#include "KernelFunction.h"
#include "Transpose.h"
#include "VectorBody.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace qnn;

/// Columns of a transposed tile.
static constexpr int64_t kTileColumns = 16;

/// Vectors that are worth a function of their own: a few, because kernels that
/// are functions can be joined with others.
static constexpr int64_t kMinFunctionVectors = 4;

/// Work that can be worth sharing by itself, and units that a few threads can
/// share evenly.
static constexpr int64_t kMinSharedWork = 2048;
static constexpr int64_t kManyUnits = 32;

namespace {

class LoopKernel {
public:
  LoopKernel(ImplicitLocOpBuilder &builder, SymbolTable &symbols,
             const TargetRow &row, const LoopNest &nest, Value start,
             bool isRepeated)
      : builder(builder), symbols(symbols), row(row), nest(nest), start(start),
        isRepeated(isRepeated), readsResult(!nest.accumulator().use_empty()),
        repeatsRuns(mayRepeat()) {}

  void emit() {
    SmallVector<Value> bases;
    for (const FlatOperand &operand : nest.operands)
      views.push_back(isScalar(operand)
                          ? operand.memref
                          : emitFlatView(builder, operand.memref));
    bool isShared = countVectors() >= kMinFunctionVectors;
    if ((!isShared && !isRepeated) || !canBeFunction())
      return emitOuter(nest.outer, emitBases());
    if (isShared)
      splitLanes();
    if (isShared && nest.outer.empty())
      nest.outer.push_back({1, SmallVector<int64_t>(nest.operands.size(), 0)});
    emitFunction(isShared);
  }

private:
  using Bases = ArrayRef<Value>;
  using VectorEmitter = llvm::function_ref<void(Bases bases, int64_t width)>;

  SmallVector<Value> emitBases() {
    SmallVector<Value> bases;
    for (const FlatOperand &operand : nest.operands)
      bases.push_back(emitIndex(builder, operand.offset));
    return bases;
  }

  static bool isScalar(const FlatOperand &operand) {
    return operand.steps.empty();
  }

  /// Vector operations, about as many as multiply-adds take the same time.
  int64_t countWork() const {
    linalg::GenericOp op = nest.op;
    int64_t numOperations = op.getBody()->getOperations().size() - 1;
    return countVectors() * std::max<int64_t>(1, numOperations);
  }

  int64_t countVectors() const { return countIterations(nest.op) / nest.width; }

  /// Functions get buffers; constants and tables they have themselves.
  bool canBeFunction() {
    mlir::getUsedValuesDefinedAbove(nest.op.getRegion(), constants);
    if (start)
      constants.insert(start);
    for (const FlatOperand &operand : nest.operands)
      if (isScalar(operand))
        constants.insert(operand.memref);
    return llvm::all_of(constants, [](Value value) {
      Operation *op = value.getDefiningOp();
      return op && isPure(op) && op->getNumOperands() == 0;
    });
  }

  /// Makes units of lanes where loops around them are too few. Little work goes
  /// with that of other kernels, row by row.
  void splitLanes() {
    int64_t enough = countWork() < kMinSharedWork ? 1 : kManyUnits;
    if (nest.kind == LaneLoop::Terms ||
        (!nest.outer.empty() && nest.outer[0].extent >= enough))
      return;
    int64_t units = kManyUnits;
    while (units > 1 && nest.lanes.extent % (units * nest.width) != 0)
      units /= 2;
    if (units == 1)
      return;
    Loop parts = nest.lanes;
    nest.lanes.extent /= units;
    parts.extent = units;
    for (int64_t &step : parts.steps)
      step *= nest.lanes.extent;
    nest.outer.insert(nest.outer.begin(), parts);
  }

  /// The iterations of the outermost loop are the units; what is not shared is
  /// one unit.
  void emitFunction(bool isShared) {
    SmallVector<Value> roots;
    for (const FlatOperand &operand : nest.operands)
      roots.push_back(getBuffer(operand.memref));
    int64_t numUnits = isShared ? nest.outer.front().extent : 1;
    SmallVector<unsigned> written = llvm::to_vector(
        llvm::seq<unsigned>(nest.inputs().size(), views.size()));
    SmallVector<Value> buffers(views);
    for (auto [buffer, operand] : llvm::zip_equal(buffers, nest.operands))
      if (isScalar(operand))
        buffer = Value();
    KernelFunction kernel = emitKernelFunction(builder, symbols, buffers, roots,
                                               written, numUnits, countWork());
    if (isShared)
      setAccesses(kernel,
                  [&](unsigned operand) { return listAccesses(operand); });
    for (auto [view, buffer] : llvm::zip_equal(views, kernel.buffers))
      if (buffer)
        view = buffer;
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(&kernel.function.front());
    SmallVector<Value> bases = emitBases();
    if (isShared)
      emitUnits(kernel, bases);
    else
      emitOuter(nest.outer, bases);
    takeConstants(kernel.function);
  }

  void emitUnits(const KernelFunction &kernel, Bases bases) {
    emitLoop(builder, kernel.begin, kernel.end, 1, {},
             [&](Value index, ValueRange) {
               emitOuter(ArrayRef(nest.outer).drop_front(),
                         walk(bases, nest.outer.front(), index));
               return SmallVector<Value>();
             });
  }

  SmallVector<int64_t> listAccesses(unsigned operand) const {
    const FlatOperand &flat = nest.operands[operand];
    linalg::GenericOp op = nest.op;
    std::optional<int64_t> span = countSpan(flat, op.getStaticLoopRanges());
    if (!span)
      return {};
    const Loop &units = nest.outer.front();
    *span -= (units.extent - 1) * units.steps[operand];
    SmallVector<int64_t> bounds;
    for (int64_t unit = 0; unit < units.extent; ++unit) {
      int64_t first = flat.offset + unit * units.steps[operand];
      bounds.append({first, first + *span});
    }
    return bounds;
  }

  void takeConstants(func::FuncOp function) {
    builder.setInsertionPointToStart(&function.front());
    for (Value constant : constants) {
      Operation *copy = builder.clone(*constant.getDefiningOp());
      constant.replaceUsesWithIf(copy->getResult(0), [&](OpOperand &use) {
        return function->isAncestor(use.getOwner());
      });
    }
  }

  SmallVector<Value> walk(Bases bases, const Loop &loop, Value index) {
    SmallVector<Value> next;
    for (auto [base, step] : llvm::zip_equal(bases, loop.steps))
      next.push_back(emitStep(builder, base, index, step));
    return next;
  }

  void emitOuter(ArrayRef<Loop> loops, Bases bases) {
    if (!loops.empty()) {
      emitLoop(builder, 0, loops[0].extent, 1, {},
               [&](Value index, ValueRange) {
                 emitOuter(loops.drop_front(), walk(bases, loops[0], index));
                 return SmallVector<Value>();
               });
      return;
    }
    switch (nest.kind) {
    case LaneLoop::Results:
      return emitResults(bases);
    case LaneLoop::Inputs:
      return emitTransposed(bases);
    case LaneLoop::Rows:
      return emitRows(bases);
    case LaneLoop::Terms:
      return emitTerms(bases);
    }
  }

  /// Covers the iterations of `loop` from `begin` on by runs of `widths`, the
  /// widest first. The last run begins earlier if iterations may be repeated;
  /// otherwise it is shorter.
  void emitRuns(const Loop &loop, ArrayRef<int64_t> widths, bool mayRepeat,
                Bases bases, VectorEmitter emitRun, int64_t begin = 0) {
    int64_t width = widths[0];
    int64_t rest = (loop.extent - begin) % width, end = loop.extent - rest;
    emitLoop(builder, begin, end, width, {}, [&](Value index, ValueRange) {
      emitRun(walk(bases, loop, index), width);
      return SmallVector<Value>();
    });
    if (rest == 0)
      return;
    bool fromEarlier = mayRepeat && end > 0;
    if (!fromEarlier && widths.size() > 1)
      return emitRuns(loop, widths.drop_front(), mayRepeat, bases, emitRun,
                      end);
    Value index = emitIndex(builder, fromEarlier ? loop.extent - width : end);
    emitRun(walk(bases, loop, index), fromEarlier ? width : rest);
  }

  /// Whether an element may be computed twice: not from its former value.
  bool mayRepeat() const {
    if (readsResult && !start)
      return false;
    return llvm::none_of(nest.results(), [&](const FlatOperand &result) {
      return llvm::any_of(nest.inputs(), [&](const FlatOperand &input) {
        return getBuffer(input.memref) == getBuffer(result.memref);
      });
    });
  }

  void emitResults(Bases bases) {
    emitRuns(nest.lanes, {nest.unrolledWidth, nest.width}, repeatsRuns, bases,
             [&](Bases bases, int64_t width) {
               for (auto [i, value] : llvm::enumerate(emitRun(bases, width))) {
                 size_t operand = nest.inputs().size() + i;
                 vector::StoreOp::create(builder, value, views[operand],
                                         bases[operand]);
               }
             });
  }

  /// A vector of each result.
  SmallVector<Value> emitRun(Bases bases, int64_t width) {
    if (nest.numResults() > 1)
      return emitVectorResults(builder, row, nest.op, loadInputs(bases, width),
                               width);
    Value value;
    if (readsResult)
      value = emitStart(bases, width);
    return {emitReductions(nest.reductions, bases, value, width)};
  }

  Value emitStart(Bases bases, int64_t width) {
    if (!start)
      return load(nest.operands.size() - 1, nest.lanes, bases, width);
    return vector::BroadcastOp::create(
        builder, VectorType::get(width, start.getType()), start);
  }

  Value emitReductions(ArrayRef<Loop> loops, Bases bases, Value value,
                       int64_t width) {
    if (loops.empty())
      return emitBody(bases, value, width);
    return emitLoop(builder, 0, loops[0].extent, 1, value,
                    [&](Value index, ValueRange values) {
                      Value next = emitReductions(loops.drop_front(),
                                                  walk(bases, loops[0], index),
                                                  values[0], width);
                      return SmallVector<Value>{next};
                    })[0];
  }

  SmallVector<Value> loadInputs(Bases bases, int64_t width) {
    SmallVector<Value> inputs;
    for (unsigned i = 0; i < nest.inputs().size(); ++i)
      inputs.push_back(load(i, nest.lanes, bases, width));
    return inputs;
  }

  Value emitBody(Bases bases, Value result, int64_t width) {
    SmallVector<Value> arguments = loadInputs(bases, width);
    if (result)
      arguments.push_back(result);
    return emitVectorBody(builder, row, nest.op, arguments, width);
  }

  Value load(unsigned operand, const Loop &lanes, Bases bases, int64_t width) {
    Value view = views[operand];
    auto memref = dyn_cast<MemRefType>(view.getType());
    Type element = memref ? memref.getElementType() : view.getType();
    auto type = VectorType::get(width, element);
    if (memref && lanes.steps[operand] == 1)
      return vector::LoadOp::create(builder, type, view, bases[operand]);
    Value scalar = view;
    if (memref)
      scalar = memref::LoadOp::create(builder, view, bases[operand]);
    return vector::BroadcastOp::create(builder, type, scalar);
  }

  /// Tiles of lanes times columns, transposed on registers.
  void emitTransposed(Bases bases) {
    auto emitTile = [&](Bases bases, int64_t columns, int64_t width) {
      SmallVector<Value> vectors;
      for (int64_t i = 0; i < columns; ++i)
        vectors.push_back(emitBody(
            walk(bases, nest.columns, emitIndex(builder, i)), {}, width));
      storeRows(emitInterleaved(builder, vectors), bases.back(), columns,
                width);
    };
    emitRuns(nest.columns, kTileColumns, repeatsRuns, bases,
             [&](Bases bases, int64_t columns) {
               emitRuns(nest.lanes, nest.width, repeatsRuns, bases,
                        [&](Bases bases, int64_t width) {
                          emitTile(bases, columns, width);
                        });
             });
  }

  /// Stores `width` rows of `columns` elements.
  void storeRows(Value rows, Value base, int64_t columns, int64_t width) {
    int64_t step = nest.lanes.steps.back();
    if (step == columns) {
      vector::StoreOp::create(builder, rows, views.back(), base);
      return;
    }
    for (int64_t i = 0; i < width; ++i) {
      Value row = vector::ExtractStridedSliceOp::create(
          builder, rows, ArrayRef<int64_t>{i * columns}, ArrayRef(columns),
          ArrayRef<int64_t>{1});
      vector::StoreOp::create(builder, row, views.back(),
                              emitOffset(builder, base, i * step));
    }
  }

  /// As many rows at once as a vector has lanes: every lane adds the terms of
  /// its row in their order.
  void emitRows(Bases bases) {
    emitRuns(nest.lanes, nest.width, repeatsRuns, bases,
             [&](Bases bases, int64_t width) {
               Value value = emitRowTerms(nest.reductions, bases,
                                          emitStart(bases, width), width);
               vector::StoreOp::create(builder, value, views.back(),
                                       bases.back());
             });
  }

  Value emitRowTerms(ArrayRef<Loop> loops, Bases bases, Value value,
                     int64_t width) {
    const Loop &loop = loops[0];
    if (loops.size() > 1)
      return emitLoop(builder, 0, loop.extent, 1, value,
                      [&](Value index, ValueRange values) {
                        return SmallVector<Value>{emitRowTerms(
                            loops.drop_front(), walk(bases, loop, index),
                            values[0], width)};
                      })[0];
    int64_t rest = loop.extent % nest.width, whole = loop.extent - rest;
    value =
        emitLoop(builder, 0, whole, nest.width, value,
                 [&](Value index, ValueRange values) {
                   return SmallVector<Value>{emitTile(
                       walk(bases, loop, index), values[0], width, nest.width)};
                 })[0];
    if (rest == 0)
      return value;
    return emitTile(walk(bases, loop, emitIndex(builder, whole)), value, width,
                    rest);
  }

  /// `terms` terms of `width` rows.
  Value emitTile(Bases bases, Value value, int64_t width, int64_t terms) {
    SmallVector<SmallVector<Value>> inputs;
    for (unsigned i = 0; i + 1 < nest.operands.size(); ++i)
      inputs.push_back(loadColumns(i, bases, width, terms));
    for (int64_t term = 0; term < terms; ++term) {
      SmallVector<Value> arguments;
      for (ArrayRef<Value> columns : inputs)
        arguments.push_back(columns[term]);
      arguments.push_back(value);
      value = emitVectorBody(builder, row, nest.op, arguments, width);
    }
    return value;
  }

  /// A vector with an element of each row, for each term.
  SmallVector<Value> loadColumns(unsigned operand, Bases bases, int64_t width,
                                 int64_t terms) {
    const Loop &loop = nest.reductions.back();
    SmallVector<Value> columns;
    if (int64_t step = nest.lanes.steps[operand]; step == 0 || step == 1) {
      for (int64_t term = 0; term < terms; ++term)
        columns.push_back(load(operand, nest.lanes,
                               walk(bases, loop, emitIndex(builder, term)),
                               width));
      return columns;
    }
    SmallVector<Value> rows;
    for (int64_t i = 0; i < width; ++i)
      rows.push_back(load(operand, loop,
                          walk(bases, nest.lanes, emitIndex(builder, i)),
                          terms));
    Value tile = emitInterleaved(builder, rows);
    for (int64_t term = 0; term < terms; ++term)
      columns.push_back(vector::ExtractStridedSliceOp::create(
          builder, tile, ArrayRef<int64_t>{term * width}, ArrayRef(width),
          ArrayRef<int64_t>{1}));
    return columns;
  }

  /// A vector of partial results, combined at the end.
  void emitTerms(Bases bases) {
    Type element = nest.accumulator().getType();
    Value value =
        start ? start
              : memref::LoadOp::create(builder, views.back(), bases.back());
    Value result = emitTermLoops(ArrayRef(nest.reductions).drop_back(), bases,
                                 value, element);
    memref::StoreOp::create(builder, result, views.back(), bases.back());
  }

  Value emitTermLoops(ArrayRef<Loop> loops, Bases bases, Value value,
                      Type element) {
    if (!loops.empty())
      return emitLoop(builder, 0, loops[0].extent, 1, value,
                      [&](Value index, ValueRange values) {
                        return SmallVector<Value>{emitTermLoops(
                            loops.drop_front(), walk(bases, loops[0], index),
                            values[0], element)};
                      })[0];
    int64_t rest = nest.lanes.extent % nest.width;
    int64_t whole = nest.lanes.extent - rest;
    if (whole > 0) {
      Value partial = emitLoop(
          builder, 0, whole, nest.width, neutral(element, nest.width),
          [&](Value index, ValueRange values) {
            return SmallVector<Value>{emitBody(walk(bases, nest.lanes, index),
                                               values[0], nest.width)};
          })[0];
      value = combine(partial, value);
    }
    if (rest == 0)
      return value;
    Value partial = emitBody(walk(bases, nest.lanes, emitIndex(builder, whole)),
                             neutral(element, rest), rest);
    return combine(partial, value);
  }

  /// A vector that changes nothing.
  Value neutral(Type element, int64_t width) {
    unsigned bits = element.getIntOrFloatBitWidth();
    APInt value = isa<arith::MaxSIOp>(matchCombiner(nest.op))
                      ? APInt::getSignedMinValue(bits)
                      : APInt::getZero(bits);
    return arith::ConstantOp::create(
        builder,
        DenseElementsAttr::get(VectorType::get(width, element), value));
  }

  Value combine(Value partial, Value value) {
    Operation *combiner = matchCombiner(nest.op);
    auto kind = isa<arith::AddIOp>(combiner)    ? vector::CombiningKind::ADD
                : isa<arith::MaxSIOp>(combiner) ? vector::CombiningKind::MAXSI
                                                : vector::CombiningKind::MAXUI;
    return vector::ReductionOp::create(builder, kind, partial, value);
  }

  ImplicitLocOpBuilder &builder;
  SymbolTable &symbols;
  const TargetRow &row;
  LoopNest nest;
  Value start;
  bool isRepeated;
  /// Values of the caller that the body, or the start, is.
  llvm::SetVector<Value> constants;
  bool readsResult, repeatsRuns;
  SmallVector<Value> views;
};

} // namespace

void qnn::emitLoopKernel(ImplicitLocOpBuilder &builder, SymbolTable &symbols,
                         const TargetRow &row, const LoopNest &nest,
                         Value start, bool isRepeated) {
  LoopKernel(builder, symbols, row, nest, start, isRepeated).emit();
}
