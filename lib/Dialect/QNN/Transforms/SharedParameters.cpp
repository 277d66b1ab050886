// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which values have the same scale and zero point.

#include "SharedParameters.h"
#include "llvm/ADT/SmallVectorExtras.h"

using namespace mlir;
using namespace qnn;

void SharedParameters::visit(QuantizableOpInterface op) {
  if (!op.requiresSameParameters())
    return;
  for (OpOperand &operand : op->getOpOperands())
    if (op.getOperandRole(operand.getOperandNumber()) ==
        OperandRole::Activation)
      join(operand.get(), op->getResult(0));
}

void SharedParameters::join(Value value, Value other) {
  groups.unionSets(value.getAsOpaquePointer(), other.getAsOpaquePointer());
}

SmallVector<Value> SharedParameters::getMembers(Value value) const {
  const void *key = value.getAsOpaquePointer();
  if (groups.findLeader(key) == groups.member_end())
    return {value};
  return llvm::map_to_vector(groups.members(key), [](const void *member) {
    return Value::getFromOpaquePointer(member);
  });
}

Value SharedParameters::getLeader(Value value) const {
  auto leader = groups.findLeader(value.getAsOpaquePointer());
  return leader == groups.member_end() ? value
                                       : Value::getFromOpaquePointer(*leader);
}
