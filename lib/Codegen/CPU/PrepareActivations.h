// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Activations in the form that the step wants, written once ahead of a kernel
// that reads each of them many times.

#ifndef QNN_LIB_CODEGEN_CPU_PREPAREACTIVATIONS_H
#define QNN_LIB_CODEGEN_CPU_PREPAREACTIVATIONS_H

#include "Contraction.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace qnn {

/// Emits, at the insertion point of `builder`, what converts the activations,
/// and makes the contraction read the result: numbers of 16 bits for wide rows,
/// bytes of the other sign for those whose instruction needs it. Does nothing
/// where that costs more than converting words as they are read.
void prepareActivations(mlir::ImplicitLocOpBuilder &builder,
                        const TargetRow &row, Contraction &contraction);

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_PREPAREACTIVATIONS_H
