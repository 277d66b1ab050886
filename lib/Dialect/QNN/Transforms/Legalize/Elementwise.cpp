// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums, products, clamps and raw inputs.

#include "Patterns.h"
#include "qnn/Quantization/Requantize.h"

using namespace mlir;
using namespace qnn;

/// One multiplier: no shape.
static const ArrayRef<int64_t> kScalar = {};

namespace {
/// add(qa, qb) -> rescale(rescale(qa) + rescale(qb)), the sum in f32.
template <typename OpTy>
struct LegalizeSum : OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;

  LogicalResult
  matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    FailureOr<BinaryTypes> types = getBinaryPerTensorTypes(op);
    if (failed(types))
      return failure();
    QuantizedElementType result = types->result;
    auto term = [&](Value value, QuantizedElementType type) {
      return createRescaleToFloat(
          rewriter, op.getLoc(), value,
          float(type.getGroupScale(0) / result.getGroupScale(0)),
          type.getGroupZeroPoint(0));
    };
    // Not as arguments of one call: their order would be the compiler's choice.
    Value left = term(adaptor.getLhs(), types->lhs);
    Value right = term(adaptor.getRhs(), types->rhs);
    Value sum = OpTy::create(
        rewriter, op.getLoc(),
        cast<RankedTensorType>(op.getType()).clone(rewriter.getF32Type()), left,
        right, FloatAttr(), FloatAttr(), RoundingMode::HalfEven);
    rewriter.replaceOp(
        op, createRescale(rewriter, op.getLoc(), sum, 1.0f, kScalar, 0,
                          getRequantization(result, op.getClampMinAttr(),
                                            op.getClampMaxAttr(),
                                            op.getRounding())));
    return success();
  }
};

/// mul(qa, qb) -> rescale(mul of codes : i32), in floats or in fixed point
struct LegalizeMul : OpConversionPattern<MulOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(MulOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    FailureOr<BinaryTypes> types = getBinaryPerTensorTypes(op);
    if (failed(types))
      return failure();
    auto [lhs, rhs, result] = *types;
    if (getLargestMagnitude(lhs) * getLargestMagnitude(rhs) > INT32_MAX)
      return op.emitError("expects products that fit into i32 to legalize");
    Value product = MulOp::create(
        rewriter, op.getLoc(),
        cast<RankedTensorType>(op.getType()).clone(rewriter.getI32Type()),
        adaptor.getLhs(), adaptor.getRhs(), FloatAttr(), FloatAttr(),
        RoundingMode::HalfEven, lhs.getGroupZeroPoint(0),
        rhs.getGroupZeroPoint(0));
    double scales[] = {lhs.getGroupScale(0), rhs.getGroupScale(0),
                       result.getGroupScale(0)};
    Requantization requantization =
        getRequantization(result, op.getClampMinAttr(), op.getClampMaxAttr(),
                          op.getRounding(), op.getRequantization());
    if (requantization.mode == RequantizationMode::Float) {
      float multiplier = requantizeMultiplier(scales[0], scales[1], scales[2]);
      rewriter.replaceOp(op,
                         createRescale(rewriter, op.getLoc(), product,
                                       multiplier, kScalar, 0, requantization));
      return success();
    }
    FixedPointMultiplier multiplier = quantizeMultiplier(
        realMultiplierInFloat(scales[0], scales[1], scales[2]));
    rewriter.replaceOp(op,
                       createFixedPointRescale(rewriter, op.getLoc(), product,
                                               multiplier, 0, requantization));
    return success();
  }
};

/// clamp(q) -> rescale with a narrower range
struct LegalizeClamp : OpConversionPattern<ClampOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ClampOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    FailureOr<UnaryTypes> types = getPerTensorTypes(op);
    if (failed(types))
      return failure();
    auto [input, result] = *types;
    float multiplier = float(input.getGroupScale(0) / result.getGroupScale(0));
    rewriter.replaceOp(
        op, createRescale(rewriter, op.getLoc(), adaptor.getInput(), multiplier,
                          kScalar, input.getGroupZeroPoint(0),
                          getRequantization(result, op.getClampMinAttr(),
                                            op.getClampMaxAttr(),
                                            op.getRounding())));
    return success();
  }
};

/// normalize(ui8) -> a table of codes for each channel; normalize(f32) -> the
/// float arithmetic, then a division by the scale.
struct LegalizeNormalize : OpConversionPattern<NormalizeOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(NormalizeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    FailureOr<QuantizedElementType> result = getPerTensorResult(op);
    if (failed(result))
      return failure();
    auto type = cast<RankedTensorType>(op.getType());
    RankedTensorType codes = type.clone(getExplicitType(*result));
    if (isIntegerTensor(op.getInput().getType())) {
      rewriter.replaceOp(op, lookUp(op, codes, *result, rewriter));
      return success();
    }
    Value real = NormalizeOp::create(rewriter, op.getLoc(),
                                     type.clone(rewriter.getF32Type()),
                                     adaptor.getInput(), op.getMean(),
                                     op.getScale(), RoundingMode::HalfEven);
    auto scale =
        DenseElementsAttr::get(RankedTensorType::get({}, rewriter.getF32Type()),
                               float(result->getGroupScale(0)));
    rewriter.replaceOpWithNewOp<RescaleOp>(
        op, codes, real, scale, /*divide=*/true, /*input_zero_point=*/0,
        result->getGroupZeroPoint(0),
        rewriter.getI64IntegerAttr(result->getCodeMin()),
        rewriter.getI64IntegerAttr(result->getCodeMax()), op.getRounding());
    return success();
  }

private:
  static Value lookUp(NormalizeOp op, RankedTensorType codes,
                      QuantizedElementType result,
                      ConversionPatternRewriter &rewriter) {
    ArrayRef<float> means = op.getMean(), scales = op.getScale();
    int64_t rows = std::max(means.size(), scales.size());
    SmallVector<APInt> table;
    bool identity = codes.getElementType().isUnsignedInteger(8);
    unsigned width = codes.getElementTypeBitWidth();
    for (int64_t row = 0; row < rows; ++row)
      for (int64_t raw = 0; raw < 256; ++raw) {
        float mean = means[means.size() == 1 ? 0 : row];
        float scale = scales[scales.size() == 1 ? 0 : row];
        float centred = float(raw) - mean;
        int64_t code =
            result.quantizeValue(centred * scale, 0, op.getRounding());
        identity &= code == raw;
        table.emplace_back(width, code, /*isSigned=*/true,
                           /*implicitTrunc=*/true);
      }
    if (identity)
      return op.getInput();
    SmallVector<int64_t> shape = {256};
    if (rows > 1)
      shape.insert(shape.begin(), rows);
    auto type = RankedTensorType::get(shape, rewriter.getIntegerType(width));
    return LookupOp::create(rewriter, op.getLoc(), codes, op.getInput(),
                            DenseElementsAttr::get(type, table),
                            /*offset=*/0);
  }
};
} // namespace

void qnn::populateLegalizeElementwisePatterns(TypeConverter &converter,
                                              RewritePatternSet &patterns) {
  patterns.add<LegalizeSum<AddOp>, LegalizeSum<SubOp>, LegalizeMul,
               LegalizeClamp, LegalizeNormalize>(converter,
                                                 patterns.getContext());
}
