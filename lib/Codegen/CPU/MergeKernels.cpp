// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Functions that differ in constant indices only become one, with those that
// differ as arguments.

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "qnn/Codegen/CPU/Passes.h"

namespace qnn {
#define GEN_PASS_DEF_QNNCPUMERGEKERNELSPASS
#include "qnn/Codegen/CPU/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

/// All attributes but the name.
static DictionaryAttr getAttributes(Operation *symbol) {
  NamedAttrList attributes(symbol->getAttrDictionary());
  attributes.erase(SymbolTable::getSymbolAttrName());
  return attributes.getDictionary(symbol->getContext());
}

/// Whether the operation is a constant index.
static bool isIndex(Operation *op) {
  return isa<arith::ConstantOp>(op) && op->getResult(0).getType().isIndex();
}

//===----------------------------------------------------------------------===//
// Comparison
//===----------------------------------------------------------------------===//

static SmallVector<Operation *> getOperations(func::FuncOp function) {
  SmallVector<Operation *> ops;
  function.getBody().walk<WalkOrder::PreOrder>(
      [&](Operation *op) { ops.push_back(op); });
  return ops;
}

/// Gives each use of an index a constant of its own, right before it: two that
/// are equal by chance in one function would make it unlike the others.
static void splitIndices(func::FuncOp function) {
  for (Operation *op : getOperations(function)) {
    if (!isIndex(op))
      continue;
    for (OpOperand &use : llvm::make_early_inc_range(op->getUses())) {
      OpBuilder builder(use.getOwner());
      use.set(builder.clone(*op)->getResult(0));
    }
    op->erase();
  }
}

/// Whether the operation is an index, of one use, that is part of an address:
/// LLVM should know how often loops run.
static bool isAddress(Operation *op) {
  return isIndex(op) && !isa<scf::ForOp>(*op->user_begin());
}

/// Equal for functions that can be merged.
static llvm::hash_code hashFunction(func::FuncOp function) {
  llvm::hash_code hash = hash_value(getAttributes(function));
  for (Operation *op : getOperations(function)) {
    hash = llvm::hash_combine(hash, op->getName());
    if (!isAddress(op))
      hash = llvm::hash_combine(hash, op->getAttrDictionary());
  }
  return hash;
}

namespace {

/// Compares two functions operation by operation; addresses if they may not
/// differ.
class Comparison {
public:
  Comparison(func::FuncOp lhs, func::FuncOp rhs, bool mayDiffer)
      : lhs(lhs), rhs(rhs), mayDiffer(mayDiffer) {}

  bool run() {
    SmallVector<Operation *> left = getOperations(lhs),
                             right = getOperations(rhs);
    return getAttributes(lhs) == getAttributes(rhs) &&
           left.size() == right.size() &&
           mapRegion(lhs.getBody(), rhs.getBody()) &&
           llvm::all_of(llvm::zip(left, right), [this](auto pair) {
             return mapOperation(std::get<0>(pair), std::get<1>(pair));
           });
  }

private:
  bool mapRegion(Region &left, Region &right) {
    if (left.getBlocks().size() != right.getBlocks().size())
      return false;
    for (auto [leftBlock, rightBlock] : llvm::zip(left, right)) {
      if (leftBlock.getArgumentTypes() != rightBlock.getArgumentTypes() ||
          leftBlock.getOperations().size() != rightBlock.getOperations().size())
        return false;
      mapping.map(&leftBlock, &rightBlock);
      mapping.map(leftBlock.getArguments(), rightBlock.getArguments());
    }
    return true;
  }

  bool mapOperation(Operation *left, Operation *right) {
    bool isEqual = left->getName() == right->getName() &&
                   ((mayDiffer && isAddress(left)) ||
                    left->getAttrDictionary() == right->getAttrDictionary()) &&
                   left->getResultTypes() == right->getResultTypes() &&
                   left->getNumOperands() == right->getNumOperands() &&
                   left->getNumRegions() == right->getNumRegions() &&
                   left->getNumSuccessors() == 0 &&
                   right->getNumSuccessors() == 0;
    if (!isEqual)
      return false;
    for (auto [from, to] : llvm::zip(left->getOperands(), right->getOperands()))
      if (mapping.lookupOrNull(from) != to)
        return false;
    mapping.map(left->getResults(), right->getResults());
    for (auto [from, to] : llvm::zip(left->getRegions(), right->getRegions()))
      if (!mapRegion(from, to))
        return false;
    return true;
  }

  func::FuncOp lhs, rhs;
  bool mayDiffer;
  IRMapping mapping;
};

//===----------------------------------------------------------------------===//
// Merging
//===----------------------------------------------------------------------===//

/// Functions that differ in indices only; the first one stays.
class Group {
public:
  explicit Group(func::FuncOp first) : functions({first}) {}

  func::FuncOp first() const { return functions.front(); }
  size_t size() const { return functions.size(); }
  void add(func::FuncOp function) { functions.push_back(function); }

  /// The indices of each function that are not the same in all, by their place
  /// in the first. An index that is always as far from another one is left out:
  /// it is that one and a constant.
  void findIndices() {
    SmallVector<SmallVector<Operation *>> all;
    for (func::FuncOp function : functions)
      all.push_back(getOperations(function));
    for (auto [place, op] : llvm::enumerate(all.front())) {
      if (!isIndex(op))
        continue;
      SmallVector<int64_t> values;
      for (ArrayRef<Operation *> ops : all)
        values.push_back(getIndex(ops[place]));
      if (!llvm::all_equal(values))
        addIndex(op, values);
    }
  }

