// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes from qnn to upstream dialects, in alphabetical order.

#ifndef QNN_CONVERSION_PASSES_TD
#define QNN_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

#endif // QNN_CONVERSION_PASSES_TD
