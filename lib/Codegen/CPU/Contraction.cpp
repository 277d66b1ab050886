// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From linalg.generic on memrefs to addresses and numbers.

#include "Contraction.h"
#include "DepthwiseKernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "qnn/Codegen/CPU/PackWeights.h"

using namespace mlir;
using namespace qnn;

Value qnn::getRoot(Value memref) {
  while (auto view = memref.getDefiningOp<ViewLikeOpInterface>())
    memref = view.getViewSource();
  return memref;
}

Value qnn::getBuffer(Value memref) {
  auto view = memref.getDefiningOp<ViewLikeOpInterface>();
  while (view && !isa<memref::ViewOp>(view)) {
    memref = view.getViewSource();
    view = memref.getDefiningOp<ViewLikeOpInterface>();
  }
  return memref;
}

SmallVector<Operation *> qnn::getAccesses(Value memref) {
  SmallVector<Operation *> accesses;
  SmallVector<Value> views{memref};
  while (!views.empty()) {
    Value view = views.pop_back_val();
    for (Operation *user : view.getUsers())
      if (isa<ViewLikeOpInterface>(user))
        llvm::append_range(views, user->getResults());
      else
        accesses.push_back(user);
  }
  return accesses;
}

static bool isLinear(AffineExpr expr) {
  bool linear = true;
  expr.walk([&](AffineExpr part) {
    linear &= part.getKind() == AffineExprKind::Add ||
              part.getKind() == AffineExprKind::Mul ||
              part.getKind() == AffineExprKind::Constant ||
              part.getKind() == AffineExprKind::DimId;
  });
  return linear;
}

std::optional<FlatOperand> qnn::flatten(linalg::GenericOp op,
                                        OpOperand &operand) {
  auto type = dyn_cast<MemRefType>(operand.get().getType());
  AffineMap map = op.getMatchingIndexingMap(&operand);
  SmallVector<int64_t> strides;
  FlatOperand flat{operand.get(), 0, {}};
  if (!type || !type.hasStaticShape() ||
      failed(type.getStridesAndOffset(strides, flat.offset)) ||
      ShapedType::isDynamic(flat.offset) ||
      llvm::any_of(strides, ShapedType::isDynamic) ||
      !llvm::all_of(map.getResults(), isLinear) ||
      !type.getElementType().isIntOrFloat() ||
      type.getElementTypeBitWidth() % 8 != 0)
    return std::nullopt;
  auto addressAt = [&](ArrayRef<int64_t> loops) {
    int64_t address = 0;
    for (auto [index, stride] : llvm::zip_equal(map.compose(loops), strides))
      address += index * stride;
    return address;
  };
  SmallVector<int64_t> loops(map.getNumDims(), 0);
  int64_t origin = addressAt(loops);
  for (int64_t &loop : loops) {
    loop = 1;
    flat.steps.push_back(addressAt(loops) - origin);
    loop = 0;
  }
  flat.offset += origin;
  return flat;
}

SmallVector<Loop> qnn::mergeLoops(ArrayRef<Loop> loops) {
  SmallVector<Loop> merged;
  for (const Loop &loop : loops) {
    if (loop.extent == 1)
      continue;
    auto continues = [&](const Loop &outer) {
      for (auto [a, b] : llvm::zip_equal(outer.steps, loop.steps))
        if (a != b * loop.extent)
          return false;
      return true;
    };
    if (!merged.empty() && continues(merged.back())) {
      merged.back().extent *= loop.extent;
      merged.back().steps = loop.steps;
      continue;
    }
    merged.push_back(loop);
  }
  return merged;
}

int64_t Contraction::numTaps() const {
  int64_t count = 1;
  for (const Loop &tap : taps)
    count *= tap.extent;
  return count;
}

