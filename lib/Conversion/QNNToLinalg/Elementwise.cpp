// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Float arithmetic with broadcasting, the exact integer product, clamp,
// normalize.

#include "PopulatePatterns.h"
#include "TensorEmitter.h"
#include "qnn/Dialect/QNN/IR/QNN.h"

using namespace mlir;
using namespace qnn;

/// A constant of one element, or one for each element of the last axis.
static Value emitRow(OpBuilder &builder, Location loc, ArrayRef<float> values) {
  auto type = RankedTensorType::get(values.size(), builder.getF32Type());
  return arith::ConstantOp::create(builder, loc,
                                   DenseElementsAttr::get(type, values));
}

namespace {

/// qnn.add and qnn.sub on floats -> one float operation and the clamp.
template <typename SourceOp, typename TargetOp>
struct SumLowering : OpConversionPattern<SourceOp> {
  using OpConversionPattern<SourceOp>::OpConversionPattern;

  LogicalResult
  matchAndRewrite(SourceOp op, typename SourceOp::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = dyn_cast<RankedTensorType>(op.getType());
    if (!isFloatTensor(type))
      return rewriter.notifyMatchFailure(op, "expects the float form");
    Value result = emitElementwise(
        rewriter, op.getLoc(), type, adaptor.getOperands(),
        [&](ScalarEmitter &emitter, ValueRange in) {
          Value value = emitter.emit<TargetOp>(in[0], in[1]);
          return emitter.clamp(value, op.getClampMin(), op.getClampMax());
        });
    rewriter.replaceOp(op, result);
    return success();
  }
};

/// qnn.mul -> the float product and the clamp, or the exact integer product.
struct MulLowering : OpConversionPattern<MulOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(MulOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    if (!type)
      return rewriter.notifyMatchFailure(op, "expects no quantized type");
    auto emitProduct = [&](ScalarEmitter &emitter, ValueRange in) -> Value {
      if (isFloatTensor(type)) {
        Value value = emitter.emit<arith::MulFOp>(in[0], in[1]);
        return emitter.clamp(value, op.getClampMin(), op.getClampMax());
      }
      Value lhs = emitter.subtractZeroPoint(
          in[0], op.getLhs().getType().getElementType(), op.getLhsZeroPoint(),
          type.getElementType());
      Value rhs = emitter.subtractZeroPoint(
          in[1], op.getRhs().getType().getElementType(), op.getRhsZeroPoint(),
          type.getElementType());
      return emitter.emit<arith::MulIOp>(lhs, rhs);
    };
    rewriter.replaceOp(op, emitElementwise(rewriter, op.getLoc(), type,
                                           adaptor.getOperands(), emitProduct));
    return success();
  }
};

/// qnn.clamp -> compare and select.
struct ClampLowering : OpConversionPattern<ClampOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(ClampOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (!isFloatTensor(op.getType()))
      return rewriter.notifyMatchFailure(op, "expects the float form");
    rewriter.replaceOp(
        op, emitClampedFloat(rewriter, op.getLoc(), adaptor.getInput(),
                             op.getClampMin(), op.getClampMax()));
    return success();
  }
};

/// qnn.clamp_gradient -> compare and select. A NaN is inside of no bound.
struct ClampGradientLowering : OpConversionPattern<ClampGradientOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(ClampGradientOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto selectInside = [](ScalarEmitter &emitter, arith::CmpFPredicate inside,
                           Value value, const APFloat &bound, Value gradient) {
      Value limit = emitter.f32(bound.convertToFloat());
      Value isInside = emitter.emit<arith::CmpFOp>(inside, value, limit);
      Value zero = emitter.f32(0.0f);
      return emitter.emit<arith::SelectOp>(isInside, gradient, zero);
    };
    auto body = [&](ScalarEmitter &emitter, ValueRange in) -> Value {
      Value gradient = in[0];
      if (op.getClampMin())
        gradient = selectInside(emitter, arith::CmpFPredicate::OGT, in[1],
                                *op.getClampMin(), gradient);
      if (op.getClampMax())
        gradient = selectInside(emitter, arith::CmpFPredicate::OLT, in[1],
                                *op.getClampMax(), gradient);
      return gradient;
    };
    rewriter.replaceOp(op, emitElementwise(rewriter, op.getLoc(),
                                           cast<RankedTensorType>(op.getType()),
                                           adaptor.getOperands(), body));
    return success();
  }
};

/// qnn.normalize -> (f32(raw) - mean) * scale.
struct NormalizeLowering : OpConversionPattern<NormalizeOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(NormalizeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = dyn_cast<RankedTensorType>(op.getType());
    if (!isFloatTensor(type))
      return rewriter.notifyMatchFailure(op, "expects a float result");
    Type raw = op.getInput().getType().getElementType();
    Location loc = op.getLoc();
    Value inputs[] = {adaptor.getInput(), emitRow(rewriter, loc, op.getMean()),
                      emitRow(rewriter, loc, op.getScale())};
    auto body = [&](ScalarEmitter &emitter, ValueRange in) -> Value {
      Value value = in[0];
      if (!isa<FloatType>(raw))
        value = emitter.toFloat(value, raw, /*zeroPoint=*/0);
      Value centered = emitter.emit<arith::SubFOp>(value, in[1]);
      return emitter.emit<arith::MulFOp>(centered, in[2]);
    };
    rewriter.replaceOp(op, emitElementwise(rewriter, loc, type, inputs, body));
    return success();
  }
};

} // namespace

void qnn::populateElementwisePatterns(const TypeConverter &converter,
                                      RewritePatternSet &patterns) {
  patterns.add<SumLowering<AddOp, arith::AddFOp>,
               SumLowering<SubOp, arith::SubFOp>, MulLowering, ClampLowering,
               ClampGradientLowering, NormalizeLowering>(converter,
                                                         patterns.getContext());
}
