// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The phases of a compilation, in order.

#ifndef QNN_PIPELINES_PHASES_H
#define QNN_PIPELINES_PHASES_H

#include "llvm/ADT/StringRef.h"
#include <optional>

namespace qnn {

enum class Phase {
  /// From a model file to qnn operations on f32 tensors.
  Import,
  /// Constants folded, channels last, batch norm and activations attached.
  Prepare,
  /// The prepared model with an observer on every quantizable value.
  Calibrate,
  /// The same operations with quantized element types.
  Quantize,
  /// Explicit integer arithmetic, no quantized type.
  Legalize,
  /// linalg on buffers in one arena.
  Lower,
  /// The LLVM dialect.
  Codegen,
  /// Object file and header.
  Emit,
};

/// "import", "prepare", ...
llvm::StringRef stringifyPhase(Phase phase);

/// The phase of this name.
std::optional<Phase> symbolizePhase(llvm::StringRef name);

} // namespace qnn

#endif // QNN_PIPELINES_PHASES_H
