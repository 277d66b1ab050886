// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tells the phase of a module by what it holds.

#include "qnn/Pipelines/Remaining.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"
#include "qnn/Pipelines/Lowering.h"
#include "qnn/Pipelines/Pipelines.h"

using namespace mlir;
using namespace qnn;

void qnn::buildRemainingPipeline(OpPassManager &pm, ModuleOp module,
                                 Phase last) {
  bool hasParameters = false, hasQuantized = false, hasTensors = false,
       hasFunctions = false;
  auto look = [&](TypeRange types) {
    for (Type type : types) {
      hasTensors |= isa<TensorType>(type);
      hasQuantized |= bool(getQuantizedElementType(type));
    }
  };
  module.walk([&](Operation *op) {
    look(op->getResultTypes());
    hasParameters |= isa<ParameterOp>(op);
    if (auto func = dyn_cast<func::FuncOp>(op)) {
      hasFunctions = true;
      look(func.getArgumentTypes());
      look(func.getResultTypes());
    }
  });
  if (hasParameters)
    pm.addNestedPass<func::FuncOp>(createQNNFreezeParametersPass());
  if (hasQuantized)
    buildLegalizePipeline(pm);
  if (hasTensors)
    buildLowerPipeline(pm);
  if (hasFunctions && last >= Phase::Codegen)
    buildCodegenPipeline(pm);
}
