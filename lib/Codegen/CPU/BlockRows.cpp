// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Copies of the model's function for blocks of rows.

#include "EntryFunction.h"
#include "SpecializeRows.h"
#include "qnn/Codegen/CPU/Passes.h"
#include "qnn/Codegen/CPU/TargetTable.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"
#include "llvm/ADT/bit.h"

namespace qnn {
#define GEN_PASS_DEF_QNNBLOCKROWSPASS
#include "qnn/Codegen/CPU/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

/// Which part of the cache a layer of a block may take: what it reads and what
/// it writes. Measured: beyond, batches are slower per row than rows alone.
static constexpr int64_t kCachePart = 8;

/// Which part of all products makes a difference.
static constexpr int64_t kCountingPart = 8;

/// How much larger each block is than the next.
static constexpr int64_t kBlockRatio = 4;

/// Bytes of the largest value that reaches memory. One that the only operation
/// that reads it has the shape of stays in registers.
static int64_t getLargestBytes(func::FuncOp body) {
  int64_t largest = 1;
  auto visit = [&](Value value) {
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!type || !type.hasStaticShape())
      return;
    Operation *user = value.hasOneUse() ? *value.user_begin() : nullptr;
    if (user && user->getNumResults() == 1)
      if (auto result = dyn_cast<ShapedType>(user->getResult(0).getType());
          result && result.getShape() == type.getShape())
        return;
    bool isQuantized = bool(getQuantizedElementType(type));
    int64_t bits = isQuantized ? 8 : type.getElementTypeBitWidth();
    largest = std::max(largest, type.getNumElements() * ((bits + 7) / 8));
  };
  // Without operands are constants, and what will be written.
  for (Operation &op : body.front())
    if (op.getNumOperands())
      llvm::for_each(op.getResults(), visit);
  llvm::for_each(body.getArguments(), visit);
  return largest;
}

/// Whether a part of the products that counts is of so few rows that each
/// weight is read for too few of them. The others only get more rows to walk
/// through.
static bool gainsFromBlocks(func::FuncOp one, int64_t enoughRows) {
  int64_t products = 0, ofFewRows = 0;
  auto count = [&](Value weights, Value result) {
    auto type = cast<RankedTensorType>(result.getType());
    int64_t columns = type.getShape().back();
    int64_t rows = type.getNumElements() / columns;
    int64_t number =
        rows * cast<RankedTensorType>(weights.getType()).getNumElements();
    products += number;
    if (rows < enoughRows)
      ofFewRows += number;
  };
  one.walk([&](Operation *op) {
    if (auto conv = dyn_cast<Conv2DOp>(op))
      count(conv.getWeights(), conv.getResult());
    else if (auto matmul = dyn_cast<MatMulOp>(op))
      count(matmul.getRhs(), matmul.getResult());
  });
  // Of linalg operations rows are all that is known.
  return products == 0 || ofFewRows * kCountingPart >= products;
}

/// From the largest block on: as many rows as fill the accumulators of a matrix
/// product of one row each, unless the cache holds fewer.
static SmallVector<int64_t> chooseBlocks(func::FuncOp one,
                                         const TargetRow &row) {
  int64_t enoughRows = row.accumulators + 2;
  if (!gainsFromBlocks(one, enoughRows))
    return {};
  int64_t fitting = row.cacheBytes / kCachePart / (2 * getLargestBytes(one));
  int64_t largest = std::min(enoughRows, fitting);
  SmallVector<int64_t> blocks;
  for (int64_t rows = llvm::bit_floor(uint64_t(std::max<int64_t>(largest, 1)));
       rows > 1; rows /= kBlockRatio)
    blocks.push_back(rows);
  return blocks;
}

namespace {

struct BlockRows : qnn::impl::QNNBlockRowsPassBase<BlockRows> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<func::FuncOp> entries =
        findEntries<func::FuncOp>(getOperation());
    const TargetRow *row = getTargetRow(getOperation());
    if (entries.empty() || !row)
      return signalPassFailure();
    func::FuncOp model = entries.front();
    bool isDynamic = hasDynamicRows(model);
    if (entries.size() > 1 || !(isDynamic || model->hasAttr(kDynamicRowsAttr)))
      return;
    model->removeAttr(kDynamicRowsAttr);
    auto setRows = isDynamic ? specializeRows : setBatch;
    func::FuncOp generic = model.clone();
    OwningOpRef<func::FuncOp> owned(generic);
    if (failed(setRows(model, 1)) || (!isDynamic && failed(checkRows(generic))))
      return signalPassFailure();
    mark(model, 1);
    SmallVector<int64_t> sizes(blocks.begin(), blocks.end());
    if (sizes.empty())
      sizes = chooseBlocks(model, *row);
    SymbolTable symbols(getOperation());
    for (int64_t rows : sizes)
      if (failed(addBlock(symbols, generic, model, rows, setRows)))
        return signalPassFailure();
  }

private:
  /// Rows of a model that was imported with several are no rows of the caller.
  static LogicalResult checkRows(func::FuncOp model) {
    for (Type type : model.getArgumentTypes())
      if (auto shaped = dyn_cast<ShapedType>(type);
          shaped && shaped.getRank() && shaped.getDimSize(0) != 1)
        return emitError(model.getLoc())
               << "expects inputs of one row to make a model that takes any "
                  "number of rows, got "
               << type;
    return success();
  }

  static void mark(func::FuncOp body, int64_t rows) {
    Builder builder(body.getContext());
    body->setAttr(kRowBlocksAttr, builder.getDenseI64ArrayAttr(rows));
  }

  static LogicalResult
  addBlock(SymbolTable &symbols, func::FuncOp generic, func::FuncOp model,
           int64_t rows, LogicalResult (*setRows)(func::FuncOp, int64_t)) {
    if (rows < 2)
      return model.emitError("expects blocks of at least 2 rows, got ") << rows;
    func::FuncOp block = generic.clone();
    block.setName((model.getName() + "_rows_" + Twine(rows)).str());
    symbols.insert(block, Block::iterator(model));
    if (failed(setRows(block, rows)))
      return failure();
    for (auto [i, types] : llvm::enumerate(
             llvm::zip_equal(block.getResultTypes(), model.getResultTypes())))
      if (std::get<0>(types) == std::get<1>(types))
        return model.emitError("expects results that depend on the inputs, but "
                               "result ")
               << i << " does not";
    mark(block, rows);
    return success();
  }
};

} // namespace
