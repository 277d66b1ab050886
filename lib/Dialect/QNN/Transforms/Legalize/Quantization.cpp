// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Borders between float and quantized values, and constants.

#include "Patterns.h"
#include "qnn/Quantization/LevelTable.h"

using namespace mlir;
using namespace qnn;

static RankedTensorType tensorType(Value value) {
  return cast<RankedTensorType>(value.getType());
}

/// The scales of a uniform type as a constant that broadcasts to the tensor;
/// null if groups are blocks or their zero points differ.
static DenseElementsAttr getScales(RankedTensorType tensor) {
  auto type = cast<QuantizedElementType>(tensor.getElementType());
  for (int64_t group = 0; group < type.getNumGroups(tensor.getShape()); ++group)
    if (type.getGroupZeroPoint(group) != type.getGroupZeroPoint(0))
      return {};
  return getGroupNumbers(
      tensor, [&](int64_t group) { return float(type.getGroupScale(group)); });
}

DenseElementsAttr
qnn::getGroupNumbers(RankedTensorType tensor,
                     llvm::function_ref<float(int64_t)> numberOf) {
  auto type = cast<QuantizedElementType>(tensor.getElementType());
  int64_t axis = type.getGroupAxis();
  int64_t numGroups = type.getNumGroups(tensor.getShape());
  if (axis == -2)
    return {};
  SmallVector<float> numbers;
  for (int64_t group = 0; group < numGroups; ++group)
    numbers.push_back(numberOf(group));
  SmallVector<int64_t> shape;
  if (axis >= 0) {
    shape.assign(tensor.getRank() - axis, 1);
    shape[0] = numGroups;
  }
  return DenseElementsAttr::get(
      RankedTensorType::get(shape, Float32Type::get(tensor.getContext())),
      ArrayRef<float>(numbers));
}

static constexpr const char *kNeedsSharedZeroPoint =
    "expects a uniform type without blocks, and one zero point for all "
    "channels, to legalize";

namespace {
/// A quantized constant keeps its codes; narrow ones are widened to 8 bits.
struct LegalizeConstant : OpConversionPattern<ConstantOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ConstantOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto quantized = getQuantizedElementType(op.getType());
    if (!quantized)
      return rewriter.notifyMatchFailure(op, "explicit already");
    IntegerType type = getExplicitType(quantized);
    SmallVector<APInt> codes;
    for (const APInt &code : op.getCodes().getValues<APInt>())
      codes.push_back(quantized.isCodeSigned()
                          ? code.sextOrTrunc(type.getWidth())
                          : code.zextOrTrunc(type.getWidth()));
    auto signless = rewriter.getIntegerType(type.getWidth());
    RankedTensorType tensor = tensorType(op);
    rewriter.replaceOpWithNewOp<ConstantOp>(
        op, tensor.clone(type),
        DenseElementsAttr::get(tensor.clone(signless), codes));
    return success();
  }
};

struct LegalizeQuantize : OpConversionPattern<QuantizeOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(QuantizeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = getQuantizedElementType(op.getType());
    RankedTensorType codes = tensorType(op).clone(getExplicitType(type));
    if (!type.isUniform()) {
      SmallVector<float> boundaries = levelBoundaries(type.getCodeValues());
      auto attribute = DenseElementsAttr::get(
          RankedTensorType::get({int64_t(boundaries.size())},
                                rewriter.getF32Type()),
          ArrayRef<float>(boundaries));
      rewriter.replaceOpWithNewOp<BucketizeOp>(op, codes, adaptor.getInput(),
                                               attribute, type.getCodeMin());
      return success();
    }
    DenseElementsAttr scales = getScales(tensorType(op));
    if (!scales)
      return op.emitError(kNeedsSharedZeroPoint);
    rewriter.replaceOpWithNewOp<RescaleOp>(
        op, codes, adaptor.getInput(), scales, /*divide=*/true,
        /*input_zero_point=*/0, type.getGroupZeroPoint(0),
        rewriter.getI64IntegerAttr(type.getCodeMin()),
        rewriter.getI64IntegerAttr(type.getCodeMax()), op.getRounding());
    return success();
  }
};

struct LegalizeDequantize : OpConversionPattern<DequantizeOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(DequantizeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = getQuantizedElementType(op.getInput().getType());
    if (!type.isUniform()) {
      SmallVector<float> levels = type.getCodeValues();
      auto table =
          DenseElementsAttr::get(RankedTensorType::get({int64_t(levels.size())},
                                                       rewriter.getF32Type()),
                                 ArrayRef<float>(levels));
      rewriter.replaceOpWithNewOp<LookupOp>(
          op, op.getType(), adaptor.getInput(), table, type.getCodeMin());
      return success();
    }
    DenseElementsAttr scales = getScales(tensorType(op.getInput()));
    if (!scales)
      return op.emitError(kNeedsSharedZeroPoint);
    rewriter.replaceOpWithNewOp<RescaleOp>(
        op, op.getType(), adaptor.getInput(), scales, /*divide=*/false,
        type.getGroupZeroPoint(0), /*output_zero_point=*/0, IntegerAttr(),
        IntegerAttr(), RoundingMode::HalfEven);
    return success();
  }
};

struct LegalizeRequantize : OpConversionPattern<RequantizeOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(RequantizeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    FailureOr<UnaryTypes> types = getPerTensorTypes(op);
    if (failed(types))
      return failure();
    auto [input, result] = *types;
    double real =
        realMultiplier(input.getGroupScale(0), 1.0, result.getGroupScale(0));
    Requantization requantization = getRequantization(
        result, {}, {}, op.getRounding(), op.getRequantization());
    int64_t zeroPoint = input.getGroupZeroPoint(0);
    if (requantization.mode == RequantizationMode::Float) {
      rewriter.replaceOp(op, createRescale(rewriter, op.getLoc(),
                                           adaptor.getInput(), float(real), {},
                                           zeroPoint, requantization));
      return success();
    }
    if (input.getCodeType().getWidth() > 16 && zeroPoint != 0)
      return op.emitError(
          "expects codes of at most 16 bits, or a zero point of "
          "0, to legalize with a requantization of TFLite");
    rewriter.replaceOp(op, createFixedPointRescale(rewriter, op.getLoc(),
                                                   adaptor.getInput(),
                                                   quantizeMultiplier(real),
                                                   zeroPoint, requantization));
    return success();
  }
};
} // namespace

void qnn::populateLegalizeQuantizationPatterns(TypeConverter &converter,
                                               RewritePatternSet &patterns) {
  patterns.add<LegalizeConstant, LegalizeQuantize, LegalizeDequantize,
               LegalizeRequantize>(converter, patterns.getContext());
}
