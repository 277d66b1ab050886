// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The C interface of a model: name, return code, checks of the pointers.

#include "EntryFunction.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Dominance.h"
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

/// Bytes of one row of each of the tensors that an attribute describes.
static SmallVector<int64_t> countRowBytes(ArrayAttr tensors) {
  SmallVector<int64_t> bytes;
  for (auto tensor : tensors.getAsRange<DictionaryAttr>()) {
    auto type =
        cast<RankedTensorType>(tensor.getAs<TypeAttr>("type").getValue());
    bytes.push_back(type.getNumElements() * type.getElementTypeBitWidth() / 8);
  }
  return bytes;
}

/// Keeps LLVM from unrolling the loops of a body. What is worth it is a kernel.
/// The time of its schedulers grows with the square of the accesses in a block.
static void keepLoops(LLVM::LLVMFuncOp body) {
  MLIRContext *context = body.getContext();
  auto unroll = LLVM::LoopUnrollAttr::get(
      context, /*disable=*/BoolAttr::get(context, true), /*count=*/{},
      /*runtimeDisable=*/{}, /*full=*/{}, /*followupUnrolled=*/{},
      /*followupRemainder=*/{}, /*followupAll=*/{});
  LLVM::LoopAnnotationAttr annotation = LLVM::LoopAnnotationAttr::get(
      context, /*disableNonforced=*/{}, /*vectorize=*/{}, /*interleave=*/{},
      unroll, /*unrollAndJam=*/{}, /*licm=*/{}, /*distribute=*/{},
      /*pipeline=*/{}, /*peeled=*/{}, /*unswitch=*/{}, /*mustProgress=*/{},
      /*isVectorized=*/{}, /*startLoc=*/{}, /*endLoc=*/{},
      /*parallelAccesses=*/{});
  DominanceInfo dominance(body);
  body.walk([&](LLVM::BrOp branch) {
    if (dominance.dominates(branch.getDest(), branch->getBlock()))
      branch.setLoopAnnotationAttr(annotation);
  });
}

namespace {

/// One of the two functions around the bodies.
class EntryEmitter {
public:
  EntryEmitter(ArrayRef<LLVM::LLVMFuncOp> bodies, StringRef name,
               bool isParallel, bool needsArena)
      : bodies(bodies), one(bodies.back()), isParallel(isParallel),
        needsArena(needsArena), takesRows(getBlockRows(one)),
        builder(one.getLoc(), one) {
    SmallVector<Type> parameters(
        one.getFunctionType().getParams().drop_back(kNumSharing));
    numTensors = parameters.size() - 1;
    if (takesRows)
      parameters.insert(parameters.end() - 1, builder.getI64Type());
    if (isParallel)
      parameters.append(kNumSharing, parameters.back());
    entry = LLVM::LLVMFuncOp::create(
        builder, name,
        LLVM::LLVMFunctionType::get(builder.getI32Type(), parameters));
  }

  LLVM::LLVMFuncOp emit() {
    Block *checks = entry.addEntryBlock(builder);
    Block *run = addBlock();
    Block *refusal = addBlock();
    Block *check = takesRows ? emitRowChecks(checks, refusal) : checks;
    builder.setInsertionPointToEnd(check);
    Value bad = emitBadPointers(builder, getPointers(), needsArena);
    LLVM::CondBrOp::create(builder, bad, refusal, run);
    builder.setInsertionPointToEnd(run);
    if (takesRows)
      emitBlocks();
    else
      emitCall(one, getPointers());
    emitReturn(builder, 0);
    builder.setInsertionPointToEnd(refusal);
    emitReturn(builder, 1);
    return entry;
  }

private:
  Block *addBlock(ArrayRef<Type> arguments = {}) {
    OpBuilder::InsertionGuard guard(builder);
    SmallVector<Location> locations(arguments.size(), builder.getLoc());
    return builder.createBlock(&entry.getBody(), entry.end(), arguments,
                               locations);
  }

