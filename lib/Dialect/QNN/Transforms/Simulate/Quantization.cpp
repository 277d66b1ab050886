// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Borders between float and quantized values, constants and padding.

#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "qnn/Dialect/QNN/IR/Elements.h"

using namespace mlir;
using namespace qnn;

namespace {
/// Codes minus zero points, or what they stand for.
struct SimulateConstant : OpConversionPattern<ConstantOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(ConstantOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = getQuantizedElementType(op.getType());
    if (!type)
      return rewriter.notifyMatchFailure(op, "explicit already");
    RankedTensorType carrier = getCarrierType(op.getType());
    std::vector<int64_t> groups = listGroups(type, carrier.getShape());
    SmallVector<float> values;
    for (auto [bits, group] :
         llvm::zip_equal(op.getCodes().getValues<APInt>(), groups)) {
      int64_t code =
          type.isCodeSigned() ? bits.getSExtValue() : bits.getZExtValue();
      values.push_back(isCarriedByIntegers(type)
                           ? float(code - type.getGroupZeroPoint(group))
                           : float(type.dequantizeCode(code, group)));
    }
    rewriter.replaceOpWithNewOp<arith::ConstantOp>(
        op, DenseElementsAttr::get(carrier, ArrayRef<float>(values)));
    return success();
  }
};

struct SimulateQuantize : SimulationPattern<QuantizeOp> {
  SimulateQuantize(TypeConverter &converter, MLIRContext *context,
                   const Quantizers &quantizers,
                   const DenseSet<Operation *> &ofParameters)
      : SimulationPattern<QuantizeOp>(converter, context, quantizers),
        ofParameters(ofParameters) {}

  LogicalResult
  matchAndRewrite(QuantizeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = getQuantizedElementType(op.getType());
    // A learned scale follows the largest weights.
    bool hasMargin = type.isUniform() && !quantizers.lookup(op.getResult()) &&
                     ofParameters.contains(op);
    rewriter.replaceOp(
        op, quantizers.emitQuantized(rewriter, op.getLoc(), adaptor.getInput(),
                                     op.getResult(), op.getRounding(),
                                     hasMargin ? 0.5f : 0.0f));
    return success();
  }

private:
  const DenseSet<Operation *> &ofParameters;
};

struct SimulateDequantize : SimulationPattern<DequantizeOp> {
  using SimulationPattern<DequantizeOp>::SimulationPattern;

  LogicalResult
  matchAndRewrite(DequantizeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto tensor = cast<RankedTensorType>(op.getInput().getType());
    auto type = cast<QuantizedElementType>(tensor.getElementType());
    if (!isCarriedByIntegers(type)) {
      rewriter.replaceOp(op, adaptor.getInput());
      return success();
    }
    if (type.getCodeType().getWidth() > 16)
      return op.emitError("expects codes of at most 16 bits to simulate");
    Value factor =
        quantizers.getBroadcast(rewriter, op.getLoc(), op.getInput());
    if (!factor)
      factor = arith::ConstantOp::create(
          rewriter, op.getLoc(), getGroupNumbers(tensor, [&](int64_t group) {
            return float(type.getGroupScale(group));
          }));
    rewriter.replaceOpWithNewOp<MulOp>(op, op.getType(), adaptor.getInput(),
                                       factor, FloatAttr(), FloatAttr());
    return success();
  }
};

struct SimulateRequantize : SimulationPattern<RequantizeOp> {
  using SimulationPattern<RequantizeOp>::SimulationPattern;

  LogicalResult
  matchAndRewrite(RequantizeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    FailureOr<UnaryTypes> types = getPerTensorTypes(op);
    if (failed(types) || failed(checkFloatRequantization(op)))
      return failure();
    auto [input, result] = *types;
    float number = float(input.getGroupScale(0) / result.getGroupScale(0));
    rewriter.replaceOp(op,
                       quantizers.emitRequantized(
                           rewriter, op, adaptor.getInput(),
                           {op.getInput(), Value(), op.getResult(), {number}},
                           op.getRounding()));
    return success();
  }
};

/// A padding value becomes what carries its code.
struct SimulatePad : OpConversionPattern<PadOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult
  matchAndRewrite(PadOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    FailureOr<QuantizedElementType> type = getPerTensorResult(op);
    if (failed(type))
      return failure();
    int64_t code = type->quantizeValue(op.getValue().convertToDouble(), 0,
                                       RoundingMode::HalfEven);
    rewriter.replaceOpWithNewOp<PadOp>(
        op, getCarrierType(op.getType()), adaptor.getInput(), op.getLow(),
        op.getHigh(), APFloat(float(code - type->getGroupZeroPoint(0))));
    return success();
  }
};
} // namespace

void qnn::populateSimulateQuantizationPatterns(
    TypeConverter &converter, RewritePatternSet &patterns,
    const Quantizers &quantizers, const DenseSet<Operation *> &ofParameters) {
  populateRetypePatterns(converter, patterns);
  patterns.add<SimulateConstant, SimulatePad>(converter, patterns.getContext());
  patterns.add<SimulateDequantize, SimulateRequantize>(
      converter, patterns.getContext(), quantizers);
  patterns.add<SimulateQuantize>(converter, patterns.getContext(), quantizers,
                                 ofParameters);
}
