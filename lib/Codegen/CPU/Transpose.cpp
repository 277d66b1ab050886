// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pairs are interleaved by what every vector unit has; other counts are one
// shuffle, for which LLVM knows the best order.

#include "Transpose.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace qnn;

static Value emitShuffle(ImplicitLocOpBuilder &builder,
                         ArrayRef<Value> vectors) {
  auto type = cast<VectorType>(vectors[0].getType());
  int64_t width = type.getNumElements(), count = vectors.size();
  auto wholeType = VectorType::get(width * count, type.getElementType());
  Value whole =
      arith::ConstantOp::create(builder, builder.getZeroAttr(wholeType));
  SmallVector<int64_t> mask;
  for (auto [i, vector] : llvm::enumerate(vectors))
    whole = vector::InsertStridedSliceOp::create(
        builder, vector, whole, ArrayRef<int64_t>{int64_t(i) * width},
        ArrayRef<int64_t>{1});
  for (int64_t element = 0; element < width; ++element)
    for (int64_t i = 0; i < count; ++i)
      mask.push_back(i * width + element);
  return vector::ShuffleOp::create(builder, whole, whole, mask);
}

Value qnn::emitInterleaved(ImplicitLocOpBuilder &builder,
                           ArrayRef<Value> vectors) {
  if (vectors.size() == 1)
    return vectors[0];
  if (vectors.size() % 2 != 0)
    return emitShuffle(builder, vectors);
  SmallVector<Value> even, odd;
  for (auto [i, vector] : llvm::enumerate(vectors))
    (i % 2 == 0 ? even : odd).push_back(vector);
  Value first = emitInterleaved(builder, even);
  Value second = emitInterleaved(builder, odd);
  return vector::InterleaveOp::create(builder, first, second);
}