  /// Makes arguments of the indices that differ.
  void addArguments() {
    func::FuncOp function = first();
    unsigned first = function.getNumArguments();
    Type type = IndexType::get(function.getContext());
    for (size_t i = 0; i < indices.size(); ++i)
      (void)function.insertArgument(first + i, type, {}, function.getLoc());
    for (const Use &use : uses)
      replace(use, function.getArgument(first + use.index));
  }

  /// Calls the first function instead of the others, with their indices.
  void redirect(ArrayRef<SmallVector<func::CallOp>> calls) {
    for (auto [number, own] : llvm::enumerate(calls))
      for (func::CallOp call : own) {
        call.setCallee(first().getSymName());
        OpBuilder builder(call);
        SmallVector<Value> operands(call.getOperands());
        for (const SmallVector<int64_t> &values : indices)
          operands.push_back(arith::ConstantIndexOp::create(
              builder, call.getLoc(), values[number]));
        call->setOperands(operands);
      }
  }

  bool hasIndices() const { return !indices.empty(); }
  ArrayRef<func::FuncOp> getFunctions() const { return functions; }

private:
  /// An index of the first function: argument number `index`, and `distance`.
  struct Use {
    Operation *op;
    size_t index;
    int64_t distance;
  };

  static int64_t getIndex(Operation *op) {
    return cast<IntegerAttr>(cast<arith::ConstantOp>(op).getValue()).getInt();
  }

  void addIndex(Operation *op, ArrayRef<int64_t> values) {
    for (auto [number, other] : llvm::enumerate(indices)) {
      int64_t distance = values[0] - other[0];
      bool isConstant = llvm::all_of(llvm::zip(values, other), [&](auto pair) {
        return std::get<0>(pair) - std::get<1>(pair) == distance;
      });
      if (isConstant) {
        uses.push_back({op, number, distance});
        return;
      }
    }
    uses.push_back({op, indices.size(), 0});
    indices.emplace_back(values);
  }

  static void replace(const Use &use, Value argument) {
    OpBuilder builder(use.op);
    Location loc = use.op->getLoc();
    Value value = argument;
    if (use.distance != 0)
      value = arith::AddIOp::create(
          builder, loc, argument,
          arith::ConstantIndexOp::create(builder, loc, use.distance));
    use.op->getResult(0).replaceAllUsesWith(value);
    use.op->erase();
  }

  SmallVector<func::FuncOp> functions;
  /// The values of each argument to add, by function.
  SmallVector<SmallVector<int64_t>> indices;
  SmallVector<Use> uses;
};

struct MergeKernels : qnn::impl::QNNCPUMergeKernelsPassBase<MergeKernels> {
  using Base::Base;

  void runOnOperation() override {
    // Because functions that name other constants are not equal.
    mergeConstants();
    DenseMap<StringAttr, SmallVector<func::CallOp>> calls;
    getOperation().walk([&](func::CallOp call) {
      calls[call.getCalleeAttr().getAttr()].push_back(call);
    });
    for (Group &group : findGroups())
      merge(group, calls);
  }

private:
  void mergeConstants() {
    DenseMap<Attribute, FlatSymbolRefAttr> known;
    DenseMap<StringAttr, FlatSymbolRefAttr> replacements;
    for (auto global : llvm::make_early_inc_range(
             getOperation().getOps<memref::GlobalOp>())) {
      if (!global.getConstant() || !global.isPrivate())
        continue;
      auto [first, isNew] = known.try_emplace(getAttributes(global),
                                              FlatSymbolRefAttr::get(global));
      if (isNew)
        continue;
      replacements[global.getSymNameAttr()] = first->second;
      global.erase();
    }
    getOperation().walk([&](memref::GetGlobalOp op) {
      auto found = replacements.find(op.getNameAttr().getAttr());
      if (found != replacements.end())
        op.setNameAttr(found->second);
    });
  }

  /// Whether threads may share the work: they are handed buffers only.
  bool isShared(func::FuncOp function) const {
    auto work = function->getAttrOfType<IntegerAttr>(kKernelWorkAttr);
    return work && work.getInt() >= maxWork;
  }

  SmallVector<Group> findGroups() {
    SmallVector<Group> groups;
    DenseMap<size_t, SmallVector<size_t>> byHash;
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (!function.isPrivate() || function.isExternal())
        continue;
      splitIndices(function);
      SmallVector<size_t> &candidates = byHash[hashFunction(function)];
      auto *found = llvm::find_if(candidates, [&](size_t number) {
        return Comparison(groups[number].first(), function, !isShared(function))
            .run();
      });
      if (found != candidates.end()) {
        groups[*found].add(function);
        continue;
      }
      candidates.push_back(groups.size());
      groups.emplace_back(function);
    }
    return groups;
  }

  void merge(Group &group,
             DenseMap<StringAttr, SmallVector<func::CallOp>> &calls) {
    if (group.size() == 1)
      return;
    group.findIndices();
    if (group.hasIndices()) {
      group.first()->removeAttr(kKernelUnitsAttr);
      group.first()->removeAttr(kKernelWorkAttr);
    }
    SmallVector<SmallVector<func::CallOp>> own;
    for (func::FuncOp function : group.getFunctions())
      own.push_back(calls.lookup(function.getSymNameAttr()));
    group.addArguments();
    group.redirect(own);
    for (func::FuncOp function : group.getFunctions().drop_front())
      function.erase();
  }
};

} // namespace
