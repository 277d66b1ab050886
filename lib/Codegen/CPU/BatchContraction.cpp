// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Matching of contractions of two buffers.

#include "BatchContraction.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace qnn;

namespace {

class BatchContractionMatcher {
public:
  BatchContractionMatcher(linalg::GenericOp op, StringRef &reason)
      : op(op), reason(reason) {
    result.op = op;
    result.extents = op.getStaticLoopRanges();
  }

  std::optional<BatchContraction> match() {
    if (!matchBody() || !matchOperands() || !matchColumn())
      return std::nullopt;
    sortLoops();
    if (isFloat())
      listTaps();
    else if (!matchWords())
      return std::nullopt;
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

  bool matchBody() {
    if (op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1)
      return refuse("expects two inputs and one result");
    Value left, right;
    Type type = op.getBody()->getArgument(2).getType();
    if (!(type.isF32() ? matchFloats(left, right) : matchBytes(left, right)))
      return false;
    auto isInput = [&](Value value) {
      return value == op.getBody()->getArgument(0) ||
             value == op.getBody()->getArgument(1);
    };
    if (left == right || !isInput(left) || !isInput(right))
      return refuse("expects a product of both inputs");
    return true;
  }

  /// acc + a * b in f32, rounded once or twice.
  bool matchFloats(Value &left, Value &right) {
    Block &body = *op.getBody();
    for (Value argument : body.getArguments())
      if (!argument.getType().isF32())
        return refuse("expects f32 only");
    Value acc = body.getArgument(2);
    Value sum = body.getTerminator()->getOperand(0);
    if (auto fma = sum.getDefiningOp<math::FmaOp>()) {
      left = fma.getA();
      right = fma.getB();
      return fma.getC() == acc || refuse("expects to add to the accumulator");
    }
    auto add = sum.getDefiningOp<arith::AddFOp>();
    if (!add)
      return refuse("expects a sum of products");
    Value other = add.getLhs() == acc ? add.getRhs() : add.getLhs();
    auto mul = other.getDefiningOp<arith::MulFOp>();
    if (!mul || (add.getLhs() != acc && add.getRhs() != acc))
      return refuse("expects to add a product to the accumulator");
    left = mul.getLhs();
    right = mul.getRhs();
    return true;
  }

  /// acc + ext(a) * ext(b) in i32.
  bool matchBytes(Value &left, Value &right) {
    Block &body = *op.getBody();
    Value acc = body.getArgument(2);
    if (!acc.getType().isInteger(32))
      return refuse("expects an accumulator in f32 or i32");
    auto add =
        body.getTerminator()->getOperand(0).getDefiningOp<arith::AddIOp>();
    if (!add || (add.getLhs() != acc && add.getRhs() != acc))
      return refuse("expects to add a product to the accumulator");
    Value other = add.getLhs() == acc ? add.getRhs() : add.getLhs();
    auto mul = other.getDefiningOp<arith::MulIOp>();
    if (!mul)
      return refuse("expects a sum of products");
    left = matchExtension(mul.getLhs());
    right = matchExtension(mul.getRhs());
    return (left && right) || refuse("expects a product of extended bytes");
  }

  /// The byte of an input that is extended; null if it is something else.
  Value matchExtension(Value value) {
    Operation *extension = value.getDefiningOp();
    if (!extension || !isa<arith::ExtSIOp, arith::ExtUIOp>(extension))
      return {};
    auto argument = dyn_cast<BlockArgument>(extension->getOperand(0));
    if (!argument || !argument.getType().isInteger(8))
      return {};
    if (argument.getArgNumber() < 2)
      isSigned[argument.getArgNumber()] = isa<arith::ExtSIOp>(extension);
    return argument;
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

  bool isFloat() { return op.getBody()->getArgument(2).getType().isF32(); }

  void listTaps() {
    for (unsigned loop : result.sumLoops)
      result.taps.push_back({result.extents[loop], {result.lhs.steps[loop]}});
  }

  /// The bytes of a sum on the left side lie together.
  bool matchWords() {
    SmallVector<Loop> sums;
    for (unsigned loop : result.sumLoops)
      sums.push_back({result.extents[loop],
                      {result.lhs.steps[loop], result.rhs.steps[loop]}});
    sums = mergeLoops(sums);
    if (result.isDepthwise || sums.size() > 1 ||
        (sums.size() == 1 && sums[0].steps[0] != 1))
      return refuse("expects bytes of the left side that lie together");
    if (!isSigned[1 - result.lhsIndex])
      return refuse("expects a right side with a sign");
    result.lhsIsSigned = isSigned[result.lhsIndex];
    result.depth = sums.empty() ? 1 : sums[0].extent;
    return true;
  }

  linalg::GenericOp op;
  StringRef &reason;
  SmallVector<FlatOperand> operands;
  /// Of bytes: whether each side has a sign.
  bool isSigned[2] = {false, false};
  BatchContraction result;
};

} // namespace

std::optional<BatchContraction> qnn::matchBatchContraction(linalg::GenericOp op,
                                                           StringRef &reason) {
  return BatchContractionMatcher(op, reason).match();
}
