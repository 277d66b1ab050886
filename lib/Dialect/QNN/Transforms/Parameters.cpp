// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parameters of a module by name.

#include "qnn/Dialect/QNN/Transforms/Parameters.h"

using namespace mlir;
using namespace qnn;

SmallVector<ParameterOp> qnn::getParameters(ModuleOp module) {
  SmallVector<ParameterOp> parameters;
  module.walk([&](ParameterOp op) { parameters.push_back(op); });
  return parameters;
}

static llvm::Expected<ParameterOp> findParameter(ModuleOp module,
                                                 StringRef name) {
  for (ParameterOp op : getParameters(module))
    if (op.getName() == name)
      return op;
  return llvm::createStringError("the module has no parameter '" + name + "'");
}

llvm::Expected<DenseFPElementsAttr> qnn::readParameter(ModuleOp module,
                                                       StringRef name) {
  llvm::Expected<ParameterOp> op = findParameter(module, name);
  if (!op)
    return op.takeError();
  if (auto elements = dyn_cast<DenseFPElementsAttr>(op->getValue()))
    return elements;
  return llvm::createStringError("parameter '" + name +
                                 "' has an initializer but no values yet");
}

llvm::Error qnn::replaceParameter(ModuleOp module, StringRef name,
                                  ArrayRef<float> values) {
  llvm::Expected<ParameterOp> op = findParameter(module, name);
  if (!op)
    return op.takeError();
  auto type = cast<RankedTensorType>(op->getType());
  if (type.getNumElements() != int64_t(values.size()))
    return llvm::createStringError("parameter '" + name + "' has " +
                                   Twine(type.getNumElements()) +
                                   " elements, got " + Twine(values.size()));
  op->setValueAttr(DenseElementsAttr::get(type, values));
  return llvm::Error::success();
}
