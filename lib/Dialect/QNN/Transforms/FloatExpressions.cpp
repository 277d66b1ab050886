// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Formulas on f32 tensors.

#include "FloatExpressions.h"
#include "../IR/AdjointEmitter.h"
#include <numeric>

using namespace mlir;
using namespace qnn;

Value FloatExpressions::number(double value) {
  return emitSplat(builder, {}, float(value));
}

RankedTensorType FloatExpressions::getBroadcastType(Value lhs, Value rhs) {
  Shape shape = llvm::cantFail(inferBroadcastShape(shapeOf(lhs), shapeOf(rhs)));
  return RankedTensorType::get(shape, builder.getF32Type());
}

Value FloatExpressions::add(Value lhs, Value rhs) {
  return AddOp::create(builder, getBroadcastType(lhs, rhs), lhs, rhs,
                       /*clamp_min=*/nullptr, /*clamp_max=*/nullptr);
}
Value FloatExpressions::sub(Value lhs, Value rhs) {
  return SubOp::create(builder, getBroadcastType(lhs, rhs), lhs, rhs,
                       /*clamp_min=*/nullptr, /*clamp_max=*/nullptr);
}
Value FloatExpressions::mul(Value lhs, Value rhs) {
  return MulOp::create(builder, getBroadcastType(lhs, rhs), lhs, rhs,
                       /*clamp_min=*/nullptr, /*clamp_max=*/nullptr);
}
Value FloatExpressions::div(Value lhs, Value rhs) {
  return DivOp::create(builder, getBroadcastType(lhs, rhs), lhs, rhs);
}
Value FloatExpressions::maximum(Value lhs, Value rhs) {
  return MaximumOp::create(builder, getBroadcastType(lhs, rhs), lhs, rhs);
}

Value FloatExpressions::sqrt(Value value) {
  return SqrtOp::create(builder, value.getType(), value);
}
Value FloatExpressions::exp(Value value) {
  return ExpOp::create(builder, value.getType(), value);
}
Value FloatExpressions::abs(Value value) {
  return AbsOp::create(builder, value.getType(), value);
}
Value FloatExpressions::sign(Value value) {
  return SignOp::create(builder, value.getType(), value);
}

Value FloatExpressions::logSoftmax(Value value) {
  return LogSoftmaxOp::create(builder, value.getType(), value,
                              shapeOf(value).size() - 1);
}

Value FloatExpressions::oneHot(Value labels, int64_t depth) {
  Shape shape(shapeOf(labels));
  shape.push_back(depth);
  auto type = RankedTensorType::get(shape, builder.getF32Type());
  return OneHotOp::create(builder, type, labels, depth);
}

Value FloatExpressions::scale(Value value, double factor) {
  return factor == 1 ? value : mul(value, number(factor));
}

Value FloatExpressions::clamp(Value value, std::optional<double> min,
                              std::optional<double> max) {
  auto bound = [&](std::optional<double> number) {
    return number ? builder.getF32FloatAttr(float(*number)) : FloatAttr();
  };
  return ClampOp::create(builder, value.getType(), value, bound(min),
                         bound(max));
}

Value FloatExpressions::sumAll(Value value) {
  int64_t rank = shapeOf(value).size();
  SmallVector<int64_t> leading(std::max<int64_t>(rank - 1, 0));
  std::iota(leading.begin(), leading.end(), 0);
  Value rows = emitSum(builder, value, leading);
  Value sum = rank ? emitSum(builder, rows, rank - 1) : rows;
  return emitReshaped(builder, sum, {});
}

Value FloatExpressions::meanAll(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  return scale(sumAll(value), 1.0 / double(type.getNumElements()));
}
