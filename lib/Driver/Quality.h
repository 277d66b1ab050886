// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How far a quantized model is from its float original.

#ifndef QNN_LIB_DRIVER_QUALITY_H
#define QNN_LIB_DRIVER_QUALITY_H

#include "qnn/Driver/Summary.h"
#include "qnn/Execution/Rows.h"

namespace qnn {

/// Runs both models on the first `maxRows` rows (all if 0) and compares the
/// outputs of the quantized one with the first ones of the original, those that
/// are floats: bytes are as they were.
llvm::Expected<std::vector<OutputQuality>>
compareOutputs(ExecutableModel &original, ExecutableModel &quantized,
               llvm::ArrayRef<std::string> data, int64_t maxRows);

} // namespace qnn

#endif // QNN_LIB_DRIVER_QUALITY_H
