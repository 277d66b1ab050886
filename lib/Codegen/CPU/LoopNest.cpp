// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Choosing the lanes of a loop nest.

#include "LoopNest.h"
#include "VectorBody.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace qnn;

/// Vectors that a loop computes at once.
static constexpr int64_t kMaxUnroll = 4;

int64_t qnn::countIterations(linalg::LinalgOp op) {
  int64_t count = 1;
  for (int64_t extent : op.getStaticLoopRanges())
    count *= extent;
  return count;
}

Operation *qnn::matchCombiner(linalg::GenericOp op) {
  BlockArgument accumulator = op.getBody()->getArguments().back();
  if (!accumulator.hasOneUse())
    return nullptr;
  Operation *combiner = *accumulator.user_begin();
  // The terminator, where nothing is added.
  if (!isa<arith::AddIOp, arith::MaxSIOp, arith::MaxUIOp>(combiner))
    return nullptr;
  bool isLast =
      op.getBody()->getTerminator()->getOperand(0) == combiner->getResult(0);
  return isLast ? combiner : nullptr;
}

namespace {

class LoopNestMatcher {
public:
  LoopNestMatcher(linalg::GenericOp op, int64_t vectorBits, StringRef &reason)
      : vectorBits(vectorBits), reason(reason) {
    nest.op = op;
  }

  std::optional<LoopNest> match() {
    if (!checkBody() || !flattenOperands())
      return std::nullopt;
    splitLoops();
    if (!chooseResults() && !chooseInputs() && !chooseTerms() && !chooseRows())
      return std::nullopt;
    return std::move(nest);
  }

private:
  bool refuse(StringRef why) {
    reason = why;
    return false;
  }

  /// Also finds the width: lanes of the widest type in the body; and how many
  /// elements of the narrowest one fill a vector.
  bool checkBody() {
    bool readsResults =
        llvm::any_of(nest.op.getRegionOutputArgs(), [](BlockArgument argument) {
          return !argument.use_empty();
        });
    if (nest.numResults() != 1 &&
        (nest.op.getNumReductionLoops() != 0 || readsResults))
      return refuse("expects one result, or elements that are computed alone");
    if (!canVectorizeBody(nest.op))
      return refuse("expects elementwise operations and small tables");
    int64_t widest = 8, narrowest = kMaxUnroll * 8;
    auto addType = [&](Type type) {
      if (type.isIntOrFloat())
        widest = std::max<int64_t>(widest, type.getIntOrFloatBitWidth());
    };
    for (Type type : nest.op.getBody()->getArgumentTypes()) {
      addType(type);
      narrowest = std::min<int64_t>(narrowest, type.getIntOrFloatBitWidth());
    }
    for (Operation &op : nest.op.getBody()->without_terminator())
      addType(op.getResult(0).getType());
    nest.width = vectorBits / widest;
    // Sums need several accumulators to wait for.
    nest.unrolledWidth = nest.width * kMaxUnroll;
    if (nest.op.getNumReductionLoops() == 0)
      nest.unrolledWidth = std::min(nest.unrolledWidth, vectorBits / narrowest);
    return true;
  }

  bool flattenOperands() {
    for (OpOperand &operand : nest.op->getOpOperands()) {
      if (operand.get().getType().isIntOrFloat()) {
        nest.operands.push_back({operand.get(), 0, {}});
        continue;
      }
      std::optional<FlatOperand> flat = flatten(nest.op, operand);
      if (!flat)
        return refuse("expects static strides and linear subscripts");
      nest.operands.push_back(*flat);
    }
    return true;
  }

  /// Parallel loops first: they may go around the others. Sums keep their
  /// order.
  void splitLoops() {
    SmallVector<Loop> parallel, reductions;
    SmallVector<int64_t> extents = nest.op.getStaticLoopRanges();
    for (auto [i, type] : llvm::enumerate(nest.op.getIteratorTypesArray())) {
      Loop loop{extents[i], {}};
      for (const FlatOperand &operand : nest.operands)
        loop.steps.push_back(operand.steps.empty() ? 0 : operand.steps[i]);
      bool isParallel = type == utils::IteratorType::parallel;
      (isParallel ? parallel : reductions).push_back(loop);
    }
    nest.outer = mergeLoops(parallel);
    nest.reductions = mergeLoops(reductions);
  }

  ArrayRef<int64_t> inputSteps(const Loop &loop) const {
    return ArrayRef(loop.steps).drop_back(nest.numResults());
  }

  static bool liesTogether(int64_t step) { return step == 0 || step == 1; }

  /// The index of a parallel loop with results that lie together.
  std::optional<unsigned> findColumns() const {
    for (auto [i, loop] : llvm::enumerate(nest.outer))
      if (llvm::all_of(ArrayRef(loop.steps).take_back(nest.numResults()),
                       [](int64_t step) { return step == 1; }))
        return i;
    return std::nullopt;
  }

  bool chooseResults() {
    std::optional<unsigned> columns = findColumns();
    if (!columns ||
        !llvm::all_of(inputSteps(nest.outer[*columns]), liesTogether))
      return false;
    takeLanes(*columns);
    return true;
  }

  void takeLanes(unsigned loop) {
    nest.lanes = nest.outer[loop];
    nest.outer.erase(nest.outer.begin() + loop);
  }

  bool chooseInputs() {
    std::optional<unsigned> columns = findColumns();
    if (!columns || !nest.reductions.empty() || nest.numResults() != 1)
      return false;
    for (auto [i, loop] : llvm::enumerate(nest.outer)) {
      if (i == *columns || !llvm::is_contained(inputSteps(loop), 1) ||
          !llvm::all_of(inputSteps(loop), liesTogether))
        continue;
      nest.columns = nest.outer[*columns];
      takeLanes(i);
      nest.outer.erase(nest.outer.begin() + *columns - (i < *columns));
      nest.kind = LaneLoop::Inputs;
      return true;
    }
    return false;
  }

  bool chooseRows() {
    std::optional<unsigned> columns = findColumns();
    if (!columns || nest.reductions.empty())
      return false;
    for (auto [row, term] : llvm::zip_equal(inputSteps(nest.outer[*columns]),
                                            inputSteps(nest.reductions.back())))
      if (!liesTogether(row) && term != 1)
        return false;
    takeLanes(*columns);
    nest.kind = LaneLoop::Rows;
    return true;
  }

  bool chooseTerms() {
    // Nobody asks about a loop of one iteration.
    if (nest.outer.empty() && nest.reductions.empty())
      return false;
    if (nest.reductions.empty())
      return refuse("expects elements that lie together in memory");
    if (!matchCombiner(nest.op))
      return refuse("keeps the order of a sum that is not of integers");
    if (!llvm::all_of(inputSteps(nest.reductions.back()), liesTogether))
      return refuse("expects terms that lie together in memory");
    nest.lanes = nest.reductions.back();
    nest.kind = LaneLoop::Terms;
    return true;
  }

  int64_t vectorBits;
  StringRef &reason;
  LoopNest nest;
};

} // namespace

std::optional<LoopNest> qnn::matchLoopNest(linalg::GenericOp op,
                                           int64_t vectorBits,
                                           StringRef &reason) {
  return LoopNestMatcher(op, vectorBits, reason).match();
}
