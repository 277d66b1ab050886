// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Neighbouring kernels, of which a part depends on no other part than the same
// one of the others, become one kernel.

#include "EntryFunction.h"
#include "FlatAccess.h"
#include "KernelFunction.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "qnn/Codegen/CPU/Passes.h"
#include "llvm/ADT/SetVector.h"

namespace qnn {
#define GEN_PASS_DEF_QNNCPUJOINKERNELSPASS
#include "qnn/Codegen/CPU/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

namespace {

/// Bytes [begin, end).
struct Bytes {
  int64_t begin, end;
  bool overlaps(const Bytes &other) const {
    return begin < other.end && other.begin < end;
  }
};

/// Units [begin, end) of a kernel.
struct UnitRange {
  int64_t begin, end;
};

/// What each unit of a kernel accesses of one buffer.
struct Access {
  /// The argument or constant, or the arena, that has the buffer.
  Value base;
  bool isWritten = false;
  SmallVector<Bytes> units;
  /// Whether neither begins nor ends go back from one unit to the next.
  bool isInOrder = true;

  void add(Bytes unit) {
    isInOrder &= units.empty() || (units.back().begin <= unit.begin &&
                                   units.back().end <= unit.end);
    units.push_back(unit);
  }
  /// How many units begin before a place.
  int64_t countBefore(int64_t place) const;
  /// From the first unit that overlaps `bytes` to the last one; nothing if
  /// there is none.
  std::optional<UnitRange> findOverlaps(const Bytes &bytes) const;
};

struct Kernel {
  func::CallOp call;
  int64_t units = 1, work = 0;
  SmallVector<Access> accesses;

  OperandRange getOperands() const { return func::CallOp(call).getOperands(); }
};

/// Kernels with as many parts each. Part i of a kernel are its units from
/// cuts[i] on.
struct Group {
  SmallVector<const Kernel *> kernels;
  SmallVector<SmallVector<int64_t>> cuts;

  int64_t parts() const { return cuts.front().size() - 1; }
  int64_t work() const {
    int64_t sum = 0;
    for (const Kernel *kernel : kernels)
      sum += kernel->work;
    return sum;
  }
};

} // namespace

int64_t Access::countBefore(int64_t place) const {
  auto isBefore = [&](const Bytes &unit) { return unit.begin < place; };
  // Of thousands of units, in which every one looks for every other one.
  if (isInOrder)
    return llvm::partition_point(units, isBefore) - units.begin();
  return llvm::count_if(units, isBefore);
}

std::optional<UnitRange> Access::findOverlaps(const Bytes &bytes) const {
  if (isInOrder) {
    const Bytes *first = llvm::partition_point(
        units, [&](const Bytes &unit) { return unit.end <= bytes.begin; });
    UnitRange range{first - units.begin(), countBefore(bytes.end)};
    return range.begin < range.end ? std::optional(range) : std::nullopt;
  }
  std::optional<UnitRange> range;
  for (auto [i, unit] : llvm::enumerate(units))
    if (unit.overlaps(bytes))
      range = UnitRange{range ? range->begin : int64_t(i), int64_t(i) + 1};
  return range;
}

/// What the operand of a call is part of, and where in it the buffer begins.
static std::optional<std::pair<Value, int64_t>> findBase(Value operand) {
  Value buffer = getBuffer(operand);
  if (cast<MemRefType>(buffer.getType()).getLayout().isIdentity())
    if (auto view = buffer.getDefiningOp<memref::ViewOp>()) {
      IntegerAttr shift;
      if (!matchPattern(view.getByteShift(), m_Constant(&shift)))
        return std::nullopt;
      return std::pair(view.getSource(), shift.getInt());
    }
  bool isWhole =
      isa<BlockArgument>(buffer) || buffer.getDefiningOp<memref::GetGlobalOp>();
  return isWhole ? std::optional(std::pair(buffer, int64_t(0))) : std::nullopt;
}

/// The kernel that is called; nothing if it is not known what it accesses.
static std::optional<Kernel> readKernel(func::CallOp call) {
  auto function = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
      call, call.getCalleeAttr());
  auto units = function->getAttrOfType<IntegerAttr>(kKernelUnitsAttr);
  auto work = function->getAttrOfType<IntegerAttr>(kKernelWorkAttr);
  auto accesses = function->getAttrOfType<ArrayAttr>(kKernelAccessesAttr);
  if (!units || !work || !accesses)
    return std::nullopt;
  Kernel kernel{call, units.getInt(), work.getInt(), {}};
  for (auto [i, bounds] :
       llvm::enumerate(accesses.getAsRange<DenseI64ArrayAttr>())) {
    auto base = findBase(call.getOperand(i));
    if (!base)
      return std::nullopt;
    bool isWritten =
        !function.getArgAttr(i, LLVM::LLVMDialect::getReadonlyAttrName());
    Access &access = kernel.accesses.emplace_back();
    access.base = base->first;
    access.isWritten = isWritten;
    for (int64_t unit = 0; unit < kernel.units; ++unit)
      access.add({base->second + bounds[2 * unit],
                  base->second + bounds[2 * unit + 1]});
  }
  return kernel;
}

