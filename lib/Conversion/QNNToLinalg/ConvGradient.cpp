// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The gradients of qnn.conv2d as loop nests of their own: no operand is spread
// by the stride, reversed or transposed as an image.

#include "ContractionOperands.h"
#include "PopulatePatterns.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include <numeric>

using namespace mlir;
using namespace qnn;

namespace {

/// Every `stride`-th pixel along an axis of the input. What they have in common
/// is which taps of windows reach them.
struct Phase {
  int64_t firstPixel = 0, numPixels = 0;
  int64_t firstTap = 0, tapStep = 1, numTaps = 0;
  /// Tap number j reaches pixel number i from `origin + i - j * step` of the
  /// cotangent.
  int64_t origin = 0, step = 1;

  int64_t lowest() const { return origin - (numTaps - 1) * step; }
  int64_t highest() const { return origin + numPixels - 1; }
  bool isReached() const { return numTaps > 0 && numPixels > 0; }
};

/// What the three kinds of groups have in common: operands, loops and shapes.
/// `weights` is [O, KH, KW, C / groups].
struct GradientShape {
  int64_t groups;
  ArrayRef<int64_t> weights;

  bool isDepthwise() const {
    return groups > 1 && weights[0] == groups && weights[3] == 1;
  }
  bool isGrouped() const { return groups > 1 && !isDepthwise(); }
};

} // namespace

static Phase makePhase(int64_t firstPixel, int64_t numPixels, int64_t numTaps,
                       int64_t stride, int64_t dilation, int64_t before) {
  int64_t common = std::gcd(stride, dilation);
  Phase phase;
  phase.firstPixel = firstPixel;
  phase.numPixels =
      llvm::divideCeil(std::max<int64_t>(numPixels - firstPixel, 0), stride);
  phase.tapStep = stride / common;
  phase.step = dilation / common;
  for (int64_t tap = 0; tap < std::min(phase.tapStep, numTaps); ++tap) {
    int64_t distance = firstPixel + before - tap * dilation;
    if (distance % stride != 0)
      continue;
    phase.firstTap = tap;
    phase.numTaps = llvm::divideCeil(numTaps - tap, phase.tapStep);
    phase.origin = distance / stride;
  }
  return phase;
}

static SmallVector<Phase> makePhases(Conv2DInputGradientOp op, unsigned axis) {
  SmallVector<Phase> phases;
  int64_t stride = op.getStrides()[axis];
  for (int64_t pixel = 0; pixel < stride; ++pixel)
    phases.push_back(
        makePhase(pixel, tensorType(op.getResult()).getDimSize(1 + axis),
                  tensorType(op.getWeights()).getDimSize(1 + axis), stride,
                  op.getDilations()[axis], op.getPad()[2 * axis]));
  return phases;
}

/// Adds how far phases reach beyond the cotangent's `extent` to `pad`.
static void addBorders(ArrayRef<Phase> phases, int64_t extent,
                       SmallVectorImpl<int64_t> &pad) {
  int64_t before = 0, after = 0;
  for (const Phase &phase : phases)
    if (phase.isReached()) {
      before = std::max(before, -phase.lowest());
      after = std::max(after, phase.highest() - (extent - 1));
    }
  pad.append({before, after});
}

namespace {

/// One convolution of the cotangent for each phase of the result.
class InputGradientEmitter {
public:
  InputGradientEmitter(OpBuilder &builder, Conv2DInputGradientOp op,
                       Value cotangent, Value weights)
      : builder(builder), op(op), loc(op.getLoc()),
        shape{int64_t(op.getGroups()), tensorType(op.getWeights()).getShape()},
        cotangent(cotangent), weights(weights) {}

  Value emit() {
    SmallVector<Phase> rows = makePhases(op, 0), columns = makePhases(op, 1);
    ArrayRef<int64_t> extents = tensorType(cotangent).getShape();
    addBorders(rows, extents[1], pad);
    addBorders(columns, extents[2], pad);
    cotangent = emitPaddedImage(builder, loc, cotangent, pad,
                                builder.getF32FloatAttr(0.0f));
    arrangeWeights();
    Value result = emitFilled(builder, loc, tensorType(op.getResult()),
                              builder.getF32FloatAttr(0.0f));
    for (const Phase &row : rows)
      for (const Phase &column : columns)
        if (row.isReached() && column.isReached())
          result = emitPhase(row, column, result);
    return result;
  }

private:
  /// Kernel rows and columns in front; of groups, channels of a group behind.
  void arrangeWeights() {
    if (shape.isDepthwise()) {
      weights = emitPermuted(builder, loc, weights, {3, 1, 2, 0});
      auto flat = RankedTensorType::get(
          tensorType(weights).getShape().drop_front(), builder.getF32Type());
      weights = tensor::CollapseShapeOp::create(
          builder, loc, flat, weights,
          ArrayRef<ReassociationIndices>{{0, 1}, {2}, {3}});
    } else if (shape.isGrouped()) {
      weights = emitSplitAxis(builder, loc, weights, 0, shape.groups);
      weights = emitPermuted(builder, loc, weights, {2, 3, 0, 1, 4});
    } else {
      weights = emitPermuted(builder, loc, weights, {1, 2, 0, 3});
    }
  }

