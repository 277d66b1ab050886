// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Translations from MLIR to what a linker or a C compiler reads. Modules of an
// earlier phase are lowered first.

#include "Translations.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "qnn/InitAll.h"
#include "qnn/Pipelines/Lowering.h"
#include "qnn/Target/Header.h"
#include "qnn/Target/Object.h"
#include "llvm/Support/CommandLine.h"

using namespace mlir;
using namespace qnn;

static llvm::cl::opt<std::string>
    targetTriple("target-triple",
                 llvm::cl::desc("LLVM triple of the object (default: host)"));
static llvm::cl::opt<std::string> targetCPU(
    "target-cpu",
    llvm::cl::desc("LLVM CPU name, generic, or host (default: host for the "
                   "host's triple, else generic)"));
static llvm::cl::opt<std::string>
    targetFeatures("target-features",
                   llvm::cl::desc("LLVM features, such as +avx2,-fma"));

/// Whether results still are tensors: before qnn-lower-pipeline.
static bool hasTensors(func::FuncOp function) {
  return llvm::any_of(function.getFunctionType().getInputs(),
                      llvm::IsaPred<TensorType>) ||
         llvm::any_of(function.getFunctionType().getResults(),
                      llvm::IsaPred<TensorType>);
}

/// Runs the phases that the module has not been through.
static LogicalResult lowerFurther(ModuleOp module, bool untilLLVM) {
  PassManager pm(module.getContext());
  auto functions = module.getOps<func::FuncOp>();
  if (llvm::any_of(functions, hasTensors))
    buildLowerPipeline(pm);
  if (untilLLVM && !functions.empty())
    buildCodegenPipeline(pm);
  return pm.run(module);
}

using Emitter = llvm::Expected<SmallVector<char>> (*)(ModuleOp,
                                                      const TargetOptions &);

static LogicalResult emit(Operation *op, raw_ostream &os, Emitter emitter) {
  auto module = dyn_cast<ModuleOp>(op);
  if (!module || failed(lowerFurther(module, /*untilLLVM=*/true)))
    return failure();
  TargetOptions options{targetTriple, targetCPU, targetFeatures};
  llvm::Expected<SmallVector<char>> bytes = emitter(module, options);
  if (!bytes)
    return emitError(module.getLoc()) << llvm::toString(bytes.takeError());
  os.write(bytes->data(), bytes->size());
  return success();
}

static LogicalResult emitHeaderOf(Operation *op, raw_ostream &os) {
  auto module = dyn_cast<ModuleOp>(op);
  if (!module || failed(lowerFurther(module, /*untilLLVM=*/false)))
    return failure();
  llvm::Expected<ModelMetadata> metadata = getMetadata(module);
  if (!metadata)
    return emitError(module.getLoc()) << llvm::toString(metadata.takeError());
  os << emitHeader(*metadata);
  return success();
}

void qnn::registerEmitTranslations() {
  auto add = [](StringRef name, StringRef description, Emitter emitter) {
    TranslateFromMLIRRegistration(
        name, description,
        [emitter](Operation *op, raw_ostream &os) {
          return emit(op, os, emitter);
        },
        qnn::registerAllDialects);
  };
  add("emit-object", "object file with the C interface of the model",
      emitObject);
  add("emit-asm", "assembly", emitAssembly);
  add("emit-llvm", "optimized LLVM IR", emitLLVMIR);
  TranslateFromMLIRRegistration("emit-header", "C header of the model",
                                emitHeaderOf, qnn::registerAllDialects);
}
