// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operations that move or compare codes only: the same, on integers.

#include "Patterns.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace qnn;

namespace {
/// The same operation with converted types. Codes keep their order, so this is
/// right for everything whose input and result share parameters.
template <typename OpTy>
struct RetypeMovement : OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;

  LogicalResult
  matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Type type = this->getTypeConverter()->convertType(op.getType());
    OperationState state(op.getLoc(), op->getName(), adaptor.getOperands(),
                         type, op->getAttrs());
    rewriter.replaceOp(op, rewriter.create(state));
    return success();
  }
};

/// A padding value becomes its code.
struct LegalizePad : OpConversionPattern<PadOp> {
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
        op, cast<RankedTensorType>(op.getType()).clone(getExplicitType(*type)),
        adaptor.getInput(), op.getLow(), op.getHigh(),
        llvm::APFloat(static_cast<float>(code)));
    return success();
  }
};
} // namespace

void qnn::populateLegalizeMovementPatterns(TypeConverter &converter,
                                           RewritePatternSet &patterns) {
  populateRetypePatterns(converter, patterns);
  patterns.add<LegalizePad>(converter, patterns.getContext());
}

void qnn::populateRetypePatterns(TypeConverter &converter,
                                 RewritePatternSet &patterns) {
  patterns.add<RetypeMovement<TransposeOp>, RetypeMovement<MaxPool2DOp>,
               RetypeMovement<tensor::CollapseShapeOp>,
               RetypeMovement<tensor::ExpandShapeOp>,
               RetypeMovement<tensor::ExtractSliceOp>,
               RetypeMovement<tensor::ConcatOp>>(converter,
                                                 patterns.getContext());
}
