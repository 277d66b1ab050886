// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Elementary functions, quotients and comparisons, element by element.

#include "mlir/Dialect/Math/IR/Math.h"
#include "PopulatePatterns.h"
#include "TensorEmitter.h"
#include "qnn/Dialect/QNN/IR/QNN.h"

using namespace mlir;
using namespace qnn;

static Value emitAbs(ScalarEmitter &emitter, ValueRange in) {
  return emitter.emit<math::AbsFOp>(in[0]);
}

static Value emitExp(ScalarEmitter &emitter, ValueRange in) {
  return emitter.exp(in[0]);
}

static Value emitLog(ScalarEmitter &emitter, ValueRange in) {
  return emitter.log(in[0]);
}

static Value emitSigmoid(ScalarEmitter &emitter, ValueRange in) {
  return emitter.sigmoid(in[0]);
}

static Value emitSign(ScalarEmitter &emitter, ValueRange in) {
  Value zero = emitter.f32(0.0f);
  Value isBelow = emitter.compare(arith::CmpFPredicate::OLT, in[0], zero);
  Value sign = emitter.select(isBelow, emitter.f32(-1.0f), zero);
  Value isAbove = emitter.compare(arith::CmpFPredicate::OGT, in[0], zero);
  return emitter.select(isAbove, emitter.f32(1.0f), sign);
}

static Value emitSqrt(ScalarEmitter &emitter, ValueRange in) {
  return emitter.emit<math::SqrtOp>(in[0]);
}

static Value emitTanh(ScalarEmitter &emitter, ValueRange in) {
  return emitter.tanh(in[0]);
}

static Value emitQuotient(ScalarEmitter &emitter, ValueRange in) {
  return emitter.emit<arith::DivFOp>(in[0], in[1]);
}

static Value emitMaximum(ScalarEmitter &emitter, ValueRange in) {
  return emitter.atLeast(in[0], in[1]);
}

static Value emitMinimum(ScalarEmitter &emitter, ValueRange in) {
  return emitter.atMost(in[0], in[1]);
}

namespace {

/// One operation on floats -> one loop nest with this body.
template <typename OpTy, Value (*body)(ScalarEmitter &, ValueRange)>
struct FloatLowering : OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;

  LogicalResult
  matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getType());
    rewriter.replaceOp(op, emitElementwise(rewriter, op.getLoc(), type,
                                           adaptor.getOperands(), body));
    return success();
  }
};

} // namespace

void qnn::populateMathPatterns(const TypeConverter &converter,
                               RewritePatternSet &patterns) {
  patterns
      .add<FloatLowering<AbsOp, emitAbs>, FloatLowering<DivOp, emitQuotient>,
           FloatLowering<ExpOp, emitExp>, FloatLowering<LogOp, emitLog>,
           FloatLowering<MaximumOp, emitMaximum>,
           FloatLowering<MinimumOp, emitMinimum>,
           FloatLowering<SigmoidOp, emitSigmoid>,
           FloatLowering<SignOp, emitSign>, FloatLowering<SqrtOp, emitSqrt>,
           FloatLowering<TanhOp, emitTanh>>(converter, patterns.getContext());
}
