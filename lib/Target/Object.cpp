// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Translation to LLVM IR, optimization, emission, and a check of the symbols.

#include "qnn/Target/Object.h"
#include "TargetMachine.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "qnn/Codegen/CPU/TargetTable.h"
#include "qnn/Target/Metadata.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Passes/PassBuilder.h"

using namespace mlir;
using namespace qnn;

static llvm::Error makeError(const llvm::Twine &message) {
  return llvm::createStringError(message);
}

namespace {

/// The module in LLVM IR, with all that must live as long.
struct Translation {
  ModelMetadata metadata;
  std::unique_ptr<llvm::TargetMachine> machine;
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> module;
};

} // namespace

/// Adds the string that makes a bare object usable.
static void addMetadata(llvm::Module &module, const ModelMetadata &metadata) {
  auto *text = llvm::ConstantDataArray::getString(module.getContext(),
                                                  formatMetadata(metadata));
  new llvm::GlobalVariable(module, text->getType(), /*isConstant=*/true,
                           llvm::GlobalValue::ExternalLinkage, text,
                           metadata.metadataSymbol());
}

/// Only the entries and the metadata are seen from outside. Functions keep their
/// names as local symbols, for profilers.
static void setLinkage(llvm::Module &module, const ModelMetadata &metadata) {
  for (llvm::GlobalValue &value : module.global_values()) {
    bool isExported = value.getName() == metadata.entrySymbol() ||
                      value.getName() == metadata.parallelEntrySymbol() ||
                      value.getName() == metadata.metadataSymbol();
    if (!isExported && !value.isDeclaration())
      value.setLinkage(isa<llvm::Function>(value)
                           ? llvm::GlobalValue::InternalLinkage
                           : llvm::GlobalValue::PrivateLinkage);
  }
  for (llvm::Function &function : module)
    if (!function.isDeclaration())
      function.addFnAttr(llvm::Attribute::NoUnwind);
}

static void optimize(llvm::Module &module, llvm::TargetMachine &machine,
                     unsigned optLevel) {
  llvm::PipelineTuningOptions tuning;
  llvm::PassBuilder builder(&machine, tuning);
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager cgscc;
  llvm::ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(cgscc);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, cgscc, modules);
  auto level = optLevel == 0   ? llvm::OptimizationLevel::O0
               : optLevel == 1 ? llvm::OptimizationLevel::O1
               : optLevel == 2 ? llvm::OptimizationLevel::O2
                               : llvm::OptimizationLevel::O3;
  llvm::ModulePassManager passes =
      optLevel == 0 ? builder.buildO0DefaultPipeline(level)
                    : builder.buildPerModuleDefaultPipeline(level);
  passes.run(module, modules);
}

/// Asks a machine for features by name.
static auto featuresOf(const llvm::TargetMachine &machine) {
  return [&machine](StringRef feature) {
    return machine.getMCSubtargetInfo()->checkFeatures(("+" + feature).str());
  };
}

llvm::Error qnn::setTarget(ModuleOp module, const TargetOptions &options) {
  auto machine = createTargetMachine(options);
  if (!machine)
    return machine.takeError();
  const TargetRow &row = chooseTargetRow(
      (*machine)->getTargetTriple().getArch(), featuresOf(**machine));
  module->setAttr(kTargetAttr, StringAttr::get(module.getContext(), row.name));
  return llvm::Error::success();
}

/// Code for a row needs its instructions: LLVM aborts where one is missing.
static llvm::Error checkTarget(ModuleOp module,
                               const llvm::TargetMachine &machine) {
  auto name = module->getAttrOfType<StringAttr>(kTargetAttr);
  const TargetRow *row = name ? findTargetRow(name) : nullptr;
  if (!name || (row && fitsTarget(*row, machine.getTargetTriple().getArch(),
                                  featuresOf(machine))))
    return llvm::Error::success();
  return makeError("module was lowered for the target row '" + name.getValue() +
                   "', which CPU '" + machine.getTargetCPU() +
                   "' does not have");
}

