// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parameters become arguments of their function.

#include "qnn/Dialect/QNN/Transforms/Passes.h"
#include "qnn/Dialect/QNN/Transforms/Roles.h"
#include "llvm/ADT/StringSet.h"

#define DEBUG_TYPE "qnn-expose-parameters"

namespace qnn {
#define GEN_PASS_DEF_QNNEXPOSEPARAMETERSPASS
#include "qnn/Dialect/QNN/Transforms/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

namespace {
struct ExposeParametersPass
    : qnn::impl::QNNExposeParametersPassBase<ExposeParametersPass> {
  using Base::Base;

  void runOnOperation() override {
    func::FuncOp func = getOperation();
    SmallVector<ParameterOp> parameters;
    llvm::StringSet<> names;
    func.walk([&](ParameterOp op) { parameters.push_back(op); });
    for (ParameterOp op : parameters)
      if (!names.insert(op.getName()).second) {
        op.emitOpError("expects names that are unique, '")
            << op.getName() << "' is not";
        return signalPassFailure();
      }
    for (ParameterOp op : parameters)
      expose(func, op);
  }

private:
  static void expose(func::FuncOp func, ParameterOp op) {
    Builder builder(func.getContext());
    auto attributes = builder.getDictionaryAttr(
        {builder.getNamedAttr(kNameAttr, op.getNameAttr()),
         builder.getNamedAttr(kParameterAttr, op.getNameAttr())});
    unsigned index = func.getNumArguments();
    (void)func.insertArgument(index, op.getType(), attributes,
                              NameLoc::get(op.getNameAttr()));
    op.replaceAllUsesWith(func.getArgument(index));
    op.erase();
  }
};
} // namespace
