// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the families of simulation patterns share.

#include "Patterns.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"

using namespace mlir;
using namespace qnn;

bool qnn::isCarriedByIntegers(QuantizedElementType type) {
  return type.isUniform() && type.getGroupAxis() != -2;
}

RankedTensorType qnn::getCarrierType(Type type) {
  return cast<RankedTensorType>(type).clone(
      Float32Type::get(type.getContext()));
}

Type qnn::getIntegersType(MLIRContext *context) {
  return quant::UniformQuantizedType::get(
      quant::QuantizationFlags::Signed, IntegerType::get(context, 16),
      Float32Type::get(context), /*scale=*/1.0, /*zeroPoint=*/0, INT16_MIN,
      INT16_MAX);
}

Type qnn::getUnitType(QuantizedElementType type, int64_t min, int64_t max) {
  unsigned flags = type.isCodeSigned() ? quant::QuantizationFlags::Signed : 0;
  return quant::UniformQuantizedType::get(
      flags, type.getCodeType(), Float32Type::get(Type(type).getContext()),
      /*scale=*/1.0, type.getGroupZeroPoint(0), min, max);
}

Value qnn::emitFloats(OpBuilder &builder, Location loc, ArrayRef<float> values,
                      ArrayRef<int64_t> shape) {
  return arith::ConstantOp::create(
      builder, loc,
      DenseElementsAttr::get(RankedTensorType::get(shape, builder.getF32Type()),
                             values));
}

Value qnn::emitScaled(OpBuilder &builder, Location loc, Value value,
                      ArrayRef<float> factors, ArrayRef<int64_t> shape) {
  if (llvm::all_of(factors, [](float factor) { return factor == 1.0f; }))
    return value;
  Value multiplier = emitFloats(builder, loc, factors, shape);
  return MulOp::create(builder, loc, value.getType(), value, multiplier,
                       FloatAttr(), FloatAttr());
}

Value qnn::emitRounded(OpBuilder &builder, Location loc, Value value,
                       const Requantization &requantization) {
  QuantizedElementType type = requantization.type;
  if (requantization.min == requantization.max) {
    // No type has one code.
    auto only =
        builder.getF32FloatAttr(requantization.min - type.getGroupZeroPoint(0));
    return ClampOp::create(builder, loc, value.getType(), value, only, only,
                           RoundingMode::HalfEven);
  }
  Type codes = getUnitType(type, requantization.min, requantization.max);
  return FakeQuantizeOp::create(builder, loc, value.getType(), value,
                                /*scale=*/Value(), codes, /*codes=*/false,
                                requantization.rounding, APFloat(0.0f));
}

Value qnn::emitStraightThrough(OpBuilder &builder, Location loc, Value value,
                               Value surrogate) {
  return StraightThroughOp::create(builder, loc, value.getType(), value,
                                   surrogate);
}
