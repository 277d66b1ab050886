// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The step in the two forms of the target table.

#include "Dot4.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace qnn;

int64_t Dot4::shift(const TargetRow &row, bool isSigned) {
  if (row.activations == Dot4Activations::Both ||
      (row.activations == Dot4Activations::Signed) == isSigned)
    return 0;
  // Flipping the highest bit adds 128 modulo 256: a signed byte becomes one
  // that is larger by 128, an unsigned one becomes smaller by 128.
  return isSigned ? 128 : -128;
}

Type Dot4::weightType() {
  return builder.getIntegerType(row.dot4 == Dot4Form::Pairs ? 16 : 8);
}

Value Dot4::splat(VectorType type, int64_t value) {
  auto element = builder.getIntegerAttr(type.getElementType(), value);
  return arith::ConstantOp::create(builder,
                                   DenseElementsAttr::get(type, element));
}

SmallVector<Value, 2> Dot4::broadcast(Value word) {
  auto words = VectorType::get(row.lanes(), builder.getI32Type());
  return prepare(vector::BroadcastOp::create(builder, words, word));
}

SmallVector<Value, 2> Dot4::prepare(Value all) {
  if (row.dot4 == Dot4Form::Pairs)
    return splitPairs(all, isSigned);
  auto bytes = VectorType::get(4 * row.lanes(), builder.getI8Type());
  all = vector::BitCastOp::create(builder, bytes, all);
  if (shift(row, isSigned) != 0)
    all = arith::XOrIOp::create(builder, all, splat(bytes, -128));
  return {all};
}

SmallVector<Value, 2> Dot4::prepareWeights(Value words) {
  if (row.dot4 == Dot4Form::Pairs)
    return splitPairs(words, /*isSigned=*/true);
  auto bytes = VectorType::get(4 * row.lanes(), builder.getI8Type());
  return {vector::BitCastOp::create(builder, bytes, words)};
}

/// The even and the odd bytes in 16 bits each.
SmallVector<Value, 2> Dot4::splitPairs(Value all, bool isSigned) {
  auto pairs = VectorType::get(2 * row.lanes(), builder.getI16Type());
  all = vector::BitCastOp::create(builder, pairs, all);
  Value eight = splat(pairs, 8);
  if (!isSigned)
    return {arith::AndIOp::create(builder, all, splat(pairs, 255)),
            arith::ShRUIOp::create(builder, all, eight)};
  Value even = arith::ShLIOp::create(builder, all, eight);
  return {arith::ShRSIOp::create(builder, even, eight),
          arith::ShRSIOp::create(builder, all, eight)};
}

SmallVector<Value, 2> Dot4::loadWeights(Value memref, Value position) {
  int64_t perPart = weightsPerVector();
  unsigned parts = 1;
  if (row.dot4 == Dot4Form::Pairs) {
    perPart /= 2;
    parts = 2;
  }
  auto type = VectorType::get(perPart, weightType());
  SmallVector<Value, 2> loaded;
  for (unsigned part = 0; part < parts; ++part) {
    Value begin = builder.createOrFold<arith::AddIOp>(
        position,
        arith::ConstantIndexOp::create(builder, part * perPart).getResult());
    loaded.push_back(vector::LoadOp::create(builder, type, memref, begin));
  }
  return loaded;
}

Value Dot4::call(ValueRange arguments) {
  auto result = VectorType::get(row.lanes(), builder.getI32Type());
  auto name = builder.getStringAttr(row.intrinsic);
  return LLVM::CallIntrinsicOp::create(builder, result, name, arguments)
      .getResult(0);
}

Value Dot4::emit(Value accumulator, ArrayRef<Value> activations,
                 ArrayRef<Value> weights) {
  if (row.dot4 == Dot4Form::Bytes)
    return call({accumulator, activations[0], weights[0]});
  for (auto [left, right] : llvm::zip_equal(activations, weights))
    accumulator =
        arith::AddIOp::create(builder, accumulator, call({left, right}));
  return accumulator;
}
