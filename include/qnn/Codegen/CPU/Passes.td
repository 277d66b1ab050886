// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes of the CPU code generator, in alphabetical order.

#ifndef QNN_CODEGEN_CPU_PASSES_TD
#define QNN_CODEGEN_CPU_PASSES_TD

include "mlir/Pass/PassBase.td"

#endif // QNN_CODEGEN_CPU_PASSES_TD
