// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How tools that are in a hurry run pipelines.

#ifndef QNN_PIPELINES_RUNPIPELINE_H
#define QNN_PIPELINES_RUNPIPELINE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/Error.h"

namespace qnn {

/// For what has emitted diagnostics, as passes and parsers do: these say what
/// is wrong.
llvm::Error diagnosedError();

/// Runs the passes that `build` adds and verifies the result once, at the end:
/// between all passes, as quant-opt does it, verification takes a third of the
/// time of code generation. Fails with a diagnosedError().
llvm::Error runPipeline(mlir::ModuleOp module,
                        llvm::function_ref<void(mlir::OpPassManager &)> build);

} // namespace qnn

#endif // QNN_PIPELINES_RUNPIPELINE_H
