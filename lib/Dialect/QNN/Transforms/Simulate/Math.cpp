// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Elementary functions of what codes stand for, quantized: what the integer
// program's tables hold.

#include "Patterns.h"

using namespace mlir;
using namespace qnn;

namespace {
template <typename OpTy>
struct SimulateFunction : SimulationPattern<OpTy> {
  using SimulationPattern<OpTy>::SimulationPattern;

  LogicalResult
  matchAndRewrite(OpTy op, typename OpTy::Adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    FailureOr<UnaryTypes> types = getPerTensorTypes(op);
    if (failed(types))
      return failure();
    Location loc = op.getLoc();
    RankedTensorType carrier = getCarrierType(op.getType());
    Value real = DequantizeOp::create(rewriter, loc, carrier, op.getInput());
    Value result = OpTy::create(rewriter, loc, carrier, real);
    rewriter.replaceOp(
        op, this->quantizers.emitQuantized(
                rewriter, loc, result, op.getResult(), RoundingMode::HalfEven));
    return success();
  }
};
} // namespace

void qnn::populateSimulateMathPatterns(TypeConverter &converter,
                                       RewritePatternSet &patterns,
                                       const Quantizers &quantizers) {
  patterns.add<SimulateFunction<AbsOp>, SimulateFunction<ExpOp>,
               SimulateFunction<LogOp>, SimulateFunction<SigmoidOp>,
               SimulateFunction<SignOp>, SimulateFunction<SqrtOp>,
               SimulateFunction<TanhOp>>(converter, patterns.getContext(),
                                         quantizers);
}
