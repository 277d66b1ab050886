// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Files for one CPU.

#include "qnn/Target/Object.h"
#include "Emission.h"
#include "qnn/Codegen/CPU/TargetTable.h"
#include "llvm/MC/MCSubtargetInfo.h"

using namespace mlir;
using namespace qnn;

/// Asks a machine for features by name.
static auto featuresOf(const llvm::TargetMachine &machine) {
  return [&machine](StringRef feature) {
    return machine.getMCSubtargetInfo()->checkFeatures(("+" + feature).str());
  };
}

llvm::Expected<std::string> qnn::findTargetName(const TargetOptions &options) {
  auto machine = createTargetMachine(options);
  if (!machine)
    return machine.takeError();
  return chooseTargetRow((*machine)->getTargetTriple().getArch(),
                         featuresOf(**machine))
      .name.str();
}

llvm::Error qnn::setTarget(ModuleOp module, const TargetOptions &options) {
  llvm::Expected<std::string> name = findTargetName(options);
  if (!name)
    return name.takeError();
  module->setAttr(kTargetAttr, StringAttr::get(module.getContext(), *name));
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
  return llvm::createStringError("module was lowered for the target row '" +
                                 name.getValue() + "', which CPU '" +
                                 machine.getTargetCPU() + "' does not have");
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

  auto target = translateToLLVM(module, result->metadata, *result->machine,
                                result->context);
  if (!target)
    return target.takeError();
  result->module = std::move(*target);
  addMetadata(*result->module, result->metadata);
  hideAllBut(*result->module, {result->metadata.entrySymbol(),
                               result->metadata.parallelEntrySymbol(),
                               result->metadata.metadataSymbol()});
  optimize(*result->module, *result->machine, options.optLevel);
  return result;
}

llvm::Expected<SmallVector<char>>
qnn::emitObject(ModuleOp module, const TargetOptions &options) {
  auto translation = translate(module, options);
  if (!translation)
    return translation.takeError();
  return emitObjectFile(**translation);
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
