// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Upstream's elementwise fusion, held to cases that compute nothing twice.

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "qnn/Codegen/CPU/Passes.h"

namespace qnn {
#define GEN_PASS_DEF_QNNFUSEELEMENTWISEPASS
#include "qnn/Codegen/CPU/Passes.h.inc"
} // namespace qnn

using namespace mlir;

/// Whether the operation is a sum, a product, a pool: a loop nest of its own.
static bool isReduction(Operation *op) {
  auto linalgOp = dyn_cast_or_null<linalg::LinalgOp>(op);
  return linalgOp && linalgOp.getNumReductionLoops() != 0;
}

/// The reduction whose results the operand has, through elementwise operations
/// that nobody else reads; null if there is none.
static Operation *findReduction(Value operand) {
  Operation *op = operand.getDefiningOp();
  if (!op || isReduction(op) || !op->hasOneUse())
    return isReduction(op) ? op : nullptr;
  Operation *last = nullptr;
  if (auto generic = dyn_cast<linalg::GenericOp>(op))
    for (Value input : generic.getDpsInputs())
      if (Operation *found = findReduction(input))
        if (!last || last->isBeforeInBlock(found))
          last = found;
  return last;
}

/// Whether the consumer reads each element of the operand exactly once, from a
/// producer that nobody else reads. A sum may make its terms itself, but not
/// the epilogue of another reduction, which that one stores.
static bool readsOnce(OpOperand *operand) {
  Operation *producer = operand->get().getDefiningOp();
  auto consumer = dyn_cast<linalg::GenericOp>(operand->getOwner());
  if (!producer || !producer->hasOneUse() || !consumer ||
      !consumer.getMatchingIndexingMap(operand).isPermutation())
    return false;
  return consumer.getNumReductionLoops() == 0 ||
         (consumer.getNumDpsInputs() == 1 && !findReduction(operand->get()));
}

/// Whether an operation that the use leads to, through elementwise operations,
/// also reads a later reduction than `own`.
static bool meetsLaterReduction(OpOperand *use, Operation *own) {
  auto consumer = dyn_cast<linalg::GenericOp>(use->getOwner());
  if (!consumer || isReduction(consumer))
    return false;
  for (OpOperand *other : consumer.getDpsInputOperands()) {
    Operation *reduction = other == use ? nullptr : findReduction(other->get());
    if (reduction && own->isBeforeInBlock(reduction))
      return true;
  }
  return consumer->hasOneUse() &&
         meetsLaterReduction(&*consumer->use_begin(), own);
}

/// Results of a reduction are stored by one operation in their own order, so
/// that it can be computed on registers. Of two reductions that are added the
/// last one has it: the other is stored in the narrow type that the first
/// operation on it gives, if it does.
static bool keepsEpilogue(OpOperand *operand) {
  Operation *reduction = findReduction(operand->get());
  if (!reduction)
    return true;
  auto consumer = cast<linalg::GenericOp>(operand->getOwner());
  if (!consumer.getMatchingIndexingMap(operand).isIdentity())
    return false;
  Value accumulators = reduction->getResult(0);
  bool narrows =
      llvm::is_contained(operand->get().getDefiningOp()->getOperands(),
                         accumulators) &&
      getElementTypeOrSelf(operand->get()).getIntOrFloatBitWidth() <
          getElementTypeOrSelf(accumulators).getIntOrFloatBitWidth();
  return !narrows || !meetsLaterReduction(operand, reduction);
}

/// The loop along which the elements of an operand lie together; null for one
/// element and for elements that are repeated.
static AffineExpr innermostLoop(AffineMap map) {
  if (map.getNumResults() == 0 ||
      isa<AffineConstantExpr>(map.getResults().back()))
    return {};
  return map.getResults().back();
}

