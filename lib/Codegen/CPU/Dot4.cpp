// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The step in the forms of the target table.

#include "Dot4.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "qnn/Codegen/CPU/PackWeights.h"

using namespace mlir;
using namespace qnn;

static bool takesWeights(const Dot4Instruction &instruction,
                         const Dot4Operands &operands) {
  int64_t lowest = instruction.weightsAreSigned ? -128 : 0;
  return operands.minWeight >= lowest && operands.maxWeight <= lowest + 255;
}

/// The instruction that takes the weights and, if there is one, the activations
/// as they are; if none takes the weights, the one for signed ones.
static const Dot4Instruction *choose(const TargetRow &row,
                                     const Dot4Operands &operands) {
  const Dot4Instruction *best = nullptr;
  auto rate = [&](const Dot4Instruction &candidate) {
    bool sameSign =
        candidate.activationsAreSigned == operands.activationsAreSigned;
    return 4 * takesWeights(candidate, operands) +
           2 * candidate.weightsAreSigned + sameSign;
  };
  for (const Dot4Instruction &candidate : row.instructions)
    if (!best || rate(candidate) > rate(*best))
      best = &candidate;
  return best;
}

int64_t Dot4::activationShift(const TargetRow &row,
                              const Dot4Operands &operands) {
  if (row.isWide())
    return 0;
  bool wantsSigned = choose(row, operands)->activationsAreSigned;
  if (wantsSigned == operands.activationsAreSigned)
    return 0;
  // Flipping the highest bit adds 128 modulo 256: a signed byte becomes one
  // that is larger by 128, an unsigned one becomes smaller by 128.
  return wantsSigned ? -128 : 128;
}

Dot4::Dot4(ImplicitLocOpBuilder &builder, const TargetRow &row,
           const Dot4Operands &operands)
    : builder(builder), row(row), operands(operands),
      instruction(choose(row, operands)),
      shift(activationShift(row, operands)) {
  if (!row.isWide() && !takesWeights(*instruction, operands))
    commonWeight = operands.minWeight + 128;
}

Type Dot4::weightType() {
  return builder.getIntegerType(row.isWide() ? 16 : 8);
}

VectorType Dot4::vectorOf(int64_t perLane, unsigned width) {
  return VectorType::get(perLane * row.lanes(), builder.getIntegerType(width));
}

Value Dot4::splat(VectorType type, int64_t value) {
  auto element = builder.getIntegerAttr(type.getElementType(), value);
  return arith::ConstantOp::create(builder,
                                   DenseElementsAttr::get(type, element));
}

/// Bytes of each word by the part of a vector that has them.
static SmallVector<SmallVector<int64_t>> getParts(const TargetRow &row,
                                                  bool isWide) {
  switch (row.dot4) {
  case Dot4Form::Bytes:
    return {{0, 1, 2, 3}};
  case Dot4Form::Products:
    return {{0, 1}, {2, 3}};
  case Dot4Form::Pairs:
    // In a word of bytes, the even and the odd ones are found by a shift.
    if (isWide)
      return {{0, 1}, {2, 3}};
    return {{0, 2}, {1, 3}};
  case Dot4Form::Widening:
    return {{0}, {1}, {2}, {3}};
  }
  llvm_unreachable("unknown form");
}

DenseElementsAttr Dot4::pack(ArrayRef<int16_t> weights) {
  std::vector<int16_t> packed = packParts(
      weights, row.lanes(), getParts(row, operands.activationsAreWide));
  auto shape = RankedTensorType::get(packed.size(), weightType());
  if (row.isWide())
    return DenseElementsAttr::get(shape, ArrayRef<int16_t>(packed));
  std::vector<int8_t> bytes;
  for (int16_t weight : packed)
    bytes.push_back(int8_t(uint8_t(weight - commonWeight)));
  return DenseElementsAttr::get(shape, ArrayRef<int8_t>(bytes));
}

