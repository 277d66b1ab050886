// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Shuffles that LLVM knows as unpack and permute instructions.

#include "Interleave.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "qnn/Codegen/CPU/PackWeights.h"
#include <numeric>

using namespace mlir;
using namespace qnn;

/// The low or high halves of all blocks of 128 bits, element by element.
static Value emitUnpack(ImplicitLocOpBuilder &builder, Value first,
                        Value second, bool isHigh) {
  auto type = cast<VectorType>(first.getType());
  int64_t count = type.getNumElements();
  int64_t half = 64 / type.getElementTypeBitWidth();
  SmallVector<int64_t> mask;
  for (int64_t block = 0; block < count; block += 2 * half)
    for (int64_t i = 0; i < half; ++i) {
      int64_t element = block + isHigh * half + i;
      mask.append({element, count + element});
    }
  return vector::ShuffleOp::create(builder, first, second, mask);
}

static Value emitCast(ImplicitLocOpBuilder &builder, Value vector,
                      int64_t width) {
  auto type = cast<VectorType>(vector.getType());
  int64_t bits = type.getNumElements() * type.getElementTypeBitWidth();
  auto result = VectorType::get(bits / width, builder.getIntegerType(width));
  return vector::BitCastOp::create(builder, result, vector);
}

SmallVector<Value> qnn::emitInterleavedWords(ImplicitLocOpBuilder &builder,
                                             ArrayRef<Value> bytes) {
  SmallVector<Value> words;
  for (bool isHigh : {false, true}) {
    SmallVector<Value> halves;
    for (int i : {0, 2})
      halves.push_back(emitCast(
          builder, emitUnpack(builder, bytes[i], bytes[i + 1], isHigh), 16));
    for (bool isHighHalf : {false, true})
      words.push_back(emitCast(
          builder, emitUnpack(builder, halves[0], halves[1], isHighHalf), 32));
  }
  return words;
}

SmallVector<Value> qnn::emitNaturalOrder(ImplicitLocOpBuilder &builder,
                                         ArrayRef<Value> vectors) {
  int64_t lanes = cast<VectorType>(vectors[0].getType()).getNumElements();
  SmallVector<int64_t> whole(2 * lanes);
  std::iota(whole.begin(), whole.end(), 0);
  Value low = vector::ShuffleOp::create(builder, vectors[0], vectors[1], whole);
  Value high =
      vector::ShuffleOp::create(builder, vectors[2], vectors[3], whole);
  SmallVector<int64_t> positions(4 * lanes);
  for (int64_t vector = 0; vector < 4; ++vector)
    for (int64_t lane = 0; lane < lanes; ++lane)
      positions[interleavedNumber(vector, lane)] = vector * lanes + lane;
  SmallVector<Value> natural;
  for (int64_t quarter = 0; quarter < 4; ++quarter)
    natural.push_back(vector::ShuffleOp::create(
        builder, low, high, ArrayRef(positions).slice(quarter * lanes, lanes)));
  return natural;
}

Value qnn::emitQuarters(ImplicitLocOpBuilder &builder, Value bytes) {
  Value groups = emitCast(builder, bytes, 32);
  int64_t lanes = cast<VectorType>(groups.getType()).getNumElements();
  SmallVector<int64_t> mask;
  for (int64_t quarter = 0; quarter < 4; ++quarter)
    for (int64_t block = 0; block < lanes / 4; ++block)
      mask.push_back(4 * block + quarter);
  return emitCast(builder,
                  vector::ShuffleOp::create(builder, groups, groups, mask), 8);
}
