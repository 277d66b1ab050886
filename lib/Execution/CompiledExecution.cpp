// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Execution as machine code: modules are compiled, objects are loaded.

#include "Ports.h"
#include "qnn/Pipelines/Remaining.h"
#include "qnn/Pipelines/RunPipeline.h"
#include "qnn/Support/Progress.h"
#include "qnn/Target/CompiledModel.h"

using namespace mlir;
using namespace qnn;

static llvm::Expected<ElementKind> kindOf(const TensorInfo &tensor) {
  if (tensor.cType == "float")
    return ElementKind::F32;
  if (tensor.cType == "uint8_t")
    return ElementKind::U8;
  if (tensor.cType == "int8_t")
    return ElementKind::S8;
  if (tensor.cType == "int32_t")
    return ElementKind::I32;
  return llvm::createStringError("tensor '" + tensor.name +
                                 "' has the unknown type '" + tensor.cType +
                                 "': expects float, uint8_t, int8_t or "
                                 "int32_t");
}

static llvm::Error describe(ArrayRef<TensorInfo> tensors,
                            SmallVector<Port> &ports) {
  for (const TensorInfo &tensor : tensors) {
    llvm::Expected<ElementKind> kind = kindOf(tensor);
    if (!kind)
      return kind.takeError();
    ports.push_back({tensor.name, *kind, tensor.shape});
  }
  return llvm::Error::success();
}

namespace {
class MachineModel : public ExecutableModel {
public:
  static ModelOrError
  create(llvm::Expected<std::unique_ptr<CompiledModel>> loaded) {
    if (!loaded)
      return loaded.takeError();
    auto model = std::make_unique<MachineModel>();
    model->code = std::move(*loaded);
    const ModelMetadata &metadata = model->code->getMetadata();
    if (llvm::Error error = describe(metadata.inputs, model->inputs))
      return std::move(error);
    if (llvm::Error error = describe(metadata.outputs, model->outputs))
      return std::move(error);
    return model;
  }

  llvm::Error runInto(ArrayRef<const Tensor *> values,
                      ArrayRef<Tensor *> results) override {
    SmallVector<const void *> inputPointers;
    for (const Tensor *value : values)
      inputPointers.push_back(value->getBytes().data());
    SmallVector<void *> outputPointers;
    for (Tensor *result : results)
      outputPointers.push_back(result->getBytes().data());
    return code->run(inputPointers, outputPointers, countRows(values));
  }

  bool takesRows() const override { return code->getMetadata().takesRows(); }

  llvm::Error useThreads(unsigned count) override {
    return code->useThreads(count);
  }

private:
  std::unique_ptr<CompiledModel> code;
};
} // namespace

llvm::Expected<SmallVector<char>>
qnn::compileToObject(ModuleOp module, const TargetOptions &options) {
  OwningOpRef<ModuleOp> copy = module.clone();
  if (llvm::Error error = setTarget(*copy, options))
    return std::move(error);
  auto build = [&](OpPassManager &pm) {
    buildRemainingPipeline(pm, *copy, Phase::Codegen);
  };
  if (llvm::Error error = runPipeline(*copy, build))
    return std::move(error);
  return emitObject(*copy, options);
}

ModelOrError qnn::compileModule(ModuleOp module, const TargetOptions &options) {
  Activity activity("compiling for this machine");
  auto object = compileToObject(module, options);
  if (!object)
    return object.takeError();
  return loadModel(llvm::ArrayRef<char>(*object));
}

ModelOrError qnn::loadModel(llvm::ArrayRef<char> object) {
  return MachineModel::create(CompiledModel::loadObject(object));
}

ModelOrError qnn::loadModel(StringRef path) {
  return MachineModel::create(CompiledModel::loadFile(path));
}