SmallVector<Value, 2> Dot4::broadcast(Value word) {
  return prepare(vector::BroadcastOp::create(builder, vectorOf(1, 32), word));
}

Value Dot4::flipSigns(Value bytes) {
  if (shift == 0)
    return bytes;
  auto type = cast<VectorType>(bytes.getType());
  return arith::XOrIOp::create(builder, bytes, splat(type, -128));
}

SmallVector<Value, 2> Dot4::prepare(Value words) {
  auto cast = [&](VectorType type, Value value) -> Value {
    return vector::BitCastOp::create(builder, type, value);
  };
  auto shiftRight = [&](Value value, int64_t bits) -> Value {
    auto type = llvm::cast<VectorType>(value.getType());
    if (operands.activationsAreSigned)
      return arith::ShRSIOp::create(builder, value, splat(type, bits));
    return arith::ShRUIOp::create(builder, value, splat(type, bits));
  };
  auto shiftLeft = [&](Value value, int64_t bits) -> Value {
    auto type = llvm::cast<VectorType>(value.getType());
    return arith::ShLIOp::create(builder, value, splat(type, bits));
  };
  SmallVector<Value, 2> parts;
  switch (row.dot4) {
  case Dot4Form::Bytes:
    return {flipSigns(cast(vectorOf(4, 8), words))};
  case Dot4Form::Products:
    for (int64_t bits : {0, 16}) {
      Value half = arith::TruncIOp::create(builder, vectorOf(1, 16),
                                           shiftRight(words, bits));
      parts.push_back(flipSigns(cast(vectorOf(2, 8), half)));
    }
    return parts;
  case Dot4Form::Pairs: {
    Value pairs = cast(vectorOf(2, 16), words);
    Value even =
        operands.activationsAreSigned
            ? shiftRight(shiftLeft(pairs, 8), 8)
            : arith::AndIOp::create(builder, pairs, splat(vectorOf(2, 16), 255))
                  .getResult();
    return {even, shiftRight(pairs, 8)};
  }
  case Dot4Form::Widening:
    for (int64_t byte = 0; byte < 4; ++byte)
      parts.push_back(shiftRight(shiftLeft(words, 24 - 8 * byte), 24));
    return parts;
  }
  llvm_unreachable("unknown form");
}

SmallVector<Value, 2> Dot4::prepareWeights(Value words) {
  Dot4Operands asActivations;
  asActivations.activationsAreSigned = true;
  Dot4 signedBytes(builder, row, asActivations);
  signedBytes.shift = 0;
  return signedBytes.prepare(words);
}

/// `size` activations, which lie together, in all lanes.
Value Dot4::broadcastPart(Value memref, Value position, int64_t size) {
  Type element = cast<MemRefType>(memref.getType()).getElementType();
  unsigned width = size * element.getIntOrFloatBitWidth();
  auto loadedType = VectorType::get(size, element);
  auto whole = VectorType::get(1, builder.getIntegerType(width));
  Value loaded = vector::LoadOp::create(builder, loadedType, memref, position);
  loaded = vector::BitCastOp::create(builder, whole, loaded);
  Value number = vector::ExtractOp::create(builder, loaded, 0);
  Value all = vector::BroadcastOp::create(builder, vectorOf(1, width), number);
  auto type = VectorType::get(size * row.lanes(), element);
  return vector::BitCastOp::create(builder, type, all);
}

SmallVector<Value, 2> Dot4::broadcastAt(Value memref, Value position) {
  if (!cast<MemRefType>(memref.getType()).getElementType().isInteger(16)) {
    Value bytes = broadcastPart(memref, position, 4);
    return prepare(vector::BitCastOp::create(builder, vectorOf(1, 32), bytes));
  }
  SmallVector<Value, 2> parts;
  SmallVector<SmallVector<int64_t>> offsets = getParts(row, /*isWide=*/true);
  for (ArrayRef<int64_t> part : offsets) {
    Value address = builder.createOrFold<arith::AddIOp>(
        position, arith::ConstantIndexOp::create(builder, part[0]).getResult());
    Value all = broadcastPart(memref, address, part.size());
    if (row.dot4 == Dot4Form::Widening)
      all = arith::ExtSIOp::create(builder, vectorOf(1, 32), all);
    parts.push_back(all);
  }
  return parts;
}

