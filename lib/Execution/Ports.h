// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Inputs and outputs of a model, read off its function.

#ifndef QNN_LIB_EXECUTION_PORTS_H
#define QNN_LIB_EXECUTION_PORTS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "qnn/Execution/ExecutableModel.h"

namespace qnn {

/// The only public function of a module.
llvm::Expected<mlir::func::FuncOp> getModelFunction(mlir::ModuleOp module);

/// Ports of a function on tensors, named by their `qnn.name` attributes.
llvm::Error describePorts(mlir::func::FuncOp func,
                          llvm::SmallVector<Port> &inputs,
                          llvm::SmallVector<Port> &outputs);

} // namespace qnn

#endif // QNN_LIB_EXECUTION_PORTS_H
