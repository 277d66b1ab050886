// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The C interface of a model: name, return code, checks of the pointers.

#include "EntryFunction.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "qnn/Codegen/CPU/Passes.h"

namespace qnn {
#define GEN_PASS_DEF_QNNEMITENTRYPASS
#include "qnn/Codegen/CPU/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

/// True if one of the pointers (inputs, outputs, arena) must not be used.
static Value emitBadPointers(ImplicitLocOpBuilder &builder, ValueRange pointers,
                             bool needsArena) {
  Value arena = pointers.back();
  auto pointerType = LLVM::LLVMPointerType::get(builder.getContext());
  Value null = LLVM::ZeroOp::create(builder, pointerType);
  Value bad = LLVM::ConstantOp::create(builder, builder.getI1Type(), 0);
  auto merge = [&](Value condition) {
    bad = LLVM::OrOp::create(builder, bad, condition);
  };
  if (!needsArena)
    pointers = pointers.drop_back();
  for (Value pointer : pointers)
    merge(
        LLVM::ICmpOp::create(builder, LLVM::ICmpPredicate::eq, pointer, null));
  if (!needsArena)
    return bad;
  Type i64 = builder.getI64Type();
  Value address = LLVM::PtrToIntOp::create(builder, i64, arena);
  Value mask = LLVM::ConstantOp::create(builder, i64, kArenaAlignment - 1);
  Value zero = LLVM::ConstantOp::create(builder, i64, 0);
  Value rest = LLVM::AndOp::create(builder, address, mask);
  merge(LLVM::ICmpOp::create(builder, LLVM::ICmpPredicate::ne, rest, zero));
  return bad;
}

/// `return code` at the end of the block.
static void emitReturn(ImplicitLocOpBuilder &builder, int64_t code) {
  Value value = LLVM::ConstantOp::create(builder, builder.getI32Type(), code);
  LLVM::ReturnOp::create(builder, value);
}

/// Pointer arguments of the body behind the arena: parallel_for and context.
static constexpr unsigned kNumSharing = 2;

namespace {

struct EmitEntry : qnn::impl::QNNEmitEntryPassBase<EmitEntry> {
  using Base::Base;

  void runOnOperation() override {
    auto body = findEntry<LLVM::LLVMFuncOp>(getOperation());
    if (!body)
      return signalPassFailure();
    auto arenaBytes = body->getAttrOfType<IntegerAttr>(kArenaBytesAttr);
    LLVM::LLVMFunctionType type = body.getFunctionType();
    auto name = body->getAttrOfType<StringAttr>(kModelNameAttr);
    if (!name || !arenaBytes || type.getNumParams() <= kNumSharing ||
        !isa<LLVM::LLVMVoidType>(type.getReturnType()) ||
        !llvm::all_of(type.getParams(), llvm::IsaPred<LLVM::LLVMPointerType>)) {
      body.emitError("expects pointer arguments, no result and a planned "
                     "arena");
      return signalPassFailure();
    }
    needsArena = arenaBytes.getInt() > 0;
    auto inputs = body->getAttrOfType<ArrayAttr>(kInputsAttr);
    numInputs = inputs ? inputs.size() : 0;

    LLVM::LLVMFuncOp alone =
        emitEntry(body, (name.getValue() + kEntrySuffix).str(),
                  /*isParallel=*/false);
    emitEntry(body, (name.getValue() + kParallelEntrySuffix).str(),
              /*isParallel=*/true);
    for (StringRef attr : {kModelNameAttr, kInputsAttr, kOutputsAttr,
                           kArenaBytesAttr, kArenaBuffersAttr})
      if (Attribute value = body->removeAttr(attr))
        alone->setAttr(attr, value);
    setArgAttrs(body, type.getNumParams() - kNumSharing);
    body.setVisibility(SymbolTable::Visibility::Private);
    // Two entries call it.
    body.setPassthroughAttr(
        Builder(&getContext()).getStrArrayAttr({"noinline"}));
  }

private:
  LLVM::LLVMFuncOp emitEntry(LLVM::LLVMFuncOp body, StringRef name,
                             bool isParallel) {
    ImplicitLocOpBuilder builder(body.getLoc(), body);
    SmallVector<Type> parameters(body.getFunctionType().getParams());
    unsigned numPointers = parameters.size() - kNumSharing;
    if (!isParallel)
      parameters.resize(numPointers);
    auto entry = LLVM::LLVMFuncOp::create(
        builder, name,
        LLVM::LLVMFunctionType::get(builder.getI32Type(), parameters));
    setArgAttrs(entry, numPointers);

    Block *checks = entry.addEntryBlock(builder);
    Block *run = builder.createBlock(&entry.getBody(), entry.end());
    Block *refusal = builder.createBlock(&entry.getBody(), entry.end());
    builder.setInsertionPointToEnd(checks);
    Value bad = emitBadPointers(
        builder, entry.getArguments().take_front(numPointers), needsArena);
    LLVM::CondBrOp::create(builder, bad, refusal, run);

    builder.setInsertionPointToEnd(run);
    SmallVector<Value> arguments(entry.getArguments());
    if (!isParallel)
      arguments.append(kNumSharing,
                       LLVM::ZeroOp::create(builder, parameters.front()));
    LLVM::CallOp::create(builder, body, arguments);
    emitReturn(builder, 0);

    builder.setInsertionPointToEnd(refusal);
    emitReturn(builder, 1);
    return entry;
  }

  /// Inputs, outputs and the arena do not overlap; inputs are only read.
  void setArgAttrs(LLVM::LLVMFuncOp function, unsigned numPointers) {
    auto unit = UnitAttr::get(&getContext());
    for (unsigned i = 0; i < numPointers; ++i) {
      function.setArgAttrs(i, ArrayRef<NamedAttribute>());
      function.setArgAttr(i, LLVM::LLVMDialect::getNoAliasAttrName(), unit);
      if (i < numInputs)
        function.setArgAttr(i, LLVM::LLVMDialect::getReadonlyAttrName(), unit);
    }
  }

  bool needsArena = false;
  unsigned numInputs = 0;
};

} // namespace
