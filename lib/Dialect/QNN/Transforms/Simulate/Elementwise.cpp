// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums, products, clamps and raw inputs: the f32 operations of the integer
// program, without its casts.

#include "Patterns.h"
#include "qnn/Quantization/Requantize.h"

using namespace mlir;
using namespace qnn;

static constexpr const char *kNeedsPerTensor =
    "expects operands and result of one scale and zero point to simulate";

namespace {
template <typename OpTy>
struct SimulateSum : SimulationPattern<OpTy> {
  using SimulationPattern<OpTy>::SimulationPattern;

  LogicalResult
  matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto lhs = getPerTensorType(op.getLhs().getType());
    auto rhs = getPerTensorType(op.getRhs().getType());
    auto result = getPerTensorType(op.getType());
    if (!lhs || !rhs || !result)
      return op.emitError(kNeedsPerTensor);
    auto term = [&](Value value, Value quantized, QuantizedElementType type) {
      float number = float(type.getGroupScale(0) / result.getGroupScale(0));
      return this->scales.emitMultiplied(
          rewriter, op.getLoc(), value,
          {quantized, Value(), op.getResult(), {number}});
    };
    // Not as arguments of one call: their order would be the compiler's choice.
    Value left = term(adaptor.getLhs(), op.getLhs(), lhs);
    Value right = term(adaptor.getRhs(), op.getRhs(), rhs);
    Value sum =
        OpTy::create(rewriter, op.getLoc(), getCarrierType(op.getType()), left,
                     right, FloatAttr(), FloatAttr(), RoundingMode::HalfEven);
    rewriter.replaceOp(op, this->scales.emitResult(
                               rewriter, op, sum, op.getRounding(),
                               op.getClampMinAttr(), op.getClampMaxAttr()));
    return success();
  }
};

/// The product of two floats, rounded, is the exact integer product converted.
struct SimulateMul : SimulationPattern<MulOp> {
  using SimulationPattern<MulOp>::SimulationPattern;

  LogicalResult
  matchAndRewrite(MulOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto lhs = getPerTensorType(op.getLhs().getType());
    auto rhs = getPerTensorType(op.getRhs().getType());
    auto result = getPerTensorType(op.getType());
    if (!lhs || !rhs || !result)
      return op.emitError(kNeedsPerTensor);
    if (failed(checkFloatRequantization(op)))
      return failure();
    Value product = MulOp::create(
        rewriter, op.getLoc(), getCarrierType(op.getType()), adaptor.getLhs(),
        adaptor.getRhs(), FloatAttr(), FloatAttr());
    float multiplier = requantizeMultiplier(
        lhs.getGroupScale(0), rhs.getGroupScale(0), result.getGroupScale(0));
    Value scaled = scales.emitMultiplied(
        rewriter, op.getLoc(), product,
        {op.getLhs(), op.getRhs(), op.getResult(), {multiplier}});
    rewriter.replaceOp(op, this->scales.emitResult(
                               rewriter, op, scaled, op.getRounding(),
                               op.getClampMinAttr(), op.getClampMaxAttr()));
    return success();
  }
};

struct SimulateClamp : SimulationPattern<ClampOp> {
  using SimulationPattern<ClampOp>::SimulationPattern;

  LogicalResult
  matchAndRewrite(ClampOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    FailureOr<UnaryTypes> types = getPerTensorTypes(op);
    if (failed(types))
      return failure();
    auto [input, result] = *types;
    float number = float(input.getGroupScale(0) / result.getGroupScale(0));
    Value scaled = scales.emitMultiplied(
        rewriter, op.getLoc(), adaptor.getInput(),
        {op.getInput(), Value(), op.getResult(), {number}});
    rewriter.replaceOp(op, this->scales.emitResult(
                               rewriter, op, scaled, op.getRounding(),
                               op.getClampMinAttr(), op.getClampMaxAttr()));
    return success();
  }
};

/// The table of codes of raw bytes holds what the float arithmetic gives.
struct SimulateNormalize : SimulationPattern<NormalizeOp> {
  using SimulationPattern<NormalizeOp>::SimulationPattern;

  LogicalResult
  matchAndRewrite(NormalizeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto result = getPerTensorType(op.getType());
    if (!result)
      return op.emitError(kNeedsPerTensor);
    Value real = NormalizeOp::create(
        rewriter, op.getLoc(), getCarrierType(op.getType()), adaptor.getInput(),
        op.getMean(), op.getScale(), RoundingMode::HalfEven);
    rewriter.replaceOpWithNewOp<FakeQuantizeOp>(
        op, real.getType(), real, /*scale=*/Value(), result, /*codes=*/true,
        op.getRounding(), APFloat(0.0f));
    return success();
  }
};
} // namespace

void qnn::populateSimulateElementwisePatterns(TypeConverter &converter,
                                              RewritePatternSet &patterns,
                                              const Scales &scales) {
  patterns.add<SimulateSum<AddOp>, SimulateSum<SubOp>, SimulateMul,
               SimulateClamp, SimulateNormalize>(converter,
                                                 patterns.getContext(), scales);
}
