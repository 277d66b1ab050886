// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Gradients of elementwise operations, reductions and movement.

#include "AdjointEmitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace qnn;

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

/// Of `lhs + sign * rhs`.
template <typename OpTy>
static SmallVector<Value> emitSumAdjoint(ImplicitLocOpBuilder &builder, OpTy op,
                                         Value cotangent,
                                         ArrayRef<bool> isActive, float sign) {
  Value inner = emitBeforeClamp(builder, op, cotangent);
  SmallVector<Value> gradients(2);
  for (unsigned i : {0, 1})
    if (isActive[i])
      gradients[i] = emitSumToShape(builder, inner, shapeOf(op->getOperand(i)));
  if (isActive[1] && sign != 1.0f) {
    Value factor = emitSplat(builder, shapeOf(op.getRhs()), sign);
    gradients[1] = emitProduct(builder, gradients[1], factor);
  }
  return gradients;
}

SmallVector<Value> AddOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                       Value cotangent,
                                       ArrayRef<bool> isActive) {
  return emitSumAdjoint(builder, *this, cotangent, isActive, 1.0f);
}

SmallVector<Value> SubOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                       Value cotangent,
                                       ArrayRef<bool> isActive) {
  return emitSumAdjoint(builder, *this, cotangent, isActive, -1.0f);
}

SmallVector<Value> MulOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                       Value cotangent,
                                       ArrayRef<bool> isActive) {
  Value inner = emitBeforeClamp(builder, *this, cotangent);
  SmallVector<Value> gradients(2);
  for (unsigned i : {0, 1})
    if (isActive[i]) {
      Value product = emitProduct(builder, inner, getOperand(1 - i));
      gradients[i] = emitSumToShape(builder, product, shapeOf(getOperand(i)));
    }
  return gradients;
}

SmallVector<Value> ClampOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                         Value cotangent, ArrayRef<bool>) {
  return {emitBeforeClamp(builder, *this, cotangent)};
}

SmallVector<Value> NormalizeOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                             Value cotangent, ArrayRef<bool>) {
  auto type = RankedTensorType::get(getScale().size(), builder.getF32Type());
  Value scale = arith::ConstantOp::create(
      builder, DenseElementsAttr::get(type, getScale()));
  // A tensor of rank 0 has one scale, which would give it an axis.
  if (shapeOf(cotangent).empty())
    scale = emitReshaped(builder, scale, {});
  return {emitProduct(builder, cotangent, scale)};
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

/// Every element of the input gets `factor` times the cotangent of its sum.
static Value emitSumGradient(ImplicitLocOpBuilder &builder, Value cotangent,
                             ArrayRef<int64_t> shape, float factor) {
  return emitProduct(builder, emitSplat(builder, shape, factor), cotangent);
}

SmallVector<Value> SumOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                       Value cotangent, ArrayRef<bool>) {
  return {emitSumGradient(builder, cotangent, shapeOf(getInput()), 1.0f)};
}

SmallVector<Value> MeanOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                        Value cotangent, ArrayRef<bool>) {
  int64_t count = 1;
  for (int64_t axis : getAxes())
    count *= shapeOf(getInput())[axis];
  return {emitSumGradient(builder, cotangent, shapeOf(getInput()),
                          1.0f / float(count))};
}

/// y * (dy - sum(dy * y)), which needs the result only.
SmallVector<Value> SoftmaxOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                           Value cotangent, ArrayRef<bool>) {
  Value product = emitProduct(builder, cotangent, getResult());
  Value sum = emitSum(builder, product, int64_t(getAxis()));
  Value centered = emitDifference(builder, getType(), cotangent, sum);
  return {emitProduct(builder, centered, getResult())};
}

/// dy - exp(y) * sum(dy).
SmallVector<Value> LogSoftmaxOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                              Value cotangent, ArrayRef<bool>) {
  Value sum = emitSum(builder, cotangent, int64_t(getAxis()));
  Value softmax = ExpOp::create(builder, getType(), getResult());
  Value share = emitProduct(builder, softmax, sum);
  return {emitDifference(builder, getType(), cotangent, share)};
}

