// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Multiplies the leading extent of the inputs, and of all that depends on them.

#include "RowAxis.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"

#define DEBUG_TYPE "qnn-set-batch"

namespace qnn {
#define GEN_PASS_DEF_QNNSETBATCHPASS
#include "qnn/Dialect/QNN/Transforms/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

/// Parameters and learned scales are trained. An input may carry its own scale,
/// a number, under the same name.
static bool isInput(func::FuncOp func, unsigned index) {
  return !func.getArgAttr(index, "qnn.parameter") &&
         !func.getArgAttrOfType<StringAttr>(index, "qnn.scale");
}

static bool variesAlongAxis0(Type type) {
  auto quantized = getQuantizedElementType(type);
  if (!quantized || !quantized.isUniform())
    return false;
  int64_t axis = quantized.getGroupAxis();
  return axis == 0 || axis == -2;
}

namespace {
/// Which values of a function have rows, and how many.
class Batching {
public:
  explicit Batching(func::FuncOp func) : func(func) {}

  /// Finds the values; fails, saying why, if not all operations can take
  /// another number of rows.
  LogicalResult analyze();
  void setBatch(int64_t batch);

private:
  LogicalResult addInputs();
  LogicalResult visit(Operation *op);
  SmallVector<OpOperand *> listRepeatable(Operation *op) const;
  bool canRepeatOthers(Operation *op, SmallVector<bool> isBatched);
  std::string getReasonToRefuse(Operation *op, ArrayRef<bool> isBatched);

  func::FuncOp func;
  int64_t numRows = 0;
  SetVector<Value> batched;
  SmallVector<OpOperand *> repeated;
  SmallVector<BatchableOpInterface> operations;
};
} // namespace

LogicalResult Batching::addInputs() {
  for (BlockArgument argument : func.getArguments()) {
    if (!isInput(func, argument.getArgNumber()))
      continue;
    auto type = dyn_cast<RankedTensorType>(argument.getType());
    if (!type || !type.hasStaticShape() || type.getRank() == 0 ||
        type.getDimSize(0) == 0)
      return func.emitError("expects inputs that are tensors of static shape "
                            "with at least one row, got ")
             << argument.getType();
    if (variesAlongAxis0(type))
      return func.emitError("expects inputs whose rows have one scale, got ")
             << type;
    if (!batched.empty() && type.getDimSize(0) != numRows)
      return func.emitError("expects inputs with as many rows each, got ")
             << numRows << " and " << type.getDimSize(0);
    numRows = type.getDimSize(0);
    batched.insert(argument);
  }
  if (batched.empty())
    return func.emitError("has no inputs");
  return success();
}

std::string Batching::getReasonToRefuse(Operation *op,
                                        ArrayRef<bool> isBatched) {
  auto batchable = dyn_cast<BatchableOpInterface>(op);
  if (!batchable)
    return "it is not known to treat rows one by one";
  std::string reason = batchable.getReasonNotBatchable(isBatched);
  if (!reason.empty())
    return reason;
  for (Type resultType : op->getResultTypes()) {
    auto type = cast<RankedTensorType>(resultType);
    if (type.getRank() == 0 || type.getDimSize(0) % numRows)
      return "its result has no axis 0 that counts rows";
    if (variesAlongAxis0(type))
      return "the scales of its result differ along axis 0";
  }
  return "";
}

/// Operands that are the same for all rows, with as many entries as one has.
SmallVector<OpOperand *> Batching::listRepeatable(Operation *op) const {
  SmallVector<OpOperand *> result;
  if (numRows != 1 || op->getNumResults() == 0)
    return result;
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  for (OpOperand &operand : op->getOpOperands()) {
    auto operandType = cast<RankedTensorType>(operand.get().getType());
    if (!batched.contains(operand.get()) && type.getRank() > 0 &&
        operandType.getRank() == type.getRank() &&
        operandType.getDimSize(0) == type.getDimSize(0))
      result.push_back(&operand);
  }
  return result;
}

/// Whether `op` can take more rows if other operands are repeated, as it will
/// be.
bool Batching::canRepeatOthers(Operation *op, SmallVector<bool> isBatched) {
  SmallVector<OpOperand *> repeatable = listRepeatable(op);
  for (OpOperand *operand : repeatable)
    isBatched[operand->getOperandNumber()] = true;
  if (!getReasonToRefuse(op, isBatched).empty())
    return false;
  llvm::append_range(repeated, repeatable);
  return true;
}

LogicalResult Batching::visit(Operation *op) {
  SmallVector<bool> isBatched;
  for (Value operand : op->getOperands())
    isBatched.push_back(batched.contains(operand));
  if (!llvm::is_contained(isBatched, true))
    return success();
  std::string reason = getReasonToRefuse(op, isBatched);
  if (reason.empty() || canRepeatOthers(op, isBatched)) {
    batched.insert(op->result_begin(), op->result_end());
    operations.push_back(cast<BatchableOpInterface>(op));
    return success();
  }
  SmallVector<Operation *> added;
  if (numRows == 1)
    added = addRowAxis(op);
  if (added.empty())
    return op->emitError() << "cannot change the rows of " << op->getName()
                           << " of node '" << getNodeName(op)
                           << "': " << reason;
  for (Operation *addedOp : added)
    if (failed(visit(addedOp)))
      return failure();
  return success();
}

LogicalResult Batching::analyze() {
  if (!func.getBody().hasOneBlock())
    return func.emitError("expects a function of one block");
  if (failed(addInputs()))
    return failure();
  for (Operation &op : llvm::make_early_inc_range(
           func.getBody().front().without_terminator())) {
    // Values that a region reads are not operands.
    if (op.getNumRegions())
      return op.emitError("expects operations without regions");
    if (failed(visit(&op)))
      return failure();
  }
  return success();
}

void Batching::setBatch(int64_t batch) {
  for (OpOperand *operand : repeated) {
    OpBuilder builder(operand->getOwner());
    operand->set(emitRepeated(builder, operand->get(), batch));
  }
  for (Value value : batched) {
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<int64_t> shape(type.getShape());
    shape[0] = shape[0] / numRows * batch;
    value.setType(type.clone(shape));
  }
  for (BatchableOpInterface op : operations)
    op.updateExtents();
  Block &body = func.getBody().front();
  func.setType(FunctionType::get(func.getContext(), body.getArgumentTypes(),
                                 body.getTerminator()->getOperandTypes()));
}

LogicalResult qnn::setBatch(func::FuncOp func, int64_t batch) {
  if (batch < 1)
    return func.emitError("expects a batch of at least 1, got ") << batch;
  Batching batching(func);
  if (failed(batching.analyze()))
    return failure();
  batching.setBatch(batch);
  return success();
}

namespace {
struct SetBatchPass : qnn::impl::QNNSetBatchPassBase<SetBatchPass> {
  using Base::Base;

  void runOnOperation() override {
    func::FuncOp func = getOperation();
    if (!func.isExternal() && failed(setBatch(func, batch)))
      signalPassFailure();
  }
};
} // namespace
