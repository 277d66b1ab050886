// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Says which hot loops are left on scalars, and why.

#include "LoopNest.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "qnn/Codegen/CPU/Passes.h"

namespace qnn {
#define GEN_PASS_DEF_QNNVERIFYVECTORIZEDPASS
#include "qnn/Codegen/CPU/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

/// Iterations of the loop and those around it; a loop of unknown bounds counts
/// as one.
static int64_t countIterations(scf::ForOp loop) {
  int64_t count = 1;
  for (Operation *op = loop; op; op = op->getParentOp())
    if (auto around = dyn_cast<scf::ForOp>(op))
      if (std::optional<APInt> trips = around.getStaticTripCount())
        count *= trips->getSExtValue();
  return count;
}

/// Whether the loop is innermost, stores scalars and computes no vectors.
static bool isScalar(scf::ForOp loop) {
  bool storesScalars = false;
  WalkResult result = loop.getBody()->walk([&](Operation *op) {
    bool hasVectors =
        llvm::any_of(op->getOperandTypes(), llvm::IsaPred<VectorType>) ||
        llvm::any_of(op->getResultTypes(), llvm::IsaPred<VectorType>);
    if (hasVectors || isa<scf::ForOp>(op))
      return WalkResult::interrupt();
    storesScalars |= isa<memref::StoreOp>(op);
    return WalkResult::advance();
  });
  return storesScalars && !result.wasInterrupted();
}

namespace {

struct VerifyVectorized
    : qnn::impl::QNNVerifyVectorizedPassBase<VerifyVectorized> {
  using Base::Base;

  void runOnOperation() override {
    const TargetRow *row = getTargetRow(getOperation());
    if (!row)
      return signalPassFailure();
    if (!row->hasVectors())
      return;
    getOperation().walk([&](linalg::GenericOp op) {
      StringRef reason;
      if (!matchLoopNest(op, row->vectorBits, reason))
        remark(op, qnn::countIterations(op), reason);
    });
    getOperation().walk([&](scf::ForOp loop) {
      if (isScalar(loop))
        remark(loop, ::countIterations(loop), "it was emitted as scalars");
    });
  }

private:
  void remark(Operation *op, int64_t iterations, StringRef reason) {
    if (iterations >= minIterations)
      // Without the operation: its text would need names for the whole module.
      mlir::emitRemark(op->getLoc(), "loop of ")
          << iterations << " iterations is not on vectors: " << reason;
  }
};

} // namespace