/// The units of `first` from the first to the last one whose order beside the
/// unit of `second` matters; empty if there is none.
static UnitRange findOrdered(const Kernel &first, const Kernel &second,
                             int64_t unit) {
  UnitRange ordered{first.units, 0};
  for (const Access &a : first.accesses)
    for (const Access &b : second.accesses) {
      if (a.base != b.base || (!a.isWritten && !b.isWritten))
        continue;
      std::optional<UnitRange> overlaps = a.findOverlaps(b.units[unit]);
      if (!overlaps)
        continue;
      ordered.begin = std::min(ordered.begin, overlaps->begin);
      ordered.end = std::max(ordered.end, overlaps->end);
    }
  return ordered;
}

namespace {

/// Where `kernel` may be cut if another one is cut somewhere.
class CutRange {
public:
  CutRange(const Kernel &other, const Kernel &kernel) {
    for (int64_t unit = 0; unit < kernel.units; ++unit) {
      UnitRange ordered = findOrdered(other, kernel, unit);
      firstFrom.push_back(ordered.begin);
      endUpTo.push_back(ordered.end);
    }
    for (int64_t unit = kernel.units - 1; unit > 0; --unit)
      firstFrom[unit - 1] = std::min(firstFrom[unit - 1], firstFrom[unit]);
    for (int64_t unit = 1; unit < kernel.units; ++unit)
      endUpTo[unit] = std::max(endUpTo[unit], endUpTo[unit - 1]);
  }

  /// Units before the cut depend on none of the other kernel behind its own,
  /// and the other way around: narrows [min, max] to the cuts for which this
  /// holds.
  void narrow(int64_t otherCut, int64_t &min, int64_t &max) const {
    // Both are sorted.
    const int64_t *behind = llvm::lower_bound(firstFrom, otherCut);
    min = std::max<int64_t>(min, behind - firstFrom.begin());
    const int64_t *first = llvm::upper_bound(endUpTo, otherCut);
    if (first != endUpTo.end())
      max = std::min<int64_t>(max, first - endUpTo.begin());
  }

private:
  /// Of each unit of `kernel` and those behind it, the first unit of the other
  /// one that they must not overtake.
  SmallVector<int64_t> firstFrom;
  /// Of each unit of `kernel` and those before it, the unit of the other one
  /// behind the last that must not overtake them.
  SmallVector<int64_t> endUpTo;
};

} // namespace

/// How many units of `kernel` write before the place where unit `cut` of
/// `other` begins to write, if both write to one buffer: rows and the borders
/// next to them. Else the same part of the work.
static int64_t findNearestCut(const Kernel &other, int64_t cut,
                              const Kernel &kernel) {
  for (const Access &a : other.accesses)
    for (const Access &b : kernel.accesses) {
      if (!a.isWritten || !b.isWritten || a.base != b.base)
        continue;
      Bytes whole{a.units.front().begin, a.units.back().end};
      Bytes around{b.units.front().begin, b.units.back().end};
      if (around.end < whole.begin || whole.end < around.begin)
        continue;
      return b.countBefore(a.units[cut].begin);
    }
  return (cut * kernel.units + other.units / 2) / other.units;
}

/// Divides the kernels such that no part of one depends on another part of
/// another one. The one with the most work says into how many.
static Group divide(ArrayRef<const Kernel *> kernels) {
  unsigned largest = 0;
  for (unsigned i = 1; i < kernels.size(); ++i)
    if (kernels[i]->work > kernels[largest]->work)
      largest = i;
  SmallVector<unsigned> order{largest};
  for (unsigned i = 0; i < kernels.size(); ++i)
    if (i != largest)
      order.push_back(i);
  SmallVector<SmallVector<CutRange>> ranges(kernels.size());
  for (auto [i, index] : llvm::enumerate(order))
    for (unsigned before : ArrayRef(order).take_front(i))
      ranges[index].emplace_back(*kernels[before], *kernels[index]);

  Group group{llvm::to_vector(kernels), {}};
  group.cuts.assign(kernels.size(), {0});
  for (int64_t cut = 1; cut < kernels[largest]->units; ++cut) {
    SmallVector<int64_t> cuts(kernels.size(), cut);
    bool isPossible = true;
    for (auto [i, index] : llvm::enumerate(order)) {
      if (i == 0)
        continue;
      int64_t min = group.cuts[index].back(), max = kernels[index]->units;
      for (auto [range, before] : llvm::zip_first(ranges[index], order))
        range.narrow(cuts[before], min, max);
      isPossible &= min <= max;
      int64_t nearest = findNearestCut(*kernels[largest], cut, *kernels[index]);
      cuts[index] = std::max(min, std::min(max, nearest));
    }
    if (isPossible)
      for (auto [all, next] : llvm::zip_equal(group.cuts, cuts))
        all.push_back(next);
  }
  for (auto [cuts, kernel] : llvm::zip_equal(group.cuts, kernels))
    cuts.push_back(kernel->units);
  return group;
}

