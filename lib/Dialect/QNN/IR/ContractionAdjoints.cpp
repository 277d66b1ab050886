// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Gradients of convolution and matrix product, which are such again.

#include "AdjointEmitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include <numeric>

using namespace mlir;
using namespace qnn;

/// The sum over all axes but the last.
static Value emitBiasGradient(ImplicitLocOpBuilder &builder, Value cotangent) {
  SmallVector<int64_t> axes(shapeOf(cotangent).size() - 1);
  std::iota(axes.begin(), axes.end(), 0);
  Value sum = emitSum(builder, cotangent, axes);
  return emitReshaped(builder, sum, shapeOf(cotangent).back());
}

//===----------------------------------------------------------------------===//
// Convolution
//===----------------------------------------------------------------------===//

static Value emitConv2D(ImplicitLocOpBuilder &builder, Value input,
                        Value weights, const Window &window, int64_t groups) {
  Shape shape = llvm::cantFail(
      inferConv2DShape(shapeOf(input), shapeOf(weights), window, groups));
  auto type = RankedTensorType::get(shape, builder.getF32Type());
  return Conv2DOp::create(builder, type, input, weights, /*bias=*/nullptr,
                          window.strides, window.pad, window.dilations, groups,
                          /*clamp_min=*/nullptr, /*clamp_max=*/nullptr);
}

/// [O, KH, KW, C / groups] -> [C, KH, KW, O / groups], taps in reverse order.
static Value emitAdjointWeights(ImplicitLocOpBuilder &builder, Value weights,
                                int64_t groups) {
  ArrayRef<int64_t> shape = shapeOf(weights);
  Value grouped =
      emitReshaped(builder, weights,
                   {groups, shape[0] / groups, shape[1], shape[2], shape[3]});
  Value swapped = emitTransposed(builder, grouped, {0, 4, 2, 3, 1});
  Value flat =
      emitReshaped(builder, swapped,
                   {groups * shape[3], shape[1], shape[2], shape[0] / groups});
  SmallVector<int64_t> axes;
  for (int64_t axis : {1, 2})
    if (shape[axis] > 1)
      axes.push_back(axis);
  if (axes.empty())
    return flat;
  return ReverseOp::create(builder, flat.getType(), flat, axes);
}

/// The windows of the result slide over the input once more, from the other
/// side: cotangents stand `stride` pixels apart, and each reaches back to the
/// pixels that its window has read.
Value qnn::emitConv2DInputGradient(ImplicitLocOpBuilder &builder,
                                   Value cotangent, Value weights,
                                   ArrayRef<int64_t> inputShape,
                                   const Window &window, int64_t groups) {
  Value spread = emitSpread(builder, cotangent,
                            {1, window.strides[0], window.strides[1], 1});
  SmallVector<int64_t> pad, low(4, 0), high(4, 0);
  for (unsigned axis : {1, 2}) {
    int64_t reach = window.dilations[axis - 1] * (shapeOf(weights)[axis] - 1);
    int64_t before = reach - window.pad[2 * (axis - 1)];
    int64_t after = inputShape[axis] + reach - shapeOf(spread)[axis] - before;
    pad.append({std::max<int64_t>(before, 0), std::max<int64_t>(after, 0)});
    low[axis] = std::min<int64_t>(before, 0);
    high[axis] = std::min<int64_t>(after, 0);
  }
  Value cut = emitResized(builder, spread, low, high);
  Value adjoint = emitAdjointWeights(builder, weights, groups);
  return emitConv2D(builder, cut, adjoint, {{}, {1, 1}, window.dilations, pad},
                    groups);
}

