// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Kernels that are worth it run through a function of the caller's, which may
// use several threads.

#include "EntryFunction.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "qnn/Codegen/CPU/Passes.h"

namespace qnn {
#define GEN_PASS_DEF_QNNSHAREWORKPASS
#include "qnn/Codegen/CPU/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

namespace {

/// Builds the functions around one kernel.
class SharedKernel {
public:
  SharedKernel(LLVM::LLVMFuncOp kernel, int64_t numUnits)
      : kernel(kernel), numUnits(numUnits),
        builder(kernel.getLoc(), kernel.getContext()),
        pointer(LLVM::LLVMPointerType::get(kernel.getContext())),
        i64(builder.getI64Type()) {}

  /// share(buffers..., parallel_for, context): the kernel as a whole, or in
  /// parts if there is a parallel_for.
  LLVM::LLVMFuncOp create() {
    createTask();
    createShare();
    return share;
  }

private:
  unsigned numBuffers() { return kernel.getFunctionType().getNumParams() - 2; }

  LLVM::LLVMFuncOp createFunction(StringRef suffix, ArrayRef<Type> parameters) {
    builder.setInsertionPoint(kernel);
    auto type = LLVM::LLVMFunctionType::get(
        LLVM::LLVMVoidType::get(builder.getContext()), parameters);
    auto function = LLVM::LLVMFuncOp::create(
        builder, (kernel.getSymName() + suffix).str(), type);
    function.setVisibility(SymbolTable::Visibility::Private);
    return function;
  }

  Value constant(int64_t value) {
    return LLVM::ConstantOp::create(builder, i64, value);
  }

  Value elementAddress(Value array, unsigned index) {
    return LLVM::GEPOp::create(builder, pointer, pointer, array,
                               ArrayRef<LLVM::GEPArg>{int32_t(index)});
  }

  /// task(data, begin, end): the kernel on the buffers of the array `data`.
  void createTask() {
    task = createFunction("_task", {pointer, i64, i64});
    builder.setInsertionPointToStart(task.addEntryBlock(builder));
    SmallVector<Value> arguments;
    for (unsigned i = 0; i < numBuffers(); ++i) {
      Value address = elementAddress(task.getArgument(0), i);
      arguments.push_back(LLVM::LoadOp::create(builder, pointer, address));
    }
    arguments.push_back(task.getArgument(1));
    arguments.push_back(task.getArgument(2));
    LLVM::CallOp::create(builder, kernel, arguments);
    LLVM::ReturnOp::create(builder, ValueRange());
  }

  void createShare() {
    share =
        createFunction("_share", SmallVector<Type>(numBuffers() + 2, pointer));
    Block *entry = share.addEntryBlock(builder);
    Block *whole = builder.createBlock(&share.getBody(), share.end());
    Block *parts = builder.createBlock(&share.getBody(), share.end());
    ValueRange buffers = share.getArguments().take_front(numBuffers());
    Value parallelFor = share.getArgument(numBuffers());
    Value context = share.getArgument(numBuffers() + 1);

    builder.setInsertionPointToEnd(entry);
    Value null = LLVM::ZeroOp::create(builder, pointer);
    Value isAlone = LLVM::ICmpOp::create(builder, LLVM::ICmpPredicate::eq,
                                         parallelFor, null);
    Value size = constant(numBuffers());
    Value data = LLVM::AllocaOp::create(builder, pointer, pointer, size);
    LLVM::CondBrOp::create(builder, isAlone, whole, parts);

    builder.setInsertionPointToEnd(whole);
    SmallVector<Value> arguments(buffers);
    arguments.push_back(constant(0));
    arguments.push_back(constant(numUnits));
    LLVM::CallOp::create(builder, kernel, arguments);
    LLVM::ReturnOp::create(builder, ValueRange());

    builder.setInsertionPointToEnd(parts);
    for (auto [i, buffer] : llvm::enumerate(buffers))
      LLVM::StoreOp::create(builder, buffer, elementAddress(data, i));
    Value count = constant(numUnits);
    Value address = LLVM::AddressOfOp::create(builder, task);
    auto type = LLVM::LLVMFunctionType::get(
        LLVM::LLVMVoidType::get(builder.getContext()),
        {pointer, i64, pointer, pointer});
    LLVM::CallOp::create(builder, type,
                         {parallelFor, context, count, address, data});
    LLVM::ReturnOp::create(builder, ValueRange());
  }

  LLVM::LLVMFuncOp kernel, task, share;
  int64_t numUnits;
  ImplicitLocOpBuilder builder;
  Type pointer, i64;
};

struct ShareWork : qnn::impl::QNNShareWorkPassBase<ShareWork> {
  using Base::Base;

  void runOnOperation() override {
    auto entries = findEntries<LLVM::LLVMFuncOp>(getOperation());
    if (entries.empty())
      return signalPassFailure();
    for (LLVM::LLVMFuncOp entry : entries)
      shareKernels(entry);
  }

private:
  void shareKernels(LLVM::LLVMFuncOp entry) {
    auto pointer = LLVM::LLVMPointerType::get(&getContext());
    Block &body = entry.front();
    Value parallelFor = body.addArgument(pointer, entry.getLoc());
    Value context = body.addArgument(pointer, entry.getLoc());
    SmallVector<Type> parameters(body.getArgumentTypes());
    entry.setFunctionType(LLVM::LLVMFunctionType::get(
        entry.getFunctionType().getReturnType(), parameters));
    if (ArrayAttr attrs = entry.getArgAttrsAttr()) {
      SmallVector<Attribute> extended(attrs.getValue());
      extended.append(2, DictionaryAttr::get(&getContext()));
      entry.setArgAttrsAttr(ArrayAttr::get(&getContext(), extended));
    }

    SmallVector<LLVM::CallOp> calls;
    entry.walk([&](LLVM::CallOp call) { calls.push_back(call); });
    for (LLVM::CallOp call : calls)
      share(call, parallelFor, context);
  }

  void share(LLVM::CallOp call, Value parallelFor, Value context) {
    if (!call.getCalleeAttr())
      return;
    auto kernel = SymbolTable::lookupNearestSymbolFrom<LLVM::LLVMFuncOp>(
        call, call.getCalleeAttr());
    auto units = kernel->getAttrOfType<IntegerAttr>(kKernelUnitsAttr);
    auto work = kernel->getAttrOfType<IntegerAttr>(kKernelWorkAttr);
    if (!units || !work || units.getInt() < 2 || work.getInt() < minWork)
      return;
    LLVM::LLVMFuncOp &shared = sharing[kernel];
    if (!shared)
      shared = SharedKernel(kernel, units.getInt()).create();
    // Without the range, which share knows.
    SmallVector<Value> arguments(call.getArgOperands().drop_back(2));
    arguments.push_back(parallelFor);
    arguments.push_back(context);
    OpBuilder builder(call);
    LLVM::CallOp::create(builder, call.getLoc(), shared, arguments);
    call.erase();
  }

  /// The functions around kernels, which may be called several times.
  DenseMap<Operation *, LLVM::LLVMFuncOp> sharing;
};

} // namespace
