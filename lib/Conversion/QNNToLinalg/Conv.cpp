// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// qnn.conv2d: plain, depthwise and grouped loop nests with the output channel
// innermost.

#include "ContractionOperands.h"
#include "PopulatePatterns.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "qnn/Dialect/QNN/IR/QNN.h"

using namespace mlir;
using namespace qnn;

namespace {

/// Emits the convolution of a padded image.
class ConvEmitter {
public:
  ConvEmitter(OpBuilder &builder, Conv2DOp op, Factor image, Factor weights)
      : builder(builder), op(op), loc(op.getLoc()), image(image),
        weights(weights), groups(op.getGroups()) {}

  /// `accumulator` is [N, OH, OW, O].
  Value emit(Value accumulator) {
    if (groups == 1)
      return emitPlain(accumulator);
    RankedTensorType type = tensorType(weights.values);
    if (type.getDimSize(0) == groups && type.getDimSize(3) == 1)
      return emitDepthwise(accumulator);
    return emitGrouped(accumulator);
  }

private:
  /// Loops (n, oh, ow, kh, kw, c, o).
  Value emitPlain(Value accumulator) {
    permuteWeights({1, 2, 3, 0});
    LoopNest nest{
        7, {imageMap(7, {dim(5)}), map(7, {3, 4, 5, 6})}, map(7, {0, 1, 2, 6})};
    return emitNest(nest, accumulator);
  }

  /// Loops (n, oh, ow, kh, kw, c): one input channel for each output channel.
  Value emitDepthwise(Value accumulator) {
    permuteWeights({3, 1, 2, 0});
    RankedTensorType type = tensorType(weights.values);
    auto flat = RankedTensorType::get(type.getShape().drop_front(),
                                      type.getElementType());
    weights.values = tensor::CollapseShapeOp::create(
        builder, loc, flat, weights.values,
        ArrayRef<ReassociationIndices>{{0, 1}, {2}, {3}});
    LoopNest nest{
        6, {imageMap(6, {dim(5)}), map(6, {3, 4, 5})}, map(6, {0, 1, 2, 5})};
    return emitNest(nest, accumulator);
  }

  /// Loops (n, oh, ow, kh, kw, g, c, o): channels of a group lie together.
  Value emitGrouped(Value accumulator) {
    weights.values = emitSplitAxis(builder, loc, weights.values, 0, groups);
    permuteWeights({2, 3, 0, 4, 1});
    RankedTensorType type = tensorType(weights.values);
    AffineExpr in = dim(5) * type.getDimSize(3) + dim(6);
    AffineExpr out = dim(5) * type.getDimSize(4) + dim(7);
    LoopNest nest{8,
                  {imageMap(8, {in}), map(8, {3, 4, 5, 6, 7})},
                  AffineMap::get(8, 0, {dim(0), dim(1), dim(2), out},
                                 builder.getContext())};
    return emitNest(nest, accumulator);
  }

  Value emitNest(const LoopNest &nest, Value accumulator) {
    return emitLoops(
        builder, loc, nest, {image.values, weights.values}, accumulator,
        [&](ScalarEmitter &emitter, ValueRange arguments) {
          return emitMultiplyAdd(emitter, arguments, image, weights);
        });
  }

  AffineExpr dim(unsigned loop) { return builder.getAffineDimExpr(loop); }

  AffineMap map(unsigned numLoops, ArrayRef<unsigned> loops) {
    return AffineMap::getMultiDimMapWithTargets(numLoops, loops,
                                                builder.getContext());
  }

  AffineMap imageMap(unsigned numLoops, ArrayRef<AffineExpr> channel) {
    SmallVector<AffineExpr> exprs{dim(0)};
    for (unsigned axis : {0, 1})
      exprs.push_back(dim(1 + axis) * op.getStrides()[axis] +
                      dim(3 + axis) * op.getDilations()[axis]);
    llvm::append_range(exprs, channel);
    return AffineMap::get(numLoops, 0, exprs, builder.getContext());
  }

  void permuteWeights(ArrayRef<int64_t> permutation) {
    weights.values = emitPermuted(builder, loc, weights.values, permutation);
  }

  OpBuilder &builder;
  Conv2DOp op;
  Location loc;
  Factor image, weights;
  int64_t groups;
};

/// qnn.conv2d -> a padded copy of the input, an accumulator that holds the
/// bias, one linalg.generic, and a clamp for floats.
struct Conv2DLowering : OpConversionPattern<Conv2DOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(Conv2DOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    if (!type || !type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "expects static shapes");
    Type imageElement = op.getInput().getType().getElementType();
    Type weightsElement = op.getWeights().getType().getElementType();
    bool isFloat = isa<FloatType>(type.getElementType());

    Factor weights{adaptor.getWeights(), weightsElement,
                   int64_t(op.getWeightsZeroPoint())};
    Factor image{adaptor.getInput(), imageElement,
                 int64_t(op.getInputZeroPoint())};
    SmallVector<int64_t> correction;
    std::optional<ConstantWeights> folded;
    if (!isFloat)
      folded = foldWeights(rewriter, op.getLoc(), adaptor.getWeights(),
                           weightsElement, op.getWeightsZeroPoint(),
                           /*channelAxis=*/0);
    if (folded) {
      weights = folded->factor;
      if (image.zeroPoint != 0)
        for (int64_t sum : folded->channelSums)
          correction.push_back(-image.zeroPoint * sum);
    }

    Type storage = tensorType(adaptor.getInput()).getElementType();
    TypedAttr border = isFloat ? TypedAttr(rewriter.getF32FloatAttr(0.0f))
                               : TypedAttr(rewriter.getIntegerAttr(
                                     storage, op.getInputZeroPoint()));
    image.values = emitPaddedImage(rewriter, op.getLoc(), adaptor.getInput(),
                                   op.getPad(), border);
    if (folded)
      image.zeroPoint = 0;
    Value accumulator = emitAccumulator(rewriter, op.getLoc(), type,
                                        adaptor.getBias(), correction);
    Value result = ConvEmitter(rewriter, op, image, weights).emit(accumulator);
    rewriter.replaceOp(op,
                       emitClampedFloat(rewriter, op.getLoc(), result,
                                        op.getClampMin(), op.getClampMax()));
    return success();
  }
};

} // namespace

void qnn::populateConvPatterns(const TypeConverter &converter,
                               RewritePatternSet &patterns) {
  patterns.add<Conv2DLowering>(converter, patterns.getContext());
}
