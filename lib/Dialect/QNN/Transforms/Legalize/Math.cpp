// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Elementary functions of codes: tables.

#include "Patterns.h"

using namespace mlir;
using namespace qnn;

/// The code of the function of what each legal code stands for, from the
/// smallest one on.
static DenseElementsAttr makeTable(Builder &builder,
                                   ElementaryFunction function,
                                   const UnaryTypes &types) {
  unsigned width = getExplicitType(types.result).getWidth();
  SmallVector<APInt> table;
  for (int64_t code = types.input.getCodeMin(), e = types.input.getCodeMax();
       code <= e; ++code) {
    float value = evaluate(function, types.input.dequantizeCode(code, 0));
    int64_t result =
        types.result.quantizeValue(value, 0, RoundingMode::HalfEven);
    table.emplace_back(width, result, /*isSigned=*/true,
                       /*implicitTrunc=*/true);
  }
  auto type = RankedTensorType::get(int64_t(table.size()),
                                    builder.getIntegerType(width));
  return DenseElementsAttr::get(type, table);
}

namespace {
/// function(q) -> lookup of q
template <typename OpTy>
struct LegalizeFunction : OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;

  LogicalResult
  matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    FailureOr<UnaryTypes> types = getPerTensorTypes(op);
    if (failed(types))
      return failure();
    if (types->input.getCodeType().getWidth() > 16)
      return op.emitError("expects an input of at most 16 bits to legalize, "
                          "which index a table");
    auto type = cast<RankedTensorType>(op.getType());
    rewriter.replaceOpWithNewOp<LookupOp>(
        op, type.clone(getExplicitType(types->result)), adaptor.getInput(),
        makeTable(rewriter, OpTy::kFunction, *types),
        types->input.getCodeMin());
    return success();
  }
};
} // namespace

void qnn::populateLegalizeMathPatterns(TypeConverter &converter,
                                       RewritePatternSet &patterns) {
  patterns.add<LegalizeFunction<AbsOp>, LegalizeFunction<ExpOp>,
               LegalizeFunction<LogOp>, LegalizeFunction<SigmoidOp>,
               LegalizeFunction<SignOp>, LegalizeFunction<SqrtOp>,
               LegalizeFunction<TanhOp>>(converter, patterns.getContext());
}
