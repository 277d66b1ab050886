// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One verification instead of one for each pass.

#include "qnn/Pipelines/RunPipeline.h"
#include "mlir/IR/Verifier.h"

using namespace mlir;

llvm::Error qnn::diagnosedError() {
  return llvm::createStringError("failed; the diagnostics before say why");
}

llvm::Error qnn::runPipeline(ModuleOp module,
                             llvm::function_ref<void(OpPassManager &)> build) {
  PassManager pm(module.getContext());
  pm.enableVerifier(false);
  build(pm);
  if (failed(pm.run(module)) || failed(verify(module)))
    return diagnosedError();
  return llvm::Error::success();
}
