// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Elementwise operations write in place of an operand that nobody reads again.

#include "Contraction.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "qnn/Codegen/CPU/Passes.h"

namespace qnn {
#define GEN_PASS_DEF_QNNREUSEBUFFERSPASS
#include "qnn/Codegen/CPU/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

/// Whether all accesses to the buffer but `op` come before it, or (if not
/// `before`) after it.
static bool isAccessedOnly(bool before, memref::AllocOp buffer,
                           linalg::GenericOp op) {
  return llvm::all_of(getAccesses(buffer), [&](Operation *access) {
    if (access == op)
      return true;
    Operation *ancestor = op->getBlock()->findAncestorOpInBlock(*access);
    return ancestor && ancestor->isBeforeInBlock(op) == before;
  });
}

/// Whether each element of the result is computed from the same element of the
/// operand, and from no other one.
static bool readsInPlace(linalg::GenericOp op, OpOperand &operand) {
  AffineMap written = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  return llvm::all_of(op.getDpsInputOperands(), [&](OpOperand *other) {
    return getBuffer(other->get()) != getBuffer(operand.get()) ||
           (other->get() == operand.get() &&
            op.getMatchingIndexingMap(other) == written);
  });
}

namespace {

struct ReuseBuffers : qnn::impl::QNNReuseBuffersPassBase<ReuseBuffers> {
  using Base::Base;

  void runOnOperation() override {
    for (auto op : getOperation().getOps<linalg::GenericOp>())
      if (op.getNumReductionLoops() == 0 && op.getNumDpsInits() == 1)
        reuse(op);
  }

private:
  void reuse(linalg::GenericOp op) {
    auto result = op.getDpsInits()[0].getDefiningOp<memref::AllocOp>();
    if (!result || !isAccessedOnly(/*before=*/false, result, op))
      return;
    for (OpOperand *operand : op.getDpsInputOperands()) {
      auto buffer = operand->get().getDefiningOp<memref::AllocOp>();
      if (!buffer || buffer == result || buffer.getType() != result.getType() ||
          !readsInPlace(op, *operand) ||
          !isAccessedOnly(/*before=*/true, buffer, op))
        continue;
      if (result->isBeforeInBlock(buffer))
        buffer->moveBefore(result);
      result.replaceAllUsesWith(buffer.getResult());
      result.erase();
      return;
    }
  }
};

} // namespace
