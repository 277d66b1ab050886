// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The contracts between phases.

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "qnn/Dialect/QNN/Transforms/Annotations.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"

#define DEBUG_TYPE "qnn-verify-phase"

namespace qnn {
#define GEN_PASS_DEF_QNNVERIFYPHASEPASS
#include "qnn/Dialect/QNN/Transforms/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

/// Operations that may stand between two phases: ours, constants, upstream
/// ones that take part through the interface, and the function's own.
static bool isKnown(Operation *op) {
  return isa<QNNDialect>(op->getDialect()) ||
         isa<QuantizableOpInterface, arith::ConstantOp, func::FuncOp,
             func::ReturnOp>(op);
}

static LogicalResult checkStatic(Operation *op, Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return success();
  if (!tensor.hasStaticShape() || tensor.getNumElements() == 0)
    return op->emitError("expects extents that are known and not zero, got ")
           << type;
  return success();
}

static LogicalResult verifyImport(Operation *op) {
  if (!isKnown(op))
    return op->emitError("operation is not known to quantization");
  for (Type type : op->getResultTypes())
    if (failed(checkStatic(op, type)))
      return failure();
  if (auto func = dyn_cast<func::FuncOp>(op))
    for (Type type : func.getArgumentTypes())
      if (failed(checkStatic(op, type)))
        return failure();
  return success();
}

static LogicalResult verifyPrepare(Operation *op) {
  if (failed(verifyImport(op)))
    return failure();
  if (isa<TransposeOp>(op) && matchPattern(op->getOperand(0), m_Constant()))
    return op->emitError("transpose of a constant was not folded");
  if (isa<ClampOp>(op)) {
    Operation *producer = op->getOperand(0).getDefiningOp();
    if (producer && producer->hasOneUse() && isa<Conv2DOp, MatMulOp>(producer))
      return op->emitError("clamp was not attached to the operation before it");
  }
  return success();
}

static LogicalResult verifyQuantize(Operation *op) {
  for (StringRef name : {annotation::kOperandTypes, annotation::kResultTypes,
                         annotation::kStaysFloat})
    if (op->hasAttr(name))
      return op->emitError("annotation ") << name << " is left";
  if (auto quantize = dyn_cast<QuantizeOp>(op))
    if (quantize.getInput().getDefiningOp<DequantizeOp>())
      return op->emitError("a value is dequantized only to be quantized again");
  return verifyImport(op);
}

static LogicalResult verifyLegalize(Operation *op) {
  auto isQuantized = [](Type type) {
    return bool(getQuantizedElementType(type));
  };
  SmallVector<Type> types(op->getOperandTypes());
  llvm::append_range(types, op->getResultTypes());
  if (auto func = dyn_cast<func::FuncOp>(op))
    llvm::append_range(types, func.getArgumentTypes());
  if (llvm::any_of(types, isQuantized))
    return op->emitError("a quantized type is left");
  return verifyImport(op);
}

namespace {
struct VerifyPhasePass : qnn::impl::QNNVerifyPhasePassBase<VerifyPhasePass> {
  using Base::Base;

  void runOnOperation() override {
    using Check = LogicalResult (*)(Operation *);
    Check check = llvm::StringSwitch<Check>(phase)
                      .Case("import", verifyImport)
                      .Case("prepare", verifyPrepare)
                      .Case("quantize", verifyQuantize)
                      .Case("legalize", verifyLegalize)
                      .Default(nullptr);
    if (!check) {
      getOperation().emitError() << "unknown phase '" << phase << "'";
      return signalPassFailure();
    }
    WalkResult result = getOperation().walk([&](Operation *op) {
      return failed(check(op)) ? WalkResult::interrupt()
                               : WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
