// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Means as exact float sums; softmax as its integer form with the gradient of
// the float one.

#include "Patterns.h"

using namespace mlir;
using namespace qnn;

static LogicalResult checkSum(Operation *op, int64_t count,
                              const Quantizers &quantizers) {
  int64_t largest = quantizers.getLargestMagnitude(op->getOperand(0));
  if (count * largest <= kMaxExactInteger)
    return success();
  return op->emitError("expects sums of at most 2^24 to simulate");
}

/// Whether there is one window, and it is the image.
static bool coversImage(AvgPool2DOp op) {
  auto shape = cast<RankedTensorType>(op.getInput().getType()).getShape();
  return op.getKernel() == shape.slice(1, 2) &&
         llvm::all_of(op.getPad(), [](int64_t pad) { return pad == 0; });
}

/// A depthwise convolution with ones, which is exact, with the gradient of the
/// mean times the number of elements, which is cheaper.
static Value emitWindowSums(OpBuilder &builder, AvgPool2DOp op, Value input,
                            ArrayRef<int64_t> counts, ArrayRef<int64_t> shape) {
  Location loc = op.getLoc();
  RankedTensorType type = getCarrierType(op.getType());
  int64_t channels = type.getDimSize(3);
  Value ones = emitFloats(builder, loc, 1.0f,
                          {channels, op.getKernel()[0], op.getKernel()[1], 1});
  Value sum = Conv2DOp::create(builder, loc, type, input, ones,
                               /*bias=*/Value(), op.getStrides(), op.getPad(),
                               op.getDilations(), /*groups=*/channels,
                               FloatAttr(), FloatAttr());
  Value mean = AvgPool2DOp::create(
      builder, loc, type, input, op.getKernel(), op.getStrides(), op.getPad(),
      op.getDilations(), op.getCountIncludePad(), RoundingMode::HalfEven);
  SmallVector<float> factors(counts.begin(), counts.end());
  Value surrogate = emitScaled(builder, loc, mean, factors, shape);
  return emitStraightThrough(builder, loc, sum, surrogate);
}

namespace {
struct SimulateAvgPool : SimulationPattern<AvgPool2DOp> {
  using SimulationPattern<AvgPool2DOp>::SimulationPattern;

  LogicalResult
  matchAndRewrite(AvgPool2DOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    FailureOr<UnaryTypes> types = getPerTensorTypes(op);
    if (failed(types))
      return failure();
    auto [input, result] = *types;
    if (failed(checkSum(op, op.getKernel()[0] * op.getKernel()[1],
                        this->quantizers)))
      return failure();
    RankedTensorType type = getCarrierType(op.getType());
    Multiplier multiplier{op.getInput(), Value(), op.getResult(), {}};
    multiplier.counts = countWindowElements(op);
    for (int64_t count : multiplier.counts)
      multiplier.numbers.push_back(meanMultiplier(input, result, count));
    if (multiplier.counts.size() > 1)
      multiplier.shape = {type.getDimSize(1), type.getDimSize(2), 1};
    Value sum;
    if (coversImage(op))
      sum = SumOp::create(rewriter, op.getLoc(), type, adaptor.getInput(),
                          ArrayRef<int64_t>{1, 2});
    else
      sum = emitWindowSums(rewriter, op, adaptor.getInput(), multiplier.counts,
                           multiplier.shape);
    rewriter.replaceOp(op,
                       quantizers.emitRequantized(rewriter, op, sum, multiplier,
                                                  op.getRounding()));
    return success();
  }
};

struct SimulateMean : SimulationPattern<MeanOp> {
  using SimulationPattern<MeanOp>::SimulationPattern;

  LogicalResult
  matchAndRewrite(MeanOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    FailureOr<UnaryTypes> types = getPerTensorTypes(op);
    if (failed(types))
      return failure();
    auto [input, result] = *types;
    if (failed(checkSum(op, countElements(op), this->quantizers)))
      return failure();
    Value sum =
        SumOp::create(rewriter, op.getLoc(), getCarrierType(op.getType()),
                      adaptor.getInput(), op.getAxes());
    int64_t count = countElements(op);
    rewriter.replaceOp(
        op, quantizers.emitRequantized(rewriter, op, sum,
                                       {op.getInput(),
                                        Value(),
                                        op.getResult(),
                                        {meanMultiplier(input, result, count)},
                                        {},
                                        {count}},
                                       op.getRounding()));
    return success();
  }
};

/// codes -> integer_softmax -> floats, with the gradient of
/// softmax(x * si) / so.
struct SimulateSoftmax : SimulationPattern<SoftmaxOp> {
  using SimulationPattern<SoftmaxOp>::SimulationPattern;

  LogicalResult
  matchAndRewrite(SoftmaxOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    FailureOr<UnaryTypes> types = getSoftmaxTypes(op);
    if (failed(types))
      return failure();
    auto [input, result] = *types;
    Location loc = op.getLoc();
    RankedTensorType type = getCarrierType(op.getType());
    Value codes = createRescale(
        rewriter, loc, adaptor.getInput(), 1.0f, ArrayRef<int64_t>(),
        /*inputZeroPoint=*/0,
        getRequantization(input, {}, {}, RoundingMode::HalfEven));
    Value probabilities =
        createIntegerSoftmax(rewriter, op, codes, input, result);
    Value value = createRescaleToFloat(rewriter, loc, probabilities, 1.0f,
                                       result.getGroupZeroPoint(0));
    Value logits = emitScaled(rewriter, loc, adaptor.getInput(),
                              float(input.getGroupScale(0)));
    Value real = SoftmaxOp::create(rewriter, loc, type, logits, op.getAxis());
    Value surrogate =
        emitScaled(rewriter, loc, real, float(1.0 / result.getGroupScale(0)));
    rewriter.replaceOp(op,
                       emitStraightThrough(rewriter, loc, value, surrogate));
    return success();
  }
};
} // namespace

void qnn::populateSimulateReductionPatterns(TypeConverter &converter,
                                            RewritePatternSet &patterns,
                                            const Quantizers &quantizers) {
  patterns.add<SimulateAvgPool, SimulateMean, SimulateSoftmax>(
      converter, patterns.getContext(), quantizers);
}
