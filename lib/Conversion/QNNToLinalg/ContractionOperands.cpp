// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compile-time work on weights and biases.

#include "ContractionOperands.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "qnn/Dialect/QNN/IR/Elements.h"

using namespace mlir;
using namespace qnn;

Value qnn::emitPermuted(OpBuilder &builder, Location loc, Value value,
                        ArrayRef<int64_t> permutation) {
  DenseElementsAttr constant;
  if (matchPattern(value, m_Constant(&constant)))
    return arith::ConstantOp::create(builder, loc,
                                     permuteElements(constant, permutation));
  RankedTensorType type = tensorType(value);
  SmallVector<int64_t> shape;
  for (int64_t axis : permutation)
    shape.push_back(type.getDimSize(axis));
  Value empty = emitEmpty(builder, loc,
                          RankedTensorType::get(shape, type.getElementType()));
  return linalg::TransposeOp::create(builder, loc, value, empty, permutation)
      ->getResult(0);
}

Value qnn::emitSplitAxis(OpBuilder &builder, Location loc, Value value,
                         unsigned axis, int64_t count) {
  RankedTensorType type = tensorType(value);
  SmallVector<int64_t> shape(type.getShape());
  shape[axis] /= count;
  shape.insert(shape.begin() + axis, count);
  SmallVector<ReassociationIndices> reassociation;
  for (int64_t i = 0, next = 0; i < type.getRank(); ++i) {
    reassociation.push_back({next++});
    if (i == axis)
      reassociation.back().push_back(next++);
  }
  auto split = RankedTensorType::get(shape, type.getElementType());
  DenseElementsAttr constant;
  if (matchPattern(value, m_Constant(&constant)))
    return arith::ConstantOp::create(builder, loc, constant.reshape(split));
  return tensor::ExpandShapeOp::create(builder, loc, split, value,
                                       reassociation);
}

static int64_t toInt(const APInt &code, Type elementType) {
  return elementType.isUnsignedInteger() ? int64_t(code.getZExtValue())
                                         : code.getSExtValue();
}

/// The narrowest of i8, i16, i32 and i64 that holds codes minus a zero point.
static IntegerType centeredType(Type elementType, int64_t zeroPoint) {
  unsigned width = elementType.getIntOrFloatBitWidth();
  MLIRContext *context = elementType.getContext();
  for (unsigned candidate : {8, 16, 32})
    if (width < candidate || (width == candidate && zeroPoint == 0))
      return IntegerType::get(context, candidate);
  return IntegerType::get(context, 64);
}

std::optional<ConstantWeights>
qnn::foldWeights(OpBuilder &builder, Location loc, Value weights,
                 Type elementType, int64_t zeroPoint, int64_t channelAxis) {
  DenseIntElementsAttr codes;
  if (!matchPattern(weights, m_Constant(&codes)))
    return std::nullopt;
  auto type = cast<RankedTensorType>(codes.getType());
  int64_t channels = type.getDimSize(channelAxis), inner = 1;
  for (int64_t axis = channelAxis + 1; axis < type.getRank(); ++axis)
    inner *= type.getDimSize(axis);

  ConstantWeights result{{weights, elementType, 0},
                         SmallVector<int64_t>(channels, 0)};
  IntegerType centered = centeredType(elementType, zeroPoint);
  SmallVector<APInt> values;
  for (auto [i, code] : llvm::enumerate(codes.getValues<APInt>())) {
    int64_t value = toInt(code, elementType) - zeroPoint;
    int64_t &sum = result.channelSums[(i / inner) % channels];
    sum = int64_t(uint64_t(sum) + uint64_t(value));
    if (zeroPoint != 0)
      values.emplace_back(centered.getWidth(), value, /*isSigned=*/true);
  }
  if (zeroPoint == 0)
    return result;
  auto attr = DenseElementsAttr::get(withElementType(type, centered), values);
  result.factor.values = arith::ConstantOp::create(builder, loc, attr);
  result.factor.elementType = centered;
  return result;
}

/// The bias as a constant with the correction added, modulo 2^width.
static DenseElementsAttr foldBias(RankedTensorType type, Value bias,
                                  ArrayRef<int64_t> correction) {
  DenseElementsAttr given;
  if (bias && !matchPattern(bias, m_Constant(&given)))
    return {};
  Type elementType = type.getElementType();
  auto rowType = RankedTensorType::get(type.getShape().back(), elementType);
  if (isa<FloatType>(elementType))
    return given ? given
                 : DenseElementsAttr::get(
                       rowType, FloatAttr::get(elementType, 0.0).getValue());
  unsigned width = elementType.getIntOrFloatBitWidth();
  SmallVector<APInt> row(rowType.getNumElements(), APInt(width, 0));
  if (given)
    for (auto [i, value] : llvm::enumerate(given.getValues<APInt>()))
      row[i] = value.sextOrTrunc(width);
  for (auto [i, value] : llvm::enumerate(correction))
    row[i] += APInt(64, uint64_t(value)).sextOrTrunc(width);
  return DenseElementsAttr::get(rowType, row);
}

Value qnn::emitAccumulator(OpBuilder &builder, Location loc,
                           RankedTensorType type, Value bias,
                           ArrayRef<int64_t> correction) {
  if (DenseElementsAttr row = foldBias(type, bias, correction)) {
    if (row.isSplat())
      return emitFilled(builder, loc, type,
                        cast<TypedAttr>(row.getSplatValue<Attribute>()));
    bias = arith::ConstantOp::create(builder, loc, row);
    correction = {};
  }
  SmallVector<Value> inputs{bias};
  if (!correction.empty()) {
    auto rowType =
        RankedTensorType::get(correction.size(), builder.getI64Type());
    auto row = DenseElementsAttr::get(rowType, correction);
    inputs.push_back(arith::ConstantOp::create(builder, loc, row));
  }
  return emitElementwise(
      builder, loc, type, inputs, [&](ScalarEmitter &emitter, ValueRange in) {
        if (isa<FloatType>(type.getElementType()))
          return in[0];
        Value value = emitter.resize(in[0], type.getElementType());
        if (correction.empty())
          return value;
        return emitter.emit<arith::AddIOp>(
            value, emitter.resize(in[1], type.getElementType()));
      });
}

Value qnn::emitMultiplyAdd(ScalarEmitter &emitter, ValueRange arguments,
                           const Factor &lhs, const Factor &rhs) {
  Value left = arguments[0], right = arguments[1], acc = arguments[2];
  if (isa<FloatType>(acc.getType()))
    return emitter.emit<math::FmaOp>(left, right, acc);
  left = emitter.subtractZeroPoint(left, lhs.elementType, lhs.zeroPoint,
                                   acc.getType());
  right = emitter.subtractZeroPoint(right, rhs.elementType, rhs.zeroPoint,
                                    acc.getType());
  return emitter.emit<arith::AddIOp>(acc,
                                     emitter.emit<arith::MulIOp>(left, right));
}
