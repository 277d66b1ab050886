// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Packing, loading and multiplying for both kinds of steps.

#include "MixedStep.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "qnn/Codegen/CPU/PackWeights.h"

using namespace mlir;
using namespace qnn;

VectorType MixedStep::vectorOf(int64_t perLane, unsigned width) {
  return VectorType::get(perLane * row.lanes(), builder.getIntegerType(width));
}

void MixedStep::append(ArrayRef<int16_t> weights, bool isWide,
                       std::vector<int8_t> &bytes) const {
  if (!isWide)
    return bytes.insert(bytes.end(), weights.begin(), weights.end()), void();
  for (int16_t weight : packParts(weights, row.lanes(), {{0, 1}, {2, 3}})) {
    bytes.push_back(int8_t(weight & 255));
    bytes.push_back(int8_t(weight >> 8));
  }
}

SmallVector<Value, 2> MixedStep::loadWeights(Value packed, Value position,
                                             bool isWide) {
  SmallVector<Value, 2> loaded;
  for (int part = 0; part < (isWide ? 2 : 1); ++part) {
    Value begin = builder.createOrFold<arith::AddIOp>(
        position, arith::ConstantIndexOp::create(
                      builder, part * bytesPerVector(/*isWide=*/false))
                      .getResult());
    Value bytes =
        vector::LoadOp::create(builder, vectorOf(4, 8), packed, begin);
    if (isWide)
      bytes = vector::BitCastOp::create(builder, vectorOf(2, 16), bytes);
    loaded.push_back(bytes);
  }
  return loaded;
}

Value MixedStep::broadcastBytes(Value memref, Value position) {
  auto type = VectorType::get(4, builder.getI8Type());
  auto single = VectorType::get(1, builder.getI32Type());
  Value bytes = vector::LoadOp::create(builder, type, memref, position);
  Value word = vector::BitCastOp::create(builder, single, bytes);
  word = vector::ExtractOp::create(builder, word, 0);
  Value all = vector::BroadcastOp::create(builder, vectorOf(1, 32), word);
  return vector::BitCastOp::create(builder, vectorOf(4, 8), all);
}

Value MixedStep::addBytes(Value accumulator, Value activations, Value weights) {
  const Dot4Instruction &instruction = row.instructions[0];
  auto call = [&](StringRef name, VectorType type, ValueRange arguments) {
    return LLVM::CallIntrinsicOp::create(builder, type,
                                         builder.getStringAttr(name), arguments)
        .getResult(0);
  };
  Value pairs =
      call(instruction.multiplyBytes, vectorOf(2, 16), {activations, weights});
  auto one = builder.getI16IntegerAttr(1);
  Value ones = arith::ConstantOp::create(
      builder, DenseElementsAttr::get(vectorOf(2, 16), one));
  Value sums = call(instruction.multiply, vectorOf(1, 32), {pairs, ones});
  return arith::AddIOp::create(builder, accumulator, sums);
}
