// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Models of every form that tools read.

#ifndef QNN_IMPORT_MODEL_H
#define QNN_IMPORT_MODEL_H

#include "qnn/Import/ONNX.h"

namespace qnn {

/// Reads MODEL.mlir as it is, anything else as ONNX with the options. Null
/// after an emitted error.
mlir::OwningOpRef<mlir::ModuleOp> importModel(llvm::StringRef path,
                                              mlir::MLIRContext &context,
                                              const ImportOptions &options);

} // namespace qnn

#endif // QNN_IMPORT_MODEL_H
