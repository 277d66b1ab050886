// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// qnn.matmul: loops (batch..., m, k, n), so that the innermost one walks along
// rows of the right side and of the result.

#include "ContractionOperands.h"
#include "PopulatePatterns.h"
#include "qnn/Dialect/QNN/IR/QNN.h"

using namespace mlir;
using namespace qnn;

/// The loops of a product of operands of these ranks.
static LoopNest matMulLoops(OpBuilder &builder, unsigned lhsRank,
                            unsigned rhsRank) {
  unsigned batch = lhsRank - 2, numLoops = lhsRank + 1;
  unsigned m = batch, k = batch + 1, n = batch + 2;
  auto outer = llvm::to_vector(llvm::seq(0u, batch));
  auto map = [&](ArrayRef<unsigned> prefix, unsigned row, unsigned column) {
    SmallVector<unsigned> loops(prefix);
    loops.append({row, column});
    return AffineMap::getMultiDimMapWithTargets(numLoops, loops,
                                                builder.getContext());
  };
  ArrayRef<unsigned> rhsOuter(outer);
  if (rhsRank == 2)
    rhsOuter = {};
  return {numLoops, {map(outer, m, k), map(rhsOuter, k, n)}, map(outer, m, n)};
}

namespace {

/// qnn.matmul -> an accumulator that holds the bias, one linalg.generic, and a
/// clamp for floats.
struct MatMulLowering : OpConversionPattern<MatMulOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(MatMulOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    if (!type || !type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "expects static shapes");
    Factor lhs{adaptor.getLhs(), op.getLhs().getType().getElementType(),
               int64_t(op.getLhsZeroPoint())};
    Factor rhs{adaptor.getRhs(), op.getRhs().getType().getElementType(),
               int64_t(op.getRhsZeroPoint())};
    unsigned lhsRank = tensorType(lhs.values).getRank();
    unsigned rhsRank = tensorType(rhs.values).getRank();

    // Only weights that all rows share have one sum for each column.
    SmallVector<int64_t> correction;
    std::optional<ConstantWeights> folded;
    if (!isa<FloatType>(type.getElementType()) && rhsRank == 2)
      folded = foldWeights(rewriter, op.getLoc(), rhs.values, rhs.elementType,
                           rhs.zeroPoint, /*channelAxis=*/1);
    if (folded) {
      rhs = folded->factor;
      if (lhs.zeroPoint != 0)
        for (int64_t sum : folded->channelSums)
          correction.push_back(-lhs.zeroPoint * sum);
      lhs.zeroPoint = 0;
    }
    Value accumulator = emitAccumulator(rewriter, op.getLoc(), type,
                                        adaptor.getBias(), correction);
    Value result = emitLoops(
        rewriter, op.getLoc(), matMulLoops(rewriter, lhsRank, rhsRank),
        {lhs.values, rhs.values}, accumulator,
        [&](ScalarEmitter &emitter, ValueRange arguments) {
          return emitMultiplyAdd(emitter, arguments, lhs, rhs);
        });
    rewriter.replaceOp(op,
                       emitClampedFloat(rewriter, op.getLoc(), result,
                                        op.getClampMin(), op.getClampMax()));
    return success();
  }
};

} // namespace

void qnn::populateMatMulPatterns(const TypeConverter &converter,
                                 RewritePatternSet &patterns) {
  patterns.add<MatMulLowering>(converter, patterns.getContext());
}
