// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Execution by the reference interpreter.

#include "Ports.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "qnn/Execution/ExecutableModel.h"
#include "qnn/Reference/Interpreter.h"

using namespace mlir;
using namespace qnn;

ExecutableModel::~ExecutableModel() = default;

llvm::Expected<SmallVector<Tensor>>
ExecutableModel::run(ArrayRef<Tensor> values) {
  SmallVector<const Tensor *> inputPointers;
  for (const Tensor &value : values)
    inputPointers.push_back(&value);
  SmallVector<Tensor> results;
  for (const Port &port : outputs)
    results.emplace_back(port.getShapeOfRows(countRows(inputPointers)),
                         port.kind);
  SmallVector<Tensor *> outputPointers;
  for (Tensor &result : results)
    outputPointers.push_back(&result);
  if (llvm::Error error = runInto(inputPointers, outputPointers))
    return std::move(error);
  return results;
}

int64_t ExecutableModel::countRows(ArrayRef<const Tensor *> values) const {
  if (!takesRows())
    return 1;
  return values.front()->getShape().front() / inputs.front().shape.front();
}

int64_t Port::numElements() const {
  int64_t count = 1;
  for (int64_t extent : shape)
    count *= extent;
  return count;
}

SmallVector<int64_t> Port::getShapeOfRows(int64_t rows) const {
  SmallVector<int64_t> result(shape);
  if (rows != 1)
    result.front() *= rows;
  return result;
}

llvm::Expected<func::FuncOp> qnn::getModelFunction(ModuleOp module) {
  func::FuncOp found;
  for (auto func : module.getOps<func::FuncOp>()) {
    if (func.isPrivate() || func.isExternal())
      continue;
    if (found)
      return llvm::createStringError(
          "the module has more than one public function");
    found = func;
  }
  if (!found)
    return llvm::createStringError("the module has no public function");
  return found;
}

static llvm::Expected<Port> makePort(Type type, Attribute name,
                                     StringRef fallback) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || !tensor.hasStaticShape())
    return llvm::createStringError(
        "expects inputs and outputs that are tensors of static shape");
  llvm::Expected<ElementKind> kind = getElementKind(tensor.getElementType());
  if (!kind)
    return kind.takeError();
  auto text = dyn_cast_or_null<StringAttr>(name);
  return Port{text ? text.str() : fallback.str(), *kind,
              llvm::to_vector(tensor.getShape())};
}

llvm::Error qnn::describePorts(func::FuncOp func, SmallVector<Port> &inputs,
                               SmallVector<Port> &outputs) {
  for (auto [i, type] : llvm::enumerate(func.getArgumentTypes())) {
    auto port = makePort(type, func.getArgAttr(i, "qnn.name"),
                         "input" + std::to_string(i));
    if (!port)
      return port.takeError();
    inputs.push_back(*port);
  }
  for (auto [i, type] : llvm::enumerate(func.getResultTypes())) {
    auto port = makePort(type, func.getResultAttr(i, "qnn.name"),
                         "output" + std::to_string(i));
    if (!port)
      return port.takeError();
    outputs.push_back(*port);
  }
  return llvm::Error::success();
}

namespace {
class ReferenceModel : public ExecutableModel {
public:
  explicit ReferenceModel(func::FuncOp func) : interpreter(func) {}

  llvm::Error describe(func::FuncOp func) {
    return describePorts(func, inputs, outputs);
  }

  llvm::Error runInto(ArrayRef<const Tensor *> values,
                      ArrayRef<Tensor *> results) override {
    SmallVector<Tensor> copies;
    for (const Tensor *value : values)
      copies.push_back(*value);
    auto outputs = interpreter.run(copies);
    if (!outputs)
      return outputs.takeError();
    for (auto [result, output] : llvm::zip_equal(results, *outputs))
      *result = std::move(output);
    return llvm::Error::success();
  }

  llvm::Error useThreads(unsigned count) override {
    if (count == 1)
      return llvm::Error::success();
    return llvm::createStringError("the reference interpreter has one thread");
  }

private:
  Interpreter interpreter;
};
} // namespace

ModelOrError qnn::interpretModule(ModuleOp module) {
  llvm::Expected<func::FuncOp> func = getModelFunction(module);
  if (!func)
    return func.takeError();
  auto model = std::make_unique<ReferenceModel>(*func);
  if (llvm::Error error = model->describe(*func))
    return std::move(error);
  return model;
}
