// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the tools register.

#ifndef QNN_INITALL_H
#define QNN_INITALL_H

#include "mlir/IR/DialectRegistry.h"

namespace qnn {

/// Our dialect with its external models, every upstream dialect, and the
/// translations to LLVM IR.
void registerAllDialects(mlir::DialectRegistry &registry);

/// Our passes and pipelines, and every upstream pass.
void registerAllPasses();

} // namespace qnn

#endif // QNN_INITALL_H
