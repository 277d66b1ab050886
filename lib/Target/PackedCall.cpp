// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The call as LLVM IR, which has any number of arguments; C has not.

#include "PackedCall.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

using namespace llvm;
using namespace qnn;

static constexpr StringLiteral kName = "packed_call";

/// i32 packed_call(ptr arguments) { return entry(arguments[0], ...); }
static std::unique_ptr<Module> buildPackedCall(LLVMContext &context,
                                               const DataLayout &layout,
                                               void *entry,
                                               const Signature &signature) {
  auto module = std::make_unique<Module>(kName, context);
  module->setDataLayout(layout);
  IRBuilder<> builder(context);
  Type *pointer = builder.getPtrTy();
  auto *function = Function::Create(
      FunctionType::get(builder.getInt32Ty(), pointer, /*isVarArg=*/false),
      GlobalValue::ExternalLinkage, kName, *module);
  builder.SetInsertPoint(BasicBlock::Create(context, "", function));
  SmallVector<Type *> types(signature.numArguments, pointer);
  if (signature.integer)
    types[*signature.integer] = builder.getInt64Ty();
  SmallVector<Value *> arguments;
  for (auto [i, type] : enumerate(types))
    arguments.push_back(builder.CreateLoad(
        type, builder.CreateConstGEP1_64(pointer, function->getArg(0), i)));
  auto *type =
      FunctionType::get(builder.getInt32Ty(), types, /*isVarArg=*/false);
  Value *address = ConstantExpr::getIntToPtr(
      builder.getIntN(layout.getPointerSizeInBits(),
                      reinterpret_cast<uintptr_t>(entry)),
      pointer);
  builder.CreateRet(builder.CreateCall(type, address, arguments));
  return module;
}

Expected<PackedCall> qnn::makePackedCall(orc::LLJIT &jit, void *entry,
                                         const Signature &signature) {
  auto context = std::make_unique<LLVMContext>();
  auto module =
      buildPackedCall(*context, jit.getDataLayout(), entry, signature);
  // A library of its own, so that no symbol of the model is hidden by it.
  Expected<orc::JITDylib &> library = jit.createJITDylib("packed call");
  if (!library)
    return library.takeError();
  if (Error error =
          jit.addIRModule(*library, orc::ThreadSafeModule(std::move(module),
                                                          std::move(context))))
    return std::move(error);
  auto address = jit.lookup(*library, kName);
  if (!address)
    return address.takeError();
  return address->toPtr<PackedCall>();
}
