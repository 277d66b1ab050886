// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Recognizes the end of a requantization, and emits it with saturating packs.

#include "Saturation.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace qnn;

/// 1.5 * 2^23, which rounds what is added to it to an integer, and its bits.
static constexpr float kRounding = 12582912.0f;
static constexpr int64_t kRoundingBits = 0x4B400000;

static std::optional<double> matchFloat(Value value) {
  APFloat number(0.0f);
  if (!matchPattern(value, m_ConstantFloat(&number)) ||
      !value.getType().isF32())
    return std::nullopt;
  return number.convertToFloat();
}

namespace {

/// select(value <predicate> bound, value, bound)
struct Bounded {
  Value value;
  double bound = 0;
};

/// Bounds of the numbers in a body, from constants and from the types of what
/// is read.
class Magnitudes {
public:
  Magnitudes(const Contraction &contraction, const Epilogue &epilogue)
      : contraction(contraction), epilogue(epilogue) {}

  /// An upper bound of |value|; infinity if none is known.
  double bound(Value value);

private:
  double boundInput(BlockArgument argument);
  double boundOperation(Operation &op);

  const Contraction &contraction;
  const Epilogue &epilogue;
};

} // namespace

static constexpr double kUnbounded = std::numeric_limits<double>::infinity();

static double boundInteger(Type type) {
  return type.isInteger() ? std::ldexp(1.0, type.getIntOrFloatBitWidth())
                          : kUnbounded;
}

double Magnitudes::boundInput(BlockArgument argument) {
  unsigned number = argument.getArgNumber();
  if (number == epilogue.accumulator && argument.getType().isInteger()) {
    double depth = contraction.numTaps() * contraction.depth;
    double start = 0;
    for (int32_t value : contraction.start)
      start = std::max(start, std::abs(double(value)));
    // The sum is modulo 2^32.
    return std::min(255.0 * 128.0 * depth + start, std::ldexp(1.0, 31));
  }
  DenseElementsAttr constant;
  if (number < epilogue.inputs.size())
    constant = getConstant(epilogue.inputs[number].memref);
  if (!constant || !argument.getType().isF32())
    return boundInteger(argument.getType());
  double largest = 0;
  for (float factor : constant.getValues<float>())
    largest = std::max(largest, std::abs(double(factor)));
  return largest;
}

double Magnitudes::boundOperation(Operation &op) {
  auto operand = [&](unsigned i) { return bound(op.getOperand(i)); };
  if (isa<arith::SIToFPOp, arith::UIToFPOp, arith::ExtSIOp, arith::ExtUIOp>(op))
    return operand(0);
  if (isa<arith::MulFOp>(op))
    return operand(0) * operand(1);
  if (isa<arith::AddFOp, arith::SubFOp>(op))
    return operand(0) + operand(1);
  if (isa<arith::AddIOp, arith::SubIOp>(op))
    return std::min(operand(0) + operand(1),
                    boundInteger(op.getResult(0).getType()));
  if (isa<arith::SelectOp>(op))
    return std::max(operand(1), operand(2));
  return boundInteger(op.getResult(0).getType());
}

double Magnitudes::bound(Value value) {
  if (std::optional<double> constant = matchFloat(value))
    return std::abs(*constant);
  if (APInt integer; matchPattern(value, m_ConstantInt(&integer)))
    return std::abs(double(integer.getSExtValue()));
  if (auto argument = dyn_cast<BlockArgument>(value))
    return boundInput(argument);
  return boundOperation(*value.getDefiningOp());
}

static std::optional<Bounded> matchBound(Value value,
                                         arith::CmpFPredicate predicate) {
  auto select = value.getDefiningOp<arith::SelectOp>();
  if (!select)
    return std::nullopt;
  auto compare = select.getCondition().getDefiningOp<arith::CmpFOp>();
  std::optional<double> bound = matchFloat(select.getFalseValue());
  if (!compare || !bound || compare.getPredicate() != predicate ||
      compare.getLhs() != select.getTrueValue() ||
      compare.getRhs() != select.getFalseValue() ||
      *bound != std::trunc(*bound) || std::abs(*bound) > 255)
    return std::nullopt;
  return Bounded{select.getTrueValue(), *bound};
}

/// A value as another one plus a constant.
static std::pair<Value, int64_t> matchOffset(Value value) {
  APInt offset;
  if (auto add = value.getDefiningOp<arith::AddIOp>())
    if (matchPattern(add.getRhs(), m_ConstantInt(&offset)))
      return {add.getLhs(), offset.getSExtValue()};
  if (auto sub = value.getDefiningOp<arith::SubIOp>())
    if (matchPattern(sub.getRhs(), m_ConstantInt(&offset)))
      return {sub.getLhs(), -offset.getSExtValue()};
  return {value, 0};
}

