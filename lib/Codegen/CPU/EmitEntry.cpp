// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The C interface of a model: name, return code, checks of the pointers.

#include "EntryFunction.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "qnn/Codegen/CPU/Passes.h"

namespace qnn {
#define GEN_PASS_DEF_QNNEMITENTRYPASS
#include "qnn/Codegen/CPU/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

/// True if one of the pointers must not be used.
static Value emitBadPointers(OpBuilder &builder, LLVM::LLVMFuncOp entry,
                             bool needsArena) {
  Location loc = entry.getLoc();
  Block &block = entry.front();
  auto pointerType = LLVM::LLVMPointerType::get(builder.getContext());
  Value null = LLVM::ZeroOp::create(builder, loc, pointerType);
  Value bad = LLVM::ConstantOp::create(builder, loc, builder.getI1Type(), 0);
  auto merge = [&](Value condition) {
    bad = LLVM::OrOp::create(builder, loc, bad, condition);
  };
  auto pointers = block.getArguments();
  if (!needsArena)
    pointers = pointers.drop_back();
  for (Value pointer : pointers)
    merge(LLVM::ICmpOp::create(builder, loc, LLVM::ICmpPredicate::eq, pointer,
                               null));
  if (!needsArena)
    return bad;
  Type i64 = builder.getI64Type();
  Value address =
      LLVM::PtrToIntOp::create(builder, loc, i64, block.getArguments().back());
  Value mask = LLVM::ConstantOp::create(builder, loc, i64, kArenaAlignment - 1);
  Value zero = LLVM::ConstantOp::create(builder, loc, i64, 0);
  Value rest = LLVM::AndOp::create(builder, loc, address, mask);
  merge(
      LLVM::ICmpOp::create(builder, loc, LLVM::ICmpPredicate::ne, rest, zero));
  return bad;
}

/// `return code` at the end of `block`.
static void emitReturn(OpBuilder &builder, Location loc, int64_t code) {
  Value value =
      LLVM::ConstantOp::create(builder, loc, builder.getI32Type(), code);
  LLVM::ReturnOp::create(builder, loc, value);
}

namespace {

struct EmitEntry : qnn::impl::QNNEmitEntryPassBase<EmitEntry> {
  using Base::Base;

  void runOnOperation() override {
    auto entry = findEntry<LLVM::LLVMFuncOp>(getOperation());
    if (!entry)
      return signalPassFailure();
    auto arenaBytes = entry->getAttrOfType<IntegerAttr>(kArenaBytesAttr);
    LLVM::LLVMFunctionType type = entry.getFunctionType();
    auto name = entry->getAttrOfType<StringAttr>(kModelNameAttr);
    if (!name || !arenaBytes ||
        !isa<LLVM::LLVMVoidType>(type.getReturnType()) ||
        !llvm::all_of(type.getParams(), llvm::IsaPred<LLVM::LLVMPointerType>)) {
      entry.emitError("expects pointer arguments, no result and a planned "
                      "arena");
      return signalPassFailure();
    }
    OpBuilder builder(&getContext());
    entry.setFunctionType(
        LLVM::LLVMFunctionType::get(builder.getI32Type(), type.getParams()));
    entry.walk([&](LLVM::ReturnOp op) {
      builder.setInsertionPoint(op);
      emitReturn(builder, op.getLoc(), 0);
      op.erase();
    });
    emitChecks(builder, entry, arenaBytes.getInt() > 0);
    setAttributes(builder, entry);
    entry.setSymName((name.getValue() + kEntrySuffix).str());
  }

private:
  static void emitChecks(OpBuilder &builder, LLVM::LLVMFuncOp entry,
                         bool needsArena) {
    Block *checks = &entry.front();
    Block *body = checks->splitBlock(checks->begin());
    Block *refusal =
        builder.createBlock(&entry.getBody(), entry.getBody().end());
    emitReturn(builder, entry.getLoc(), 1);
    builder.setInsertionPointToEnd(checks);
    Value bad = emitBadPointers(builder, entry, needsArena);
    LLVM::CondBrOp::create(builder, entry.getLoc(), bad, refusal, body);
  }

  /// Arguments do not overlap and are not kept; inputs are only read.
  static void setAttributes(OpBuilder &builder, LLVM::LLVMFuncOp entry) {
    size_t numInputs = 0;
    if (auto inputs = entry->getAttrOfType<ArrayAttr>(kInputsAttr))
      numInputs = inputs.size();
    for (unsigned i = 0, e = entry.getNumArguments(); i < e; ++i) {
      entry.setArgAttrs(i, ArrayRef<NamedAttribute>());
      entry.setArgAttr(i, LLVM::LLVMDialect::getNoAliasAttrName(),
                       builder.getUnitAttr());
      if (i < numInputs)
        entry.setArgAttr(i, LLVM::LLVMDialect::getReadonlyAttrName(),
                         builder.getUnitAttr());
    }
  }
};

} // namespace
