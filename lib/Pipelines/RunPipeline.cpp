// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One verification instead of one for each pass.

#include "qnn/Pipelines/RunPipeline.h"
#include "mlir/IR/Verifier.h"

using namespace mlir;

LogicalResult
qnn::runPipeline(ModuleOp module,
                 llvm::function_ref<void(OpPassManager &)> build) {
  PassManager pm(module.getContext());
  pm.enableVerifier(false);
  build(pm);
  if (failed(pm.run(module)))
    return failure();
  return verify(module);
}
