// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How the operations of the dialect answer BatchableOpInterface.

#include "qnn/Dialect/QNN/IR/QNN.h"

using namespace mlir;
using namespace qnn;

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

std::string qnn::getReasonNotElementwise(Operation *op,
                                         ArrayRef<bool> isBatched) {
  if (op->getNumResults() == 0)
    return "";
  ArrayRef<int64_t> result = shapeOf(op->getResult(0));
  for (auto [i, batched] : llvm::enumerate(isBatched)) {
    ArrayRef<int64_t> shape = shapeOf(op->getOperand(i));
    bool spansAxis0 = shape.size() == result.size();
    std::string operand = "its operand " + std::to_string(i);
    if (batched && (!spansAxis0 || shape.front() != result.front()))
      return operand + " is repeated along axis 0";
    if (!batched && spansAxis0 && shape.front() != 1)
      return operand + ", which does not depend on the inputs, has more than "
                       "one entry along axis 0";
  }
  return "";
}

/// For operations in which only the first operand may be batched.
static std::string reasonForOthers(ArrayRef<bool> isBatched) {
  for (size_t i = 1; i < isBatched.size(); ++i)
    if (isBatched[i])
      return "its operand " + std::to_string(i) + " depends on the inputs";
  return "";
}

/// For operations in which all operands have the same entries.
static std::string reasonForMixture(ArrayRef<bool> isBatched) {
  for (auto [i, batched] : llvm::enumerate(isBatched))
    if (!batched)
      return "its operand " + std::to_string(i) +
             " does not depend on the inputs";
  return "";
}

/// For parameters that broadcast to the input's shape.
static std::string reasonForParameters(Value input,
                                       ArrayRef<int64_t> parameters) {
  if (parameters.size() == shapeOf(input).size() && parameters.front() != 1)
    return "its parameters differ along axis 0";
  return "";
}

//===----------------------------------------------------------------------===//
// Contractions
//===----------------------------------------------------------------------===//

std::string Conv2DOp::getReasonNotBatchable(ArrayRef<bool> isBatched) {
  return reasonForOthers(isBatched);
}

std::string MatMulOp::getReasonNotBatchable(ArrayRef<bool> isBatched) {
  if (shapeOf(getRhs()).size() == 2)
    return reasonForOthers(isBatched);
  if (getBias() && isBatched[2])
    return "its bias depends on the inputs";
  return reasonForMixture(isBatched.take_front(2));
}

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

std::string NormalizeOp::getReasonNotBatchable(ArrayRef<bool>) {
  return reasonForParameters(
      getInput(), int64_t(std::max(getMean().size(), getScale().size())));
}

std::string RescaleOp::getReasonNotBatchable(ArrayRef<bool>) {
  return reasonForParameters(
      getInput(), cast<ShapedType>(getMultiplier().getType()).getShape());
}

std::string FixedPointRescaleOp::getReasonNotBatchable(ArrayRef<bool>) {
  return reasonForParameters(getInput(), int64_t(getMultiplier().size()));
}

/// A table of rank 2 has a row for each index along the last axis.
std::string LookupOp::getReasonNotBatchable(ArrayRef<bool>) {
  return reasonForParameters(
      getInput(),
      cast<ShapedType>(getTable().getType()).getShape().drop_back());
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

std::string MaxPool2DOp::getReasonNotBatchable(ArrayRef<bool>) { return ""; }
std::string AvgPool2DOp::getReasonNotBatchable(ArrayRef<bool>) { return ""; }
std::string SumPool2DOp::getReasonNotBatchable(ArrayRef<bool>) { return ""; }

std::string
MaxPool2DGradientOp::getReasonNotBatchable(ArrayRef<bool> isBatched) {
  return reasonForMixture(isBatched);
}

template <typename OpTy>
static std::string reasonForReduction(OpTy op) {
  return llvm::is_contained(op.getAxes(), 0) ? "it reduces axis 0" : "";
}

std::string MeanOp::getReasonNotBatchable(ArrayRef<bool>) {
  return reasonForReduction(*this);
}
std::string SumOp::getReasonNotBatchable(ArrayRef<bool>) {
  return reasonForReduction(*this);
}

template <typename OpTy>
static std::string reasonForSoftmax(OpTy op) {
  return op.getAxis() == 0 ? "it normalizes along axis 0" : "";
}

std::string SoftmaxOp::getReasonNotBatchable(ArrayRef<bool>) {
  return reasonForSoftmax(*this);
}
std::string LogSoftmaxOp::getReasonNotBatchable(ArrayRef<bool>) {
  return reasonForSoftmax(*this);
}
std::string IntegerSoftmaxOp::getReasonNotBatchable(ArrayRef<bool>) {
  return reasonForSoftmax(*this);
}

/// Each label has a row of its own.
std::string OneHotOp::getReasonNotBatchable(ArrayRef<bool>) { return ""; }

//===----------------------------------------------------------------------===//
// Movement
//===----------------------------------------------------------------------===//

std::string TransposeOp::getReasonNotBatchable(ArrayRef<bool>) {
  ArrayRef<int64_t> permutation = getPermutation();
  return permutation.empty() || permutation[0] == 0 ? "" : "it moves axis 0";
}

std::string PadOp::getReasonNotBatchable(ArrayRef<bool>) {
  return getLow()[0] || getHigh()[0] ? "it pads axis 0" : "";
}

std::string ReverseOp::getReasonNotBatchable(ArrayRef<bool>) {
  return llvm::is_contained(getAxes(), 0) ? "it reverses axis 0" : "";
}
