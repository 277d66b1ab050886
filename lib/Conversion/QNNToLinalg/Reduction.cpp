// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Mean and sum along axes.

#include "PopulatePatterns.h"
#include "TensorEmitter.h"
#include "qnn/Dialect/QNN/IR/QNN.h"

using namespace mlir;
using namespace qnn;

namespace {

/// qnn.mean on floats -> a sum in row-major order, divided by the count.
struct MeanLowering : OpConversionPattern<MeanOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(MeanOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = dyn_cast<RankedTensorType>(op.getType());
    auto inputType = dyn_cast<RankedTensorType>(op.getInput().getType());
    if (!isFloatTensor(type) || !inputType.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "expects the float form, static");
    int64_t count = 1;
    for (int64_t axis : op.getAxes())
      count *= inputType.getDimSize(axis);
    Location loc = op.getLoc();
    Value sum = emitReduction(
        rewriter, loc, adaptor.getInput(), op.getAxes(),
        rewriter.getF32FloatAttr(0.0f),
        [&](ScalarEmitter &emitter, ValueRange arguments) {
          return emitter.emit<arith::AddFOp>(arguments[1], arguments[0]);
        });
    Value mean = emitElementwise(rewriter, loc, tensorType(sum), sum,
                                 [&](ScalarEmitter &emitter, ValueRange in) {
                                   return emitter.emit<arith::DivFOp>(
                                       in[0], emitter.f32(float(count)));
                                 });
    rewriter.replaceOp(
        op, emitExpandedAxes(rewriter, loc, mean, type, op.getAxes()));
    return success();
  }
};

/// qnn.sum -> an exact integer sum, or a float sum in row-major order.
struct SumLowering : OpConversionPattern<SumOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(SumOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    if (!type || !type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "expects static shapes");
    Type element = op.getInput().getType().getElementType();
    auto body = [&](ScalarEmitter &emitter, ValueRange arguments) -> Value {
      if (isa<FloatType>(element))
        return emitter.emit<arith::AddFOp>(arguments[1], arguments[0]);
      Value value = emitter.subtractZeroPoint(
          arguments[0], element, op.getInputZeroPoint(), type.getElementType());
      return emitter.emit<arith::AddIOp>(arguments[1], value);
    };
    Value sum =
        emitReduction(rewriter, op.getLoc(), adaptor.getInput(), op.getAxes(),
                      rewriter.getZeroAttr(type.getElementType()), body);
    rewriter.replaceOp(
        op, emitExpandedAxes(rewriter, op.getLoc(), sum, type, op.getAxes()));
    return success();
  }
};

} // namespace

void qnn::populateReductionPatterns(const TypeConverter &converter,
                                    RewritePatternSet &patterns) {
  patterns.add<MeanLowering, SumLowering>(converter, patterns.getContext());
}
