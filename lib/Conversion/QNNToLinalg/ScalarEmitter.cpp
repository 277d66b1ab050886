// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The scalar recipes. Comparisons and selects are spelled as in
// Quantization/Requantize.h, because they decide what NaN gives.

#include "ScalarEmitter.h"
#include "qnn/Quantization/Exp.h"

using namespace mlir;
using namespace qnn;

Value ScalarEmitter::f32(float value) {
  return emit<arith::ConstantOp>(builder.getF32FloatAttr(value));
}

Value ScalarEmitter::f64(double value) {
  return emit<arith::ConstantOp>(builder.getF64FloatAttr(value));
}

Value ScalarEmitter::integer(Type type, int64_t value) {
  return emit<arith::ConstantOp>(builder.getIntegerAttr(type, value));
}

Value ScalarEmitter::compare(arith::CmpFPredicate predicate, Value lhs,
                             Value rhs) {
  return emit<arith::CmpFOp>(predicate, lhs, rhs);
}

Value ScalarEmitter::select(Value condition, Value yes, Value no) {
  return emit<arith::SelectOp>(condition, yes, no);
}

Value ScalarEmitter::bits(Value value) {
  return emit<arith::BitcastOp>(i32(), value);
}

Value ScalarEmitter::extend(Value value, Type signedness, Type type) {
  if (value.getType() == type)
    return value;
  if (signedness.isUnsignedInteger())
    return emit<arith::ExtUIOp>(type, value);
  return emit<arith::ExtSIOp>(type, value);
}

Value ScalarEmitter::resize(Value value, Type type) {
  unsigned from = value.getType().getIntOrFloatBitWidth();
  unsigned to = type.getIntOrFloatBitWidth();
  if (from == to)
    return value;
  if (from < to)
    return emit<arith::ExtSIOp>(type, value);
  return emit<arith::TruncIOp>(type, value);
}

Value ScalarEmitter::subtractZeroPoint(Value value, Type signedness,
                                       int64_t zeroPoint, Type type) {
  Value wide = extend(value, signedness, type);
  if (zeroPoint == 0)
    return wide;
  return emit<arith::SubIOp>(wide, integer(type, zeroPoint));
}

Value ScalarEmitter::toFloat(Value value, Type signedness, int64_t zeroPoint) {
  // An i32 without zero point (an accumulator) needs no more room; anything
  // else of 17 bits or more does.
  unsigned width = value.getType().getIntOrFloatBitWidth();
  bool fits = width <= 16 || (width <= 32 && zeroPoint == 0 &&
                              !signedness.isUnsignedInteger());
  Type type = fits ? i32() : builder.getI64Type();
  Value centered = subtractZeroPoint(value, signedness, zeroPoint, type);
  return emit<arith::SIToFPOp>(builder.getF32Type(), centered);
}

Value ScalarEmitter::toIndex(Value value, Type signedness, int64_t offset) {
  Value position = subtractZeroPoint(value, signedness, offset, i32());
  return emit<arith::IndexCastOp>(builder.getIndexType(), position);
}

Value ScalarEmitter::toByteIndex(Value value, int64_t offset) {
  // Positions are from 0 to 255, so that what wraps comes out right.
  Type type = value.getType();
  Value position =
      subtractZeroPoint(value, type, llvm::SignExtend64<8>(offset), type);
  return emit<arith::IndexCastUIOp>(builder.getIndexType(), position);
}

Value ScalarEmitter::atLeast(Value value, Value low) {
  return select(compare(arith::CmpFPredicate::OGT, value, low), value, low);
}

Value ScalarEmitter::atMost(Value value, Value high) {
  return select(compare(arith::CmpFPredicate::OLT, value, high), value, high);
}

Value ScalarEmitter::clamp(Value value, std::optional<APFloat> low,
                           std::optional<APFloat> high) {
  if (low)
    value = atLeast(value, f32(low->convertToFloat()));
  if (high)
    value = atMost(value, f32(high->convertToFloat()));
  return value;
}

Value ScalarEmitter::round(Value value, RoundingMode mode) {
  // 1.5 * 2^23: the sum is in [2^23, 2^24], where floats are the integers, so
  // the addition rounds half to even and the low bits hold the result.
  Value shifted = emit<arith::AddFOp>(value, f32(exp_constants::kMagic));
  Value raw = bits(shifted);
  Value even = emit<arith::SubIOp>(raw, integer(i32(), 0x4B400000));
  if (mode == RoundingMode::HalfEven)
    return even;

  using Predicate = arith::CmpFPredicate;
  Value nearest = emit<arith::SIToFPOp>(builder.getF32Type(), even);
  Value up = emit<arith::AddIOp>(even, integer(i32(), 1));
  Value down = emit<arith::SubIOp>(even, integer(i32(), 1));
  Value isAbove = compare(Predicate::OGT, nearest, value);
  Value floor = select(isAbove, down, even);
  Value isNegative = compare(Predicate::OLT, value, f32(0.0f));
  if (mode == RoundingMode::Floor)
    return floor;
  if (mode == RoundingMode::TowardZero) {
    Value isBelow = compare(Predicate::OLT, nearest, value);
    return select(isNegative, select(isBelow, up, even), floor);
  }
  // The difference is exact (nearest and value are within a factor of two, or
  // nearest is 0). A tie went down if it is +1/2, and up if it is -1/2.
  Value rest = emit<arith::SubFOp>(value, nearest);
  Value wentDown = compare(Predicate::OEQ, rest, f32(0.5f));
  Value halfUp = select(wentDown, up, even);
  if (mode == RoundingMode::HalfUp)
    return halfUp;
  Value wentUp = compare(Predicate::OEQ, rest, f32(-0.5f));
  return select(isNegative, select(wentUp, down, even), halfUp);
}