  Value getRows() { return entry.getArgument(numTensors); }
  /// Inputs, outputs, arena.
  SmallVector<Value> getPointers() {
    SmallVector<Value> pointers(entry.getArguments().take_front(numTensors));
    pointers.push_back(entry.getArgument(numTensors + takesRows));
    return pointers;
  }

  Value constant(int64_t value) {
    return LLVM::ConstantOp::create(builder, builder.getI64Type(), value);
  }

  /// No rows are no work, a negative number is refused; returns the block for
  /// the other numbers.
  Block *emitRowChecks(Block *checks, Block *refusal) {
    Block *none = addBlock(), *sign = addBlock(), *some = addBlock();
    builder.setInsertionPointToEnd(checks);
    Value zero = constant(0);
    Value isZero =
        LLVM::ICmpOp::create(builder, LLVM::ICmpPredicate::eq, getRows(), zero);
    LLVM::CondBrOp::create(builder, isZero, none, sign);
    builder.setInsertionPointToEnd(none);
    emitReturn(builder, 0);
    builder.setInsertionPointToEnd(sign);
    Value isNegative = LLVM::ICmpOp::create(builder, LLVM::ICmpPredicate::slt,
                                            getRows(), zero);
    LLVM::CondBrOp::create(builder, isNegative, refusal, some);
    return some;
  }

  /// As many blocks of each size, from the largest on, as fit into the rows
  /// that are left.
  void emitBlocks() {
    Value row = constant(0);
    for (LLVM::LLVMFuncOp body : bodies)
      row = emitLoop(body, row);
  }

  Value emitLoop(LLVM::LLVMFuncOp body, Value first) {
    Block *condition = addBlock(builder.getI64Type());
    Block *block = addBlock(), *end = addBlock();
    LLVM::BrOp::create(builder, first, condition);
    builder.setInsertionPointToEnd(condition);
    Value row = condition->getArgument(0);
    Value size = constant(getBlockRows(body));
    Value next = LLVM::AddOp::create(builder, row, size);
    Value fits = LLVM::ICmpOp::create(builder, LLVM::ICmpPredicate::sle, next,
                                      getRows());
    LLVM::CondBrOp::create(builder, fits, block, end);
    builder.setInsertionPointToEnd(block);
    emitCall(body, getPointersAt(row));
    LLVM::BrOp::create(builder, next, condition);
    builder.setInsertionPointToEnd(end);
    return row;
  }

  SmallVector<Value> getPointersAt(Value row) {
    SmallVector<int64_t> bytes =
        countRowBytes(one->getAttrOfType<ArrayAttr>(kInputsAttr));
    llvm::append_range(
        bytes, countRowBytes(one->getAttrOfType<ArrayAttr>(kOutputsAttr)));
    SmallVector<Value> pointers = getPointers();
    for (auto [size, pointer] : llvm::zip_first(bytes, pointers)) {
      Value step = constant(size);
      Value offset = LLVM::MulOp::create(builder, row, step);
      pointer =
          LLVM::GEPOp::create(builder, pointer.getType(), builder.getI8Type(),
                              pointer, ArrayRef<LLVM::GEPArg>{offset});
    }
    return pointers;
  }

  void emitCall(LLVM::LLVMFuncOp body, SmallVector<Value> arguments) {
    if (isParallel)
      llvm::append_range(arguments,
                         entry.getArguments().take_back(kNumSharing));
    else
      arguments.append(kNumSharing, LLVM::ZeroOp::create(
                                        builder, arguments.front().getType()));
    LLVM::CallOp::create(builder, body, arguments);
  }

  ArrayRef<LLVM::LLVMFuncOp> bodies;
  /// The body for one row, or the only one.
  LLVM::LLVMFuncOp one;
  bool isParallel, needsArena, takesRows;
  ImplicitLocOpBuilder builder;
  LLVM::LLVMFuncOp entry;
  unsigned numTensors = 0;
};

struct EmitEntry : qnn::impl::QNNEmitEntryPassBase<EmitEntry> {
  using Base::Base;

