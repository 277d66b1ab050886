// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The phases that a module still has before it.

#ifndef QNN_PIPELINES_REMAINING_H
#define QNN_PIPELINES_REMAINING_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include "qnn/Pipelines/Phases.h"

namespace qnn {

/// Appends what a module of any phase, from import on, lacks to be at the end
/// of `last`, which is Lower or Codegen. Parameters are frozen. A module with
/// quantized types is legalized; one without is float or explicit and is
/// lowered as it is.
void buildRemainingPipeline(mlir::OpPassManager &pm, mlir::ModuleOp module,
                            Phase last);

} // namespace qnn

#endif // QNN_PIPELINES_REMAINING_H
