// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The phases lower and codegen, pass by pass.

#include "qnn/Pipelines/Lowering.h"
#include "mlir/Conversion/AffineToStandard/AffineToStandard.h"
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVMPass.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/ReconcileUnrealizedCasts/ReconcileUnrealizedCasts.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVMPass.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "qnn/Codegen/CPU/Passes.h"
#include "qnn/Conversion/Passes.h"

using namespace mlir;
using namespace qnn;

/// Tensors to memrefs; results become parameters.
static void addBufferization(OpPassManager &pm) {
  // Because an empty tensor that ends in another one (padding, concatenation)
  // then is that one's buffer: no copy.
  pm.addPass(bufferization::createEmptyTensorEliminationPass());
  bufferization::OneShotBufferizePassOptions options;
  options.bufferizeFunctionBoundaries = true;
  options.functionBoundaryTypeConversion =
      bufferization::LayoutMapOption::IdentityLayoutMap;
  pm.addPass(bufferization::createOneShotBufferizePass(options));
  // Because folded casts and views show the next pass the allocations.
  pm.addPass(createCanonicalizerPass());
  pm.addNestedPass<func::FuncOp>(createQNNSeparateResultsPass());
  bufferization::BufferResultsToOutParamsPassOptions results;
  results.hoistStaticAllocs = true;
  results.modifyPublicFunctions = true;
  pm.addPass(bufferization::createBufferResultsToOutParamsPass(results));
}

void qnn::buildLowerPipeline(OpPassManager &pm) {
  // First, because whether rows mix is known of qnn and of linalg on tensors.
  pm.addPass(createQNNBlockRowsPass());
  // Before the conversion, because types with a sign, which name and metadata
  // need, are gone after it.
  pm.addPass(createQNNPrepareEntryPass());
  pm.addPass(createConvertQNNToLinalgPass());
  // Before fusion, because it only looks at producers with one use and folds
  // reshapes that stand between them.
  pm.addPass(createCanonicalizerPass());
  pm.addNestedPass<func::FuncOp>(createQNNFuseElementwisePass());
  pm.addPass(createCanonicalizerPass());
  addBufferization(pm);
  // After the out parameters, which are copied to where a result is an input.
  pm.addNestedPass<func::FuncOp>(createQNNExpandCopiesPass());
  pm.addPass(createCSEPass());
  pm.addPass(createCanonicalizerPass());
  // While what writes the interior of a padded buffer is linalg.
  pm.addNestedPass<func::FuncOp>(createQNNCPUFillBordersPass());
  // After CSE, which merges the starts of accumulators, and before the plan,
  // because buffers of accumulators disappear.
  pm.addPass(createQNNCPULowerContractionsPass());
  // After the kernels, so that they and plain loops compute the same.
  pm.addPass(createQNNCPUExpandFmaPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  // After CSE, which shares operands, so that their last readers are known.
  pm.addNestedPass<func::FuncOp>(createQNNReuseBuffersPass());
  // Last, because every pass before it can remove or move an allocation.
  pm.addPass(createQNNPlanArenaPass());
  pm.addPass(createQNNVerifyLoweredPass());
}

void qnn::buildCodegenPipeline(OpPassManager &pm,
                               const CodegenPipelineOptions &options) {
  // While places in the arena and the order of operations are seen.
  pm.addPass(createQNNCPUVectorizeLoopsPass());
  // As soon as all kernels are there, and while buffers are seen.
  QNNCPUJoinKernelsPassOptions joining;
  joining.minWork = options.minSharedWork;
  pm.addPass(createQNNCPUJoinKernelsPass(joining));
  // After both kinds of kernels are made, and before LLVM works on each.
  QNNCPUMergeKernelsPassOptions merging;
  merging.maxWork = options.minSharedWork;
  pm.addPass(createQNNCPUMergeKernelsPass(merging));
  // Before loops, because it names the operations that become scalar ones.
  pm.addPass(createQNNVerifyVectorizedPass());
  pm.addNestedPass<func::FuncOp>(createConvertLinalgToLoopsPass());
  // Loops of one iteration and repeated index arithmetic go away while they
  // still are structured.
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
  pm.addPass(createSCFToControlFlowPass());
  // Before affine, because it makes affine.apply of strides and offsets.
  pm.addPass(memref::createExpandStridedMetadataPass());
  pm.addPass(createLowerAffinePass());
  pm.addPass(createConvertVectorToLLVMPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createConvertMathToLLVMPass());
  ConvertFuncToLLVMPassOptions funcOptions;
  funcOptions.useBarePtrCallConv = true;
  pm.addPass(createConvertFuncToLLVMPass(funcOptions));
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
  // Before any canonicalization, which could merge the address of a buffer
  // with the index into it.
  pm.addPass(createQNNAnnotateAliasingPass());
  QNNShareWorkPassOptions sharing;
  sharing.minWork = options.minSharedWork;
  pm.addPass(createQNNShareWorkPass(sharing));
  pm.addPass(createQNNEmitEntryPass());
  pm.addPass(createCanonicalizerPass());
  pm.addPass(createCSEPass());
}

void qnn::registerLoweringPipelines() {
  PassPipelineRegistration<>(
      "qnn-lower-pipeline",
      "Lower float and explicit qnn to linalg on memrefs in one arena",
      buildLowerPipeline);
  PassPipelineRegistration<CodegenPipelineOptions>(
      "qnn-codegen-pipeline",
      "Lower linalg on memrefs to the LLVM dialect with the C interface",
      buildCodegenPipeline);
}