/// Whether fusion would leave an operation whose inputs lie in memory in
/// different orders, which no vector loads: a transpose on its own has vectors,
/// and so has what reads it.
static bool mixesOrders(OpOperand *operand) {
  auto producer = operand->get().getDefiningOp<linalg::GenericOp>();
  auto consumer = cast<linalg::GenericOp>(operand->getOwner());
  if (!producer)
    return false;
  AffineMap toProducer =
      inversePermutation(
          producer.getIndexingMapMatchingResult(cast<OpResult>(operand->get())))
          .compose(consumer.getMatchingIndexingMap(operand));
  SmallVector<AffineMap> maps;
  for (OpOperand *input : producer.getDpsInputOperands())
    maps.push_back(producer.getMatchingIndexingMap(input).compose(toProducer));
  for (OpOperand *input : consumer.getDpsInputOperands())
    if (input != operand)
      maps.push_back(consumer.getMatchingIndexingMap(input));
  AffineExpr first;
  for (AffineMap map : maps) {
    AffineExpr loop = innermostLoop(map);
    if (first && loop && loop != first)
      return true;
    first = first ? first : loop;
  }
  return false;
}

/// Whether a reshape may move to the other side of an elementwise operation: to
/// the model's inputs, where it costs nothing, but not between a reduction and
/// its epilogue.
static bool mayReshapeInputs(OpOperand *operand) {
  Operation *producer = operand->get().getDefiningOp();
  auto generic = dyn_cast_or_null<linalg::GenericOp>(producer);
  return generic && producer->hasOneUse() && !findReduction(operand->get()) &&
         isa<tensor::CollapseShapeOp, tensor::ExpandShapeOp>(
             operand->getOwner());
}

/// Whether every element is made from the elements at the same place.
static bool isPointwise(linalg::GenericOp op) {
  return op.getNumReductionLoops() == 0 &&
         llvm::all_of(op.getDpsInitsMutable(), [&](OpOperand &result) {
           return op.getMatchingIndexingMap(&result).isIdentity();
         });
}

namespace {

/// A result of the function that is read by one more operation: both are
/// stored by one loop.
///
///   %v = f(%a)                %v, %w = f(%a), g(f(%a))
///   %w = g(%v)           ->   return %v, %w
///   return %v, %w
struct FuseStoredProducer : OpRewritePattern<linalg::GenericOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(linalg::GenericOp consumer,
                                PatternRewriter &rewriter) const override {
    for (OpOperand *operand : consumer.getDpsInputOperands()) {
      if (!isStoredToo(operand))
        continue;
      Operation *producer = operand->get().getDefiningOp();
      FailureOr<linalg::ElementwiseOpFusionResult> fused =
          linalg::fuseElementwiseOps(rewriter, operand);
      if (failed(fused))
        continue;
      for (auto [before, after] : fused->replacements)
        rewriter.replaceAllUsesWith(before, after);
      rewriter.eraseOp(consumer);
      rewriter.eraseOp(producer);
      return success();
    }
    return rewriter.notifyMatchFailure(
        consumer, "reads no result of the function at the same places");
  }

private:
  static bool isStoredToo(OpOperand *operand) {
    auto consumer = cast<linalg::GenericOp>(operand->getOwner());
    auto producer = operand->get().getDefiningOp<linalg::GenericOp>();
    if (!producer || !isPointwise(producer) || !isPointwise(consumer) ||
        !consumer.getMatchingIndexingMap(operand).isIdentity() ||
        findReduction(operand->get()) || mixesOrders(operand))
      return false;
    // An operand that is read twice is merged first.
    return llvm::all_of(producer->getUses(), [&](OpOperand &use) {
      return &use == operand || isa<func::ReturnOp>(use.getOwner());
    });
  }
};

} // namespace

/// Transposes as generic operations, which fuse.
static void generalizeTransposes(func::FuncOp function) {
  IRRewriter rewriter(function.getContext());
  function.walk([&](linalg::TransposeOp op) {
    rewriter.setInsertionPoint(op);
    (void)linalg::generalizeNamedOp(rewriter, op);
  });
}

namespace {

struct FuseElementwise
    : qnn::impl::QNNFuseElementwisePassBase<FuseElementwise> {
  using Base::Base;

  void runOnOperation() override {
    generalizeTransposes(getOperation());
    RewritePatternSet patterns(&getContext());
    linalg::populateElementwiseOpsFusionPatterns(
        patterns, [](OpOperand *operand) {
          return readsOnce(operand) && keepsEpilogue(operand) &&
                 !mixesOrders(operand);
        });
    patterns.add<FuseStoredProducer>(&getContext());
    linalg::populateFoldReshapeOpsByExpansionPatterns(patterns,
                                                      mayReshapeInputs);
    linalg::populateFoldReshapeOpsByCollapsingPatterns(patterns,
                                                       mayReshapeInputs);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
