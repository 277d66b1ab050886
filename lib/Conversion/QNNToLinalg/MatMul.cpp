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

/// Reads the input of a transpose instead of its result, in another order. The
/// bytes of a sum on the left side must go on lying together: words of them are
/// multiplied at once.
static void foldTranspose(Value &values, AffineMap &map, bool keepsLastAxis) {
  auto transpose = values.getDefiningOp<linalg::TransposeOp>();
  if (!transpose)
    return;
  ArrayRef<int64_t> permutation = transpose.getPermutation();
  if (keepsLastAxis && permutation.back() != int64_t(permutation.size()) - 1)
    return;
  SmallVector<AffineExpr> exprs(map.getNumResults());
  for (auto [axis, from] : llvm::enumerate(permutation))
    exprs[from] = map.getResult(axis);
  values = transpose.getInput();
  map = AffineMap::get(map.getNumDims(), 0, exprs, map.getContext());
}

namespace {

/// A product of two computed operands of 8 bits:
///
///   sum (l - zl) * (r - zr)
///     = sum l * r - zl * sum r - zr * sum l + K * zl * zr
///
/// The first sum is a contraction of bytes, of which the right one has a sign;
/// the others are small reductions that the operation behind it takes off.
class ByteProduct {
public:
  ByteProduct(ConversionPatternRewriter &rewriter, MatMulOp op, LoopNest &nest,
              Factor &lhs, Factor &rhs)
      : rewriter(rewriter), loc(op.getLoc()), nest(nest), lhs(lhs), rhs(rhs) {}

  static bool isOne(const Factor &lhs, const Factor &rhs) {
    return lhs.elementType.isInteger(8) && rhs.elementType.isInteger(8);
  }

  /// Gives the right side a sign; what the start of the accumulators needs for
  /// the last term.
  int64_t prepare(int64_t depth) {
    if (rhs.elementType.isUnsignedInteger()) {
      rhs.values = flipSigns(rhs.values);
      rhs.zeroPoint -= 128;
      rhs.elementType = rewriter.getIntegerType(8, /*isSigned=*/true);
    }
    lhsZeroPoint = lhs.zeroPoint;
    rhsZeroPoint = rhs.zeroPoint;
    lhs.zeroPoint = rhs.zeroPoint = 0;
    return depth * lhsZeroPoint * rhsZeroPoint;
  }

  Value subtractSums(Value products) {
    products = subtract(products, lhsZeroPoint, rhs, nest.inputMaps[1]);
    return subtract(products, rhsZeroPoint, lhs, nest.inputMaps[0]);
  }

private:
  /// Codes plus 128 are those minus 128, with a sign.
  Value flipSigns(Value codes) {
    return emitElementwise(rewriter, loc, tensorType(codes), codes,
                           [&](ScalarEmitter &emitter, ValueRange in) {
                             return emitter.emit<arith::XOrIOp>(
                                 in[0], emitter.integer(in[0].getType(), -128));
                           });
  }

  /// `products - zeroPoint * sums of a factor along the loop of the sum`.
  Value subtract(Value products, int64_t zeroPoint, const Factor &factor,
                 AffineMap map) {
    if (zeroPoint == 0)
      return products;
    RankedTensorType type = tensorType(products);
    // The loops of the result without that of the sum, which is the last but
    // one of the product.
    unsigned k = nest.numLoops - 2;
    SmallVector<int64_t> shape;
    SmallVector<AffineExpr> kept, axes;
    for (unsigned loop = 0; loop < nest.numLoops; ++loop) {
      if (loop == k || !map.isFunctionOfDim(loop))
        continue;
      unsigned axis = loop < k ? loop : loop - 1;
      shape.push_back(type.getDimSize(axis));
      kept.push_back(rewriter.getAffineDimExpr(loop));
      axes.push_back(rewriter.getAffineDimExpr(axis));
    }
    MLIRContext *context = rewriter.getContext();
    auto sumType = RankedTensorType::get(shape, type.getElementType());
    Value zeros = emitFilled(rewriter, loc, sumType,
                             rewriter.getIntegerAttr(type.getElementType(), 0));
    AffineMap keptMap = AffineMap::get(nest.numLoops, 0, kept, context);
    llvm::SmallBitVector unused = getUnusedDimsBitVector({map, keptMap});
    LoopNest sumNest{unsigned(unused.size() - unused.count()),
                     {projectDims(map, unused, /*compressDimsFlag=*/true)},
                     projectDims(keptMap, unused, /*compressDimsFlag=*/true)};
    Value sums = emitLoops(rewriter, loc, sumNest, factor.values, zeros,
                           [&](ScalarEmitter &emitter, ValueRange in) {
                             Value code =
                                 emitter.extend(in[0], factor.elementType,
                                                type.getElementType());
                             return emitter.emit<arith::AddIOp>(in[1], code);
                           });
    AffineMap identity = rewriter.getMultiDimIdentityMap(type.getRank());
    LoopNest subtraction{
        unsigned(type.getRank()),
        {identity, AffineMap::get(type.getRank(), 0, axes, context)},
        identity};
    return emitLoops(rewriter, loc, subtraction, {products, sums},
                     emitEmpty(rewriter, loc, type),
                     [&](ScalarEmitter &emitter, ValueRange in) {
                       Value term = emitter.emit<arith::MulIOp>(
                           in[1], emitter.integer(in[1].getType(), zeroPoint));
                       return emitter.emit<arith::SubIOp>(in[0], term);
                     });
  }

  ConversionPatternRewriter &rewriter;
  Location loc;
  LoopNest &nest;
  Factor &lhs, &rhs;
  int64_t lhsZeroPoint = 0, rhsZeroPoint = 0;
};

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
    int64_t depth = tensorType(lhs.values).getShape().back();
    bool isFloat = isa<FloatType>(type.getElementType());
    LoopNest nest = matMulLoops(rewriter, lhsRank, rhsRank);

    // Only weights that all rows share have one sum for each column.
    SmallVector<int64_t> correction;
    std::optional<ConstantWeights> folded;
    if (!isFloat && rhsRank == 2)
      folded = foldWeights(rewriter, op.getLoc(), rhs.values, rhs.elementType,
                           rhs.zeroPoint, /*channelAxis=*/1);
    if (folded) {
      rhs = folded->factor;
      if (lhs.zeroPoint != 0)
        for (int64_t sum : folded->channelSums)
          correction.push_back(-lhs.zeroPoint * sum);
      lhs.zeroPoint = 0;
    }
    foldTranspose(lhs.values, nest.inputMaps[0], /*keepsLastAxis=*/!isFloat);
    if (!folded)
      foldTranspose(rhs.values, nest.inputMaps[1], /*keepsLastAxis=*/false);
    std::optional<ByteProduct> bytes;
    if (!folded && ByteProduct::isOne(lhs, rhs)) {
      bytes.emplace(rewriter, op, nest, lhs, rhs);
      int64_t offset = bytes->prepare(depth);
      if (offset != 0)
        correction.assign(type.getShape().back(), offset);
    }
    Value accumulator = emitAccumulator(rewriter, op.getLoc(), type,
                                        adaptor.getBias(), correction);
    Value result = emitLoops(
        rewriter, op.getLoc(), nest, {lhs.values, rhs.values}, accumulator,
        [&](ScalarEmitter &emitter, ValueRange arguments) {
          return emitMultiplyAdd(emitter, arguments, lhs, rhs);
        });
    if (bytes)
      result = bytes->subtractSums(result);
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