Contraction qnn::sliceColumns(const Contraction &contraction, int64_t first,
                              int64_t count) {
  Contraction slice = contraction;
  slice.lhs.offset += first * slice.lhs.steps[slice.columnLoop];
  slice.result.offset += first * slice.result.steps[slice.columnLoop];
  slice.columns = count;
  slice.start.assign(contraction.start.begin() + first,
                     contraction.start.begin() + first + count);
  slice.weights.clear();
  for (auto row = contraction.weights.begin(), end = contraction.weights.end();
       row != end; row += contraction.columns)
    slice.weights.insert(slice.weights.end(), row + first, row + first + count);
  return slice;
}

ArrayRef<int16_t> Contraction::getGroupWeights(int64_t group) const {
  size_t size = weights.size() / groups;
  return ArrayRef<int16_t>(weights).slice(group * size, size);
}

void Contraction::addToStart(int64_t value) {
  for (int64_t group = 0; group < groups; ++group) {
    auto sums = sumColumns(getGroupWeights(group), columns);
    for (auto [i, sum] : llvm::enumerate(sums)) {
      int32_t &target = start[group * columns + i];
      target = int32_t(uint32_t(target) + uint32_t(value * sum));
    }
  }
}

Dot4Operands Contraction::getDot4Operands() const {
  Dot4Operands operands;
  operands.activationsAreSigned = lhsIsSigned;
  auto type = cast<MemRefType>(lhs.memref.getType());
  operands.activationsAreWide = type.getElementType().isInteger(16);
  if (weights.empty())
    return operands;
  auto [lowest, highest] = std::minmax_element(weights.begin(), weights.end());
  operands.minWeight = *lowest;
  operands.maxWeight = *highest;
  return operands;
}

DenseElementsAttr qnn::getConstant(Value memref) {
  auto get = memref.getDefiningOp<memref::GetGlobalOp>();
  if (!get)
    return {};
  auto global = SymbolTable::lookupNearestSymbolFrom<memref::GlobalOp>(
      get, get.getNameAttr());
  if (!global || !global.getConstant() || !global.getInitialValue())
    return {};
  return dyn_cast<DenseElementsAttr>(*global.getInitialValue());
}

std::vector<int64_t> qnn::listAddresses(const FlatOperand &operand,
                                        ArrayRef<unsigned> order,
                                        ArrayRef<int64_t> extents) {
  std::vector<int64_t> addresses{operand.offset};
  for (unsigned loop : order) {
    std::vector<int64_t> next;
    next.reserve(addresses.size() * extents[loop]);
    for (int64_t address : addresses)
      for (int64_t i = 0; i < extents[loop]; ++i)
        next.push_back(address + i * operand.steps[loop]);
    addresses = std::move(next);
  }
  return addresses;
}

namespace {

/// Finds the operation before a contraction that fills the result with a
/// constant, or with one constant for each column.
class StartMatcher {
public:
  StartMatcher(linalg::GenericOp op, const FlatOperand &result, int64_t columns,
               StringRef &reason)
      : op(op), result(result), reason(reason),
        type(RankedTensorType::get(
            columns,
            cast<MemRefType>(result.memref.getType()).getElementType())) {}

  std::optional<Start> match() {
    linalg::LinalgOp init = findInit();
    if (!init)
      return std::nullopt;
    DenseElementsAttr values = readValues(init);
    if (!values)
      return std::nullopt;
    return Start{init, values};
  }

private:
  std::nullptr_t refuse(StringRef why) {
    reason = why;
    return nullptr;
  }

  linalg::LinalgOp findInit() {
    Block *block = op->getBlock();
    linalg::LinalgOp init;
    for (Operation *access : getAccesses(getRoot(result.memref))) {
      Operation *ancestor = block->findAncestorOpInBlock(*access);
      if (!ancestor)
        return refuse("expects the accumulator to be used in one block");
      if (access == op || !ancestor->isBeforeInBlock(op))
        continue;
      auto candidate = dyn_cast<linalg::LinalgOp>(access);
      if (!candidate || init)
        return refuse("expects one start of the accumulator");
      init = candidate;
    }
    if (!init || init.getNumDpsInits() != 1 ||
        init.getDpsInits()[0] != result.memref)
      return refuse("expects a start of the accumulator");
    return init;
  }

