// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes from qnn to upstream dialects.

#ifndef QNN_CONVERSION_PASSES_H
#define QNN_CONVERSION_PASSES_H

#include "mlir/Pass/Pass.h"

namespace qnn {

#define GEN_PASS_DECL
#include "qnn/Conversion/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "qnn/Conversion/Passes.h.inc"

} // namespace qnn

#endif // QNN_CONVERSION_PASSES_H
