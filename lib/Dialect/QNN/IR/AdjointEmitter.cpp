// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums, reshapes and borders that adjoints are made of.

#include "AdjointEmitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"
#include <numeric>

using namespace mlir;
using namespace qnn;

ArrayRef<int64_t> qnn::shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

static RankedTensorType floatType(OpBuilder &builder, ArrayRef<int64_t> shape) {
  return RankedTensorType::get(shape, builder.getF32Type());
}

Value qnn::emitSplat(ImplicitLocOpBuilder &builder, ArrayRef<int64_t> shape,
                     float value) {
  return arith::ConstantOp::create(
      builder, DenseElementsAttr::get(floatType(builder, shape), value));
}

Value qnn::emitSum(ImplicitLocOpBuilder &builder, Value value,
                   ArrayRef<int64_t> axes) {
  if (axes.empty())
    return value;
  Shape shape = llvm::cantFail(inferReducedShape(shapeOf(value), axes));
  return SumOp::create(builder, floatType(builder, shape), value, axes);
}

Value qnn::emitProduct(ImplicitLocOpBuilder &builder, Value value,
                       Value factor) {
  return MulOp::create(builder, value.getType(), value, factor,
                       /*clamp_min=*/nullptr, /*clamp_max=*/nullptr);
}

Value qnn::emitDifference(ImplicitLocOpBuilder &builder, Type type, Value lhs,
                          Value rhs) {
  return SubOp::create(builder, type, lhs, rhs, /*clamp_min=*/nullptr,
                       /*clamp_max=*/nullptr);
}

Value qnn::emitTransposed(ImplicitLocOpBuilder &builder, Value value,
                          ArrayRef<int64_t> permutation) {
  Shape shape =
      llvm::cantFail(inferTransposedShape(shapeOf(value), permutation));
  return TransposeOp::create(builder, floatType(builder, shape), value,
                             permutation);
}

Value qnn::emitReshaped(ImplicitLocOpBuilder &builder, Value value,
                        ArrayRef<int64_t> shape) {
  auto from = cast<RankedTensorType>(value.getType());
  RankedTensorType to = floatType(builder, shape);
  if (from == to)
    return value;
  auto groups = getReassociationIndicesForReshape(from, to);
  if (groups && from.getRank() > to.getRank())
    return tensor::CollapseShapeOp::create(builder, to, value, *groups);
  if (groups)
    return tensor::ExpandShapeOp::create(builder, to, value, *groups);
  Value flat = emitReshaped(builder, value, from.getNumElements());
  return emitReshaped(builder, flat, shape);
}

Value qnn::emitSumToShape(ImplicitLocOpBuilder &builder, Value value,
                          ArrayRef<int64_t> shape) {
  int64_t added = shapeOf(value).size() - shape.size();
  SmallVector<int64_t> axes;
  for (auto [axis, extent] : llvm::enumerate(shapeOf(value)))
    if (int64_t(axis) < added || shape[axis - added] != extent)
      axes.push_back(axis);
  return emitReshaped(builder, emitSum(builder, value, axes), shape);
}

Value qnn::emitSlice(ImplicitLocOpBuilder &builder, Value value,
                     ArrayRef<int64_t> offsets, ArrayRef<int64_t> shape) {
  if (shape == shapeOf(value))
    return value;
  SmallVector<int64_t> strides(shape.size(), 1);
  return tensor::ExtractSliceOp::create(builder, floatType(builder, shape),
                                        value, ValueRange(), ValueRange(),
                                        ValueRange(), offsets, shape, strides);
}

Value qnn::emitResized(ImplicitLocOpBuilder &builder, Value value,
                       ArrayRef<int64_t> low, ArrayRef<int64_t> high) {
  Shape cutShape(shapeOf(value));
  SmallVector<int64_t> offsets, before, after;
  for (auto [extent, first, last] : llvm::zip(cutShape, low, high)) {
    extent += std::min<int64_t>(first, 0) + std::min<int64_t>(last, 0);
    offsets.push_back(std::max<int64_t>(-first, 0));
    before.push_back(std::max<int64_t>(first, 0));
    after.push_back(std::max<int64_t>(last, 0));
  }
  Value cut = emitSlice(builder, value, offsets, cutShape);
  Shape padded(cutShape);
  for (size_t axis = 0; axis < padded.size(); ++axis)
    padded[axis] += before[axis] + after[axis];
  if (padded == cutShape)
    return cut;
  return PadOp::create(builder, floatType(builder, padded), cut, before, after,
                       APFloat(0.0f));
}

Value qnn::emitSpread(ImplicitLocOpBuilder &builder, Value value,
                      ArrayRef<int64_t> strides) {
  // Each element becomes a row of its own, which is padded, and the rows are
  // put one behind the other.
  Shape rows, spread;
  SmallVector<int64_t> low, high;
  for (auto [extent, stride] : llvm::zip(shapeOf(value), strides)) {
    spread.push_back(extent * stride);
    rows.push_back(extent);
    high.push_back(0);
    if (stride == 1)
      continue;
    rows.push_back(1);
    high.push_back(stride - 1);
  }
  low.resize(rows.size(), 0);
  Value separate = emitReshaped(builder, value, rows);
  Value padded = emitResized(builder, separate, low, high);
  return emitReshaped(builder, padded, spread);
}
