// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loop nests, borders and broadcasts as linalg on tensors.

#include "TensorEmitter.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace qnn;

RankedTensorType qnn::tensorType(Value value) {
  return cast<RankedTensorType>(value.getType());
}

RankedTensorType qnn::withElementType(RankedTensorType type, Type elementType) {
  return RankedTensorType::get(type.getShape(), elementType);
}

Value qnn::emitEmpty(OpBuilder &builder, Location loc, RankedTensorType type) {
  return tensor::EmptyOp::create(builder, loc, type.getShape(),
                                 type.getElementType());
}

Value qnn::emitFilled(OpBuilder &builder, Location loc, RankedTensorType type,
                      TypedAttr value) {
  Value scalar = arith::ConstantOp::create(builder, loc, value);
  Value empty = emitEmpty(builder, loc, type);
  return linalg::FillOp::create(builder, loc, scalar, empty).getResult(0);
}

Value qnn::emitPadded(OpBuilder &builder, Location loc, Value input,
                      ArrayRef<int64_t> low, ArrayRef<int64_t> high,
                      TypedAttr value) {
  auto isZero = [](int64_t width) { return width == 0; };
  if (llvm::all_of(low, isZero) && llvm::all_of(high, isZero))
    return input;
  RankedTensorType type = tensorType(input);
  SmallVector<int64_t> shape(type.getShape());
  SmallVector<OpFoldResult> offsets, sizes, strides;
  for (auto [axis, extent] : llvm::enumerate(shape)) {
    offsets.push_back(builder.getIndexAttr(low[axis]));
    sizes.push_back(builder.getIndexAttr(extent));
    strides.push_back(builder.getIndexAttr(1));
    extent += low[axis] + high[axis];
  }
  Value border = emitFilled(
      builder, loc, RankedTensorType::get(shape, type.getElementType()), value);
  return tensor::InsertSliceOp::create(builder, loc, input, border, offsets,
                                       sizes, strides);
}

Value qnn::emitPaddedImage(OpBuilder &builder, Location loc, Value input,
                           ArrayRef<int64_t> pad, TypedAttr value) {
  return emitPadded(builder, loc, input, {0, pad[0], pad[2], 0},
                    {0, pad[1], pad[3], 0}, value);
}

/// Loops of a result of `shape` to the elements of an input that is broadcast.
static AffineMap broadcastMap(OpBuilder &builder, ArrayRef<int64_t> input,
                              ArrayRef<int64_t> shape) {
  unsigned offset = shape.size() - input.size();
  SmallVector<AffineExpr> exprs;
  for (auto [axis, extent] : llvm::enumerate(input)) {
    unsigned loop = offset + axis;
    exprs.push_back(extent == 1 && shape[loop] != 1
                        ? builder.getAffineConstantExpr(0)
                        : builder.getAffineDimExpr(loop));
  }
  return AffineMap::get(shape.size(), 0, exprs, builder.getContext());
}

Value qnn::emitElementwise(OpBuilder &builder, Location loc,
                           RankedTensorType type, ValueRange inputs,
                           ScalarBody body) {
  LoopNest nest{unsigned(type.getRank()),
                {},
                builder.getMultiDimIdentityMap(type.getRank())};
  for (Value input : inputs)
    nest.inputMaps.push_back(
        broadcastMap(builder, tensorType(input).getShape(), type.getShape()));
  return emitLoops(builder, loc, nest, inputs, emitEmpty(builder, loc, type),
                   body);
}

Value qnn::emitClampedFloat(OpBuilder &builder, Location loc, Value value,
                            std::optional<APFloat> low,
                            std::optional<APFloat> high) {
  RankedTensorType type = tensorType(value);
  if ((!low && !high) || !isa<FloatType>(type.getElementType()))
    return value;
  return emitElementwise(builder, loc, type, value,
                         [&](ScalarEmitter &emitter, ValueRange in) {
                           return emitter.clamp(in[0], low, high);
                         });
}

Value qnn::emitLoops(OpBuilder &builder, Location loc, const LoopNest &nest,
                     ValueRange inputs, Value init, ScalarBody body) {
  SmallVector<utils::IteratorType> iterators(nest.numLoops,
                                             utils::IteratorType::reduction);
  for (unsigned loop = 0; loop < nest.numLoops; ++loop)
    if (nest.resultMap.isFunctionOfDim(loop))
      iterators[loop] = utils::IteratorType::parallel;
  SmallVector<AffineMap> maps(nest.inputMaps);
  maps.push_back(nest.resultMap);
  auto op = linalg::GenericOp::create(
      builder, loc, init.getType(), inputs, init, maps, iterators,
      [&](OpBuilder &nested, Location nestedLoc, ValueRange arguments) {
        ScalarEmitter emitter(nested, nestedLoc);
        Value result = body(emitter, arguments);
        linalg::YieldOp::create(nested, nestedLoc, result);
      });
  return op.getResult(0);
}

Value qnn::emitReduction(OpBuilder &builder, Location loc, Value input,
                         ArrayRef<int64_t> axes, TypedAttr init,
                         ScalarBody body) {
  RankedTensorType type = tensorType(input);
  unsigned rank = type.getRank();
  SmallVector<int64_t> shape;
  SmallVector<AffineExpr> kept;
  for (unsigned axis = 0; axis < rank; ++axis) {
    if (llvm::is_contained(axes, int64_t(axis)))
      continue;
    shape.push_back(type.getDimSize(axis));
    kept.push_back(builder.getAffineDimExpr(axis));
  }
  LoopNest nest{rank,
                {builder.getMultiDimIdentityMap(rank)},
                AffineMap::get(rank, 0, kept, builder.getContext())};
  Value start = emitFilled(builder, loc,
                           RankedTensorType::get(shape, init.getType()), init);
  return emitLoops(builder, loc, nest, input, start, body);
}

Value qnn::emitExpandedAxes(OpBuilder &builder, Location loc, Value input,
                            RankedTensorType type, ArrayRef<int64_t> axes) {
  if (input.getType() == type)
    return input;
  // Each kept axis takes the removed axes that follow it, and the first one
  // also those before.
  SmallVector<ReassociationIndices> groups;
  ReassociationIndices leading;
  for (int64_t axis = 0; axis < type.getRank(); ++axis) {
    bool isRemoved = llvm::is_contained(axes, axis);
    if (isRemoved && groups.empty()) {
      leading.push_back(axis);
      continue;
    }
    if (isRemoved) {
      groups.back().push_back(axis);
      continue;
    }
    groups.emplace_back(groups.empty() ? leading : ReassociationIndices());
    groups.back().push_back(axis);
  }
  return tensor::ExpandShapeOp::create(builder, loc, type, input, groups);
}