/// A convolution over the batch: the cotangents are its weights, whose taps are
/// `stride` pixels apart, and it moves by the dilation. Groups of channels stay
/// groups, each with the whole batch.
static Value emitConv2DWeightsGradient(ImplicitLocOpBuilder &builder,
                                       Value cotangent, Value input,
                                       ArrayRef<int64_t> weightsShape,
                                       const Window &window, int64_t groups) {
  ArrayRef<int64_t> shape = shapeOf(input);
  int64_t groupChannels = weightsShape[3];
  Value grouped = emitReshaped(
      builder, input, {shape[0], shape[1], shape[2], groups, groupChannels});
  Value moved = emitTransposed(builder, grouped, {4, 1, 2, 3, 0});
  Value images = emitReshaped(
      builder, moved, {groupChannels, shape[1], shape[2], groups * shape[0]});
  Value taps = emitTransposed(builder, cotangent, {3, 1, 2, 0});
  Value all =
      emitConv2D(builder, images, taps,
                 {{}, window.dilations, window.strides, window.pad}, groups);
  // Pixels that the stride leaves over at the end would make further taps.
  Value used = emitSlice(
      builder, all, {0, 0, 0, 0},
      {groupChannels, weightsShape[1], weightsShape[2], weightsShape[0]});
  return emitTransposed(builder, used, {3, 1, 2, 0});
}

SmallVector<Value> Conv2DOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                          Value cotangent,
                                          ArrayRef<bool> isActive) {
  Window window{{}, getStrides(), getDilations(), getPad()};
  Value inner = emitBeforeClamp(builder, *this, cotangent);
  SmallVector<Value> gradients(isActive.size());
  if (isActive[0])
    gradients[0] = emitConv2DInputGradient(
        builder, inner, getWeights(), shapeOf(getInput()), window, getGroups());
  if (isActive[1])
    gradients[1] = emitConv2DWeightsGradient(
        builder, inner, getInput(), shapeOf(getWeights()), window, getGroups());
  if (getBias() && isActive[2])
    gradients[2] = emitBiasGradient(builder, inner);
  return gradients;
}

//===----------------------------------------------------------------------===//
// Matrix product
//===----------------------------------------------------------------------===//

static Value emitMatMul(ImplicitLocOpBuilder &builder, Value lhs, Value rhs) {
  Shape shape = llvm::cantFail(inferMatMulShape(shapeOf(lhs), shapeOf(rhs)));
  auto type = RankedTensorType::get(shape, builder.getF32Type());
  return MatMulOp::create(builder, type, lhs, rhs, /*bias=*/nullptr,
                          /*clamp_min=*/nullptr, /*clamp_max=*/nullptr);
}

static Value emitTransposedMatrices(ImplicitLocOpBuilder &builder,
                                    Value value) {
  SmallVector<int64_t> permutation(shapeOf(value).size());
  std::iota(permutation.begin(), permutation.end(), 0);
  std::swap(permutation.back(), permutation[permutation.size() - 2]);
  return emitTransposed(builder, value, permutation);
}

/// All matrices of a batch, one below the other.
static Value emitRows(ImplicitLocOpBuilder &builder, Value value) {
  int64_t columns = shapeOf(value).back();
  int64_t rows = ShapedType::getNumElements(shapeOf(value).drop_back());
  return emitReshaped(builder, value, {rows, columns});
}

static Value emitRhsGradient(ImplicitLocOpBuilder &builder, Value cotangent,
                             Value lhs, bool isShared) {
  if (isShared) {
    lhs = emitRows(builder, lhs);
    cotangent = emitRows(builder, cotangent);
  }
  Value columns = emitTransposedMatrices(builder, lhs);
  return emitMatMul(builder, columns, cotangent);
}

SmallVector<Value> MatMulOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                          Value cotangent,
                                          ArrayRef<bool> isActive) {
  Value inner = emitBeforeClamp(builder, *this, cotangent);
  SmallVector<Value> gradients(isActive.size());
  if (isActive[0])
    gradients[0] =
        emitMatMul(builder, inner, emitTransposedMatrices(builder, getRhs()));
  if (isActive[1])
    gradients[1] = emitRhsGradient(builder, inner, getLhs(),
                                   shapeOf(getRhs()).size() == 2);
  if (getBias() && isActive[2])
    gradients[2] = emitBiasGradient(builder, inner);
  return gradients;
}
