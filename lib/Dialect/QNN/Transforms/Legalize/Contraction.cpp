// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Convolution and matrix product: an exact accumulator, then a rescale.

#include "Patterns.h"
#include "qnn/Quantization/Accumulator.h"
#include "qnn/Quantization/Requantize.h"
#include <cmath>

using namespace mlir;
using namespace qnn;

/// Codes of a quantized constant as integers; empty if it is none.
static SmallVector<int64_t> constantCodes(Value value) {
  SmallVector<int64_t> codes;
  auto op = value ? value.getDefiningOp<ConstantOp>() : ConstantOp();
  if (!op)
    return codes;
  bool isSigned = getQuantizedElementType(value.getType()).isCodeSigned();
  for (const APInt &code : op.getCodes().getValues<APInt>())
    codes.push_back(isSigned ? code.getSExtValue()
                             : int64_t(code.getZExtValue()));
  return codes;
}

/// The zero point that all groups of the type share.
static std::optional<int64_t> sharedZeroPoint(QuantizedElementType type,
                                              int64_t numGroups) {
  for (int64_t group = 1; group < numGroups; ++group)
    if (type.getGroupZeroPoint(group) != type.getGroupZeroPoint(0))
      return std::nullopt;
  return type.getGroupZeroPoint(0);
}

namespace {
/// What legalization must know of a contraction, whatever its kind.
struct Contraction {
  Value input, weights, bias;
  /// Axis of the weights that makes channels of the result; and how many.
  int64_t channelAxis, numChannels;
  /// How many products each accumulator adds.
  int64_t depth;
  /// The constant weight codes minus their zero point, by channel; empty if
  /// the weights are computed at run time.
  SmallVector<SmallVector<int64_t>> weightsByChannel;
};
} // namespace

static Contraction describe(Conv2DOp op) {
  auto type = cast<RankedTensorType>(op.getWeights().getType());
  int64_t numChannels = type.getDimSize(0);
  return {op.getInput(),
          op.getWeights(),
          op.getBias(),
          /*channelAxis=*/0,
          numChannels,
          type.getNumElements() / numChannels,
          {}};
}
static Contraction describe(MatMulOp op) {
  auto type = cast<RankedTensorType>(op.getRhs().getType());
  return {op.getLhs(),
          op.getRhs(),
          op.getBias(),
          type.getRank() - 1,
          type.getShape().back(),
          type.getDimSize(type.getRank() - 2),
          {}};
}

static void splitWeights(Contraction &contraction, int64_t zeroPoint) {
  SmallVector<int64_t> codes = constantCodes(contraction.weights);
  if (codes.empty())
    return;
  auto shape = cast<RankedTensorType>(contraction.weights.getType()).getShape();
  int64_t stride = 1;
  for (int64_t extent : shape.drop_front(contraction.channelAxis + 1))
    stride *= extent;
  contraction.weightsByChannel.resize(contraction.numChannels);
  for (auto [i, code] : llvm::enumerate(codes))
    contraction.weightsByChannel[i / stride % contraction.numChannels]
        .push_back(code - zeroPoint);
}

/// Products of run-time codes: as if every weight had its largest magnitude.
static AccumulatorBound boundWithoutWeights(QuantizedElementType input,
                                            QuantizedElementType weights,
                                            int64_t depth) {
  int64_t largest =
      getLargestMagnitude(input) * getLargestMagnitude(weights) * depth;
  return {-largest, largest};
}

/// Whether no input can make an accumulator leave i32.
static bool fitsI32(const Contraction &contraction, QuantizedElementType input,
                    QuantizedElementType weights) {
  SmallVector<int64_t> bias = constantCodes(contraction.bias);
  if (contraction.bias && bias.empty())
    // Computed at run time: it can be anything.
    return false;
  if (contraction.weightsByChannel.empty())
    return bias.empty() &&
           boundWithoutWeights(input, weights, contraction.depth).fitsI32();
  int64_t zeroPoint = input.getGroupZeroPoint(0);
  for (auto [channel, codes] : llvm::enumerate(contraction.weightsByChannel)) {
    AccumulatorBound bound = accumulatorBound(
        codes, input.getCodeMin() - zeroPoint, input.getCodeMax() - zeroPoint,
        bias.empty() ? 0 : bias[channel]);
    if (!bound.fitsI32())
      return false;
  }
  return true;
}

/// Whether the bias has zero point 0 and the scale of the accumulator, up to
/// the rounding of the product. Else it could not be added as it is.
static bool isAccumulatorScaled(const Contraction &contraction,
                                QuantizedElementType input,
                                QuantizedElementType weights) {
  if (!contraction.bias)
    return true;
  auto type = getQuantizedElementType(contraction.bias.getType());
  if (!type.isUniform() || type.getGroupAxis() == -2)
    return false;
  for (int64_t channel = 0; channel < contraction.numChannels; ++channel) {
    auto scaleOf = [&](QuantizedElementType groups) {
      return groups.getGroupScale(groups.getGroupAxis() == -1 ? 0 : channel);
    };
    int64_t group = type.getGroupAxis() == -1 ? 0 : channel;
    double expected = input.getGroupScale(0) * scaleOf(weights);
    // A product of two floats that was rounded to float is off by 2^-24.
    if (type.getGroupZeroPoint(group) != 0 ||
        std::abs(scaleOf(type) - expected) > std::ldexp(expected, -20))
      return false;
  }
  return true;
}

/// The multiplier of TFLite's CONV_2D and DEPTHWISE_CONV_2D.
static double realMultiplierOf(Conv2DOp, double input, double weights,
                               double result, bool) {
  return realMultiplier(input, weights, result);
}