  DenseElementsAttr readValues(linalg::LinalgOp init) {
    auto fill = dyn_cast<linalg::FillOp>(init.getOperation());
    if (!fill)
      return readRow(dyn_cast<linalg::GenericOp>(init.getOperation()));
    Attribute value;
    if (!matchPattern(fill.getInputs()[0], m_Constant(&value)))
      return refuse("expects a constant start");
    return DenseElementsAttr::get(type, value);
  }

  DenseElementsAttr readRow(linalg::GenericOp copy) {
    if (!copy || copy.getNumDpsInputs() != 1 ||
        copy.getNumReductionLoops() != 0 ||
        copy.getBody()->getTerminator()->getOperand(0) !=
            copy.getBody()->getArgument(0))
      return refuse("expects a start that is copied");
    DenseElementsAttr row = getConstant(copy.getDpsInputs()[0]);
    auto from = flatten(copy, *copy.getDpsInputOperand(0));
    auto to = flatten(copy, *copy.getDpsInitOperand(0));
    if (!row || row.getNumElements() != type.getNumElements() || !from || !to ||
        from->offset != 0)
      return refuse("expects a constant start for each column");
    SmallVector<int64_t> ranges = copy.getStaticLoopRanges();
    for (auto [range, a, b] : llvm::zip_equal(ranges, from->steps, to->steps))
      if (range != 1 && !(a == 0 && b != 1) && !(a == 1 && b == 1))
        return refuse("expects a start for each column");
    return row.reshape(type);
  }

  linalg::GenericOp op;
  const FlatOperand &result;
  StringRef &reason;
  RankedTensorType type;
};

} // namespace

std::optional<Start> qnn::matchStart(linalg::GenericOp op,
                                     const FlatOperand &result, int64_t columns,
                                     StringRef &reason) {
  return StartMatcher(op, result, columns, reason).match();
}

namespace {

/// One factor of the product: a block argument, extended.
struct ExtendedArgument {
  unsigned argument = 0;
  bool isSigned = false;
};

class ContractionMatcher {
public:
  ContractionMatcher(linalg::GenericOp op, int64_t lanes, StringRef &reason)
      : op(op), lanes(lanes), reason(reason) {
    result.op = op;
  }

  std::optional<Contraction> match() {
    if (!matchBody() || !matchOperands() || !matchLoops() || !matchDepth() ||
        !readWeights() || !matchStart())
      return std::nullopt;
    return std::move(result);
  }

private:
  bool refuse(StringRef why) {
    reason = why;
    return false;
  }

  static std::optional<ExtendedArgument> matchExtension(Value value) {
    Operation *op = value.getDefiningOp();
    if (!op || !isa<arith::ExtSIOp, arith::ExtUIOp>(op))
      return std::nullopt;
    auto argument = dyn_cast<BlockArgument>(op->getOperand(0));
    if (!argument)
      return std::nullopt;
    return ExtendedArgument{argument.getArgNumber(), isa<arith::ExtSIOp>(op)};
  }

  /// acc + ext(a) * ext(b) in i32.
  bool matchBody() {
    Block &body = *op.getBody();
    if (op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1 ||
        !body.getArgument(2).getType().isInteger(32))
      return refuse("expects two inputs and an i32 accumulator");
    auto add =
        body.getTerminator()->getOperand(0).getDefiningOp<arith::AddIOp>();
    if (!add)
      return refuse("expects a sum");
    bool accIsLhs = add.getLhs() == body.getArgument(2);
    if (!accIsLhs && add.getRhs() != body.getArgument(2))
      return refuse("expects to add to the accumulator");
    auto mul =
        (accIsLhs ? add.getRhs() : add.getLhs()).getDefiningOp<arith::MulIOp>();
    if (!mul)
      return refuse("expects a sum of products");
    auto first = matchExtension(mul.getLhs());
    auto second = matchExtension(mul.getRhs());
    if (!first || !second || first->argument == second->argument)
      return refuse("expects a product of two extended integers");
    lhs = *first;
    rhs = *second;
    return true;
  }