namespace {

struct JoinKernels : qnn::impl::QNNCPUJoinKernelsPassBase<JoinKernels> {
  using Base::Base;

  void runOnOperation() override {
    auto entries = findEntries<func::FuncOp>(getOperation());
    if (entries.empty())
      return signalPassFailure();
    SymbolTable symbols(getOperation());
    for (func::FuncOp entry : entries)
      joinIn(entry.front(), symbols);
    // Nobody else asks, and kernels that differ in it only can be merged.
    for (auto function : getOperation().getOps<func::FuncOp>())
      function->removeAttr(kKernelAccessesAttr);
  }

private:
  /// Neighbours are calls with nothing between that does anything.
  void joinIn(Block &body, SymbolTable &symbols) {
    SmallVector<SmallVector<Kernel>> runs(1);
    for (Operation &op : body) {
      auto call = dyn_cast<func::CallOp>(op);
      std::optional<Kernel> kernel = call ? readKernel(call) : std::nullopt;
      if (kernel)
        runs.back().push_back(*kernel);
      else if (!isPure(&op))
        runs.emplace_back();
    }
    for (ArrayRef<Kernel> run : runs)
      joinRun(run, symbols);
  }

  void joinRun(ArrayRef<Kernel> run, SymbolTable &symbols) {
    std::optional<Group> last;
    for (const Kernel &kernel : run) {
      Group alone = divide(&kernel);
      if (!last) {
        last = alone;
        continue;
      }
      std::optional<Group> joined = join(*last, alone);
      if (!joined)
        emit(*last, symbols);
      last = joined ? std::move(joined) : alone;
    }
    if (last)
      emit(*last, symbols);
  }

  /// Nothing if it does not pay.
  std::optional<Group> join(const Group &group, const Group &next) const {
    // All pairs of units are compared: the time grows with the cube of this.
    constexpr size_t maxKernels = 8;
    if (group.kernels.size() == maxKernels)
      return std::nullopt;
    SmallVector<const Kernel *> all(group.kernels);
    llvm::append_range(all, next.kernels);
    Group joined = divide(all);
    if (costOf(joined) > costOf(group) + costOf(next))
      return std::nullopt;
    return joined;
  }

  /// Twice the time of two threads beyond half of the work.
  int64_t costOf(const Group &group) const {
    int64_t work = group.work();
    if (work < minWork || group.parts() < 2)
      return work;
    return 2 * handOver + work / group.parts();
  }

  /// One function that calls the kernels for their parts.
  void emit(const Group &group, SymbolTable &symbols) {
    if (group.kernels.size() < 2 || group.parts() < 2 || group.work() < minWork)
      return;
    func::CallOp last = group.kernels.back()->call;
    ImplicitLocOpBuilder builder(last.getLoc(), last);
    llvm::SetVector<Value> buffers;
    DenseSet<Value> written;
    for (const Kernel *kernel : group.kernels)
      for (auto [access, operand] :
           llvm::zip_first(kernel->accesses, kernel->getOperands())) {
        buffers.insert(operand);
        if (access.isWritten)
          written.insert(operand);
      }
    SmallVector<unsigned> writtenNumbers;
    for (auto [i, buffer] : llvm::enumerate(buffers))
      if (written.contains(buffer))
        writtenNumbers.push_back(i);
    // Places in the arena may overlap: nothing is said about roots.
    SmallVector<Value> roots(buffers.size(), buffers[0]);
    KernelFunction joined =
        emitKernelFunction(builder, symbols, buffers.getArrayRef(), roots,
                           writtenNumbers, group.parts(), group.work());
    builder.setInsertionPointToStart(&joined.function.front());
    for (auto [kernel, cuts] : llvm::zip_equal(group.kernels, group.cuts)) {
      func::CallOp call = kernel->call;
      SmallVector<Value> arguments;
      for (Value operand : call.getOperands().drop_back(2)) {
        auto position = llvm::find(buffers, operand) - buffers.begin();
        arguments.push_back(joined.buffers[position]);
      }
      Value table = emitTable(builder, symbols, cuts);
      arguments.push_back(emitCut(builder, table, joined.begin));
      arguments.push_back(emitCut(builder, table, joined.end));
      func::CallOp::create(builder, call.getCallee(), TypeRange(), arguments);
      call.erase();
    }
  }

  /// The bounds of parts; null if parts are units.
  static Value emitTable(ImplicitLocOpBuilder &builder, SymbolTable &symbols,
                         ArrayRef<int64_t> cuts) {
    if (llvm::equal(cuts, llvm::seq<int64_t>(cuts.size())))
      return {};
    SmallVector<int32_t> bounds(cuts);
    auto type = RankedTensorType::get(bounds.size(), builder.getI32Type());
    return emitConstant(builder, symbols, "parts",
                        DenseElementsAttr::get(type, ArrayRef(bounds)));
  }

  static Value emitCut(ImplicitLocOpBuilder &builder, Value table, Value part) {
    if (!table)
      return part;
    Value bound = memref::LoadOp::create(builder, table, part);
    return arith::IndexCastOp::create(builder, builder.getIndexType(), bound);
  }
};

} // namespace