Value ScalarEmitter::roundToFloat(Value value, RoundingMode mode) {
  if (mode != RoundingMode::HalfEven)
    return emit<arith::SIToFPOp>(builder.getF32Type(), round(value, mode));
  Value magic = f32(exp_constants::kMagic);
  Value shifted = emit<arith::AddFOp>(value, magic);
  return emit<arith::SubFOp>(shifted, magic);
}

Value ScalarEmitter::roundDouble(Value value) {
  // 1.5 * 2^52: in [2^52, 2^53] doubles are the integers.
  Value magic = f64(0x1.8p52);
  Value shifted = emit<arith::AddFOp>(value, magic);
  return emit<arith::SubFOp>(shifted, magic);
}

Value ScalarEmitter::toDouble(Value value) {
  return emit<arith::ExtFOp>(builder.getF64Type(), value);
}

Value ScalarEmitter::toSingle(Value value) {
  return emit<arith::TruncFOp>(builder.getF32Type(), value);
}

Value ScalarEmitter::toCode(Value value, const OutputCodes &codes, Type type) {
  value = atLeast(value, f32(float(codes.min - codes.zeroPoint)));
  value = atMost(value, f32(float(codes.max - codes.zeroPoint)));
  return addZeroPoint(round(value, codes.rounding), codes.zeroPoint, type);
}

Value ScalarEmitter::addZeroPoint(Value value, int64_t zeroPoint, Type type) {
  if (zeroPoint != 0) {
    // A zero point outside of i32 can only come with a wider result.
    if (type.getIntOrFloatBitWidth() > 32)
      value = resize(value, type);
    value = emit<arith::AddIOp>(value, integer(value.getType(), zeroPoint));
  }
  return resize(value, type);
}

Value ScalarEmitter::integerToCode(Value value, const OutputCodes &codes,
                                   Type type) {
  // Before the zero point is added, so that the sum cannot overflow.
  Type wide = value.getType();
  value =
      emit<arith::MaxSIOp>(value, integer(wide, codes.min - codes.zeroPoint));
  value =
      emit<arith::MinSIOp>(value, integer(wide, codes.max - codes.zeroPoint));
  return addZeroPoint(resize(value, i32()), codes.zeroPoint, type);
}

Value ScalarEmitter::scaleFixedPoint(Value acc, const FixedPointFactor &factor,
                                     RequantizationMode mode) {
  assert(mode != RequantizationMode::Float && "that is a multiplication");
  return mode == RequantizationMode::TfliteSingle
             ? scaleTfliteSingle(acc, factor)
             : scaleTfliteDouble(acc, factor);
}

Value ScalarEmitter::scaleTfliteSingle(Value acc,
                                       const FixedPointFactor &factor) {
  // |acc * mantissa| <= 2^62 and half <= 2^61: the sum fits.
  Type i64 = builder.getI64Type();
  Value wide = resize(acc, i64), mantissa = resize(factor.mantissa, i64);
  Value product = emit<arith::MulIOp>(wide, mantissa);
  Value one = integer(i64, 1);
  Value halfShift = emit<arith::SubIOp>(factor.totalShift, one);
  Value half = emit<arith::ShLIOp>(one, halfShift);
  Value sum = emit<arith::AddIOp>(product, half);
  return emit<arith::ShRSIOp>(sum, factor.totalShift);
}

Value ScalarEmitter::scaleTfliteDouble(Value acc,
                                       const FixedPointFactor &factor) {
  Type i64 = builder.getI64Type();
  if (factor.left)
    acc = emit<arith::ShLIOp>(acc, factor.left);
  // saturatingRoundingDoublingHighMul without its saturation, which takes two
  // negative factors. Its quotient, truncated after a nudge of 2^30 or 1 -
  // 2^30, is the floor after a nudge of 2^30 for products of either sign.
  Value wide = resize(acc, i64), mantissa = resize(factor.mantissa, i64);
  Value product = emit<arith::MulIOp>(wide, mantissa);
  Value sum = emit<arith::AddIOp>(product, integer(i64, int64_t(1) << 30));
  Value high = emit<arith::ShRSIOp>(sum, integer(i64, 31));
  high = resize(high, i32());
  return factor.right ? divideByPOT(high, factor.right) : high;
}

Value ScalarEmitter::divideByPOT(Value value, Value exponent) {
  Value one = integer(i32(), 1), zero = integer(i32(), 0);
  // 2^31 - 1 for an exponent of 31: the shift wraps, and so does the
  // subtraction.
  Value power = emit<arith::ShLIOp>(one, exponent);
  Value mask = emit<arith::SubIOp>(power, one);
  Value remainder = emit<arith::AndIOp>(value, mask);
  Value isNegative =
      emit<arith::CmpIOp>(arith::CmpIPredicate::slt, value, zero);
  Value half = emit<arith::ShRUIOp>(mask, one);
  Value isNegativeBit = emit<arith::ExtUIOp>(i32(), isNegative);
  Value threshold = emit<arith::AddIOp>(half, isNegativeBit);
  Value roundsUp =
      emit<arith::CmpIOp>(arith::CmpIPredicate::sgt, remainder, threshold);
  Value floor = emit<arith::ShRSIOp>(value, exponent);
  Value roundsUpBit = emit<arith::ExtUIOp>(i32(), roundsUp);
  return emit<arith::AddIOp>(floor, roundsUpBit);
}