  bool matchOperands() {
    auto constantOf = [&](const ExtendedArgument &side) {
      return getConstant(op.getDpsInputs()[side.argument]);
    };
    if (!constantOf(rhs))
      std::swap(lhs, rhs);
    constant = constantOf(rhs);
    // Computed sides have a matcher of their own, which says why not.
    if (!constant)
      return false;
    auto lhsFlat = flatten(op, *op.getDpsInputOperand(lhs.argument));
    auto rhsFlat = flatten(op, *op.getDpsInputOperand(rhs.argument));
    auto resultFlat = flatten(op, *op.getDpsInitOperand(0));
    if (!lhsFlat || !rhsFlat || !resultFlat)
      return refuse("expects static strides and linear subscripts");
    if (!cast<MemRefType>(lhsFlat->memref.getType())
             .getElementType()
             .isInteger(8))
      return refuse("expects activations of 8 bits");
    result.lhs = *lhsFlat;
    result.lhsIsSigned = lhs.isSigned;
    result.result = *resultFlat;
    weights = *rhsFlat;
    return true;
  }

  /// Rows are in the left side and the result, the column in the weights and
  /// the result, groups in all three, sums in both sides.
  bool matchLoops() {
    extents = op.getStaticLoopRanges();
    // Of loops of one iteration, any can be the column if there is no other.
    std::optional<unsigned> column, group, single;
    for (auto [i, type] : llvm::enumerate(op.getIteratorTypesArray())) {
      if (type == utils::IteratorType::reduction) {
        sums.push_back(i);
        continue;
      }
      bool inLhs = result.lhs.steps[i] != 0, inRhs = weights.steps[i] != 0;
      if (extents[i] == 1 && inRhs && !single && result.result.steps[i] == 1) {
        single = i;
        continue;
      }
      if (extents[i] == 1 || !inRhs) {
        result.rowLoops.push_back(i);
        continue;
      }
      std::optional<unsigned> &role = inLhs ? group : column;
      if (role)
        return refuse("expects one loop over columns and one over groups");
      role = i;
    }
    if (!column && group && result.lhs.steps[*group] == 1 &&
        result.result.steps[*group] == 1) {
      result.isDepthwise = true;
      std::swap(column, group);
    }
    if (column && single)
      result.rowLoops.push_back(*single);
    else if (!column)
      column = single;
    if (!column || result.result.steps[*column] != 1)
      return refuse("expects the columns of the result to lie together");
    result.columnLoop = *column;
    result.columns = extents[*column];
    result.groupLoop = group;
    if (group && result.result.steps[*group] != result.columns)
      return refuse("expects groups of columns that lie together");
    return true;
  }

  /// Finds the loops that together walk over bytes in a row, innermost first,
  /// and merges groups whose bytes lie together.
  bool matchDepth() {
    for (unsigned loop : sums)
      if (extents[loop] != 1)
        outer.push_back(loop);
    if (!result.isDepthwise)
      extendDepth();
    if (result.groupLoop) {
      chooseMergedGroups();
      perGroup = inner;
      // The next place of the kernel is behind all groups.
      if (result.groups == 1)
        extendDepth();
    }
    for (unsigned loop : outer)
      result.taps.push_back({extents[loop], {result.lhs.steps[loop]}});
    if (result.isDepthwise && result.numTaps() > kMaxDepthwiseTaps)
      return refuse("expects fewer taps of a depthwise convolution");
    return true;
  }

