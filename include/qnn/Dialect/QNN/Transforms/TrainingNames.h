// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a training step can be made of, by name.

#ifndef QNN_DIALECT_QNN_TRANSFORMS_TRAININGNAMES_H
#define QNN_DIALECT_QNN_TRANSFORMS_TRAININGNAMES_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

namespace qnn {

/// The losses of qnn-add-loss.
llvm::SmallVector<llvm::StringRef> getLossNames();

/// The optimizers of qnn-add-optimizer.
llvm::SmallVector<llvm::StringRef> getOptimizerNames();

} // namespace qnn

#endif // QNN_DIALECT_QNN_TRANSFORMS_TRAININGNAMES_H
