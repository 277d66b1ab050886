// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The explicit forms of quantization: rescale, lookup, bucketize, constants.

#include "PopulatePatterns.h"
#include "TensorEmitter.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "qnn/Dialect/QNN/IR/QNN.h"

using namespace mlir;
using namespace qnn;

namespace {

/// qnn.constant of explicit type -> arith.constant of its codes.
struct ConstantLowering : OpConversionPattern<ConstantOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(ConstantOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (!isIntegerTensor(op.getType()))
      return rewriter.notifyMatchFailure(op, "expects the explicit form");
    rewriter.replaceOpWithNewOp<arith::ConstantOp>(
        op, cast<TypedAttr>(op.getCodes()));
    return success();
  }
};

/// qnn.rescale -> one f32 multiplication or division, clamp, round, narrow.
struct RescaleLowering : OpConversionPattern<RescaleOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(RescaleOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    if (!type)
      return rewriter.notifyMatchFailure(op, "expects no quantized type");
    auto multiplier = cast<DenseFPElementsAttr>(op.getMultiplier());
    SmallVector<Value> inputs{adaptor.getInput()};
    if (!multiplier.isSplat())
      inputs.push_back(
          arith::ConstantOp::create(rewriter, op.getLoc(), multiplier));
    auto body = [&](ScalarEmitter &emitter, ValueRange in) {
      Value factor = multiplier.isSplat()
                         ? emitter.f32(multiplier.getSplatValue<float>())
                         : in[1];
      return emitRescale(emitter, op, in[0], factor, type.getElementType());
    };
    rewriter.replaceOp(
        op, emitElementwise(rewriter, op.getLoc(), type, inputs, body));
    return success();
  }

private:
  static Value emitRescale(ScalarEmitter &emitter, RescaleOp op, Value value,
                           Value factor, Type resultType) {
    if (!isa<FloatType>(value.getType()))
      value = emitter.toFloat(value, op.getInput().getType().getElementType(),
                              op.getInputZeroPoint());
    value = op.getDivide() ? emitter.emit<arith::DivFOp>(value, factor)
                           : emitter.emit<arith::MulFOp>(value, factor);
    if (isa<FloatType>(resultType))
      return value;
    OutputCodes codes{int64_t(op.getOutputZeroPoint()), int64_t(*op.getMin()),
                      int64_t(*op.getMax()), op.getRounding()};
    return emitter.toCode(value, codes, resultType);
  }
};

/// qnn.lookup -> tensor.extract from a constant table.
struct LookupLowering : OpConversionPattern<LookupOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(LookupOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    auto elements = dyn_cast<DenseElementsAttr>(op.getTable());
    if (!type || !elements)
      return rewriter.notifyMatchFailure(op, "expects a dense table");
    Location loc = op.getLoc();
    Value table = arith::ConstantOp::create(rewriter, loc, elements);
    Type code = op.getInput().getType().getElementType();
    bool perChannel = elements.getType().getRank() == 2;
    // What vector units can look up.
    bool isByteTable = !perChannel && elements.getElementType().isInteger(8) &&
                       code.getIntOrFloatBitWidth() == 8;
    auto body = [&](ScalarEmitter &emitter, ValueRange in) -> Value {
      SmallVector<Value, 2> position;
      if (perChannel)
        position.push_back(
            emitter.emit<linalg::IndexOp>(uint64_t(type.getRank() - 1)));
      position.push_back(isByteTable
                             ? emitter.toByteIndex(in[0], op.getOffset())
                             : emitter.toIndex(in[0], code, op.getOffset()));
      return emitter.emit<tensor::ExtractOp>(table, position);
    };
    rewriter.replaceOp(
        op, emitElementwise(rewriter, loc, type, adaptor.getInput(), body));
    return success();
  }
};

/// qnn.bucketize -> a sum of comparisons along a new innermost axis.
struct BucketizeLowering : OpConversionPattern<BucketizeOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(BucketizeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    if (!type)
      return rewriter.notifyMatchFailure(op, "expects no quantized type");
    unsigned rank = type.getRank();
    Location loc = op.getLoc();
    Value boundaries = arith::ConstantOp::create(
        rewriter, loc, cast<TypedAttr>(op.getBoundaries()));
    // Counting in the result's own width is exact: the last count fits.
    Value start = emitFilled(
        rewriter, loc, type,
        rewriter.getIntegerAttr(type.getElementType(), op.getOffset()));
    AffineMap elementMap = AffineMap::getMultiDimMapWithTargets(
        rank + 1, llvm::to_vector(llvm::seq(0u, rank)), rewriter.getContext());
    AffineMap boundaryMap = AffineMap::getMultiDimMapWithTargets(
        rank + 1, {rank}, rewriter.getContext());
    LoopNest nest{rank + 1, {elementMap, boundaryMap}, elementMap};
    auto body = [&](ScalarEmitter &emitter, ValueRange arguments) -> Value {
      Value isBelow = emitter.emit<arith::CmpFOp>(arith::CmpFPredicate::OLT,
                                                  arguments[1], arguments[0]);
      Value one = emitter.emit<arith::ExtUIOp>(arguments[2].getType(), isBelow);
      return emitter.emit<arith::AddIOp>(arguments[2], one);
    };
    Value inputs[] = {adaptor.getInput(), boundaries};
    rewriter.replaceOp(op, emitLoops(rewriter, loc, nest, inputs, start, body));
    return success();
  }
};

} // namespace

void qnn::populateQuantizationPatterns(const TypeConverter &converter,
                                       RewritePatternSet &patterns) {
  patterns.add<ConstantLowering, RescaleLowering, LookupLowering,
               BucketizeLowering>(converter, patterns.getContext());
}
