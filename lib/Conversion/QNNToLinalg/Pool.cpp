// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pools: loops (n, oh, ow, kh, kw, c) over a padded image.

#include "PopulatePatterns.h"
#include "TensorEmitter.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "qnn/Dialect/QNN/IR/ShapeInference.h"
#include <limits>

using namespace mlir;
using namespace qnn;

/// Updates `init` with every element of every window. The extents of the
/// window loops come from an operand that no one reads.
template <typename OpTy>
static Value emitWindows(OpBuilder &builder, OpTy op, Value input, Value init,
                         ScalarBody body) {
  Location loc = op.getLoc();
  auto windowType = RankedTensorType::get(op.getKernel(), builder.getI8Type());
  Value window = arith::ConstantOp::create(
      builder, loc,
      DenseElementsAttr::get(windowType, builder.getI8IntegerAttr(0)));
  SmallVector<AffineExpr> exprs{builder.getAffineDimExpr(0)};
  for (unsigned axis : {0, 1})
    exprs.push_back(builder.getAffineDimExpr(1 + axis) * op.getStrides()[axis] +
                    builder.getAffineDimExpr(3 + axis) *
                        op.getDilations()[axis]);
  exprs.push_back(builder.getAffineDimExpr(5));
  MLIRContext *context = builder.getContext();
  LoopNest nest{6,
                {AffineMap::get(6, 0, exprs, context),
                 AffineMap::getMultiDimMapWithTargets(6, {3, 4}, context)},
                AffineMap::getMultiDimMapWithTargets(6, {0, 1, 2, 5}, context)};
  Value inputs[] = {input, window};
  return emitLoops(builder, loc, nest, inputs, init, body);
}

/// The value that every other one beats, as padding and as the start.
static TypedAttr lowest(Type elementType, Type storage) {
  Builder builder(storage.getContext());
  if (isa<FloatType>(storage))
    return builder.getF32FloatAttr(-std::numeric_limits<float>::infinity());
  unsigned width = storage.getIntOrFloatBitWidth();
  return builder.getIntegerAttr(storage, elementType.isUnsignedInteger()
                                             ? APInt::getMinValue(width)
                                             : APInt::getSignedMinValue(width));
}

namespace {

/// qnn.max_pool2d -> compare and select from the lowest value on.
struct MaxPool2DLowering : OpConversionPattern<MaxPool2DOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(MaxPool2DOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    if (!type || !type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "expects static shapes");
    Type element = op.getType().getElementType();
    TypedAttr start = lowest(element, type.getElementType());
    Value image = emitPaddedImage(rewriter, op.getLoc(), adaptor.getInput(),
                                  op.getPad(), start);
    auto body = [&](ScalarEmitter &emitter, ValueRange arguments) -> Value {
      Value value = arguments[0], acc = arguments[2];
      if (isa<FloatType>(element))
        return emitter.atLeast(value, acc);
      if (element.isUnsignedInteger())
        return emitter.emit<arith::MaxUIOp>(value, acc);
      return emitter.emit<arith::MaxSIOp>(value, acc);
    };
    Value init = emitFilled(rewriter, op.getLoc(), type, start);
    rewriter.replaceOp(op, emitWindows(rewriter, op, image, init, body));
    return success();
  }
};

/// qnn.avg_pool2d on floats -> a sum over zero padding, which adds nothing,
/// divided by the number of pixels that count.
struct AvgPool2DLowering : OpConversionPattern<AvgPool2DOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(AvgPool2DOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = dyn_cast<RankedTensorType>(op.getType());
    if (!isFloatTensor(type) || !type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "expects the float form, static");
    Location loc = op.getLoc();
    TypedAttr zero = rewriter.getF32FloatAttr(0.0f);
    Value image =
        emitPaddedImage(rewriter, loc, adaptor.getInput(), op.getPad(), zero);
    Value sum = emitWindows(
        rewriter, op, image, emitFilled(rewriter, loc, type, zero),
        [&](ScalarEmitter &emitter, ValueRange arguments) {
          return emitter.emit<arith::AddFOp>(arguments[2], arguments[0]);
        });
    Value inputs[] = {sum, emitCounts(rewriter, op, type)};
    rewriter.replaceOp(
        op, emitElementwise(rewriter, loc, type, inputs,
                            [&](ScalarEmitter &emitter, ValueRange in) {
                              return emitter.emit<arith::DivFOp>(in[0], in[1]);
                            }));
    return success();
  }

private:
  /// A constant [OH, OW, 1] of divisors.
  static Value emitCounts(OpBuilder &builder, AvgPool2DOp op,
                          RankedTensorType type) {
    ArrayRef<int64_t> image = op.getInput().getType().getShape();
    Window window{op.getKernel(), op.getStrides(), op.getDilations(),
                  op.getPad()};
    SmallVector<Shape> axes;
    for (unsigned axis : {0, 1})
      axes.push_back(countCoveredPixels(
          image[1 + axis], type.getDimSize(1 + axis), window, axis));
    SmallVector<float> counts;
    for (int64_t rows : axes[0])
      for (int64_t columns : axes[1])
        counts.push_back(float(op.getCountIncludePad()
                                   ? op.getKernel()[0] * op.getKernel()[1]
                                   : rows * columns));
    auto countsType = RankedTensorType::get(
        {type.getDimSize(1), type.getDimSize(2), 1}, builder.getF32Type());
    return arith::ConstantOp::create(
        builder, op.getLoc(),
        DenseElementsAttr::get(countsType, ArrayRef<float>(counts)));
  }
};

/// qnn.sum_pool2d -> exact sums; padding is the zero point and adds nothing.
struct SumPool2DLowering : OpConversionPattern<SumPool2DOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(SumPool2DOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    if (!type || !type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "expects static shapes");
    Type storage = tensorType(adaptor.getInput()).getElementType();
    Value image = emitPaddedImage(
        rewriter, op.getLoc(), adaptor.getInput(), op.getPad(),
        rewriter.getIntegerAttr(storage, op.getInputZeroPoint()));
    Value init =
        emitFilled(rewriter, op.getLoc(), type, rewriter.getI32IntegerAttr(0));
    auto body = [&](ScalarEmitter &emitter, ValueRange arguments) {
      Value value = emitter.subtractZeroPoint(
          arguments[0], op.getInput().getType().getElementType(),
          op.getInputZeroPoint(), type.getElementType());
      return emitter.emit<arith::AddIOp>(arguments[2], value);
    };
    rewriter.replaceOp(op, emitWindows(rewriter, op, image, init, body));
    return success();
  }
};

} // namespace

void qnn::populatePoolPatterns(const TypeConverter &converter,
                               RewritePatternSet &patterns) {
  patterns.add<MaxPool2DLowering, AvgPool2DLowering, SumPool2DLowering>(
      converter, patterns.getContext());
}
