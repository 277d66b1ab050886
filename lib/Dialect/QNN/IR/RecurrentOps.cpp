// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers of the recurrent layers.

#include "Verifiers.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "qnn/Dialect/QNN/IR/ShapeInference.h"

using namespace mlir;
using namespace qnn;

static LogicalResult checkShape(Operation *op, StringRef name, Value value,
                                ArrayRef<int64_t> expected) {
  if (!value)
    return success();
  ArrayRef<int64_t> shape = cast<RankedTensorType>(value.getType()).getShape();
  if (shape == expected)
    return success();
  return op->emitOpError() << "expects " << name << " of shape [" << expected
                           << "], got [" << shape << "]";
}

/// The operands that all layers have. `N`, `T` and `I` are those of the input,
/// `H` is that of the state.
template <typename OpTy>
static LogicalResult checkLayer(OpTy op, int64_t numGates) {
  if (failed(checkFloat(op)))
    return failure();
  auto input = cast<RankedTensorType>(op.getInput().getType());
  auto hidden = cast<RankedTensorType>(op.getHidden().getType());
  if (input.getRank() != 3 || hidden.getRank() != 2)
    return op.emitOpError(
        "expects an input of rank 3 and a hidden state of rank 2");
  bool isKnown = input.hasStaticShape() && hidden.hasStaticShape();
  if (!isKnown || input.getNumElements() == 0 || hidden.getNumElements() == 0)
    return op.emitOpError("expects extents that are known and positive");
  int64_t batch = input.getDimSize(0), inputs = input.getDimSize(2),
          units = hidden.getDimSize(1), columns = numGates * units;
  return success(
      succeeded(
          checkShape(op, "weights", op.getWeights(), {inputs, columns})) &&
      succeeded(
          checkShape(op, "recurrent", op.getRecurrent(), {units, columns})) &&
      succeeded(checkShape(op, "bias", op.getBias(), {columns})) &&
      succeeded(checkShape(op, "hidden", op.getHidden(), {batch, units})) &&
      succeeded(checkShape(op, "sequence", op.getSequence(),
                           {batch, input.getDimSize(1), units})));
}

LogicalResult LSTMOp::verify() { return checkLayer(*this, 4); }

LogicalResult GRUOp::verify() {
  if (failed(checkLayer(*this, 3)))
    return failure();
  auto hidden = cast<RankedTensorType>(getHidden().getType());
  return checkShape(*this, "hidden_bias", getHiddenBias(),
                    {hidden.getDimSize(1)});
}