SmallVector<Value> MaxPool2DOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                             Value cotangent, ArrayRef<bool>) {
  return {MaxPool2DGradientOp::create(builder, getInput().getType(), cotangent,
                                      getInput(), getKernel(), getStrides(),
                                      getPad(), getDilations())};
}

/// 1 / number of elements that each window averages: [OH, OW, 1].
static Value emitPoolWeights(ImplicitLocOpBuilder &builder, AvgPool2DOp op,
                             const Window &window) {
  ArrayRef<int64_t> in = shapeOf(op.getInput()), out = shapeOf(op.getResult());
  Shape rows = countCoveredPixels(in[1], out[1], window, 0);
  Shape columns = countCoveredPixels(in[2], out[2], window, 1);
  SmallVector<float> weights;
  for (int64_t height : rows)
    for (int64_t width : columns) {
      int64_t all = window.kernel[0] * window.kernel[1];
      weights.push_back(1.0f /
                        float(op.getCountIncludePad() ? all : height * width));
    }
  auto type = RankedTensorType::get({out[1], out[2], 1}, builder.getF32Type());
  return arith::ConstantOp::create(
      builder, DenseElementsAttr::get(type, ArrayRef<float>(weights)));
}

/// Whether windows lie side by side, so that a pixel is in one of them or none.
static bool areTiles(const Window &window, ArrayRef<int64_t> numWindows) {
  if (!llvm::all_of(window.pad, [](int64_t pad) { return pad == 0; }))
    return false;
  for (unsigned axis : {0, 1}) {
    bool hasHoles = window.kernel[axis] > 1 && window.dilations[axis] > 1;
    bool isSpaced = window.strides[axis] == window.kernel[axis];
    if (hasHoles || (!isSpaced && numWindows[axis] > 1))
      return false;
  }
  return true;
}

/// All pixels of a tile get the same.
static Value emitTilesGradient(ImplicitLocOpBuilder &builder, Value cotangent,
                               ArrayRef<int64_t> kernel,
                               ArrayRef<int64_t> inputShape) {
  ArrayRef<int64_t> out = shapeOf(cotangent);
  Value spaced =
      emitReshaped(builder, cotangent, {out[0], out[1], 1, out[2], 1, out[3]});
  Value tiles = emitSumGradient(
      builder, spaced, {out[0], out[1], kernel[0], out[2], kernel[1], out[3]},
      1.0f / float(kernel[0] * kernel[1]));
  int64_t height = out[1] * kernel[0], width = out[2] * kernel[1];
  Value image = emitReshaped(builder, tiles, {out[0], height, width, out[3]});
  return emitResized(builder, image, {0, 0, 0, 0},
                     {0, inputShape[1] - height, inputShape[2] - width, 0});
}

/// A pool is a depthwise convolution of ones, divided.
SmallVector<Value> AvgPool2DOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                             Value cotangent, ArrayRef<bool>) {
  Window window{getKernel(), getStrides(), getDilations(), getPad()};
  if (areTiles(window, shapeOf(cotangent).slice(1, 2)))
    return {emitTilesGradient(builder, cotangent, getKernel(),
                              shapeOf(getInput()))};
  Value weighted =
      emitProduct(builder, cotangent, emitPoolWeights(builder, *this, window));
  int64_t channels = shapeOf(getInput())[3];
  Value ones =
      emitSplat(builder, {channels, getKernel()[0], getKernel()[1], 1}, 1.0f);
  return {emitConv2DInputGradient(builder, weighted, ones, shapeOf(getInput()),
                                  window, channels)};
}

//===----------------------------------------------------------------------===//
// Movement
//===----------------------------------------------------------------------===//

SmallVector<Value> TransposeOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                             Value cotangent, ArrayRef<bool>) {
  SmallVector<int64_t> inverse(getPermutation().size());
  for (auto [to, from] : llvm::enumerate(getPermutation()))
    inverse[from] = to;
  return {emitTransposed(builder, cotangent, inverse)};
}

SmallVector<Value> PadOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                       Value cotangent, ArrayRef<bool>) {
  return {emitSlice(builder, cotangent, getLow(), shapeOf(getInput()))};
}

SmallVector<Value> ReverseOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                           Value cotangent, ArrayRef<bool>) {
  return {ReverseOp::create(builder, getType(), cotangent, getAxes())};
}
