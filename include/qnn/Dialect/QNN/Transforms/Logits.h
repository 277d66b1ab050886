// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a classifier computes before its last softmax or sigmoid.

#ifndef QNN_DIALECT_QNN_TRANSFORMS_LOGITS_H
#define QNN_DIALECT_QNN_TRANSFORMS_LOGITS_H

#include "mlir/IR/Value.h"

namespace qnn {

/// The input of the softmax or sigmoid that a model ends with; `output` itself
/// if it ends with neither.
mlir::Value findLogits(mlir::Value output);

} // namespace qnn

#endif // QNN_DIALECT_QNN_TRANSFORMS_LOGITS_H
