// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes that ask LLVM about a target.

#ifndef QNN_TARGET_PASSES_H
#define QNN_TARGET_PASSES_H

#include "mlir/Pass/Pass.h"

namespace qnn {

#define GEN_PASS_DECL
#include "qnn/Target/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "qnn/Target/Passes.h.inc"

} // namespace qnn

#endif // QNN_TARGET_PASSES_H