  struct Slice {
    SmallVector<OpFoldResult> offsets, sizes, strides;
  };

  /// `numbers` of two axes from `axis` on; all of the others.
  Slice makeSlice(Value value, unsigned axis, ArrayRef<int64_t> offsets,
                  ArrayRef<int64_t> sizes, ArrayRef<int64_t> steps) {
    Slice slice;
    for (auto [i, extent] : llvm::enumerate(tensorType(value).getShape())) {
      bool isCut = i >= axis && i < axis + 2;
      slice.offsets.push_back(
          builder.getIndexAttr(isCut ? offsets[i - axis] : 0));
      slice.sizes.push_back(
          builder.getIndexAttr(isCut ? sizes[i - axis] : extent));
      slice.strides.push_back(
          builder.getIndexAttr(isCut ? steps[i - axis] : 1));
    }
    return slice;
  }

  Value emitPhase(const Phase &row, const Phase &column, Value result) {
    Slice taps =
        makeSlice(weights, 0, {row.firstTap, column.firstTap},
                  {row.numTaps, column.numTaps}, {row.tapStep, column.tapStep});
    Slice pixels =
        makeSlice(result, 1, {row.firstPixel, column.firstPixel},
                  {row.numPixels, column.numPixels}, op.getStrides());
    Value reaching = tensor::ExtractSliceOp::create(
        builder, loc, weights, taps.offsets, taps.sizes, taps.strides);
    Value before = tensor::ExtractSliceOp::create(
        builder, loc, result, pixels.offsets, pixels.sizes, pixels.strides);
    Value after =
        emitLoops(builder, loc, makeNest(row, column), {cotangent, reaching},
                  before, [&](ScalarEmitter &emitter, ValueRange arguments) {
                    Type type = builder.getF32Type();
                    return emitMultiplyAdd(emitter, arguments,
                                           {cotangent, type}, {reaching, type});
                  });
    return tensor::InsertSliceOp::create(builder, loc, after, result,
                                         pixels.offsets, pixels.sizes,
                                         pixels.strides);
  }

  /// Loops (n, y, x, ky, kx, ...), then (c) depthwise, (o, c) without groups,
  /// and (g, o, c) with groups.
  LoopNest makeNest(const Phase &row, const Phase &column) {
    unsigned numLoops = shape.isDepthwise() ? 6 : shape.isGrouped() ? 8 : 7;
    AffineExpr out = dim(5), in = dim(numLoops - 1);
    if (shape.isGrouped()) {
      out = dim(5) * (shape.weights[0] / shape.groups) + dim(6);
      in = dim(5) * shape.weights[3] + dim(7);
    }
    auto map = [&](ArrayRef<AffineExpr> exprs) {
      return AffineMap::get(numLoops, 0, exprs, builder.getContext());
    };
    SmallVector<AffineExpr> weightsExprs;
    for (unsigned loop = 3; loop < numLoops; ++loop)
      weightsExprs.push_back(dim(loop));
    AffineExpr y = dim(1) - dim(3) * row.step + (pad[0] + row.origin);
    AffineExpr x = dim(2) - dim(4) * column.step + (pad[2] + column.origin);
    return {numLoops,
            {map({dim(0), y, x, out}), map(weightsExprs)},
            map({dim(0), dim(1), dim(2), in})};
  }

  AffineExpr dim(unsigned loop) { return builder.getAffineDimExpr(loop); }

