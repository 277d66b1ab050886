// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What verifiers of several files check.

#ifndef QNN_LIB_DIALECT_QNN_IR_VERIFIERS_H
#define QNN_LIB_DIALECT_QNN_IR_VERIFIERS_H

#include "mlir/IR/Operation.h"

namespace qnn {

/// Operands and results are f32 tensors, as in operations of the float form
/// only.
llvm::LogicalResult checkFloat(mlir::Operation *op);

} // namespace qnn

#endif // QNN_LIB_DIALECT_QNN_IR_VERIFIERS_H
