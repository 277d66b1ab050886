// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The contract at the end of the lowering.

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "qnn/Codegen/CPU/Passes.h"
#include "qnn/Dialect/QNN/IR/QNN.h"

namespace qnn {
#define GEN_PASS_DEF_QNNVERIFYLOWEREDPASS
#include "qnn/Codegen/CPU/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

namespace {

struct VerifyLowered : qnn::impl::QNNVerifyLoweredPassBase<VerifyLowered> {
  using Base::Base;

  void runOnOperation() override {
    WalkResult result = getOperation().walk([](Operation *op) {
      bool isLeftOver = isa_and_nonnull<QNNDialect>(op->getDialect()) ||
                        isa<memref::AllocOp, memref::AllocaOp,
                            memref::DeallocOp, memref::CopyOp>(op);
      if (!isLeftOver)
        return WalkResult::advance();
      op->emitOpError("is left after lowering");
      return WalkResult::interrupt();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};

} // namespace