  OpBuilder &builder;
  Conv2DInputGradientOp op;
  Location loc;
  GradientShape shape;
  Value cotangent, weights;
  /// [top, bottom, left, right] of the cotangent.
  SmallVector<int64_t> pad;
};

/// Sums over images and pixels; taps and channels are rows, output channels
/// columns.
class WeightsGradientEmitter {
public:
  WeightsGradientEmitter(OpBuilder &builder, Conv2DWeightsGradientOp op,
                         Value cotangent, Value input)
      : builder(builder), op(op), loc(op.getLoc()),
        shape{int64_t(op.getGroups()), tensorType(op.getResult()).getShape()},
        cotangent(cotangent), input(input) {}

  Value emit() {
    input = emitPaddedImage(builder, loc, input, op.getPad(),
                            builder.getF32FloatAttr(0.0f));
    if (shape.isDepthwise())
      return emitDepthwise();
    if (shape.isGrouped())
      return emitGrouped();
    Value sums = emitNest(7, dim(5), dim(6), {dim(5), dim(6)},
                          {shape.weights[3], shape.weights[0]});
    return emitPermuted(builder, loc, sums, {3, 0, 1, 2});
  }

private:
  Value emitDepthwise() {
    Value sums = emitNest(6, dim(5), dim(5), {dim(5)}, {shape.weights[0]});
    Value channels = emitPermuted(builder, loc, sums, {2, 0, 1});
    return tensor::ExpandShapeOp::create(
        builder, loc, op.getType(), channels,
        ArrayRef<ReassociationIndices>{{0}, {1}, {2, 3}});
  }

  Value emitGrouped() {
    int64_t in = shape.weights[3], out = shape.weights[0] / shape.groups;
    Value sums = emitNest(8, dim(5) * in + dim(6), dim(5) * out + dim(7),
                          {dim(5), dim(6), dim(7)}, {shape.groups, in, out});
    Value channels = emitPermuted(builder, loc, sums, {2, 4, 0, 1, 3});
    return tensor::CollapseShapeOp::create(
        builder, loc, op.getType(), channels,
        ArrayRef<ReassociationIndices>{{0, 1}, {2}, {3}, {4}});
  }

  /// Loops (ky, kx, n, y, x, ...) to a result [KH, KW, `resultShape`].
  Value emitNest(unsigned numLoops, AffineExpr in, AffineExpr out,
                 ArrayRef<AffineExpr> resultExprs,
                 ArrayRef<int64_t> resultShape) {
    SmallVector<int64_t> extents{shape.weights[1], shape.weights[2]};
    llvm::append_range(extents, resultShape);
    SmallVector<AffineExpr> exprs{dim(0), dim(1)};
    llvm::append_range(exprs, resultExprs);
    auto map = [&](ArrayRef<AffineExpr> exprs) {
      return AffineMap::get(numLoops, 0, exprs, builder.getContext());
    };
    AffineExpr y = dim(3) * op.getStrides()[0] + dim(0) * op.getDilations()[0];
    AffineExpr x = dim(4) * op.getStrides()[1] + dim(1) * op.getDilations()[1];
    LoopNest nest{numLoops,
                  {map({dim(2), y, x, in}), map({dim(2), dim(3), dim(4), out})},
                  map(exprs)};
    Type type = builder.getF32Type();
    Value zeros = emitFilled(builder, loc, RankedTensorType::get(extents, type),
                             builder.getF32FloatAttr(0.0f));
    return emitLoops(builder, loc, nest, {input, cotangent}, zeros,
                     [&](ScalarEmitter &emitter, ValueRange arguments) {
                       return emitMultiplyAdd(emitter, arguments, {input, type},
                                              {cotangent, type});
                     });
  }

  AffineExpr dim(unsigned loop) { return builder.getAffineDimExpr(loop); }

  OpBuilder &builder;
  Conv2DWeightsGradientOp op;
  Location loc;
  GradientShape shape;
  Value cotangent, input;
};

template <typename OpTy, typename EmitterTy>
struct ConvGradientLowering : OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;

  LogicalResult
  matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (!tensorType(op.getResult()).hasStaticShape())
      return rewriter.notifyMatchFailure(op, "expects static shapes");
    EmitterTy emitter(rewriter, op, adaptor.getOperands()[0],
                      adaptor.getOperands()[1]);
    rewriter.replaceOp(op, emitter.emit());
    return success();
  }
};

} // namespace

void qnn::populateConvGradientPatterns(const TypeConverter &converter,
                                       RewritePatternSet &patterns) {
  patterns.add<
      ConvGradientLowering<Conv2DInputGradientOp, InputGradientEmitter>,
      ConvGradientLowering<Conv2DWeightsGradientOp, WeightsGradientEmitter>>(
      converter, patterns.getContext());
}
