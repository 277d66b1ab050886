// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels that are worth it run through a function of the caller's, which may
// use several threads.

#include "EntryFunction.h"
#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Analysis/TopologicalSortUtils.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "qnn/Codegen/CPU/Passes.h"

namespace qnn {
#define GEN_PASS_DEF_QNNSHAREWORKPASS
#include "qnn/Codegen/CPU/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

namespace {

/// Shares the kernels of one entry function.
class EntrySharing {
public:
  EntrySharing(LLVM::LLVMFuncOp entry, const SymbolTable &symbols,
               int64_t minWork, llvm::DenseMap<Operation *, unsigned> &numTasks)
      : entry(entry), symbols(symbols), minWork(minWork), numTasks(numTasks),
        builder(entry.getLoc(), entry.getContext()),
        pointer(LLVM::LLVMPointerType::get(entry.getContext())),
        i64(builder.getI64Type()) {}

  void run() {
    SmallVector<LLVM::CallOp> calls;
    entry.walk([&](LLVM::CallOp call) {
      if (isWorthSharing(call))
        calls.push_back(call);
    });
    buffers = llvm::to_vector_of<Value>(entry.getArguments());
    addParameters();
    if (calls.empty())
      return;
    emitData();
    for (LLVM::CallOp call : calls)
      share(call);
  }

private:
  LLVM::LLVMFuncOp getKernel(LLVM::CallOp call) const {
    return symbols.lookup<LLVM::LLVMFuncOp>(*call.getCallee());
  }

  static int64_t getUnits(LLVM::LLVMFuncOp kernel) {
    return kernel->getAttrOfType<IntegerAttr>(kKernelUnitsAttr).getInt();
  }

  bool isWorthSharing(LLVM::CallOp call) {
    if (!call.getCalleeAttr())
      return false;
    LLVM::LLVMFuncOp kernel = getKernel(call);
    auto work = kernel->getAttrOfType<IntegerAttr>(kKernelWorkAttr);
    return kernel->hasAttr(kKernelUnitsAttr) && work && getUnits(kernel) >= 2 &&
           work.getInt() >= minWork && canCompute(call);
  }

  /// What computes the buffers of a call from the arguments of the entry.
  static SetVector<Operation *> findSlice(LLVM::CallOp call) {
    BackwardSliceOptions options;
    options.inclusive = true;
    options.omitBlockArguments = true;
    SetVector<Operation *> slice;
    for (Value operand : call.getArgOperands().drop_back(2))
      if (Operation *op = operand.getDefiningOp())
        (void)getBackwardSlice(op, &slice, options);
    return slice;
  }

  static bool canCompute(LLVM::CallOp call) {
    return llvm::all_of(findSlice(call),
                        [](Operation *op) { return isPure(op); });
  }

  void addParameters() {
    Block &body = entry.front();
    parallelFor = body.addArgument(pointer, entry.getLoc());
    context = body.addArgument(pointer, entry.getLoc());
    SmallVector<Type> parameters(body.getArgumentTypes());
    entry.setFunctionType(LLVM::LLVMFunctionType::get(
        entry.getFunctionType().getReturnType(), parameters));
    if (ArrayAttr attrs = entry.getArgAttrsAttr()) {
      SmallVector<Attribute> extended(attrs.getValue());
      extended.append(2, DictionaryAttr::get(entry.getContext()));
      entry.setArgAttrsAttr(ArrayAttr::get(entry.getContext(), extended));
    }
  }

  Value constant(int64_t value) {
    return LLVM::ConstantOp::create(builder, i64, value);
  }

  Value elementAddress(Value array, unsigned index) {
    return LLVM::GEPOp::create(builder, pointer, pointer, array,
                               ArrayRef<LLVM::GEPArg>{int32_t(index)});
  }

  /// The array of the entry's arguments that all tasks get. It is written once
  /// for each call of the entry, because what a thread has read again and again
  /// stays in its cache.
  void emitData() {
    builder.setInsertionPointToStart(&entry.front());
    Value size = constant(buffers.size());
    data = LLVM::AllocaOp::create(builder, pointer, pointer, size,
                                  /*alignment=*/kArenaAlignment);
    for (auto [i, buffer] : llvm::enumerate(buffers))
      LLVM::StoreOp::create(builder, buffer, elementAddress(data, i));
  }

  LLVM::LLVMFuncOp createFunction(LLVM::LLVMFuncOp kernel, StringRef suffix,
                                  ArrayRef<Type> parameters) {
    builder.setInsertionPoint(kernel);
    auto type = LLVM::LLVMFunctionType::get(
        LLVM::LLVMVoidType::get(builder.getContext()), parameters);
    std::string name = (kernel.getSymName() + suffix).str();
    if (unsigned number = numTasks[kernel])
      name += "_" + std::to_string(number);
    auto function = LLVM::LLVMFuncOp::create(builder, name, type);
    function.setVisibility(SymbolTable::Visibility::Private);
    return function;
  }

