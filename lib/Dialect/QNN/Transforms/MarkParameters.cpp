// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constants that are weights or biases become parameters with names.

#include "UniqueNames.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"

#define DEBUG_TYPE "qnn-mark-parameters"

namespace qnn {
#define GEN_PASS_DEF_QNNMARKPARAMETERSPASS
#include "qnn/Dialect/QNN/Transforms/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

static OperandRole getRole(OpOperand &operand) {
  auto op = dyn_cast<QuantizableOpInterface>(operand.getOwner());
  return op ? op.getOperandRole(operand.getOperandNumber())
            : OperandRole::NotQuantized;
}

static bool isLearned(OpOperand &operand) {
  OperandRole role = getRole(operand);
  return role == OperandRole::Weights || role == OperandRole::Bias;
}

/// The constant's own name. Constants that passes made have none, or that of
/// the operation they were made for.
static std::string chooseName(arith::ConstantOp constant, OpOperand &use) {
  StringRef name = getValueName(constant);
  Operation *user = use.getOwner();
  if (!name.empty() && name != getValueName(user->getResult(0)))
    return name.str();
  return getNodeName(user) +
         (getRole(use) == OperandRole::Bias ? "/bias" : "/weights");
}

namespace {
struct MarkParametersPass
    : qnn::impl::QNNMarkParametersPassBase<MarkParametersPass> {
  using Base::Base;

  void runOnOperation() override {
    getOperation().walk([&](ParameterOp op) { names.reserve(op.getName()); });
    SmallVector<arith::ConstantOp> constants;
    getOperation().walk([&](arith::ConstantOp op) {
      if (isFloatTensor(op.getType()) && isa<DenseElementsAttr>(op.getValue()))
        constants.push_back(op);
    });
    for (arith::ConstantOp constant : constants)
      mark(constant);
  }

private:
  void mark(arith::ConstantOp constant);
  Value createParameter(arith::ConstantOp constant, OpOperand &use);

  UniqueNames names;
};
} // namespace

Value MarkParametersPass::createParameter(arith::ConstantOp constant,
                                          OpOperand &use) {
  OpBuilder builder(constant);
  StringAttr name =
      builder.getStringAttr(names.take(chooseName(constant, use)));
  return ParameterOp::create(builder, NameLoc::get(name), name,
                             constant.getValue());
}

void MarkParametersPass::mark(arith::ConstantOp constant) {
  // From the first use to the last, so that names follow the program.
  SmallVector<OpOperand *> uses;
  for (OpOperand &use : constant->getUses())
    if (isLearned(use))
      uses.push_back(&use);
  llvm::sort(uses, [](OpOperand *a, OpOperand *b) {
    if (a->getOwner() != b->getOwner())
      return a->getOwner()->isBeforeInBlock(b->getOwner());
    return a->getOperandNumber() < b->getOperandNumber();
  });
  // Equal constants have been merged. Tensors of one value are equal by chance;
  // others are because the model shares them.
  bool isShared = !cast<DenseElementsAttr>(constant.getValue()).isSplat();
  Value parameter;
  for (OpOperand *use : uses) {
    if (!parameter || !isShared)
      parameter = createParameter(constant, *use);
    use->set(parameter);
  }
  if (constant->use_empty())
    constant.erase();
}