static llvm::Expected<std::unique_ptr<Translation>>
translate(ModuleOp module, const TargetOptions &options) {
  auto result = std::make_unique<Translation>();
  llvm::Expected<ModelMetadata> metadata = getMetadata(module);
  if (!metadata)
    return metadata.takeError();
  result->metadata = std::move(*metadata);
  auto machine = createTargetMachine(options);
  if (!machine)
    return machine.takeError();
  result->machine = std::move(*machine);
  if (llvm::Error error = checkTarget(module, *result->machine))
    return std::move(error);

  registerBuiltinDialectTranslation(*module.getContext());
  registerLLVMDialectTranslation(*module.getContext());
  result->module =
      translateModuleToLLVMIR(module, result->context, result->metadata.name);
  if (!result->module)
    return makeError("module is not in the LLVM dialect; run "
                     "qnn-codegen-pipeline first");
  llvm::Module &target = *result->module;
  if (!target.getFunction(result->metadata.entrySymbol()))
    return makeError("no function @" + result->metadata.entrySymbol() +
                     "; run qnn-codegen-pipeline first");
  target.setTargetTriple(result->machine->getTargetTriple());
  target.setDataLayout(result->machine->createDataLayout());
  target.setPICLevel(llvm::PICLevel::BigPIC);
  addMetadata(target, result->metadata);
  setLinkage(target, result->metadata);
  optimize(target, *result->machine, options.optLevel);
  return result;
}

static llvm::Expected<SmallVector<char>> emitFile(Translation &translation,
                                                  llvm::CodeGenFileType type) {
  SmallVector<char> buffer;
  llvm::raw_svector_ostream stream(buffer);
  llvm::legacy::PassManager passes;
  if (translation.machine->addPassesToEmitFile(passes, stream, nullptr, type))
    return makeError("target '" + translation.machine->getTargetTriple().str() +
                     "' cannot emit this kind of file");
  passes.run(*translation.module);
  return buffer;
}

/// What every C library has, also under the names of the ARM run-time ABI.
static bool isAllowedImport(StringRef name) {
  static constexpr StringRef allowed[] = {"memcpy", "memset", "memmove",
                                          "_GLOBAL_OFFSET_TABLE_"};
  return llvm::is_contained(allowed, name) ||
         name.starts_with("__aeabi_memcpy") ||
         name.starts_with("__aeabi_memset") ||
         name.starts_with("__aeabi_memclr") ||
         name.starts_with("__aeabi_memmove");
}

static llvm::Error checkSymbols(ArrayRef<char> object,
                                const ModelMetadata &metadata) {
  llvm::MemoryBufferRef buffer(StringRef(object.data(), object.size()),
                               metadata.name);
  auto file = llvm::object::ObjectFile::createObjectFile(buffer);
  if (!file)
    return file.takeError();
  for (const llvm::object::SymbolRef &symbol : (*file)->symbols()) {
    llvm::Expected<uint32_t> flags = symbol.getFlags();
    if (!flags)
      return flags.takeError();
    llvm::Expected<StringRef> name = symbol.getName();
    if (!name)
      return name.takeError();
    if ((*file)->isMachO())
      name->consume_front("_");
    bool isUndefined = *flags & llvm::object::SymbolRef::SF_Undefined;
    if (isUndefined && !name->empty() && !isAllowedImport(*name))
      return makeError("object needs the function '" + *name +
                       "', but may only need memcpy, memset and memmove; "
                       "choose a CPU or features that have the instruction");
  }
  return llvm::Error::success();
}

llvm::Expected<SmallVector<char>>
qnn::emitObject(ModuleOp module, const TargetOptions &options) {
  auto translation = translate(module, options);
  if (!translation)
    return translation.takeError();
  auto object = emitFile(**translation, llvm::CodeGenFileType::ObjectFile);
  if (!object)
    return object.takeError();
  if (llvm::Error error = checkSymbols(*object, (*translation)->metadata))
    return error;
  return object;
}

llvm::Expected<SmallVector<char>>
qnn::emitAssembly(ModuleOp module, const TargetOptions &options) {
  auto translation = translate(module, options);
  if (!translation)
    return translation.takeError();
  return emitFile(**translation, llvm::CodeGenFileType::AssemblyFile);
}

llvm::Expected<SmallVector<char>>
qnn::emitLLVMIR(ModuleOp module, const TargetOptions &options) {
  auto translation = translate(module, options);
  if (!translation)
    return translation.takeError();
  SmallVector<char> buffer;
  llvm::raw_svector_ostream stream(buffer);
  (*translation)->module->print(stream, nullptr);
  return buffer;
}
