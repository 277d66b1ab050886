// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From the LLVM dialect to LLVM IR to files.

#include "Emission.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "qnn/Codegen/CPU/TargetTable.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/PassInstrumentation.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Transforms/Scalar/ConstraintElimination.h"

using namespace mlir;
using namespace qnn;

static llvm::Error makeError(const llvm::Twine &message) {
  return llvm::createStringError(message);
}

/// How calls align the stack. LLVM keeps larger vectors there where they happen
/// to be, and each read of one that crosses cache lines counts twice, unless a
/// function is asked to align its own.
static constexpr int64_t kStackAlignmentBits = 128;

llvm::Expected<std::unique_ptr<llvm::Module>>
qnn::translateToLLVM(ModuleOp module, const ModelMetadata &metadata,
                     const llvm::TargetMachine &machine,
                     llvm::LLVMContext &context) {
  registerBuiltinDialectTranslation(*module.getContext());
  registerLLVMDialectTranslation(*module.getContext());
  auto result = translateModuleToLLVMIR(module, context, metadata.name);
  if (!result)
    return makeError("module is not in the LLVM dialect; run "
                     "qnn-codegen-pipeline first");
  if (!result->getFunction(metadata.entrySymbol()))
    return makeError("no function @" + metadata.entrySymbol() +
                     "; run qnn-codegen-pipeline first");
  result->setTargetTriple(machine.getTargetTriple());
  result->setDataLayout(machine.createDataLayout());
  result->setPICLevel(llvm::PICLevel::BigPIC);
  const TargetRow *row = getTargetRow(module);
  for (llvm::Function &function : *result) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr(llvm::Attribute::NoUnwind);
    if (row && row->vectorBits > kStackAlignmentBits)
      function.addFnAttr("stackrealign");
  }
  return result;
}

void qnn::addMetadata(llvm::Module &module, const ModelMetadata &metadata) {
  auto *text = llvm::ConstantDataArray::getString(module.getContext(),
                                                  formatMetadata(metadata));
  new llvm::GlobalVariable(module, text->getType(), /*isConstant=*/true,
                           llvm::GlobalValue::ExternalLinkage, text,
                           metadata.metadataSymbol());
}

void qnn::hideAllBut(llvm::Module &module, ArrayRef<std::string> exported) {
  for (llvm::GlobalValue &value : module.global_values())
    if (!value.isDeclaration() &&
        !llvm::is_contained(exported, value.getName()))
      value.setLinkage(isa<llvm::Function>(value)
                           ? llvm::GlobalValue::InternalLinkage
                           : llvm::GlobalValue::PrivateLinkage);
}

/// Constraint elimination compares all that is known at each place of a
/// function with each other: more than ten minutes for a training step of an
/// unrolled LSTM, 91242 instructions that call one kernel after the other. The
/// kernels themselves, where it may find a check to leave out, have up to some
/// 750 in the models of docs/Performance.md.
static bool isWorthRunning(StringRef pass, llvm::Any unit) {
  constexpr unsigned manyInstructions = 1000;
  auto **function = llvm::any_cast<const llvm::Function *>(&unit);
  return pass != llvm::ConstraintEliminationPass::name() || !function ||
         (*function)->getInstructionCount() < manyInstructions;
}

void qnn::optimize(llvm::Module &module, llvm::TargetMachine &machine,
                   unsigned optLevel) {
  llvm::PipelineTuningOptions tuning;
  llvm::PassInstrumentationCallbacks callbacks;
  callbacks.registerShouldRunOptionalPassCallback(isWorthRunning);
  llvm::PassBuilder builder(&machine, tuning, std::nullopt, &callbacks);
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

llvm::Expected<SmallVector<char>> qnn::emitFile(Translation &translation,
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
                                const ModelMetadata &metadata,
                                StringRef allowed) {
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
    if (isUndefined && !name->empty() && *name != allowed &&
        !isAllowedImport(*name))
      return makeError("object needs the function '" + *name +
                       "', but may only need memcpy, memset and memmove; "
                       "choose a CPU or features that have the instruction");
  }
  return llvm::Error::success();
}

llvm::Expected<SmallVector<char>> qnn::emitObjectFile(Translation &translation,
                                                      StringRef allowed) {
  auto object = emitFile(translation, llvm::CodeGenFileType::ObjectFile);
  if (!object)
    return object.takeError();
  if (llvm::Error error = checkSymbols(*object, translation.metadata, allowed))
    return error;
  return object;
}
