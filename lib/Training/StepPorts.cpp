// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Roles from attributes.

#include "qnn/Training/StepPorts.h"
#include "qnn/Dialect/QNN/Transforms/Roles.h"
#include "llvm/ADT/StringSwitch.h"
#include <map>
#include <optional>

using namespace mlir;
using namespace qnn;

static std::optional<StepRole> parseRole(StringRef text) {
  return llvm::StringSwitch<std::optional<StepRole>>(text)
      .Case("input", StepRole::Input)
      .Case("parameter", StepRole::Parameter)
      .Case("scale", StepRole::Scale)
      .Case("zero_point", StepRole::ZeroPoint)
      .Case("label", StepRole::Label)
      .Case("teacher", StepRole::Teacher)
      .Case("state", StepRole::State)
      .Case("mask", StepRole::Mask)
      .Case("learning_rate", StepRole::LearningRate)
      .Case("step", StepRole::Step)
      .Case("seed", StepRole::Seed)
      .Case("loss", StepRole::Loss)
      .Case("output", StepRole::Output)
      .Default(std::nullopt);
}

bool qnn::isKept(const StepPort &port) {
  return port.role == StepRole::Parameter || port.role == StepRole::Scale ||
         port.role == StepRole::ZeroPoint || port.role == StepRole::State;
}

/// Adds the port that the attributes describe.
static llvm::Error addPort(Type type, DictionaryAttr attributes,
                           StepRole fallback, SmallVector<StepPort> &ports) {
  auto tensor = cast<RankedTensorType>(type);
  llvm::Expected<ElementKind> kind = getElementKind(tensor.getElementType());
  if (!kind)
    return kind.takeError();
  StepPort port;
  port.role = fallback;
  port.kind = *kind;
  port.shape = llvm::to_vector(tensor.getShape());
  port.name = "#" + std::to_string(ports.size());
  if (attributes) {
    if (auto name = attributes.getAs<StringAttr>(kNameAttr))
      port.name = name.str();
    if (auto text = attributes.getAs<StringAttr>(kRoleAttr)) {
      std::optional<StepRole> role = parseRole(text);
      if (!role)
        return llvm::createStringError("'" + port.name +
                                       "' has the unknown role '" +
                                       text.getValue() + "'");
      port.role = *role;
    }
    if (auto parameter = attributes.getAs<StringAttr>(kMaskOfAttr))
      port.maskOf = parameter.str();
  }
  if (port.role == StepRole::Mask && port.maskOf.empty())
    return llvm::createStringError("'" + port.name + "' is a mask of nothing");
  port.number = llvm::count_if(
      ports, [&](const StepPort &other) { return other.role == port.role; });
  ports.push_back(std::move(port));
  return llvm::Error::success();
}

llvm::Expected<StepPorts> qnn::readStepPorts(func::FuncOp function) {
  StepPorts ports;
  for (auto [i, type] : llvm::enumerate(function.getArgumentTypes()))
    if (llvm::Error error = addPort(type, function.getArgAttrDict(i),
                                    StepRole::Input, ports.arguments))
      return std::move(error);
  for (auto [i, type] : llvm::enumerate(function.getResultTypes()))
    if (llvm::Error error = addPort(type, function.getResultAttrDict(i),
                                    StepRole::Output, ports.results))
      return std::move(error);
  return ports;
}
