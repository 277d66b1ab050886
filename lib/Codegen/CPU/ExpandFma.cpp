// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A product and a sum instead of a fused multiply-add, where the row of the
// target table has none.

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "qnn/Codegen/CPU/Passes.h"
#include "qnn/Codegen/CPU/TargetTable.h"

namespace qnn {
#define GEN_PASS_DEF_QNNCPUEXPANDFMAPASS
#include "qnn/Codegen/CPU/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

static void expand(math::FmaOp op) {
  OpBuilder builder(op);
  Value product =
      arith::MulFOp::create(builder, op.getLoc(), op.getA(), op.getB());
  Value sum = arith::AddFOp::create(builder, op.getLoc(), product, op.getC());
  op.replaceAllUsesWith(sum);
  op.erase();
}

namespace {

struct ExpandFma : qnn::impl::QNNCPUExpandFmaPassBase<ExpandFma> {
  using Base::Base;

  void runOnOperation() override {
    const TargetRow *row = getTargetRow(getOperation());
    if (!row)
      return signalPassFailure();
    if (!row->hasFma)
      getOperation().walk(expand);
  }
};

} // namespace
