// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums, products, clamps and raw inputs: the f32 operations of the integer
// program, without its casts.

#include "Patterns.h"
#include "qnn/Quantization/Requantize.h"

using namespace mlir;
using namespace qnn;

namespace {
template <typename OpTy>
struct SimulateSum : SimulationPattern<OpTy> {
  using SimulationPattern<OpTy>::SimulationPattern;

  LogicalResult
  matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    FailureOr<BinaryTypes> types = getBinaryPerTensorTypes(op);
    if (failed(types))
      return failure();
    QuantizedElementType result = types->result;
    auto term = [&](Value value, Value quantized, QuantizedElementType type) {
      float number = float(type.getGroupScale(0) / result.getGroupScale(0));
      return this->quantizers.emitMultiplied(
          rewriter, op.getLoc(), value,
          {quantized, Value(), op.getResult(), {number}});
    };
    // Not as arguments of one call: their order would be the compiler's choice.
    Value left = term(adaptor.getLhs(), op.getLhs(), types->lhs);
    Value right = term(adaptor.getRhs(), op.getRhs(), types->rhs);
    Value sum =
        OpTy::create(rewriter, op.getLoc(), getCarrierType(op.getType()), left,
                     right, FloatAttr(), FloatAttr(), RoundingMode::HalfEven);
    rewriter.replaceOp(op, this->quantizers.emitResult(
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
    FailureOr<BinaryTypes> types = getBinaryPerTensorTypes(op);
    if (failed(types))
      return failure();
    auto [lhs, rhs, result] = *types;
    if (failed(checkFloatRequantization(op)))
      return failure();
    Value product = MulOp::create(
        rewriter, op.getLoc(), getCarrierType(op.getType()), adaptor.getLhs(),
        adaptor.getRhs(), FloatAttr(), FloatAttr());
    float multiplier = requantizeMultiplier(
        lhs.getGroupScale(0), rhs.getGroupScale(0), result.getGroupScale(0));
    rewriter.replaceOp(
        op, quantizers.emitRequantized(
                rewriter, op, product,
                {op.getLhs(), op.getRhs(), op.getResult(), {multiplier}},
                op.getRounding(), op.getClampMinAttr(), op.getClampMaxAttr()));
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
    rewriter.replaceOp(
        op, quantizers.emitRequantized(
                rewriter, op, adaptor.getInput(),
                {op.getInput(), Value(), op.getResult(), {number}},
                op.getRounding(), op.getClampMinAttr(), op.getClampMaxAttr()));
    return success();
  }
};

/// The table of codes of raw bytes holds what the float arithmetic gives.
struct SimulateNormalize : SimulationPattern<NormalizeOp> {
  using SimulationPattern<NormalizeOp>::SimulationPattern;

  LogicalResult
  matchAndRewrite(NormalizeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    FailureOr<QuantizedElementType> result = getPerTensorResult(op);
    if (failed(result))
      return failure();
    Value real = NormalizeOp::create(
        rewriter, op.getLoc(), getCarrierType(op.getType()), adaptor.getInput(),
        op.getMean(), op.getScale(), RoundingMode::HalfEven);
    rewriter.replaceOpWithNewOp<FakeQuantizeOp>(
        op, real.getType(), real, /*scale=*/Value(), *result, /*codes=*/true,
        op.getRounding(), APFloat(0.0f));
    return success();
  }
};
} // namespace

void qnn::populateSimulateElementwisePatterns(TypeConverter &converter,
                                              RewritePatternSet &patterns,
                                              const Quantizers &quantizers) {
  patterns.add<SimulateSum<AddOp>, SimulateSum<SubOp>, SimulateMul,
               SimulateClamp, SimulateNormalize>(
      converter, patterns.getContext(), quantizers);
}
