// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes on the dialect. What each does is in Passes.td.

#ifndef QNN_DIALECT_QNN_TRANSFORMS_PASSES_H
#define QNN_DIALECT_QNN_TRANSFORMS_PASSES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Pass/Pass.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include <memory>

namespace qnn {

struct Profile;

#define GEN_PASS_DECL
#include "qnn/Dialect/QNN/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "qnn/Dialect/QNN/Transforms/Passes.h.inc"

/// qnn-choose-quantization with statistics in memory; without them it reads the
/// file that the options name.
std::unique_ptr<mlir::Pass>
createChooseQuantizationPass(const QNNChooseQuantizationPassOptions &options,
                             std::shared_ptr<const Profile> statistics);

/// qnn-set-batch as a function.
mlir::LogicalResult setBatch(mlir::func::FuncOp func, int64_t batch);

} // namespace qnn

#endif // QNN_DIALECT_QNN_TRANSFORMS_PASSES_H
