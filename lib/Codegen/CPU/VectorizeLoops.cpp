// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What linalg operations on buffers are left becomes loops on vectors. The
// start of a reduction goes into registers.

#include "LoopKernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "qnn/Codegen/CPU/Passes.h"

namespace qnn {
#define GEN_PASS_DEF_QNNCPUVECTORIZELOOPSPASS
#include "qnn/Codegen/CPU/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

/// The operation that fills the result right before the reduction `op`: what
/// was accessed in between is another buffer.
static linalg::FillOp findStart(linalg::GenericOp op) {
  Value result = op.getDpsInits()[0];
  Operation *last = nullptr;
  for (Operation *access : getAccesses(getBuffer(result))) {
    Operation *ancestor = op->getBlock()->findAncestorOpInBlock(*access);
    if (ancestor && ancestor != op && ancestor->isBeforeInBlock(op) &&
        (!last || last->isBeforeInBlock(ancestor)))
      last = ancestor;
  }
  auto fill = dyn_cast_or_null<linalg::FillOp>(last);
  return fill && fill.getDpsInits()[0] == result ? fill : nullptr;
}

/// Operations of one signature from which a function for them saves code.
static constexpr int64_t kMinRepetitions = 4;
/// Operations in a body that are more code than a call.
static constexpr int64_t kMinBody = 8;

/// Equal for operations that compute the same on other parts of buffers.
static llvm::hash_code getSignature(linalg::LinalgOp op) {
  llvm::hash_code hash =
      llvm::hash_combine(op->getName(), op->getAttrDictionary());
  for (Type type : op->getOperandTypes())
    if (auto memref = dyn_cast<MemRefType>(type))
      hash = llvm::hash_combine(hash, memref.getElementType(),
                                llvm::hash_combine_range(memref.getShape()));
  op->walk([&](Operation *inner) {
    if (inner != op)
      hash = llvm::hash_combine(hash, inner->getName(),
                                inner->getAttrDictionary());
  });
  return hash;
}

static bool isMoreThanCall(linalg::LinalgOp op) {
  return int64_t(op.getBlock()->getOperations().size()) >= kMinBody;
}

namespace {

struct VectorizeLoops
    : qnn::impl::QNNCPUVectorizeLoopsPassBase<VectorizeLoops> {
  using Base::Base;

  void runOnOperation() override {
    const TargetRow *row = getTargetRow(getOperation());
    if (!row)
      return signalPassFailure();
    if (!row->hasVectors())
      return;
    SmallVector<linalg::LinalgOp> operations;
    getOperation().walk([&](linalg::LinalgOp op) { operations.push_back(op); });
    repetitions.clear();
    for (linalg::LinalgOp op : operations)
      ++repetitions[getSignature(op)];
    SymbolTable symbols(getOperation());
    // From the back, because a reduction takes the fill before it.
    DenseSet<Operation *> taken;
    for (linalg::LinalgOp op : llvm::reverse(operations))
      if (!taken.contains(op))
        vectorize(op, *row, symbols, taken);
  }

private:
  void vectorize(linalg::LinalgOp op, const TargetRow &row,
                 SymbolTable &symbols, DenseSet<Operation *> &taken) {
    IRRewriter rewriter(op);
    if (countIterations(op) == 0)
      return rewriter.eraseOp(op);
    bool isRepeated =
        repetitions[getSignature(op)] >= kMinRepetitions && isMoreThanCall(op);
    linalg::GenericOp generic = asGeneric(rewriter, op);
    StringRef reason;
    auto nest = matchLoopNest(generic, row.vectorBits, reason);
    if (!nest)
      return;
    linalg::FillOp fill;
    if (!generic.getBody()->getArguments().back().use_empty())
      fill = findStart(generic);
    ImplicitLocOpBuilder builder(generic.getLoc(), generic);
    emitLoopKernel(builder, symbols, row, *nest,
                   fill ? fill.getInputs()[0] : Value(), isRepeated);
    generic.erase();
    if (!fill)
      return;
    taken.insert(fill);
    fill.erase();
  }

  static linalg::GenericOp asGeneric(RewriterBase &rewriter,
                                     linalg::LinalgOp op) {
    if (auto generic = dyn_cast<linalg::GenericOp>(op.getOperation()))
      return generic;
    return *linalg::generalizeNamedOp(rewriter, op);
  }

  /// How many operations of a signature there are.
  DenseMap<size_t, int64_t> repetitions;
};

} // namespace
