// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Labels, random numbers, and values whose gradient is another one's.

#include "PopulatePatterns.h"
#include "TensorEmitter.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "qnn/Dialect/QNN/IR/QNN.h"

using namespace mlir;
using namespace qnn;

/// The numbers 0, step, 2 * step, ... along one axis, 1 wide in those behind,
/// so that they broadcast.
static Value emitPositions(OpBuilder &builder, Location loc, int64_t extent,
                           int64_t step, unsigned axesBehind) {
  SmallVector<int64_t> shape(axesBehind + 1, 1);
  shape.front() = extent;
  SmallVector<int32_t> positions;
  for (int64_t i = 0; i < extent; ++i)
    positions.push_back(int32_t(i * step));
  auto type = RankedTensorType::get(shape, builder.getI32Type());
  return arith::ConstantOp::create(
      builder, loc, DenseElementsAttr::get(type, ArrayRef<int32_t>(positions)));
}

/// One element of a tensor of rank 1, as a tensor of rank 0.
static Value emitElement(OpBuilder &builder, Location loc, Value input,
                         int64_t position) {
  auto type = RankedTensorType::get({}, tensorType(input).getElementType());
  OpFoldResult offset = builder.getIndexAttr(position),
               one = builder.getIndexAttr(1);
  return tensor::ExtractSliceOp::create(builder, loc, type, input, offset, one,
                                        one);
}

namespace {

/// qnn.one_hot -> a comparison with the positions along the new axis.
struct OneHotLowering : OpConversionPattern<OneHotOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(OneHotOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getType());
    unsigned rank = type.getRank();
    Value positions = emitPositions(rewriter, loc, op.getDepth(), /*step=*/1,
                                    /*axesBehind=*/0);
    AffineMap identity = rewriter.getMultiDimIdentityMap(rank);
    LoopNest nest{rank,
                  {identity.dropResult(rank - 1), identity.getMinorSubMap(1)},
                  identity};
    Value inputs[] = {adaptor.getLabels(), positions};
    Type signedness = getElementTypeOrSelf(op.getLabels());
    auto body = [=](ScalarEmitter &emitter, ValueRange in) {
      Value label = emitter.extend(in[0], signedness, emitter.i32());
      Value isLabel =
          emitter.emit<arith::CmpIOp>(arith::CmpIPredicate::eq, label, in[1]);
      Value one = emitter.f32(1.0f), zero = emitter.f32(0.0f);
      return emitter.select(isLabel, one, zero);
    };
    Value empty = emitEmpty(rewriter, loc, type);
    rewriter.replaceOp(op, emitLoops(rewriter, loc, nest, inputs, empty, body));
    return success();
  }
};

/// qnn.random_uniform -> the hash of seed, stream and the sum of the positions
/// along all axes.
struct RandomUniformLowering : OpConversionPattern<RandomUniformOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(RandomUniformOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(op.getType());
    Value seed = adaptor.getSeed();
    SmallVector<Value> inputs;
    if (tensorType(seed).getRank() == 0)
      inputs = {seed};
    else
      for (int64_t word : {0, 1})
        inputs.push_back(emitElement(rewriter, loc, seed, word));
    unsigned numWords = inputs.size();
    int64_t step = 1;
    for (int64_t axis = type.getRank() - 1; axis >= 0; --axis) {
      inputs.push_back(emitPositions(rewriter, loc, type.getDimSize(axis), step,
                                     type.getRank() - 1 - axis));
      step *= type.getDimSize(axis);
    }
    auto body = [&](ScalarEmitter &emitter, ValueRange in) {
      Value zero = emitter.integer(emitter.i32(), 0);
      Value second = numWords == 1 ? zero : in[1];
      Value stream = emitter.integer(emitter.i32(), op.getStream());
      Value position = zero;
      for (Value part : in.slice(numWords, type.getRank()))
        position = emitter.emit<arith::AddIOp>(position, part);
      return emitter.uniform(position, {in[0], second, stream});
    };
    rewriter.replaceOp(op, emitElementwise(rewriter, loc, type, inputs, body));
    return success();
  }
};

/// qnn.straight_through -> its value.
struct StraightThroughLowering : OpConversionPattern<StraightThroughOp> {
  using Base::Base;

  LogicalResult
  matchAndRewrite(StraightThroughOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, adaptor.getValue());
    return success();
  }
};

} // namespace

void qnn::populateTrainingPatterns(const TypeConverter &converter,
                                   RewritePatternSet &patterns) {
  patterns.add<OneHotLowering, RandomUniformLowering, StraightThroughLowering>(
      converter, patterns.getContext());
}
