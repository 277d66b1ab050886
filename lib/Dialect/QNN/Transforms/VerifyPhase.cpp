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

/// Values of a model are tensors of these element types until codes become
/// integers in legalization.
static LogicalResult checkElementType(Operation *op, Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || isFloatTensor(type) || getQuantizedElementType(type) ||
      tensor.getElementType().isUnsignedInteger(8))
    return success();
  return op->emitError("expects values that are f32, ui8 or quantized, got ")
         << type;
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

/// The types of the values that `op` defines.
static SmallVector<Type> definedTypes(Operation *op) {
  SmallVector<Type> types(op->getResultTypes());
  if (auto func = dyn_cast<func::FuncOp>(op))
    llvm::append_range(types, func.getArgumentTypes());
  return types;
}

/// What holds at the end of every phase.
static LogicalResult verifyAny(Operation *op) {
  if (!isKnown(op))
    return op->emitError("operation is not known to quantization");
  for (Type type : definedTypes(op))
    if (failed(checkStatic(op, type)))
      return failure();
  return success();
}

static LogicalResult verifyImport(Operation *op) {
  if (failed(verifyAny(op)))
    return failure();
  for (Type type : definedTypes(op))
    if (failed(checkElementType(op, type)))
      return failure();
  return success();
}

static LogicalResult verifyPrepare(Operation *op) {
  if (failed(verifyImport(op)))
    return failure();
  if (isa<TransposeOp>(op) && matchPattern(op->getOperand(0), m_Constant()))
    return op->emitError("transpose of a constant was not folded");
  if (isa<ClampOp>(op) && isFloatTensor(op->getResult(0).getType())) {
    Operation *producer = op->getOperand(0).getDefiningOp();
    if (producer && producer->hasOneUse() &&
        isa<Conv2DOp, MatMulOp, AddOp, SubOp, MulOp, ClampOp>(producer))
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
  if (llvm::any_of(definedTypes(op), isQuantized))
    return op->emitError("a quantized type is left");
  return verifyAny(op);
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
