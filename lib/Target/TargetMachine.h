// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The LLVM target of a set of options.

#ifndef QNN_LIB_TARGET_TARGETMACHINE_H
#define QNN_LIB_TARGET_TARGETMACHINE_H

#include "qnn/Target/Object.h"
#include "llvm/Target/TargetMachine.h"
#include <memory>

namespace qnn {

/// Position-independent, one section for each symbol, no fused floating-point
/// operations. Errors for unknown triples and CPUs say what to use instead.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createTargetMachine(const TargetOptions &options);

} // namespace qnn

#endif // QNN_LIB_TARGET_TARGETMACHINE_H
