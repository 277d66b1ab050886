// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Matching of contractions of floats.

#include "FloatContraction.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace qnn;

namespace {

class FloatContractionMatcher {
public:
  FloatContractionMatcher(linalg::GenericOp op, StringRef &reason)
      : op(op), reason(reason) {
    result.op = op;
    result.extents = op.getStaticLoopRanges();
  }

  std::optional<FloatContraction> match() {
    if (!matchBody() || !matchOperands() || !matchColumn())
      return std::nullopt;
    sortLoops();
    result.constant = getConstant(result.rhs.memref);
    StringRef why;
    if (auto start = matchStart(op, result.result, result.columns, why)) {
      result.init = start->init;
      result.startValues = start->values;
    }
    return std::move(result);
  }

private:
  bool refuse(StringRef why) {
    reason = why;
    return false;
  }

  /// acc + a * b in f32, rounded once or twice.
  bool matchBody() {
    Block &body = *op.getBody();
    if (op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1)
      return refuse("expects two inputs and one result");
    for (Value argument : body.getArguments())
      if (!argument.getType().isF32())
        return refuse("expects f32 only");
    Value acc = body.getArgument(2);
    Value sum = body.getTerminator()->getOperand(0), left, right;
    if (auto fma = sum.getDefiningOp<math::FmaOp>()) {
      if (fma.getC() != acc)
        return refuse("expects to add to the accumulator");
      left = fma.getA();
      right = fma.getB();
    } else if (auto add = sum.getDefiningOp<arith::AddFOp>()) {
      Value other = add.getLhs() == acc ? add.getRhs() : add.getLhs();
      auto mul = other.getDefiningOp<arith::MulFOp>();
      if (!mul || (add.getLhs() != acc && add.getRhs() != acc))
        return refuse("expects to add a product to the accumulator");
      left = mul.getLhs();
      right = mul.getRhs();
    } else {
      return refuse("expects a sum of products");
    }
    auto isInput = [&](Value value) {
      return value == body.getArgument(0) || value == body.getArgument(1);
    };
    if (left == right || !isInput(left) || !isInput(right))
      return refuse("expects a product of both inputs");
    return true;
  }

  bool matchOperands() {
    if (llvm::is_contained(result.extents, 0))
      return refuse("expects loops that run");
    for (OpOperand &operand : op->getOpOperands()) {
      std::optional<FlatOperand> flat = flatten(op, operand);
      if (!flat)
        return refuse("expects static strides and linear subscripts");
      operands.push_back(*flat);
    }
    result.result = operands[2];
    return true;
  }

  /// The longest loop along which the result lies together and that only one
  /// side has, which then is the right one; or, depthwise, along which all
  /// three lie together.
  bool matchColumn() {
    ArrayRef<int64_t> extents = result.extents;
    std::optional<unsigned> column;
    for (auto [i, type] : llvm::enumerate(op.getIteratorTypesArray())) {
      if (type != utils::IteratorType::parallel || operands[2].steps[i] != 1)
        continue;
      bool isInBoth = operands[0].steps[i] != 0 && operands[1].steps[i] != 0;
      if (isInBoth || (column && extents[i] <= extents[*column]))
        continue;
      column = i;
    }
    if (!column) {
      column = findCommonColumn();
      result.isDepthwise = true;
    }
    if (!column)
      return refuse("expects the columns of the result to lie together");
    result.columnLoop = *column;
    result.columns = extents[*column];
    bool swaps = result.isDepthwise ? bool(getConstant(operands[0].memref))
                                    : operands[0].steps[*column] != 0;
    result.lhsIndex = swaps ? 1 : 0;
    result.lhs = operands[result.lhsIndex];
    result.rhs = operands[1 - result.lhsIndex];
    return true;
  }

  std::optional<unsigned> findCommonColumn() {
    for (unsigned i = 0; i < result.extents.size(); ++i)
      if (llvm::all_of(operands, [&](const FlatOperand &operand) {
            return operand.steps[i] == 1;
          }))
        return i;
    return std::nullopt;
  }

  void sortLoops() {
    SmallVector<unsigned> rows;
    for (auto [i, type] : llvm::enumerate(op.getIteratorTypesArray())) {
      if (type == utils::IteratorType::reduction)
        result.sumLoops.push_back(i);
      else if (i == result.columnLoop)
        continue;
      else if (result.rhs.steps[i] != 0)
        result.batchLoops.push_back(i);
      else
        rows.push_back(i);
    }
    result.rowLoops = result.batchLoops;
    llvm::append_range(result.rowLoops, rows);
  }

  linalg::GenericOp op;
  StringRef &reason;
  SmallVector<FlatOperand> operands;
  FloatContraction result;
};

} // namespace

std::optional<FloatContraction> qnn::matchFloatContraction(linalg::GenericOp op,
                                                           StringRef &reason) {
  return FloatContractionMatcher(op, reason).match();
}
