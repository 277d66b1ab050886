// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The phases lower and codegen.

#ifndef QNN_PIPELINES_LOWERING_H
#define QNN_PIPELINES_LOWERING_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"

namespace qnn {

struct CodegenPipelineOptions
    : mlir::PassPipelineOptions<CodegenPipelineOptions> {
  Option<int64_t> minSharedWork{
      *this, "min-shared-work",
      llvm::cl::desc("Vector multiply-adds below which threads do not share a "
                     "kernel; see qnn-share-work"),
      llvm::cl::init(2048)};
};

/// Float and explicit qnn operations on tensors -> linalg on memrefs in one
/// arena, with the results as parameters.
void buildLowerPipeline(mlir::OpPassManager &pm);

/// What buildLowerPipeline makes -> the LLVM dialect with the C interface
/// `int model_run(inputs..., outputs..., void *arena)`.
void buildCodegenPipeline(mlir::OpPassManager &pm,
                          const CodegenPipelineOptions &options = {});

/// qnn-lower-pipeline and qnn-codegen-pipeline.
void registerLoweringPipelines();

} // namespace qnn

#endif // QNN_PIPELINES_LOWERING_H
