// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One buffer for each result: a buffer that is returned again is copied. Goes
// in after bufferization, before results become parameters.

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "qnn/Codegen/CPU/Passes.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace qnn {
#define GEN_PASS_DEF_QNNSEPARATERESULTSPASS
#include "qnn/Codegen/CPU/Passes.h.inc"
} // namespace qnn

using namespace mlir;

namespace {

struct SeparateResults
    : qnn::impl::QNNSeparateResultsPassBase<SeparateResults> {
  using Base::Base;

  void runOnOperation() override {
    getOperation().walk([](func::ReturnOp returnOp) {
      llvm::SmallPtrSet<Value, 8> returned;
      for (OpOperand &operand : returnOp->getOpOperands()) {
        auto type = dyn_cast<MemRefType>(operand.get().getType());
        if (!type || returned.insert(operand.get()).second)
          continue;
        OpBuilder builder(returnOp);
        Location loc = operand.get().getLoc();
        Value buffer = memref::AllocOp::create(builder, loc, type);
        memref::CopyOp::create(builder, loc, operand.get(), buffer);
        operand.set(buffer);
      }
    });
  }
};

} // namespace