  void extendDepth() {
    for (bool found = true; found;) {
      found = false;
      for (unsigned loop : outer) {
        if (result.lhs.steps[loop] != result.depth)
          continue;
        inner.insert(inner.begin(), loop);
        if (result.depth == 1)
          result.innerDepth = extents[loop];
        result.depth *= extents[loop];
        llvm::erase(outer, loop);
        found = true;
        break;
      }
    }
  }

  /// As many groups at a time as take the fewest steps for each of them.
  void chooseMergedGroups() {
    int64_t count = extents[*result.groupLoop];
    int64_t depth = result.depth, best = 1;
    auto countSteps = [&](int64_t merged) {
      return llvm::divideCeil(merged * result.columns, lanes) *
             llvm::divideCeil(merged * depth, 4);
    };
    bool liesTogether = result.lhs.steps[*result.groupLoop] == depth;
    for (int64_t merged = 2; liesTogether && merged <= count; ++merged)
      if (count % merged == 0 &&
          countSteps(merged) * best <= countSteps(best) * merged)
        best = merged;
    result.mergedGroups = best;
    result.groups = count / best;
    result.columns *= best;
    result.depth *= best;
    if (best > 1)
      result.innerDepth = result.depth;
  }

  bool readWeights() {
    int64_t merged = result.mergedGroups;
    int64_t columns = result.columns / merged;
    SmallVector<Loop> order;
    auto addLoops = [&](ArrayRef<unsigned> loops) {
      for (unsigned loop : loops)
        order.push_back({extents[loop], {weights.steps[loop]}});
    };
    // [group][outer][inner, around the groups][merged][inner][column]
    int64_t groupStep = result.groupLoop ? weights.steps[*result.groupLoop] : 0;
    order.push_back({result.groups, {groupStep * merged}});
    addLoops(outer);
    addLoops(ArrayRef(inner).drop_back(perGroup.size()));
    size_t mergedAt = order.size();
    order.push_back({merged, {groupStep}});
    addLoops(perGroup);
    order.push_back({columns, {weights.steps[result.columnLoop]}});

    auto values = constant.getValues<APInt>();
    result.weights.assign(constant.getNumElements() * merged, 0);
    SmallVector<int64_t> index(order.size(), 0);
    int64_t address = weights.offset;
    for (int64_t i = 0, e = constant.getNumElements(); i < e; ++i) {
      APInt code = values[address];
      int64_t value =
          rhs.isSigned ? code.getSExtValue() : int64_t(code.getZExtValue());
      if (std::abs(value) > 255)
        return refuse("expects weights of 8 bits");
      // A row of weights has the columns of all merged groups.
      result.weights[i / columns * result.columns + index[mergedAt] * columns +
                     i % columns] = value;
      for (int64_t axis = order.size() - 1; axis >= 0; --axis) {
        address += order[axis].steps[0];
        if (++index[axis] < order[axis].extent)
          break;
        address -= order[axis].extent * order[axis].steps[0];
        index[axis] = 0;
      }
    }
    Dot4Operands range = result.getDot4Operands();
    if (range.maxWeight - range.minWeight > 255)
      return refuse("expects weights of 8 bits");
    return true;
  }

  bool matchStart() {
    std::optional<Start> start = qnn::matchStart(
        op, result.result, result.columns * result.groups, reason);
    if (!start)
      return false;
    result.init = start->init;
    llvm::append_range(result.start, start->values.getValues<int32_t>());
    return true;
  }

  linalg::GenericOp op;
  int64_t lanes;
  StringRef &reason;
  Contraction result;
  ExtendedArgument lhs, rhs;
  DenseElementsAttr constant;
  FlatOperand weights;
  SmallVector<int64_t> extents;
  /// Loops over sums: around the bytes that lie together, over these, and those
  /// of the latter that each group has of its own.
  SmallVector<unsigned> sums, outer, inner, perGroup;
};

} // namespace

std::optional<Contraction>
qnn::matchContraction(linalg::GenericOp op, int64_t lanes, StringRef &reason) {
  return ContractionMatcher(op, lanes, reason).match();
}
