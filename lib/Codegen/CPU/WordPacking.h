// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Right sides of bytes that are computed, brought into the order of packed
// weights.

#ifndef QNN_LIB_CODEGEN_CPU_WORDPACKING_H
#define QNN_LIB_CODEGEN_CPU_WORDPACKING_H

#include "Dot4.h"
#include "RuntimePacking.h"

namespace qnn {

struct PackedWords {
  /// [batch][panel][word][vector][lane][4]
  mlir::Value weights;
  /// What the step computes for activations of zero, which it may shift:
  /// [batch][column]. Null if it does not.
  mlir::Value sums;
};

/// New buffers with the right side.
PackedWords emitPackedWords(mlir::ImplicitLocOpBuilder &builder,
                            const BatchContraction &contraction,
                            llvm::ArrayRef<Panel> panels, const TargetRow &row,
                            Dot4 &dot4);

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_WORDPACKING_H
