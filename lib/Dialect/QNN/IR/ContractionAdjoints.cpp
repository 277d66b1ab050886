// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Gradients of convolution and matrix product, and the operations that the
// former are.

#include "AdjointEmitter.h"
#include "Verifiers.h"
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

/// A convolution and its two gradients are linear in both operands, with the
/// third of them as cotangent: the adjoint of each consists of the other two.
template <typename OpTy>
static Window getWindow(OpTy op) {
  return {{}, op.getStrides(), op.getDilations(), op.getPad()};
}

Value qnn::emitConv2DInputGradient(ImplicitLocOpBuilder &builder,
                                   Value cotangent, Value weights,
                                   ArrayRef<int64_t> inputShape,
                                   const Window &window, int64_t groups) {
  auto type = RankedTensorType::get(inputShape, builder.getF32Type());
  return Conv2DInputGradientOp::create(builder, type, cotangent, weights,
                                       window.strides, window.pad,
                                       window.dilations, groups);
}

static Value emitConv2DWeightsGradient(ImplicitLocOpBuilder &builder,
                                       Value cotangent, Value input,
                                       ArrayRef<int64_t> weightsShape,
                                       const Window &window, int64_t groups) {
  auto type = RankedTensorType::get(weightsShape, builder.getF32Type());
  return Conv2DWeightsGradientOp::create(builder, type, cotangent, input,
                                         window.strides, window.pad,
                                         window.dilations, groups);
}

static Value emitConv2D(ImplicitLocOpBuilder &builder, Value input,
                        Value weights, Type type, const Window &window,
                        int64_t groups) {
  return Conv2DOp::create(builder, type, input, weights, /*bias=*/nullptr,
                          window.strides, window.pad, window.dilations, groups,
                          /*clamp_min=*/nullptr, /*clamp_max=*/nullptr);
}

SmallVector<Value> Conv2DOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                          Value cotangent,
                                          ArrayRef<bool> isActive) {
  Window window = getWindow(*this);
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

/// The shape of the convolution whose gradient the operation is.
template <typename OpTy>
static LogicalResult verifyConv2DGradient(OpTy op, ArrayRef<int64_t> input,
                                          ArrayRef<int64_t> weights) {
  llvm::Expected<Shape> shape =
      inferConv2DShape(input, weights, getWindow(op), op.getGroups());
  if (!shape)
    return op.emitOpError() << llvm::toString(shape.takeError());
  if (ArrayRef<int64_t>(*shape) != shapeOf(op.getCotangent()))
    return op.emitOpError() << "expects cotangent of shape [" << *shape << "]";
  return checkFloat(op);
}

LogicalResult Conv2DInputGradientOp::verify() {
  return verifyConv2DGradient(*this, shapeOf(getResult()),
                              shapeOf(getWeights()));
}

LogicalResult Conv2DWeightsGradientOp::verify() {
  return verifyConv2DGradient(*this, shapeOf(getInput()), shapeOf(getResult()));
}

SmallVector<Value>
Conv2DInputGradientOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                    Value cotangent, ArrayRef<bool> isActive) {
  Window window = getWindow(*this);
  SmallVector<Value> gradients(2);
  if (isActive[0])
    gradients[0] = emitConv2D(builder, cotangent, getWeights(),
                              getCotangent().getType(), window, getGroups());
  if (isActive[1])
    gradients[1] =
        emitConv2DWeightsGradient(builder, getCotangent(), cotangent,
                                  shapeOf(getWeights()), window, getGroups());
  return gradients;
}

SmallVector<Value> Conv2DWeightsGradientOp::buildAdjoint(
    ImplicitLocOpBuilder &builder, Value cotangent, ArrayRef<bool> isActive) {
  Window window = getWindow(*this);
  SmallVector<Value> gradients(2);
  if (isActive[0])
    gradients[0] = emitConv2D(builder, getInput(), cotangent,
                              getCotangent().getType(), window, getGroups());
  if (isActive[1])
    gradients[1] =
        emitConv2DInputGradient(builder, getCotangent(), cotangent,
                                shapeOf(getInput()), window, getGroups());
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
