// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The model's inputs as function arguments, raw or not.

#ifndef QNN_LIB_IMPORT_ONNX_IMPORTINPUTS_H
#define QNN_LIB_IMPORT_ONNX_IMPORTINPUTS_H

#include "NodeContext.h"
#include "qnn/Import/ONNX.h"

namespace qnn::importer {

/// One argument: its type, and the type of the value that the model sees.
struct InputTypes {
  mlir::RankedTensorType argument, model;
};

/// Static types for the model's inputs by the options; an error that says how
/// to give a missing extent.
mlir::FailureOr<llvm::SmallVector<InputTypes>>
resolveInputs(GraphState &graph, const Model &model,
              const ImportOptions &options);

/// The model's value of an argument: normalized and in the model's layout.
mlir::Value prepareInput(GraphState &graph, mlir::BlockArgument argument,
                         const ImportOptions &options);

} // namespace qnn::importer

#endif // QNN_LIB_IMPORT_ONNX_IMPORTINPUTS_H
