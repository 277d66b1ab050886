// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A classifier becomes one that returns its logits.

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "qnn/Dialect/QNN/Transforms/Logits.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"

#define DEBUG_TYPE "qnn-return-logits"

namespace qnn {
#define GEN_PASS_DEF_QNNRETURNLOGITSPASS
#include "qnn/Dialect/QNN/Transforms/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

/// The value whose elements, rounded at most, `value` has.
static Value skipRounding(Value value) {
  Operation *op = value.getDefiningOp();
  if (isa_and_nonnull<DequantizeOp, QuantizeOp, tensor::CollapseShapeOp,
                      tensor::ExpandShapeOp>(op))
    return skipRounding(op->getOperand(0));
  return value;
}

static Value skipScale(Value value) {
  auto product = value.getDefiningOp<MulOp>();
  return product ? product.getLhs() : value;
}

/// What an activation that is simulated in integers has its gradient from: the
/// float one between two scales.
static Value skipSimulation(Value value) {
  auto simulated =
      skipRounding(skipScale(value)).getDefiningOp<StraightThroughOp>();
  return simulated ? skipScale(simulated.getSurrogate()) : value;
}

Value qnn::findLogits(Value output) {
  Operation *op = skipSimulation(skipRounding(output)).getDefiningOp();
  return isa_and_nonnull<SoftmaxOp, SigmoidOp>(op) ? op->getOperand(0) : output;
}

namespace {
struct ReturnLogitsPass : qnn::impl::QNNReturnLogitsPassBase<ReturnLogitsPass> {
  using Base::Base;

  void runOnOperation() override {
    func::FuncOp func = getOperation();
    if (!func.getBody().hasOneBlock()) {
      func.emitError("expects a function of one block to return logits from");
      return signalPassFailure();
    }
    Operation *terminator = func.getBody().front().getTerminator();
    for (OpOperand &result : terminator->getOpOperands())
      result.set(findLogits(result.get()));
    func.setFunctionType(FunctionType::get(
        &getContext(), func.getArgumentTypes(), terminator->getOperandTypes()));
  }
};
} // namespace
