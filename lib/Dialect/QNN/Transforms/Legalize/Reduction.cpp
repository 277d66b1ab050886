// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Means as exact sums and a rescale that divides; softmax as a table.

#include "Patterns.h"
#include "qnn/Quantization/SoftmaxTable.h"

using namespace mlir;
using namespace qnn;

static constexpr const char *kNeedsNarrowSum =
    "expects sums that fit into i32 to legalize";

float qnn::meanMultiplier(QuantizedElementType input,
                          QuantizedElementType result, int64_t count) {
  return static_cast<float>(input.getGroupScale(0) /
                            (result.getGroupScale(0) * double(count)));
}

/// How many kernel taps of output position `out` fall inside of the image.
static int64_t countInside(int64_t out, int64_t extent, int64_t kernel,
                           int64_t stride, int64_t dilation, int64_t before) {
  int64_t count = 0;
  for (int64_t tap = 0; tap < kernel; ++tap) {
    int64_t position = out * stride + tap * dilation - before;
    count += position >= 0 && position < extent;
  }
  return count;
}

SmallVector<int64_t> qnn::countWindowElements(AvgPool2DOp op) {
  int64_t full = op.getKernel()[0] * op.getKernel()[1];
  if (op.getCountIncludePad())
    return {full};
  auto input = cast<RankedTensorType>(op.getInput().getType()).getShape();
  auto result = cast<RankedTensorType>(op.getType()).getShape();
  auto inside = [&](unsigned axis, int64_t out) {
    return countInside(out, input[1 + axis], op.getKernel()[axis],
                       op.getStrides()[axis], op.getDilations()[axis],
                       op.getPad()[2 * axis]);
  };
  SmallVector<int64_t> counts;
  for (int64_t y = 0; y < result[1]; ++y)
    for (int64_t x = 0; x < result[2]; ++x)
      counts.push_back(inside(0, y) * inside(1, x));
  if (llvm::all_equal(counts))
    counts.resize(1);
  return counts;
}

int64_t qnn::countElements(MeanOp op) {
  int64_t count = 1;
  for (int64_t axis : op.getAxes())
    count *= cast<RankedTensorType>(op.getInput().getType()).getDimSize(axis);
  return count;
}

FailureOr<UnaryTypes> qnn::getSoftmaxTypes(SoftmaxOp op) {
  FailureOr<UnaryTypes> types = getPerTensorTypes(op);
  if (succeeded(types) && types->input.getCodeType().getWidth() > 8)
    return op.emitError("expects an input of at most 8 bits");
  return types;
}

Value qnn::createIntegerSoftmax(OpBuilder &builder, SoftmaxOp op, Value codes,
                                QuantizedElementType input,
                                QuantizedElementType result) {
  SoftmaxTable table = SoftmaxTable::create(input.getGroupScale(0));
  RequantizeParams params =
      softmaxOutputParams(result.getGroupScale(0), result.getGroupZeroPoint(0),
                          result.getCodeMin(), result.getCodeMax());
  auto type = cast<RankedTensorType>(op.getType());
  auto entries =
      DenseElementsAttr::get(RankedTensorType::get({256}, builder.getI32Type()),
                             ArrayRef<int32_t>(table.entries));
  return IntegerSoftmaxOp::create(
      builder, op.getLoc(), type.clone(getExplicitType(result)), codes,
      op.getAxis(), entries, llvm::APFloat(params.multiplier), params.zeroPoint,
      params.min, params.max, op.getRounding());
}

namespace {
struct LegalizeAvgPool : OpConversionPattern<AvgPool2DOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(AvgPool2DOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    FailureOr<UnaryTypes> types = getPerTensorTypes(op);
    if (failed(types))
      return failure();
    auto [input, result] = *types;
    if (op.getKernel()[0] * op.getKernel()[1] * getLargestMagnitude(input) >
        INT32_MAX)
      return op.emitError(kNeedsNarrowSum);
    auto type = cast<RankedTensorType>(op.getType());
    Value sum = SumPool2DOp::create(
        rewriter, op.getLoc(), type.clone(rewriter.getI32Type()),
        adaptor.getInput(), op.getKernel(), op.getStrides(), op.getPad(),
        op.getDilations(), input.getGroupZeroPoint(0));
    SmallVector<float> multipliers;
    for (int64_t count : countWindowElements(op))
      multipliers.push_back(meanMultiplier(input, result, count));
    SmallVector<int64_t> shape;
    if (multipliers.size() > 1)
      shape = {type.getDimSize(1), type.getDimSize(2), 1};
    rewriter.replaceOp(
        op, createRescale(rewriter, op.getLoc(), sum, multipliers, shape, 0,
                          getRequantization(result, {}, {}, op.getRounding())));
    return success();
  }
};

struct LegalizeMean : OpConversionPattern<MeanOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(MeanOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    FailureOr<UnaryTypes> types = getPerTensorTypes(op);
    if (failed(types))
      return failure();
    auto [input, result] = *types;
    int64_t count = countElements(op);
    if (count * getLargestMagnitude(input) > INT32_MAX)
      return op.emitError(kNeedsNarrowSum);
    Value sum = SumOp::create(
        rewriter, op.getLoc(),
        cast<RankedTensorType>(op.getType()).clone(rewriter.getI32Type()),
        adaptor.getInput(), op.getAxes(), input.getGroupZeroPoint(0));
    rewriter.replaceOp(
        op, createRescale(rewriter, op.getLoc(), sum,
                          meanMultiplier(input, result, count), {}, 0,
                          getRequantization(result, {}, {}, op.getRounding())));
    return success();
  }
};

struct LegalizeSoftmax : OpConversionPattern<SoftmaxOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(SoftmaxOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    FailureOr<UnaryTypes> types = getSoftmaxTypes(op);
    if (failed(types))
      return failure();
    auto [input, result] = *types;
    rewriter.replaceOp(
        op,
        createIntegerSoftmax(rewriter, op, adaptor.getInput(), input, result));
    return success();
  }
};
} // namespace

void qnn::populateLegalizeReductionPatterns(TypeConverter &converter,
                                            RewritePatternSet &patterns) {
  patterns.add<LegalizeAvgPool, LegalizeMean, LegalizeSoftmax>(
      converter, patterns.getContext());
}
