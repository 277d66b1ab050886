// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registration of everything that a tool may meet.

#include "qnn/InitAll.h"
#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Target/LLVMIR/Dialect/All.h"
#include "qnn/Codegen/CPU/Passes.h"
#include "qnn/Conversion/Passes.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"
#include "qnn/Pipelines/Lowering.h"
#include "qnn/Pipelines/Pipelines.h"
#include "qnn/Target/Passes.h"

void qnn::registerAllDialects(mlir::DialectRegistry &registry) {
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  mlir::registerAllToLLVMIRTranslations(registry);
  registry.insert<QNNDialect>();
  registerExternalModels(registry);
}

void qnn::registerAllPasses() {
  mlir::registerAllPasses();
  registerQNNTransformsPasses();
  registerPipelines();
  registerQNNCodegenCPUPasses();
  registerQNNConversionPasses();
  registerLoweringPipelines();
  registerQNNTargetPasses();
}
