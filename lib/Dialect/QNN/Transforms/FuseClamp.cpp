// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attaches clamps to the operation that makes the value.

#include "Movement.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"

#define DEBUG_TYPE "qnn-fuse-clamp"

namespace qnn {
#define GEN_PASS_DEF_QNNFUSECLAMPPASS
#include "qnn/Dialect/QNN/Transforms/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

/// The bound that a clamp to [low, high] makes of an optional bound of the
/// value before: clamped itself; without one, `fallback`. So the bounds stay in
/// order even where the two ranges do not meet and the result is constant.
static FloatAttr clampBound(FloatAttr bound, FloatAttr low, FloatAttr high,
                            FloatAttr fallback) {
  if (!bound)
    return fallback;
  if (low && bound.getValueAsDouble() < low.getValueAsDouble())
    return low;
  if (high && bound.getValueAsDouble() > high.getValueAsDouble())
    return high;
  return bound;
}

namespace {
/// clamp(op(x)) -> op(x) with the clamp's bounds:
///
///   %0 = qnn.conv2d %x, %w : ...
///   %1 = qnn.clamp %0 clamp_min(0.0)   ->   %1 = qnn.conv2d ... clamp_min(0.0)
///
/// and the same where the clamp is behind a movement of what was computed.
template <typename OpTy>
struct FuseClampInto : OpRewritePattern<ClampOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ClampOp clamp,
                                PatternRewriter &rewriter) const override {
    Movement movement = getMovement(clamp.getInput());
    auto producer = movement.source.getDefiningOp<OpTy>();
    if (!producer)
      return rewriter.notifyMatchFailure(clamp, "input has another producer");
    if (!producer->hasOneUse())
      return rewriter.notifyMatchFailure(clamp,
                                         "the unclamped value is used, too");
    if (!isFloatTensor(clamp.getType()))
      return rewriter.notifyMatchFailure(clamp, "not in float form");
    FloatAttr min = clamp.getClampMinAttr(), max = clamp.getClampMaxAttr();
    FloatAttr low = clampBound(producer.getClampMinAttr(), min, max, min);
    FloatAttr high = clampBound(producer.getClampMaxAttr(), min, max, max);
    rewriter.modifyOpInPlace(producer, [&] {
      if (low)
        producer.setClampMinAttr(low);
      if (high)
        producer.setClampMaxAttr(high);
      movement.rename(clamp.getLoc());
    });
    rewriter.replaceOp(clamp, movement.result);
    return success();
  }
};

struct FuseClampPass : qnn::impl::QNNFuseClampPassBase<FuseClampPass> {
  using Base::Base;

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FuseClampInto<Conv2DOp>, FuseClampInto<MatMulOp>,
                 FuseClampInto<AddOp>, FuseClampInto<SubOp>,
                 FuseClampInto<MulOp>, FuseClampInto<ClampOp>>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
