// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Resolves triple, CPU and features.

#include "TargetMachine.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"

using namespace qnn;

static llvm::Error makeError(const llvm::Twine &message) {
  return llvm::createStringError(message);
}

static void initializeTargets() {
  static const bool initialized = [] {
    llvm::InitializeAllTargetInfos();
    llvm::InitializeAllTargets();
    llvm::InitializeAllTargetMCs();
    llvm::InitializeAllAsmPrinters();
    // For inline assembly.
    llvm::InitializeAllAsmParsers();
    return true;
  }();
  (void)initialized;
}

static std::string getHostFeatures() {
  llvm::SubtargetFeatures features;
  for (const auto &feature : llvm::sys::getHostCPUFeatures())
    features.AddFeature(feature.first(), feature.second);
  return features.getString();
}

/// Fills in the defaults for an empty triple or CPU.
static llvm::Error resolveHost(TargetOptions &options) {
  llvm::Triple host(llvm::sys::getProcessTriple());
  bool isHost = options.triple.empty();
  if (isHost)
    options.triple = host.str();
  if (options.cpu == "host" && !isHost &&
      llvm::Triple(options.triple).getArch() != host.getArch())
    return makeError("CPU 'host' is " + host.getArchName() +
                     ", which does not fit target triple '" + options.triple +
                     "'; name a CPU or use 'generic'");
  if (options.cpu == "host" || (options.cpu.empty() && isHost)) {
    options.cpu = llvm::sys::getHostCPUName().str();
    std::string given = options.features;
    options.features = getHostFeatures();
    if (!given.empty())
      options.features += "," + given;
  }
  if (options.cpu.empty())
    options.cpu = "generic";
  return llvm::Error::success();
}

static llvm::Expected<const llvm::Target *>
findTarget(const llvm::Triple &triple, llvm::StringRef cpu) {
  std::string message;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, message);
  if (!target)
    return makeError("unknown target triple '" + triple.str() +
                     "'; use for example x86_64-linux-gnu, aarch64-linux-gnu, "
                     "armv7-linux-gnueabihf or riscv64-linux-gnu");
  std::unique_ptr<llvm::MCSubtargetInfo> info(
      target->createMCSubtargetInfo(triple, "", ""));
  if (!info || !info->isCPUStringValid(cpu))
    return makeError(
        "unknown CPU '" + cpu + "' for target triple '" + triple.str() +
        "'; use 'generic' or a name that `llc -march=" + target->getName() +
        " -mcpu=help` lists");
  return target;
}

llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
qnn::createTargetMachine(const TargetOptions &given) {
  initializeTargets();
  TargetOptions options = given;
  if (llvm::Error error = resolveHost(options))
    return error;
  llvm::Triple triple(llvm::Triple::normalize(options.triple));
  llvm::Expected<const llvm::Target *> target = findTarget(triple, options.cpu);
  if (!target)
    return target.takeError();
  // Kernels read words of bytes, the first byte lowest.
  if (!triple.isLittleEndian())
    return makeError("target triple '" + triple.str() +
                     "' is big-endian; objects are for little-endian CPUs");
  llvm::TargetOptions machineOptions;
  machineOptions.AllowFPOpFusion = llvm::FPOpFusion::Strict;
  machineOptions.FunctionSections = true;
  machineOptions.DataSections = true;
  auto level = options.optLevel == 0   ? llvm::CodeGenOptLevel::None
               : options.optLevel == 1 ? llvm::CodeGenOptLevel::Less
               : options.optLevel == 2 ? llvm::CodeGenOptLevel::Default
                                       : llvm::CodeGenOptLevel::Aggressive;
  std::unique_ptr<llvm::TargetMachine> machine((*target)->createTargetMachine(
      triple, options.cpu, options.features, machineOptions, llvm::Reloc::PIC_,
      std::nullopt, level));
  assert(machine && "targets are registered with their code generators");
  return machine;
}
