// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Transpose, pad, and upstream's reshapes, slices and concatenation on
// converted types.

#include "PopulatePatterns.h"
#include "TensorEmitter.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "qnn/Dialect/QNN/IR/QNN.h"

using namespace mlir;
using namespace qnn;

namespace {

/// qnn.transpose -> linalg.transpose.
struct TransposeLowering : OpConversionPattern<TransposeOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(TransposeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    if (!type)
      return rewriter.notifyMatchFailure(op, "expects no quantized type");
    Value empty = emitEmpty(rewriter, op.getLoc(), type);
    rewriter.replaceOpWithNewOp<linalg::TransposeOp>(
        op, adaptor.getInput(), empty, op.getPermutation());
    return success();
  }
};

/// qnn.pad -> the input inserted into a filled tensor.
struct PadLowering : OpConversionPattern<PadOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(PadOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    if (!type)
      return rewriter.notifyMatchFailure(op, "expects no quantized type");
    float value = op.getValue().convertToFloat();
    TypedAttr border = rewriter.getF32FloatAttr(value);
    if (!isFloatTensor(type))
      border = rewriter.getIntegerAttr(type.getElementType(), int64_t(value));
    rewriter.replaceOp(op, emitPadded(rewriter, op.getLoc(), adaptor.getInput(),
                                      op.getLow(), op.getHigh(), border));
    return success();
  }
};

/// qnn.reverse -> a copy that reads backwards. The numbers are in the map, so
/// that the loops need no index arithmetic.
struct ReverseLowering : OpConversionPattern<ReverseOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(ReverseOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    if (!type || !type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "expects static shapes");
    unsigned rank = type.getRank();
    SmallVector<AffineExpr> source;
    for (unsigned axis = 0; axis < rank; ++axis) {
      AffineExpr index = rewriter.getAffineDimExpr(axis);
      bool isReversed = llvm::is_contained(op.getAxes(), int64_t(axis));
      source.push_back(isReversed ? type.getDimSize(axis) - 1 - index : index);
    }
    LoopNest nest{rank,
                  {AffineMap::get(rank, 0, source, rewriter.getContext())},
                  rewriter.getMultiDimIdentityMap(rank)};
    Value empty = emitEmpty(rewriter, op.getLoc(), type);
    rewriter.replaceOp(
        op, emitLoops(rewriter, op.getLoc(), nest, adaptor.getInput(), empty,
                      [](ScalarEmitter &, ValueRange in) { return in[0]; }));
    return success();
  }
};

/// tensor.collapse_shape and tensor.expand_shape on converted types.
template <typename OpTy>
struct ReshapeLowering : OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;

  LogicalResult
  matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type =
        this->getTypeConverter()->template convertType<RankedTensorType>(
            op.getType());
    if (!type || !type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "expects static shapes");
    rewriter.replaceOpWithNewOp<OpTy>(op, type, adaptor.getSrc(),
                                      op.getReassociationIndices());
    return success();
  }
};

/// tensor.extract_slice on converted types.
struct SliceLowering : OpConversionPattern<tensor::ExtractSliceOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(tensor::ExtractSliceOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    if (!type || !type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "expects static shapes");
    rewriter.replaceOpWithNewOp<tensor::ExtractSliceOp>(
        op, type, adaptor.getSource(), op.getMixedOffsets(), op.getMixedSizes(),
        op.getMixedStrides());
    return success();
  }
};

/// tensor.concat -> a chain of tensor.insert_slice.
struct ConcatLowering : OpConversionPattern<tensor::ConcatOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(tensor::ConcatOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    if (!type || !type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "expects static shapes");
    unsigned rank = type.getRank(), axis = op.getDim();
    Value result = emitEmpty(rewriter, op.getLoc(), type);
    SmallVector<OpFoldResult> offsets(rank, rewriter.getIndexAttr(0));
    SmallVector<OpFoldResult> strides(rank, rewriter.getIndexAttr(1));
    int64_t position = 0;
    for (Value input : adaptor.getInputs()) {
      RankedTensorType part = tensorType(input);
      SmallVector<OpFoldResult> sizes;
      for (int64_t extent : part.getShape())
        sizes.push_back(rewriter.getIndexAttr(extent));
      offsets[axis] = rewriter.getIndexAttr(position);
      result = tensor::InsertSliceOp::create(rewriter, op.getLoc(), input,
                                             result, offsets, sizes, strides);
      position += part.getDimSize(axis);
    }
    rewriter.replaceOp(op, result);
    return success();
  }
};

} // namespace

void qnn::populateMovementPatterns(const TypeConverter &converter,
                                   RewritePatternSet &patterns) {
  patterns.add<TransposeLowering, PadLowering, ReverseLowering,
               ReshapeLowering<tensor::CollapseShapeOp>,
               ReshapeLowering<tensor::ExpandShapeOp>, SliceLowering,
               ConcatLowering>(converter, patterns.getContext());
}
