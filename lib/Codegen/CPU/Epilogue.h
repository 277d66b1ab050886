// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The elementwise operation that is the only one to read the accumulators of a
// contraction: it is computed on registers before anything is stored.

#ifndef QNN_LIB_CODEGEN_CPU_EPILOGUE_H
#define QNN_LIB_CODEGEN_CPU_EPILOGUE_H

#include "Contraction.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace qnn {

struct Epilogue {
  mlir::linalg::GenericOp op;
  /// The input that is the accumulator.
  unsigned accumulator = 0;
  /// All operands; steps are in loops of the contraction.
  llvm::SmallVector<FlatOperand> inputs;
  FlatOperand output;
};

/// The epilogue of a contraction, if there is one that can be computed on
/// vectors where it stands; otherwise `reason` says why not.
std::optional<Epilogue> matchEpilogue(const Contraction &contraction,
                                      llvm::StringRef &reason);

/// The epilogue of the columns of `contraction` from `first` on.
Epilogue sliceColumns(const Contraction &contraction, const Epilogue &epilogue,
                      int64_t first);

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_EPILOGUE_H
