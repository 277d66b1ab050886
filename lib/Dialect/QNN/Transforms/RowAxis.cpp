// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How operations that see the entries of one row only come to see more rows.

#include "RowAxis.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace qnn;

static RankedTensorType typeOf(Value value) {
  return cast<RankedTensorType>(value.getType());
}

/// An axis of types has a number, which would change.
static bool hasScalesAlongAxis(Value value) {
  auto quantized = getQuantizedElementType(value.getType());
  return quantized && quantized.getGroupAxis() != -1;
}

static RankedTensorType addLeadingAxis(RankedTensorType type) {
  SmallVector<int64_t> shape = {1};
  llvm::append_range(shape, type.getShape());
  return type.clone(shape);
}

/// Axes {0, 1}, {2}, ...: what connects a type to that with a leading axis.
static SmallVector<ReassociationIndices> joinLeadingAxis(int64_t rank) {
  SmallVector<ReassociationIndices> groups = {{0, 1}};
  for (int64_t axis = 2; axis <= rank; ++axis)
    groups.push_back({axis});
  return groups;
}

/// The attributes of `op` for operands with one axis more.
static NamedAttrList shiftAxes(Operation *op) {
  NamedAttrList attributes(op->getAttrs());
  auto transpose = dyn_cast<TransposeOp>(op);
  if (!transpose)
    return attributes;
  SmallVector<int64_t> permutation = {0};
  for (int64_t axis : transpose.getPermutation())
    permutation.push_back(axis + 1);
  attributes.set(transpose.getPermutationAttrName(),
                 Builder(op->getContext()).getDenseI64ArrayAttr(permutation));
  return attributes;
}

SmallVector<Operation *> qnn::addRowAxis(Operation *op) {
  auto matmul = dyn_cast<MatMulOp>(op);
  bool isMatrixProduct = matmul && typeOf(matmul.getRhs()).getRank() == 2 &&
                         typeOf(matmul.getLhs()).getRank() == 2;
  if ((!isMatrixProduct && !isa<TransposeOp>(op)) ||
      llvm::any_of(op->getOperands(), hasScalesAlongAxis) ||
      llvm::any_of(op->getResults(), hasScalesAlongAxis))
    return {};
  ImplicitLocOpBuilder builder(op->getLoc(), op);
  SmallVector<Operation *> added;
  SmallVector<Value> operands(op->getOperands());
  // The bias is of all rows.
  for (Value &operand : MutableArrayRef(operands).take_front(2)) {
    RankedTensorType type = typeOf(operand);
    auto expand = tensor::ExpandShapeOp::create(
        builder, operand.getLoc(), addLeadingAxis(type), operand,
        joinLeadingAxis(type.getRank()));
    added.push_back(expand);
    operand = expand;
  }
  RankedTensorType type = typeOf(op->getResult(0));
  OperationState state(op->getLoc(), op->getName(), operands,
                       addLeadingAxis(type));
  state.attributes = shiftAxes(op);
  added.push_back(builder.create(state));
  auto collapse =
      tensor::CollapseShapeOp::create(builder, type, added.back()->getResult(0),
                                      joinLeadingAxis(type.getRank()));
  added.push_back(collapse);
  op->replaceAllUsesWith(collapse);
  op->erase();
  return added;
}

Value qnn::emitRepeated(OpBuilder &builder, Value value, int64_t count) {
  if (count == 1)
    return value;
  Value half = emitRepeated(builder, value, count / 2);
  SmallVector<Value> parts = {half, half};
  if (count % 2)
    parts.push_back(value);
  return tensor::ConcatOp::create(builder, value.getLoc(), /*dim=*/0, parts);
}
