// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Chains of reshapes, slices and transposes.

#include "Movement.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "qnn/Dialect/QNN/IR/QNN.h"

using namespace mlir;
using namespace qnn;

static bool isMovement(Operation *op) {
  return isa_and_nonnull<TransposeOp, tensor::CollapseShapeOp,
                         tensor::ExpandShapeOp, tensor::ExtractSliceOp>(op);
}

int64_t qnn::lastExtent(Value value) {
  ArrayRef<int64_t> shape = cast<RankedTensorType>(value.getType()).getShape();
  return shape.empty() ? 1 : shape.back();
}

/// Whether the last axis stays what and where it is. Reshapes keep the place of
/// every element.
static bool keepsLastAxis(Operation *op) {
  if (auto transpose = dyn_cast<TransposeOp>(op)) {
    ArrayRef<int64_t> permutation = transpose.getPermutation();
    return permutation.empty() ||
           permutation.back() == int64_t(permutation.size()) - 1;
  }
  if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op))
    return slice.getType().getRank() == slice.getSourceType().getRank() &&
           lastExtent(slice.getSource()) == lastExtent(slice);
  return true;
}

bool Movement::keepsChannels(int64_t channels) const {
  return llvm::all_of(ops, [&](Operation *op) {
    return keepsLastAxis(op) && lastExtent(op->getOperand(0)) % channels == 0;
  });
}

void Movement::rename(Location loc) const {
  for (Operation *op : ops) {
    op->setLoc(loc);
    if (isa<tensor::ExtractSliceOp>(op))
      return;
  }
  if (Operation *op = source.getDefiningOp())
    op->setLoc(loc);
}

Movement qnn::getMovement(Value result) {
  Movement movement{result, result, {}};
  while (movement.source.hasOneUse() &&
         isMovement(movement.source.getDefiningOp())) {
    movement.ops.push_back(movement.source.getDefiningOp());
    movement.source = movement.ops.back()->getOperand(0);
  }
  return movement;
}
