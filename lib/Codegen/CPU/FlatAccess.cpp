// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Flat views, constants, index arithmetic, loops.

#include "FlatAccess.h"
#include "Contraction.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "qnn/Codegen/CPU/Passes.h"

using namespace mlir;
using namespace qnn;

int64_t qnn::getFlatSize(MemRefType type) {
  SmallVector<int64_t> strides;
  int64_t size = 0;
  if (failed(type.getStridesAndOffset(strides, size)))
    llvm_unreachable("callers have checked the layout");
  for (auto [extent, stride] : llvm::zip_equal(type.getShape(), strides))
    size += (extent - 1) * stride;
  return size + 1;
}

Value qnn::emitFlatView(ImplicitLocOpBuilder &builder, Value memref) {
  auto type = cast<MemRefType>(memref.getType());
  // Of the whole buffer, so that all parts of it have one type.
  auto buffer = cast<MemRefType>(getBuffer(memref).getType());
  int64_t size = buffer.getLayout().isIdentity() &&
                         buffer.getElementType() == type.getElementType()
                     ? buffer.getNumElements()
                     : getFlatSize(type);
  auto flat = MemRefType::get(size, type.getElementType());
  int64_t one = 1;
  return memref::ReinterpretCastOp::create(builder, flat, memref,
                                           /*offset=*/0, ArrayRef(size),
                                           ArrayRef(one));
}

Value qnn::emitConstant(ImplicitLocOpBuilder &builder, SymbolTable &symbols,
                        StringRef name, DenseElementsAttr values) {
  auto tensor = cast<RankedTensorType>(values.getType());
  auto type = MemRefType::get(tensor.getShape(), tensor.getElementType());
  auto module = cast<ModuleOp>(symbols.getOp());
  // Bodies for blocks of rows have weights in common.
  for (auto global : module.getOps<memref::GlobalOp>())
    if (global.getConstant() && global.getType() == type &&
        global.getInitialValueAttr() == values &&
        global.getAlignment() == kArenaAlignment)
      return memref::GetGlobalOp::create(builder, type, global.getSymName());
  OpBuilder detached(builder.getContext());
  auto global = memref::GlobalOp::create(
      detached, builder.getLoc(), name, builder.getStringAttr("private"), type,
      values, /*constant=*/true, builder.getI64IntegerAttr(kArenaAlignment));
  StringAttr symbol = symbols.insert(global, module.getBody()->begin());
  return memref::GetGlobalOp::create(builder, type, symbol.getValue());
}

Value qnn::emitIndex(ImplicitLocOpBuilder &builder, int64_t value) {
  return arith::ConstantIndexOp::create(builder, value);
}

Value qnn::emitOffset(ImplicitLocOpBuilder &builder, Value base,
                      int64_t offset) {
  if (offset == 0)
    return base;
  return builder.createOrFold<arith::AddIOp>(base, emitIndex(builder, offset));
}

Value qnn::emitStep(ImplicitLocOpBuilder &builder, Value base, Value index,
                    int64_t step) {
  if (step == 0)
    return base;
  Value distance =
      builder.createOrFold<arith::MulIOp>(index, emitIndex(builder, step));
  return builder.createOrFold<arith::AddIOp>(base, distance);
}

Value qnn::emitLoadWord(ImplicitLocOpBuilder &builder, Value bytes,
                        Value address, int64_t numBytes) {
  Type i32 = builder.getI32Type();
  if (numBytes == 4) {
    auto type = VectorType::get(4, builder.getI8Type());
    Value loaded = vector::LoadOp::create(builder, type, bytes, address);
    Value word =
        vector::BitCastOp::create(builder, VectorType::get(1, i32), loaded);
    return vector::ExtractOp::create(builder, word, 0);
  }
  Value word;
  for (int64_t i = 0; i < numBytes; ++i) {
    Value byte =
        memref::LoadOp::create(builder, bytes, emitOffset(builder, address, i));
    Value wide = arith::ExtUIOp::create(builder, i32, byte);
    if (i > 0)
      wide = arith::ShLIOp::create(
          builder, wide, arith::ConstantIntOp::create(builder, i32, 8 * i));
    word = word ? arith::OrIOp::create(builder, word, wide).getResult() : wide;
  }
  return word;
}

Value qnn::emitLoadPart(ImplicitLocOpBuilder &builder, VectorType type,
                        Value memref, Value address, int64_t count) {
  auto partType = VectorType::get(count, type.getElementType());
  Value part = vector::LoadOp::create(builder, partType, memref, address);
  if (partType == type)
    return part;
  Value zero = arith::ConstantOp::create(builder, builder.getZeroAttr(type));
  return vector::InsertStridedSliceOp::create(
      builder, part, zero, ArrayRef<int64_t>{0}, ArrayRef<int64_t>{1});
}

SmallVector<Value>
qnn::emitLoop(ImplicitLocOpBuilder &builder, int64_t begin, int64_t end,
              int64_t step, ValueRange values,
              llvm::function_ref<SmallVector<Value>(Value, ValueRange)> body) {
  if (begin >= end)
    return llvm::to_vector(values);
  Value first = emitIndex(builder, begin);
  if (begin + step >= end)
    return body(first, values);
  Value last = emitIndex(builder, end);
  return emitLoop(builder, first, last, step, values, body);
}

SmallVector<Value>
qnn::emitLoop(ImplicitLocOpBuilder &builder, Value begin, Value end,
              int64_t step, ValueRange values,
              llvm::function_ref<SmallVector<Value>(Value, ValueRange)> body) {
  auto loop =
      scf::ForOp::create(builder, begin, end, emitIndex(builder, step), values);
  OpBuilder::InsertionGuard guard(builder);
  // Without carried values the builder has made the terminator.
  builder.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> next =
      body(loop.getInductionVar(), loop.getRegionIterArgs());
  if (!values.empty())
    scf::YieldOp::create(builder, next);
  return llvm::to_vector_of<Value>(loop.getResults());
}
