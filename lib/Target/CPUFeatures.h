// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Code that asks the CPU it runs on for features.

#ifndef QNN_LIB_TARGET_CPUFEATURES_H
#define QNN_LIB_TARGET_CPUFEATURES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/TargetParser/Triple.h"

namespace qnn {

/// LLVM's names of the features that the code below can ask for.
llvm::SmallVector<llvm::StringRef> getDetectableFeatures(llvm::Triple triple);

/// An i1 that is true if the CPU has all features, and the operating system
/// keeps their registers. Every feature must be detectable. Reads `cpuid` on
/// x86, `getauxval` of the C library on AArch64 with Linux.
llvm::Value *emitHasFeatures(llvm::IRBuilder<> &builder,
                             const llvm::Triple &triple,
                             llvm::ArrayRef<llvm::StringRef> features);

} // namespace qnn

#endif // QNN_LIB_TARGET_CPUFEATURES_H
