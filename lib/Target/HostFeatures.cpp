// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whether code for a CPU can run on this one.

#include "TargetMachine.h"
#include "qnn/Target/Object.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/TargetParser/Host.h"

using namespace llvm;
using namespace qnn;

/// Whether generated code may use the feature. The others of x86 are
/// instructions for operating systems and enclaves.
static bool isUsed(const Triple &triple, StringRef feature) {
  if (!triple.isX86())
    return true;
  static constexpr StringLiteral prefixes[] = {
      "avx",   "bmi",   "f16c",   "fma", "gfni",
      "lzcnt", "movbe", "popcnt", "sse", "ssse"};
  return any_of(prefixes,
                [&](StringRef prefix) { return feature.starts_with(prefix); });
}

Error qnn::checkRunsOnHost(const TargetOptions &options) {
  auto machine = createTargetMachine(options);
  if (!machine)
    return machine.takeError();
  const Triple &triple = (*machine)->getTargetTriple();
  if (triple.getArch() != Triple(sys::getProcessTriple()).getArch())
    return createStringError("this machine cannot run code for " +
                             triple.getArchName());
  for (const auto &feature : sys::getHostCPUFeatures())
    if (!feature.second && isUsed(triple, feature.first()) &&
        (*machine)->getMCSubtargetInfo()->checkFeatures(
            ("+" + feature.first()).str()))
      return createStringError("this machine cannot run code for CPU '" +
                               options.cpu + "': it does not have " +
                               feature.first());
  return Error::success();
}
