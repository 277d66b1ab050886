// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Puts an observer on every value that calibration must know.

#include "mlir/IR/Matchers.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"
#include "llvm/ADT/StringSet.h"

#define DEBUG_TYPE "qnn-insert-observers"

namespace qnn {
#define GEN_PASS_DEF_QNNINSERTOBSERVERSPASS
#include "qnn/Dialect/QNN/Transforms/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

/// The float values that quantizable operations read as activations or write,
/// in the order of the program, without constants.
static llvm::SetVector<Value> observableValues(func::FuncOp func) {
  llvm::SetVector<Value> values;
  func.walk([&](QuantizableOpInterface op) {
    for (OpOperand &operand : op->getOpOperands())
      if (op.getOperandRole(operand.getOperandNumber()) ==
              OperandRole::Activation &&
          isFloatTensor(operand.get().getType()) &&
          !matchPattern(operand.get(), m_Constant()) &&
          !operand.get().getDefiningOp<ParameterOp>())
        values.insert(operand.get());
    for (Value result : op->getResults())
      if (isFloatTensor(result.getType()))
        values.insert(result);
  });
  return values;
}

/// Whether the value is another one in another shape or order.
static bool isMoved(Value value) {
  auto op = value.getDefiningOp<QuantizableOpInterface>();
  return op && op.requiresSameParameters();
}

namespace {
struct InsertObserversPass
    : qnn::impl::QNNInsertObserversPassBase<InsertObserversPass> {
  using Base::Base;

  void runOnOperation() override {
    llvm::StringSet<> names;
    for (Value value : observableValues(getOperation())) {
      StringRef name = getValueName(value);
      if (name.empty()) {
        mlir::emitError(value.getLoc())
            << "a value to observe has no name: its location is not a name "
               "(print IR with --mlir-print-debuginfo between tools)";
        return signalPassFailure();
      }
      // Values of one name have one range: every one that is computed counts.
      if (!names.insert(name).second && isMoved(value))
        continue;
      OpBuilder builder(&getContext());
      builder.setInsertionPointAfterValue(value);
      ObserveOp::create(builder, value.getLoc(), value, name);
    }
  }
};
} // namespace