  /// task(data, begin, end): the kernel, with arguments that are computed from
  /// those of the entry in the array `data`.
  LLVM::LLVMFuncOp createTask(LLVM::CallOp call) {
    LLVM::LLVMFuncOp kernel = getKernel(call);
    LLVM::LLVMFuncOp task =
        createFunction(kernel, "_task", {pointer, i64, i64});
    builder.setInsertionPointToStart(task.addEntryBlock(builder));
    SetVector<Operation *> slice = findSlice(call);
    SmallVector<Value> operands(call.getArgOperands().drop_back(2));
    IRMapping mapping;
    DenseSet<Value> used(operands.begin(), operands.end());
    for (Operation *op : slice)
      used.insert(op->operand_begin(), op->operand_end());
    for (unsigned i = 0; i < buffers.size(); ++i) {
      if (!used.contains(buffers[i]))
        continue;
      Value address = elementAddress(task.getArgument(0), i);
      Value loaded = LLVM::LoadOp::create(builder, pointer, address);
      mapping.map(buffers[i], loaded);
    }
    for (Operation *op : topologicalSort(slice))
      builder.clone(*op, mapping);
    SmallVector<Value> arguments;
    for (Value operand : operands)
      arguments.push_back(mapping.lookupOrDefault(operand));
    arguments.push_back(task.getArgument(1));
    arguments.push_back(task.getArgument(2));
    LLVM::CallOp::create(builder, kernel, arguments);
    LLVM::ReturnOp::create(builder, ValueRange());
    return task;
  }

  /// share(data, parallel_for, context): the task as a whole, or in parts if
  /// there is a parallel_for.
  LLVM::LLVMFuncOp createShare(LLVM::LLVMFuncOp kernel, LLVM::LLVMFuncOp task) {
    LLVM::LLVMFuncOp share =
        createFunction(kernel, "_share", {pointer, pointer, pointer});
    Block *start = share.addEntryBlock(builder);
    Block *whole = builder.createBlock(&share.getBody(), share.end());
    Block *parts = builder.createBlock(&share.getBody(), share.end());
    Value array = share.getArgument(0), function = share.getArgument(1);

    builder.setInsertionPointToEnd(start);
    Value null = LLVM::ZeroOp::create(builder, pointer);
    Value isAlone =
        LLVM::ICmpOp::create(builder, LLVM::ICmpPredicate::eq, function, null);
    Value begin = constant(0);
    Value count = constant(getUnits(kernel));
    LLVM::CondBrOp::create(builder, isAlone, whole, parts);

    builder.setInsertionPointToEnd(whole);
    LLVM::CallOp::create(builder, task, ValueRange{array, begin, count});
    LLVM::ReturnOp::create(builder, ValueRange());

    builder.setInsertionPointToEnd(parts);
    Value address = LLVM::AddressOfOp::create(builder, task);
    auto type = LLVM::LLVMFunctionType::get(
        LLVM::LLVMVoidType::get(builder.getContext()),
        {pointer, i64, pointer, pointer});
    LLVM::CallOp::create(
        builder, type, {function, share.getArgument(2), count, address, array});
    LLVM::ReturnOp::create(builder, ValueRange());
    return share;
  }

  void share(LLVM::CallOp call) {
    LLVM::LLVMFuncOp kernel = getKernel(call);
    LLVM::LLVMFuncOp task = createTask(call);
    LLVM::LLVMFuncOp function = createShare(kernel, task);
    ++numTasks[kernel];
    builder.setInsertionPoint(call);
    LLVM::CallOp::create(builder, function,
                         ValueRange{data, parallelFor, context});
    call.erase();
  }

  LLVM::LLVMFuncOp entry;
  /// The functions that the entry calls, but for tasks.
  const SymbolTable &symbols;
  int64_t minWork;
  /// Calls of each kernel that have tasks.
  llvm::DenseMap<Operation *, unsigned> &numTasks;
  ImplicitLocOpBuilder builder;
  Type pointer, i64;
  /// The arguments that the entry had: inputs, outputs, arena.
  SmallVector<Value> buffers;
  Value parallelFor, context, data;
};

struct ShareWork : qnn::impl::QNNShareWorkPassBase<ShareWork> {
  using Base::Base;

  void runOnOperation() override {
    auto entries = findEntries<LLVM::LLVMFuncOp>(getOperation());
    if (entries.empty())
      return signalPassFailure();
    SymbolTable symbols(getOperation());
    for (LLVM::LLVMFuncOp entry : entries)
      EntrySharing(entry, symbols, minWork, numTasks).run();
  }

private:
  llvm::DenseMap<Operation *, unsigned> numTasks;
};

} // namespace