std::optional<Saturation> qnn::matchSaturation(const TargetRow &row,
                                               const Contraction &contraction,
                                               const Epilogue &epilogue) {
  if (row.arch != llvm::Triple::x86_64)
    return std::nullopt;
  linalg::GenericOp op = epilogue.op;
  Value code = op.getBody()->getTerminator()->getOperand(0);
  auto narrow = code.getDefiningOp<arith::TruncIOp>();
  if (!narrow || !code.getType().isInteger(8))
    return std::nullopt;
  auto [bits, offset] = matchOffset(narrow.getIn());
  auto cast = bits.getDefiningOp<arith::BitcastOp>();
  auto round = cast ? cast.getIn().getDefiningOp<arith::AddFOp>() : nullptr;
  if (!round || matchFloat(round.getRhs()) != kRounding)
    return std::nullopt;
  auto above = matchBound(round.getLhs(), arith::CmpFPredicate::OLT);
  if (!above)
    return std::nullopt;
  auto below = matchBound(above->value, arith::CmpFPredicate::OGT);
  if (!below || below->bound > above->bound)
    return std::nullopt;
  Saturation saturation{below->value, int64_t(below->bound),
                        int64_t(above->bound), offset + kRoundingBits};
  int64_t low = saturation.low + saturation.zeroPoint;
  int64_t high = saturation.high + saturation.zeroPoint;
  bool isByte = (low >= 0 && high <= 255) || (low >= -128 && high <= 127);
  if (!isByte)
    return std::nullopt;
  // The conversion to integers knows no numbers that are larger.
  double bound = Magnitudes(contraction, epilogue).bound(saturation.real);
  if (!(bound < std::ldexp(1.0, 31)))
    saturation.real = round.getLhs();
  return saturation;
}

namespace {

/// Vectors of the row's size with elements of `width` bits.
class Packer {
public:
  Packer(ImplicitLocOpBuilder &builder, const TargetRow &row)
      : builder(builder), row(row) {}

  VectorType typeOf(int64_t width) {
    return VectorType::get(row.vectorBits / width,
                           builder.getIntegerType(width));
  }
  Value splat(int64_t width, int64_t value) {
    APInt bits(width, value, /*isSigned=*/true, /*implicitTrunc=*/true);
    return arith::ConstantOp::create(
        builder, DenseElementsAttr::get(typeOf(width), bits));
  }
  /// Two vectors as one of half the width. `kind` is the instruction's name
  /// after "pack".
  Value pack(StringRef kind, int64_t width, Value low, Value high) {
    std::string name = "llvm.x86.sse2.pack" + kind.str() + ".128";
    if (row.vectorBits == 256)
      name = "llvm.x86.avx2.pack" + kind.str();
    if (row.vectorBits == 512)
      name = "llvm.x86.avx512.pack" + kind.str() + ".512";
    return LLVM::CallIntrinsicOp::create(builder, typeOf(width / 2),
                                         builder.getStringAttr(name),
                                         ValueRange{low, high})
        .getResult(0);
  }

private:
  ImplicitLocOpBuilder &builder;
  const TargetRow &row;
};

} // namespace

Value qnn::emitSaturation(ImplicitLocOpBuilder &builder, const TargetRow &row,
                          const Saturation &saturation, ArrayRef<Value> reals) {
  Packer packer(builder, row);
  SmallVector<Value> words, halves;
  for (Value real : reals)
    words.push_back(LLVM::LrintOp::create(builder, packer.typeOf(32), real));
  for (int i : {0, 2})
    halves.push_back(packer.pack("ssdw", 32, words[i], words[i + 1]));

  int64_t low = saturation.low, high = saturation.high;
  int64_t rest = saturation.zeroPoint;
  auto fits = [&](int64_t smallest) {
    return low >= smallest && high <= smallest + 255;
  };
  // The zero point is added to the bytes if those can hold the numbers without
  // it, because there is one vector of them.
  if (!fits(-128) && !fits(0)) {
    for (Value &half : halves)
      half = LLVM::SAddSat::create(builder, half, packer.splat(16, rest));
    low += rest;
    high += rest;
    rest = 0;
  }
  bool isSigned = fits(-128);
  int64_t smallest = isSigned ? -128 : 0;
  Value bytes =
      packer.pack(isSigned ? "sswb" : "uswb", 16, halves[0], halves[1]);
  if (low > smallest) {
    Value bound = packer.splat(8, low);
    bytes = isSigned
                ? arith::MaxSIOp::create(builder, bytes, bound).getResult()
                : arith::MaxUIOp::create(builder, bytes, bound).getResult();
  }
  if (high < smallest + 255) {
    Value bound = packer.splat(8, high);
    bytes = isSigned
                ? arith::MinSIOp::create(builder, bytes, bound).getResult()
                : arith::MinUIOp::create(builder, bytes, bound).getResult();
  }
  if (rest != 0)
    bytes = arith::AddIOp::create(builder, bytes, packer.splat(8, rest));
  return bytes;
}