SmallVector<Value, 2> Dot4::loadWeights(Value memref, Value position) {
  auto parts = getParts(row, operands.activationsAreWide);
  auto type = VectorType::get(weightsPerVector() / parts.size(), weightType());
  SmallVector<Value, 2> loaded;
  for (size_t part = 0; part < parts.size(); ++part) {
    Value begin = builder.createOrFold<arith::AddIOp>(
        position,
        arith::ConstantIndexOp::create(builder, part * type.getNumElements())
            .getResult());
    Value weights = vector::LoadOp::create(builder, type, memref, begin);
    if (row.dot4 == Dot4Form::Widening)
      weights = arith::ExtSIOp::create(builder, vectorOf(1, 32), weights);
    loaded.push_back(weights);
  }
  return loaded;
}

Value Dot4::call(StringRef intrinsic, Type result, ValueRange arguments) {
  return LLVM::CallIntrinsicOp::create(
             builder, result, builder.getStringAttr(intrinsic), arguments)
      .getResult(0);
}

Value Dot4::emitBytes(Value accumulator, Value activations, Value weights) {
  if (instruction->weightsComeFirst)
    std::swap(activations, weights);
  return call(instruction->multiply, accumulator.getType(),
              {accumulator, activations, weights});
}

Value Dot4::emitProducts(Value accumulator, ArrayRef<Value> activations,
                         ArrayRef<Value> weights) {
  SmallVector<Value, 2> products;
  for (auto [left, right] : llvm::zip_equal(activations, weights))
    products.push_back(
        call(instruction->multiply, vectorOf(2, 16), {left, right}));
  // |a * v + b * w| <= 2 * 128 * 127 < 2^15 for signed bytes, unless both
  // weights are -128. Unsigned products fill 16 bits.
  if (instruction->weightsAreSigned && operands.minWeight - commonWeight > -128)
    products = {arith::AddIOp::create(builder, products[0], products[1])};
  for (Value product : products) {
    Value sum = call(instruction->addPairs, accumulator.getType(), product);
    accumulator = arith::AddIOp::create(builder, accumulator, sum);
  }
  return accumulator;
}

Value Dot4::emit(Value accumulator, ArrayRef<Value> activations,
                 ArrayRef<Value> weights) {
  switch (row.dot4) {
  case Dot4Form::Bytes:
    accumulator = emitBytes(accumulator, activations[0], weights[0]);
    if (commonWeight == 0)
      return accumulator;
    return emitBytes(accumulator, activations[0],
                     splat(vectorOf(4, 8), commonWeight));
  case Dot4Form::Products: {
    accumulator = emitProducts(accumulator, activations, weights);
    if (commonWeight == 0)
      return accumulator;
    Value common = splat(vectorOf(2, 8), commonWeight);
    return emitProducts(accumulator, activations, {common, common});
  }
  case Dot4Form::Pairs:
    for (auto [left, right] : llvm::zip_equal(activations, weights)) {
      Value product =
          call(instruction->multiply, accumulator.getType(), {left, right});
      accumulator = arith::AddIOp::create(builder, accumulator, product);
    }
    return accumulator;
  case Dot4Form::Widening:
    for (auto [left, right] : llvm::zip_equal(activations, weights)) {
      Value product = arith::MulIOp::create(builder, left, right);
      accumulator = arith::AddIOp::create(builder, accumulator, product);
    }
    return accumulator;
  }
  llvm_unreachable("unknown form");
}
