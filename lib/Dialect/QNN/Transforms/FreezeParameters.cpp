// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parameters become constants.

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"

#define DEBUG_TYPE "qnn-freeze-parameters"

namespace qnn {
#define GEN_PASS_DEF_QNNFREEZEPARAMETERSPASS
#include "qnn/Dialect/QNN/Transforms/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

namespace {
struct FreezeParametersPass
    : qnn::impl::QNNFreezeParametersPassBase<FreezeParametersPass> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<ParameterOp> parameters;
    getOperation().walk([&](ParameterOp op) { parameters.push_back(op); });
    for (ParameterOp op : parameters) {
      if (!op.getElements()) {
        op.emitOpError("expects values, parameter '")
            << op.getName() << "' has an initializer only";
        return signalPassFailure();
      }
      OpBuilder builder(op);
      Value constant = arith::ConstantOp::create(
          builder, NameLoc::get(op.getNameAttr()), op.getElements());
      op.replaceAllUsesWith(constant);
      op.erase();
    }
  }
};
} // namespace