  void runOnOperation() override {
    auto bodies = findEntries<LLVM::LLVMFuncOp>(getOperation());
    if (bodies.empty())
      return signalPassFailure();
    int64_t arenaBytes = 0;
    for (LLVM::LLVMFuncOp body : bodies) {
      if (failed(checkBody(body)))
        return signalPassFailure();
      arenaBytes =
          std::max(arenaBytes,
                   body->getAttrOfType<IntegerAttr>(kArenaBytesAttr).getInt());
    }
    auto name = bodies.back()->getAttrOfType<StringAttr>(kModelNameAttr);
    auto emit = [&](StringRef suffix, bool isParallel) {
      return EntryEmitter(bodies, (name.getValue() + suffix).str(), isParallel,
                          arenaBytes > 0)
          .emit();
    };
    LLVM::LLVMFuncOp alone = emit(kEntrySuffix, /*isParallel=*/false);
    LLVM::LLVMFuncOp parallel = emit(kParallelEntrySuffix, /*isParallel=*/true);
    auto inputs = bodies.back()->getAttrOfType<ArrayAttr>(kInputsAttr);
    unsigned numInputs = inputs ? inputs.size() : 0;
    setArgAttrs(alone, 0, numInputs);
    setArgAttrs(parallel, kNumSharing, numInputs);
    moveAttributes(bodies, alone, arenaBytes);
    for (LLVM::LLVMFuncOp body : bodies) {
      setArgAttrs(body, kNumSharing, numInputs);
      keepLoops(body);
      body.setVisibility(SymbolTable::Visibility::Private);
      // Two entries call it.
      body.setPassthroughAttr(
          Builder(&getContext()).getStrArrayAttr({"noinline"}));
    }
  }

private:
  static LogicalResult checkBody(LLVM::LLVMFuncOp body) {
    LLVM::LLVMFunctionType type = body.getFunctionType();
    if (body->hasAttr(kModelNameAttr) && body->hasAttr(kArenaBytesAttr) &&
        type.getNumParams() > kNumSharing &&
        isa<LLVM::LLVMVoidType>(type.getReturnType()) &&
        llvm::all_of(type.getParams(), llvm::IsaPred<LLVM::LLVMPointerType>))
      return success();
    return body.emitError("expects pointer arguments, no result and a planned "
                          "arena");
  }

  /// What is said about the model is said by the entry: the interface of one
  /// row, the largest arena, the blocks of all bodies.
  void moveAttributes(ArrayRef<LLVM::LLVMFuncOp> bodies, LLVM::LLVMFuncOp entry,
                      int64_t arenaBytes) {
    Builder builder(&getContext());
    SmallVector<int64_t> blocks;
    for (LLVM::LLVMFuncOp body : bodies) {
      if (int64_t rows = getBlockRows(body))
        blocks.push_back(rows);
      for (StringRef attr :
           {kModelNameAttr, kInputsAttr, kOutputsAttr, kArenaBytesAttr,
            kArenaBuffersAttr, kRowBlocksAttr})
        if (Attribute value = body->removeAttr(attr))
          entry->setAttr(attr, value);
    }
    entry->setAttr(kArenaBytesAttr, builder.getI64IntegerAttr(arenaBytes));
    if (!blocks.empty())
      entry->setAttr(kRowBlocksAttr, builder.getDenseI64ArrayAttr(blocks));
  }

  /// Inputs, outputs and the arena do not overlap; inputs are only read. The
  /// last `numOthers` arguments are the caller's.
  void setArgAttrs(LLVM::LLVMFuncOp function, unsigned numOthers,
                   unsigned numInputs) {
    auto unit = UnitAttr::get(&getContext());
    unsigned count = function.getFunctionType().getNumParams() - numOthers;
    for (unsigned i = 0; i < count; ++i) {
      function.setArgAttrs(i, ArrayRef<NamedAttribute>());
      if (!isa<LLVM::LLVMPointerType>(function.getArgument(i).getType()))
        continue;
      function.setArgAttr(i, LLVM::LLVMDialect::getNoAliasAttrName(), unit);
      if (i < numInputs)
        function.setArgAttr(i, LLVM::LLVMDialect::getReadonlyAttrName(), unit);
    }
  }
};

} // namespace
