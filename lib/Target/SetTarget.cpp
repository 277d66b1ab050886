// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The row of the target table for a CPU, as an attribute of the module.

#include "qnn/Target/Object.h"
#include "qnn/Target/Passes.h"

namespace qnn {
#define GEN_PASS_DEF_QNNSETTARGETPASS
#include "qnn/Target/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

namespace {

struct SetTarget : qnn::impl::QNNSetTargetPassBase<SetTarget> {
  using Base::Base;

  void runOnOperation() override {
    TargetOptions options{triple, cpu, features};
    llvm::Error error = setTarget(getOperation(), options);
    if (!error)
      return;
    getOperation().emitError(llvm::toString(std::move(error)));
    signalPassFailure();
  }
};

} // namespace
