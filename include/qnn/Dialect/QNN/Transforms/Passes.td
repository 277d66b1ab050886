// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes on the dialect, in alphabetical order.

#ifndef QNN_DIALECT_QNN_TRANSFORMS_PASSES_TD
#define QNN_DIALECT_QNN_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

#endif // QNN_DIALECT_QNN_TRANSFORMS_PASSES_TD
