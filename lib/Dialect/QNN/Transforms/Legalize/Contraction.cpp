// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Convolution and matrix product: an exact accumulator, then a rescale.

#include "IntegerContraction.h"
#include "Patterns.h"

using namespace mlir;
using namespace qnn;

/// Whether no input can make an accumulator leave i32.
static bool fitsI32(const IntegerContraction &contraction) {
  ArrayRef<int64_t> bias = contraction.biasCodes;
  // A bias that is computed at run time can be anything.
  if (contraction.bias &&
      (bias.empty() || contraction.weightsByChannel.empty()))
    return false;
  for (int64_t channel = 0; channel < contraction.numChannels; ++channel)
    if (!contraction.getBound(channel, bias.empty() ? 0 : bias[channel])
             .fitsI32())
      return false;
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
    FailureOr<IntegerContraction> contraction = describeContraction(op);
    if (failed(contraction))
      return failure();
    bool narrow = fitsI32(*contraction);
    if (op.getRequantization() != RequantizationMode::Float && !narrow)
      return op.emitError("expects accumulators that fit into i32 to legalize "
                          "with a requantization of TFLite");
    Value accumulator =
        createAccumulator(rewriter, op, adaptor.getOperands(),
                          rewriter.getIntegerType(narrow ? 32 : 64),
                          contraction->inputType.getGroupZeroPoint(0),
                          contraction->weightsZeroPoint);
    rewriter.replaceOp(op, requantize(op, accumulator, *contraction, rewriter));
    return success();
  }

private:
  /// The accumulator as codes of the result.
  static Value requantize(OpTy op, Value accumulator,
                          const IntegerContraction &contraction,
                          ConversionPatternRewriter &rewriter) {
    Requantization requantization = getRequantization(
        contraction.resultType, op.getClampMinAttr(), op.getClampMaxAttr(),
        op.getRounding(), op.getRequantization());
    if (requantization.mode == RequantizationMode::Float)
      return createRescale(rewriter, op.getLoc(), accumulator,
                           contraction.getMultipliers(),
                           contraction.getMultiplierShape(),
                           /*inputZeroPoint=*/0, requantization);
    bool perChannel = contraction.weightsType.getGroupAxis() != -1;
    SmallVector<FixedPointMultiplier> multipliers;
    for (int64_t group = 0; group < contraction.numScales; ++group)
      multipliers.push_back(quantizeMultiplier(realMultiplierOf(
          op, contraction.inputType.getGroupScale(0),
          contraction.weightsType.getGroupScale(group),
          contraction.resultType.getGroupScale(0), perChannel)));
    return createFixedPointRescale(rewriter, op.getLoc(), accumulator,
                                   multipliers, /*inputZeroPoint=*/0,
                                   requantization);
  }
};
} // namespace

void qnn::populateLegalizeContractionPatterns(TypeConverter &converter,
                                              RewritePatternSet &patterns) {
  patterns.add<LegalizeContraction<Conv2DOp>, LegalizeContraction<MatMulOp>>(
      converter, patterns.getContext());
}
