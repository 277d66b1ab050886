// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which values have the same scale and zero point.

#include "SharedParameters.h"

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
  groups.unionSets(value, other);
}

SmallVector<Value> SharedParameters::getMembers(Value value) const {
  if (!groups.contains(value))
    return {value};
  return llvm::to_vector(groups.members(value));
}

Value SharedParameters::getLeader(Value value) const {
  auto leader = groups.findLeader(value);
  return leader == groups.member_end() ? value : *leader;
}