/// The multiplier of TFLite's FULLY_CONNECTED and BATCH_MATMUL.
static double realMultiplierOf(MatMulOp, double input, double weights,
                               double result, bool perChannel) {
  return perChannel ? realMultiplier(input, weights, result)
                    : realMultiplierOfFloatProduct(input, weights, result);
}

/// Names of the zero point attributes, in the order of the operands.
static std::pair<StringAttr, StringAttr> zeroPointNames(Conv2DOp op) {
  return {op.getInputZeroPointAttrName(), op.getWeightsZeroPointAttrName()};
}
static std::pair<StringAttr, StringAttr> zeroPointNames(MatMulOp op) {
  return {op.getLhsZeroPointAttrName(), op.getRhsZeroPointAttrName()};
}

namespace {
/// contraction(q types) -> contraction(integers) : i32, rescale
///
///   %y = qnn.conv2d %x, %w bias(%b) clamp_min(0.0)        quantized types
///     ->
///   %a = qnn.conv2d %x, %w bias(%b) input_zero_point(3)   -> tensor<...xi32>
///   %y = qnn.rescale %a multiplier(dense<[...]>) output_zero_point(..)
template <typename OpTy>
struct LegalizeContraction : OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;

  LogicalResult
  matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Contraction contraction = describe(op);
    auto input = getPerTensorType(contraction.input.getType());
    auto weights = getQuantizedElementType(contraction.weights.getType());
    auto result = getPerTensorType(op.getType());
    if (!input || !result)
      return op.emitError(
          "expects activations of one scale and zero point to legalize");
    int64_t axis = weights.getGroupAxis();
    if (!weights.isUniform() || (axis != -1 && axis != contraction.channelAxis))
      return op.emitError("expects weights of one scale for all or for each "
                          "output channel to legalize");
    int64_t numScales = axis == -1 ? 1 : contraction.numChannels;
    std::optional<int64_t> zeroPoint = sharedZeroPoint(weights, numScales);
    if (!zeroPoint)
      return op.emitError(
          "expects weights of one zero point for all channels to legalize");
    if (!isAccumulatorScaled(contraction, input, weights))
      return op.emitError("expects a bias of zero point 0 and the scale of "
                          "input times weights to legalize");
    splitWeights(contraction, *zeroPoint);
    bool narrow = fitsI32(contraction, input, weights);
    if (op.getRequantization() != RequantizationMode::Float && !narrow)
      return op.emitError("expects accumulators that fit into i32 to legalize "
                          "with a requantization of TFLite");
    Value accumulator = createAccumulator(
        op, adaptor.getOperands(), rewriter.getIntegerType(narrow ? 32 : 64),
        input.getGroupZeroPoint(0), *zeroPoint, rewriter);
    rewriter.replaceOp(op,
                       requantize(op, accumulator, input, weights, rewriter));
    return success();
  }

private:
  /// The accumulator as codes of the result.
  static Value requantize(OpTy op, Value accumulator,
                          QuantizedElementType input,
                          QuantizedElementType weights,
                          ConversionPatternRewriter &rewriter) {
    auto result = getPerTensorType(op.getType());
    bool perChannel = weights.getGroupAxis() != -1;
    int64_t numScales = perChannel ? describe(op).numChannels : 1;
    double inputScale = input.getGroupScale(0);
    double resultScale = result.getGroupScale(0);
    Requantization requantization =
        getRequantization(result, op.getClampMinAttr(), op.getClampMaxAttr(),
                          op.getRounding(), op.getRequantization());
    SmallVector<float> multipliers;
    SmallVector<FixedPointMultiplier> fixedPoint;
    for (int64_t group = 0; group < numScales; ++group) {
      double scale = weights.getGroupScale(group);
      multipliers.push_back(
          requantizeMultiplier(inputScale, scale, resultScale));
      fixedPoint.push_back(quantizeMultiplier(
          realMultiplierOf(op, inputScale, scale, resultScale, perChannel)));
    }
    if (requantization.mode != RequantizationMode::Float)
      return createFixedPointRescale(rewriter, op.getLoc(), accumulator,
                                     fixedPoint, /*inputZeroPoint=*/0,
                                     requantization);
    SmallVector<int64_t> shape;
    if (perChannel)
      shape.push_back(numScales);
    return createRescale(rewriter, op.getLoc(), accumulator, multipliers, shape,
                         /*inputZeroPoint=*/0, requantization);
  }

  /// The same operation on codes, without clamp.
  static Value createAccumulator(OpTy op, ValueRange operands, Type type,
                                 int64_t inputZeroPoint,
                                 int64_t weightsZeroPoint,
                                 ConversionPatternRewriter &rewriter) {
    auto tensor = cast<RankedTensorType>(op.getType());
    OperationState state(op.getLoc(), op->getName(), operands,
                         tensor.clone(type), op->getAttrs());
    auto [inputName, weightsName] = zeroPointNames(op);
    state.attributes.set(inputName, rewriter.getI64IntegerAttr(inputZeroPoint));
    state.attributes.set(weightsName,
                         rewriter.getI64IntegerAttr(weightsZeroPoint));
    for (StringAttr name :
         {op.getClampMinAttrName(), op.getClampMaxAttrName(),
          op.getRoundingAttrName(), op.getRequantizationAttrName()})
      state.attributes.erase(name);
    return rewriter.create(state)->getResult(0);
  }
};
} // namespace

void qnn::populateLegalizeContractionPatterns(TypeConverter &converter,
                                              RewritePatternSet &patterns) {
  patterns.add<LegalizeContraction<Conv2DOp>, LegalizeContraction<MatMulOp>>(
      converter, patterns.getContext());
}
