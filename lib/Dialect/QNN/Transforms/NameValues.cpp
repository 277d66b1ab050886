// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names for the values of a model that was written by hand.

#include "UniqueNames.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"

#define DEBUG_TYPE "qnn-name-values"

namespace qnn {
#define GEN_PASS_DEF_QNNNAMEVALUESPASS
#include "qnn/Dialect/QNN/Transforms/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

namespace {
struct NameValuesPass : qnn::impl::QNNNameValuesPassBase<NameValuesPass> {
  using Base::Base;

  void runOnOperation() override {
    func::FuncOp func = getOperation();
    if (!func.getBody().hasOneBlock())
      return;
    Block &body = func.getBody().front();
    UniqueNames names;
    for (BlockArgument argument : body.getArguments())
      names.reserve(getValueName(argument));
    for (Operation &op : body)
      for (Value result : op.getResults())
        names.reserve(getValueName(result));

    for (BlockArgument argument : body.getArguments())
      if (getValueName(argument).empty())
        argument.setLoc(makeName(names, "input", argument.getLoc()));
    for (Operation &op : body) {
      if (!op.getNumResults() || !getValueName(op.getResult(0)).empty())
        continue;
      StringRef name = op.getName().stripDialect();
      if (auto parameter = dyn_cast<ParameterOp>(op))
        name = parameter.getName();
      op.setLoc(makeName(names, name, op.getLoc()));
    }
  }

private:
  Location makeName(UniqueNames &names, StringRef name, Location loc) {
    return NameLoc::get(StringAttr::get(&getContext(), names.take(name)), loc);
  }
};
} // namespace
