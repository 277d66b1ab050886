// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Turns observers into results of the function.

#include "qnn/Dialect/QNN/Transforms/Annotations.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"

#define DEBUG_TYPE "qnn-expose-observers"

namespace qnn {
#define GEN_PASS_DEF_QNNEXPOSEOBSERVERSPASS
#include "qnn/Dialect/QNN/Transforms/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

namespace {
struct ExposeObserversPass
    : qnn::impl::QNNExposeObserversPassBase<ExposeObserversPass> {
  using Base::Base;

  void runOnOperation() override {
    func::FuncOp func = getOperation();
    if (func.isExternal())
      return;
    if (!func.getBody().hasOneBlock()) {
      func.emitError("expects a function of one block");
      return signalPassFailure();
    }
    SmallVector<Attribute> names;
    SmallVector<Value> values;
    for (ObserveOp op : llvm::make_early_inc_range(func.getOps<ObserveOp>())) {
      names.push_back(op.getNameAttr());
      values.push_back(op.getInput());
      op.erase();
    }
    for (Value value : values)
      if (failed(func.insertResult(func.getNumResults(), value.getType(),
                                   DictionaryAttr())))
        return signalPassFailure();
    Operation *terminator = func.getBody().front().getTerminator();
    terminator->insertOperands(terminator->getNumOperands(), values);
    func->setAttr(annotation::kObserved, ArrayAttr::get(&getContext(), names));
  }
};
} // namespace
