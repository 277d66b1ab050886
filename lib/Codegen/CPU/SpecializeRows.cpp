// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A number for every leading extent that is not known.

#include "SpecializeRows.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace qnn;

static bool isDynamic(Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  return shaped && !shaped.hasStaticShape();
}

bool qnn::hasDynamicRows(func::FuncOp func) {
  return llvm::any_of(func.getArgumentTypes(), isDynamic);
}

/// Only the leading extent is unknown.
static bool hasOnlyDynamicRows(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.getRank() > 0 && tensor.isDynamicDim(0) &&
         tensor.getNumDynamicDims() == 1;
}

/// One parallel loop walks along axis 0 of every operand whose extent is not
/// known, and does nothing else.
static StringRef getReasonRowsMix(linalg::LinalgOp op) {
  std::optional<unsigned> rows;
  for (OpOperand &operand : op->getOpOperands()) {
    if (!isDynamic(operand.get().getType()))
      continue;
    auto loop = dyn_cast<AffineDimExpr>(
        op.getMatchingIndexingMap(&operand).getResult(0));
    if (!loop || (rows && *rows != loop.getPosition()))
      return "its operands have no common loop over rows";
    rows = loop.getPosition();
  }
  if (op.getIteratorTypesArray()[*rows] != utils::IteratorType::parallel)
    return "it reduces rows";
  for (OpOperand &operand : op->getOpOperands()) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    bool hasRows = isDynamic(operand.get().getType());
    for (AffineExpr expr : map.getResults().drop_front(hasRows))
      if (expr.isFunctionOfDim(*rows))
        return "its loop over rows walks along another axis, too";
  }
  return "";
}

/// The extent of axis 0, which is that of the inputs.
static bool isRowCount(Value value) {
  auto dim = value.getDefiningOp<tensor::DimOp>();
  return dim && isDynamic(dim.getSource().getType()) &&
         matchPattern(dim.getIndex(), m_Zero());
}

static StringRef getReasonToRefuse(Operation *op) {
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
    return getReasonRowsMix(linalgOp);
  if (auto empty = dyn_cast<tensor::EmptyOp>(op))
    return llvm::all_of(empty.getDynamicSizes(), isRowCount)
               ? ""
               : "its extent is not that of another tensor's axis 0";
  if (isa<tensor::DimOp, func::ReturnOp>(op))
    return "";
  return "it is not known to treat rows one by one";
}

static LogicalResult check(Operation *op) {
  SmallVector<Type> types(op->getOperandTypes());
  llvm::append_range(types, op->getResultTypes());
  if (llvm::none_of(types, isDynamic))
    return success();
  StringRef reason = "";
  for (Type type : types)
    if (isDynamic(type) && !hasOnlyDynamicRows(type))
      reason = "another extent than that of axis 0 is not known";
  if (reason.empty())
    reason = getReasonToRefuse(op);
  if (reason.empty())
    return success();
  return op->emitError("cannot run on blocks of rows: ") << reason;
}

LogicalResult qnn::specializeRows(func::FuncOp func, int64_t rows) {
  if (!func.getBody().hasOneBlock())
    return func.emitError("expects a function of one block");
  for (Type type :
       llvm::concat<const Type>(func.getArgumentTypes(), func.getResultTypes()))
    if (!isDynamic(type))
      return func.emitError("expects arguments and results that all have rows, "
                            "got ")
             << type;
  Block &body = func.front();
  for (Operation &op : body)
    if (failed(check(&op)))
      return failure();
  auto specialize = [&](Value value) {
    if (!isDynamic(value.getType()))
      return;
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<int64_t> shape(type.getShape());
    shape[0] = rows;
    value.setType(type.clone(shape));
  };
  llvm::for_each(body.getArguments(), specialize);
  for (Operation &op : body) {
    llvm::for_each(op.getResults(), specialize);
    if (auto empty = dyn_cast<tensor::EmptyOp>(op))
      empty.getDynamicSizesMutable().clear();
  }
  func.setType(FunctionType::get(func.getContext(), body.getArgumentTypes(),
                                 body.getTerminator()->getOperandTypes()));
  return success();
}
