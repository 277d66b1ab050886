// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Gradients of elementary functions, quotients and comparisons.

#include "AdjointEmitter.h"

using namespace mlir;
using namespace qnn;

static Value emitQuotient(ImplicitLocOpBuilder &builder, Value value,
                          Value divisor) {
  return DivOp::create(builder, value.getType(), value, divisor);
}

static Value emitScaled(ImplicitLocOpBuilder &builder, Value value,
                        float factor) {
  return emitProduct(builder, value, emitSplat(builder, {}, factor));
}

/// cotangent * (1 - share).
static Value emitProductWithRest(ImplicitLocOpBuilder &builder, Value cotangent,
                                 Value share) {
  Value one = emitSplat(builder, {}, 1.0f);
  Value rest = emitDifference(builder, share.getType(), one, share);
  return emitProduct(builder, cotangent, rest);
}

//===----------------------------------------------------------------------===//
// Of one operand
//===----------------------------------------------------------------------===//

SmallVector<Value> AbsOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                       Value cotangent, ArrayRef<bool>) {
  Value sign = SignOp::create(builder, getType(), getInput());
  return {emitProduct(builder, cotangent, sign)};
}

SmallVector<Value> ExpOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                       Value cotangent, ArrayRef<bool>) {
  return {emitProduct(builder, cotangent, getResult())};
}

SmallVector<Value> LogOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                       Value cotangent, ArrayRef<bool>) {
  return {emitQuotient(builder, cotangent, getInput())};
}

SmallVector<Value> SigmoidOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                           Value cotangent, ArrayRef<bool>) {
  Value product = emitProduct(builder, cotangent, getResult());
  return {emitProductWithRest(builder, product, getResult())};
}

SmallVector<Value> SignOp::buildAdjoint(ImplicitLocOpBuilder &, Value,
                                        ArrayRef<bool>) {
  return {Value()};
}

SmallVector<Value> SqrtOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                        Value cotangent, ArrayRef<bool>) {
  Value divisor = emitScaled(builder, getResult(), 2.0f);
  return {emitQuotient(builder, cotangent, divisor)};
}

SmallVector<Value> TanhOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                        Value cotangent, ArrayRef<bool>) {
  Value square = emitProduct(builder, getResult(), getResult());
  return {emitProductWithRest(builder, cotangent, square)};
}

//===----------------------------------------------------------------------===//
// Of two operands
//===----------------------------------------------------------------------===//

SmallVector<Value> DivOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                       Value cotangent,
                                       ArrayRef<bool> isActive) {
  Value quotient = emitQuotient(builder, cotangent, getRhs());
  SmallVector<Value> gradients(2);
  if (isActive[0])
    gradients[0] = emitSumToShape(builder, quotient, shapeOf(getLhs()));
  if (isActive[1]) {
    Value product = emitProduct(builder, quotient, getResult());
    Value sum = emitSumToShape(builder, product, shapeOf(getRhs()));
    gradients[1] = emitScaled(builder, sum, -1.0f);
  }
  return gradients;
}

/// Of the operation that takes lhs where `lhs - rhs` is inside of the bounds.
template <typename OpTy>
static SmallVector<Value>
emitSelectAdjoint(ImplicitLocOpBuilder &builder, OpTy op, Value cotangent,
                  ArrayRef<bool> isActive, FloatAttr low, FloatAttr high) {
  Type type = cotangent.getType();
  Value difference = emitDifference(builder, type, op.getLhs(), op.getRhs());
  Value taken =
      ClampGradientOp::create(builder, type, cotangent, difference, low, high);
  SmallVector<Value> gradients(2);
  if (isActive[0])
    gradients[0] = emitSumToShape(builder, taken, shapeOf(op.getLhs()));
  if (isActive[1]) {
    Value rest = emitDifference(builder, type, cotangent, taken);
    gradients[1] = emitSumToShape(builder, rest, shapeOf(op.getRhs()));
  }
  return gradients;
}

SmallVector<Value> MaximumOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                           Value cotangent,
                                           ArrayRef<bool> isActive) {
  return emitSelectAdjoint(builder, *this, cotangent, isActive,
                           builder.getF32FloatAttr(0.0f), nullptr);
}

SmallVector<Value> MinimumOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                           Value cotangent,
                                           ArrayRef<bool> isActive) {
  return emitSelectAdjoint(builder, *this, cotangent, isActive, nullptr,
                           builder.getF32FloatAttr(0.0f));
}

//===----------------------------------------------------------------------===//
// Training
//===----------------------------------------------------------------------===//

SmallVector<Value> StraightThroughOp::buildAdjoint(ImplicitLocOpBuilder &,
                                                   Value cotangent,
                                                   ArrayRef<bool> isActive) {
  return {Value(), isActive[1] ? cotangent : Value()};
}
