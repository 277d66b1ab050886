// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// In-memory linking of an object, or loading of a shared library, and the call.

#include "qnn/Target/CompiledModel.h"
#include "PackedCall.h"
#include "qnn/Codegen/CPU/Passes.h"
#include "qnn/Runtime/ParallelFor.h"
// Needs the one before.
#include "qnn/Runtime/Threads.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/DynamicLibrary.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"

using namespace llvm;
using namespace qnn;

static Error makeError(const Twine &message) {
  return createStringError(message);
}

/// The model's name: what stands before `_metadata` in an exported symbol.
static Expected<std::string> findModelName(const object::ObjectFile &file) {
  auto findIn = [](auto symbols) -> std::string {
    for (const object::SymbolRef &symbol : symbols) {
      Expected<StringRef> name = symbol.getName();
      if (!name) {
        consumeError(name.takeError());
        continue;
      }
      if (name->consume_back("_metadata") && !name->empty())
        return name->str();
    }
    return "";
  };
  std::string name = findIn(file.symbols());
  if (auto *elf = dyn_cast<object::ELFObjectFileBase>(&file);
      elf && name.empty())
    name = findIn(elf->getDynamicSymbolIterators());
  if (name.empty())
    return makeError("'" + file.getFileName() +
                     "' has no symbol <model>_metadata: not a compiled model");
  return name;
}

static Expected<std::unique_ptr<object::ObjectFile>>
openForHost(MemoryBufferRef buffer) {
  auto file = object::ObjectFile::createObjectFile(buffer);
  if (!file) {
    consumeError(file.takeError());
    return makeError("'" + buffer.getBufferIdentifier() +
                     "' is not an object file");
  }
  Triple host(sys::getProcessTriple());
  if ((*file)->getArch() != host.getArch())
    return makeError("'" + buffer.getBufferIdentifier() + "' is for " +
                     Triple::getArchTypeName((*file)->getArch()) +
                     ", this machine is " + host.getArchName());
  return std::move(*file);
}

static Expected<std::unique_ptr<orc::LLJIT>> createJIT() {
  InitializeNativeTarget();
  InitializeNativeTargetAsmPrinter();
  return orc::LLJITBuilder().create();
}

CompiledModel::CompiledModel() : pool(nullptr, qnn_pool_destroy) {}

CompiledModel::~CompiledModel() = default;

Error CompiledModel::useThreads(unsigned count) {
  pool.reset(qnn_pool_create(count));
  if (!pool)
    // Not tested: a system that is out of threads or memory.
    return makeError("the system cannot start " + Twine(count) + " threads");
  return Error::success();
}

Error CompiledModel::setSymbols(const char *json, void *run) {
  Expected<ModelMetadata> parsed = parseMetadata(json);
  if (!parsed)
    return parsed.takeError();
  metadata = std::move(*parsed);
  Signature signature;
  signature.numArguments = metadata.inputs.size() + metadata.outputs.size();
  if (metadata.takesRows())
    signature.integer = signature.numArguments++;
  // The arena, parallel_for and its context.
  signature.numArguments += 3;
  auto packed = makePackedCall(*jit, run, signature);
  if (!packed)
    return packed.takeError();
  call = *packed;
  size_t size = std::max(metadata.arenaBytes, kArenaAlignment);
  arenaMemory = std::make_unique<char[]>(size + kArenaAlignment);
  arena = reinterpret_cast<char *>(
      alignAddr(arenaMemory.get(), Align(kArenaAlignment)));
  return Error::success();
}

Expected<std::unique_ptr<CompiledModel>>
CompiledModel::loadObject(std::unique_ptr<MemoryBuffer> object) {
  auto file = openForHost(object->getMemBufferRef());
  if (!file)
    return file.takeError();
  Expected<std::string> name = findModelName(**file);
  if (!name)
    return name.takeError();
  auto jit = createJIT();
  if (!jit)
    return jit.takeError();
  if (Error error = (*jit)->addObjectFile(std::move(object)))
    return error;
  auto json = (*jit)->lookup(*name + "_metadata");
  if (!json)
    return json.takeError();
  auto run = (*jit)->lookup((*name + kParallelEntrySuffix).str());
  if (!run)
    return run.takeError();
  std::unique_ptr<CompiledModel> model(new CompiledModel);
  model->jit = std::move(*jit);
  if (Error error =
          model->setSymbols(json->toPtr<const char *>(), run->toPtr<void *>()))
    return error;
  return model;
}

Expected<std::unique_ptr<CompiledModel>>
CompiledModel::loadLibrary(StringRef path, MemoryBufferRef buffer) {
  auto file = openForHost(buffer);
  if (!file)
    return file.takeError();
  Expected<std::string> name = findModelName(**file);
  if (!name)
    return name.takeError();
  std::string message;
  auto library =
      sys::DynamicLibrary::getPermanentLibrary(path.str().c_str(), &message);
  if (!library.isValid())
    return makeError("cannot load '" + path + "': " + message);
  void *json = library.getAddressOfSymbol((*name + "_metadata").c_str());
  std::string entry = (*name + kParallelEntrySuffix).str();
  void *run = library.getAddressOfSymbol(entry.c_str());
  if (!json || !run)
    return makeError("'" + path + "' does not export " + entry);
  auto jit = createJIT();
  if (!jit)
    return jit.takeError();
  std::unique_ptr<CompiledModel> model(new CompiledModel);
  model->jit = std::move(*jit);
  if (Error error = model->setSymbols(static_cast<const char *>(json), run))
    return error;
  return model;
}

Expected<std::unique_ptr<CompiledModel>>
CompiledModel::loadFile(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path);
  if (!buffer)
    return makeError("cannot read '" + path +
                     "': " + buffer.getError().message());
  if (identify_magic((*buffer)->getBuffer()) == file_magic::elf_shared_object)
    return loadLibrary(path, (*buffer)->getMemBufferRef());
  return loadObject(std::move(*buffer));
}

Expected<std::unique_ptr<CompiledModel>>
CompiledModel::loadObject(ArrayRef<char> object) {
  return loadObject(MemoryBuffer::getMemBufferCopy(
      StringRef(object.data(), object.size()), "object"));
}

Error CompiledModel::run(ArrayRef<const void *> inputs,
                         ArrayRef<void *> outputs, int64_t rows) {
  if (rows != 1 && !metadata.takesRows())
    return makeError("model takes one row, not " + Twine(rows) +
                     ": compile it with --batch=dynamic");
  if (inputs.size() != metadata.inputs.size() ||
      outputs.size() != metadata.outputs.size())
    return makeError("model has " + Twine(metadata.inputs.size()) +
                     " inputs and " + Twine(metadata.outputs.size()) +
                     " outputs, got " + Twine(inputs.size()) + " and " +
                     Twine(outputs.size()));
  SmallVector<void *> pointers;
  for (const void *input : inputs)
    pointers.push_back(const_cast<void *>(input));
  llvm::append_range(pointers, outputs);
  if (metadata.takesRows())
    pointers.push_back(reinterpret_cast<void *>(intptr_t(rows)));
  pointers.push_back(arena);
  pointers.push_back(pool ? reinterpret_cast<void *>(qnn_pool_run) : nullptr);
  pointers.push_back(pool.get());
  if (call(pointers.data()) != 0)
    return makeError("model refuses a null pointer: give memory for every "
                     "input and output");
  return Error::success();
}
