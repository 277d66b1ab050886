// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How tools that are in a hurry run pipelines.

#ifndef QNN_PIPELINES_RUNPIPELINE_H
#define QNN_PIPELINES_RUNPIPELINE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"

namespace qnn {

/// Runs the passes that `build` adds and verifies the result once, at the end:
/// between all passes, as quant-opt does it, verification takes a third of the
/// time of code generation. Errors go to the context's diagnostic handler.
mlir::LogicalResult
runPipeline(mlir::ModuleOp module,
            llvm::function_ref<void(mlir::OpPassManager &)> build);

} // namespace qnn

#endif // QNN_PIPELINES_RUNPIPELINE_H
