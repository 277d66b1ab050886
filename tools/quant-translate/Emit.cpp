// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Translations from MLIR to what a linker or a C compiler reads. Modules of an
// earlier phase are lowered first.

#include "Translations.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Tools/mlir-translate/Translation.h"
#include "qnn/Codegen/CPU/TargetTable.h"
#include "qnn/InitAll.h"
#include "qnn/Pipelines/Remaining.h"
#include "qnn/Target/Header.h"
#include "qnn/Target/Object.h"
#include "llvm/Support/CommandLine.h"

using namespace mlir;
using namespace qnn;

static llvm::cl::OptionCategory category("emit options");

llvm::cl::OptionCategory &qnn::getEmitOptionCategory() { return category; }

static llvm::cl::opt<std::string>
    targetTriple("target-triple",
                 llvm::cl::desc("LLVM triple of the object (default: host)"),
                 llvm::cl::cat(category));
static llvm::cl::opt<std::string> targetCPU(
    "target-cpu",
    llvm::cl::desc("LLVM CPU name, generic, or host (default: host for the "
                   "host's triple, else generic)"),
    llvm::cl::cat(category));
static llvm::cl::opt<std::string>
    targetFeatures("target-features",
                   llvm::cl::desc("LLVM features, such as +avx2,-fma"),
                   llvm::cl::cat(category));

static TargetOptions getTargetOptions() {
  return {targetTriple, targetCPU, targetFeatures};
}

/// Runs the phases that the module has not been through. A module that names
/// its target keeps it.
static LogicalResult lowerFurther(ModuleOp module, Phase last) {
  if (!module->hasAttr(kTargetAttr))
    if (llvm::Error error = setTarget(module, getTargetOptions()))
      return emitError(module.getLoc()) << llvm::toString(std::move(error));
  PassManager pm(module.getContext());
  buildRemainingPipeline(pm, module, last);
  return pm.run(module);
}

using Emitter = llvm::Expected<SmallVector<char>> (*)(ModuleOp,
                                                      const TargetOptions &);

static LogicalResult emit(Operation *op, raw_ostream &os, Emitter emitter) {
  auto module = dyn_cast<ModuleOp>(op);
  if (!module || failed(lowerFurther(module, Phase::Codegen)))
    return failure();
  llvm::Expected<SmallVector<char>> bytes = emitter(module, getTargetOptions());
  if (!bytes)
    return emitError(module.getLoc()) << llvm::toString(bytes.takeError());
  os.write(bytes->data(), bytes->size());
  return success();
}

static LogicalResult emitHeaderOf(Operation *op, raw_ostream &os) {
  auto module = dyn_cast<ModuleOp>(op);
  if (!module || failed(lowerFurther(module, Phase::Lower)))
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
