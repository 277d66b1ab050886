// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The gradient of a max pool, tap by tap: operations on images of the result's
// size instead of a scatter, whose windows overlap.

#include "PopulatePatterns.h"
#include "TensorEmitter.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include <limits>

using namespace mlir;
using namespace qnn;

namespace {

/// The pixels of a padded image that one tap of all windows reads.
struct Tap {
  SmallVector<OpFoldResult> offsets, sizes, strides;
};

} // namespace

/// In row-major order.
static SmallVector<Tap> getTaps(Builder &builder, MaxPool2DGradientOp op) {
  auto index = [&](int64_t value) -> OpFoldResult {
    return builder.getIndexAttr(value);
  };
  ArrayRef<int64_t> dilations = op.getDilations(), strides = op.getStrides();
  Tap tap;
  for (int64_t extent :
       cast<RankedTensorType>(op.getCotangent().getType()).getShape())
    tap.sizes.push_back(index(extent));
  tap.strides = {index(1), index(strides[0]), index(strides[1]), index(1)};
  SmallVector<Tap> taps;
  for (int64_t ky = 0; ky < op.getKernel()[0]; ++ky)
    for (int64_t kx = 0; kx < op.getKernel()[1]; ++kx) {
      tap.offsets = {index(0), index(ky * dilations[0]),
                     index(kx * dilations[1]), index(0)};
      taps.push_back(tap);
    }
  return taps;
}

static Value emitTap(OpBuilder &builder, Location loc, Value image,
                     const Tap &tap) {
  return tensor::ExtractSliceOp::create(builder, loc, image, tap.offsets,
                                        tap.sizes, tap.strides);
}

/// `value` where the tap has the window's largest value, or (if not
/// `whereLargest`) where it has not; 0 elsewhere.
static Value emitMasked(OpBuilder &builder, Location loc, Value tap,
                        Value largest, Value value, bool whereLargest) {
  return emitElementwise(builder, loc, tensorType(value), {tap, largest, value},
                         [&](ScalarEmitter &emitter, ValueRange in) {
                           Value isLargest = emitter.emit<arith::CmpFOp>(
                               arith::CmpFPredicate::OEQ, in[0], in[1]);
                           Value zero = emitter.f32(0.0f);
                           Value yes = whereLargest ? in[2] : zero;
                           Value no = whereLargest ? zero : in[2];
                           return emitter.emit<arith::SelectOp>(isLargest, yes,
                                                                no);
                         });
}

/// What each tap gets of the cotangents: all that no earlier tap of the window
/// has taken, if its value is the largest. Padding is NaN, which equals
/// nothing.
static SmallVector<Value> emitContributions(OpBuilder &builder, Location loc,
                                            ArrayRef<Tap> taps, Value image,
                                            Value largest, Value cotangent) {
  SmallVector<Value> contributions;
  for (const Tap &tap : taps) {
    Value values = emitTap(builder, loc, image, tap);
    contributions.push_back(emitMasked(builder, loc, values, largest, cotangent,
                                       /*whereLargest=*/true));
    cotangent = emitMasked(builder, loc, values, largest, cotangent,
                           /*whereLargest=*/false);
  }
  return contributions;
}

/// The sum over windows in row-major order, which a pixel meets with its taps
/// from the last to the first.
static Value emitSumOfTaps(OpBuilder &builder, Location loc, ArrayRef<Tap> taps,
                           ArrayRef<Value> contributions,
                           RankedTensorType type) {
  Value sum = emitFilled(builder, loc, type, builder.getF32FloatAttr(0.0f));
  for (size_t i = taps.size(); i-- > 0;) {
    const Tap &tap = taps[i];
    Value before = emitTap(builder, loc, sum, tap);
    Value after = emitElementwise(
        builder, loc, tensorType(before), {before, contributions[i]},
        [](ScalarEmitter &emitter, ValueRange in) {
          return emitter.emit<arith::AddFOp>(in[0], in[1]);
        });
    sum = tensor::InsertSliceOp::create(builder, loc, after, sum, tap.offsets,
                                        tap.sizes, tap.strides);
  }
  return sum;
}

namespace {

/// qnn.max_pool2d_gradient -> compare, select and add for each tap.
struct MaxPool2DGradientLowering : OpConversionPattern<MaxPool2DGradientOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(MaxPool2DGradientOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(op.getType());
    if (!type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "expects static shapes");
    Location loc = op.getLoc();
    Value largest = MaxPool2DOp::create(
        rewriter, loc, op.getCotangent().getType(), adaptor.getInput(),
        op.getKernel(), op.getStrides(), op.getPad(), op.getDilations());
    Value image = emitPaddedImage(
        rewriter, loc, adaptor.getInput(), op.getPad(),
        rewriter.getF32FloatAttr(std::numeric_limits<float>::quiet_NaN()));
    SmallVector<Tap> taps = getTaps(rewriter, op);
    SmallVector<Value> contributions = emitContributions(
        rewriter, loc, taps, image, largest, adaptor.getCotangent());
    Value sum =
        emitSumOfTaps(rewriter, loc, taps, contributions, tensorType(image));
    SmallVector<OpFoldResult> offsets, sizes;
    for (int64_t offset :
         {int64_t(0), op.getPad()[0], op.getPad()[2], int64_t(0)})
      offsets.push_back(rewriter.getIndexAttr(offset));
    for (int64_t extent : type.getShape())
      sizes.push_back(rewriter.getIndexAttr(extent));
    SmallVector<OpFoldResult> strides(4, rewriter.getIndexAttr(1));
    rewriter.replaceOpWithNewOp<tensor::ExtractSliceOp>(op, sum, offsets, sizes,
                                                        strides);
    return success();
  }
};

} // namespace

void qnn::populatePoolGradientPatterns(const TypeConverter &converter,
                                       RewritePatternSet &patterns) {
  patterns.add<MaxPool2DGradientLowering>(converter, patterns.getContext());
}
