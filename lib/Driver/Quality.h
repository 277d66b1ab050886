// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How far a quantized model is from its float original.

#ifndef QNN_LIB_DRIVER_QUALITY_H
#define QNN_LIB_DRIVER_QUALITY_H

#include "qnn/Driver/Summary.h"
#include "qnn/Execution/Rows.h"

namespace qnn {

/// Runs both models, compiled for this CPU, on the first `maxRows` rows (all if
/// 0) and compares their outputs.
llvm::Expected<std::vector<OutputQuality>>
compareOutputs(mlir::ModuleOp original, mlir::ModuleOp quantized,
               llvm::ArrayRef<std::string> data, int64_t maxRows);

} // namespace qnn

#endif // QNN_LIB_DRIVER_QUALITY_H
