// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Recurrent layers that were written by hand, unrolled as the import does it.

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"
#include "qnn/Dialect/QNN/Transforms/RecurrentCells.h"

#define DEBUG_TYPE "qnn-unroll-recurrent"

namespace qnn {
#define GEN_PASS_DEF_QNNUNROLLRECURRENTPASS
#include "qnn/Dialect/QNN/Transforms/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

/// The operands and attributes that all layers have.
template <typename OpTy>
static void describe(OpTy op, RecurrentLayer &layer) {
  layer.input = op.getInput();
  layer.weights = op.getWeights();
  layer.recurrent = op.getRecurrent();
  layer.bias = op.getBias();
  layer.isReverse = op.getReverse();
  Location loc = op.getLoc();
  StringRef name = getValueName(op.getHidden());
  layer.getLoc = [loc, name](StringRef role) -> Location {
    std::string text = (name.empty() ? role : name + "/" + role).str();
    return NameLoc::get(StringAttr::get(loc.getContext(), text), loc);
  };
}

static RecurrentOutputs unroll(OpBuilder &builder, LSTMOp op) {
  LSTMLayer layer;
  describe(op, layer);
  layer.activations = {Activation::Sigmoid, Activation::Tanh, Activation::Tanh};
  return unrollLSTM(builder, layer);
}

static RecurrentOutputs unroll(OpBuilder &builder, GRUOp op) {
  GRULayer layer;
  describe(op, layer);
  layer.hiddenBias = op.getHiddenBias();
  layer.activations = {Activation::Sigmoid, Activation::Tanh};
  return unrollGRU(builder, layer);
}

/// The states of all steps behind each other.
static Value joinSteps(OpBuilder &builder, Location loc, RankedTensorType type,
                       ArrayRef<Value> states) {
  auto stepType = type.clone({type.getDimSize(0), 1, type.getDimSize(2)});
  SmallVector<ReassociationIndices> groups{{0, 1}, {2}};
  SmallVector<Value> steps;
  for (Value state : states)
    steps.push_back(tensor::ExpandShapeOp::create(builder, state.getLoc(),
                                                  stepType, state, groups));
  return tensor::ConcatOp::create(builder, loc, type, 1, steps);
}

template <typename OpTy>
static void replaceByUnrolled(OpTy op) {
  OpBuilder builder(op);
  RecurrentOutputs outputs = unroll(builder, op);
  op.getHidden().replaceAllUsesWith(outputs.lastHidden);
  Value sequence = op.getSequence();
  if (!sequence.use_empty())
    sequence.replaceAllUsesWith(
        joinSteps(builder, op.getLoc(),
                  cast<RankedTensorType>(sequence.getType()), outputs.hidden));
  op.erase();
}

namespace {
struct UnrollRecurrentPass
    : qnn::impl::QNNUnrollRecurrentPassBase<UnrollRecurrentPass> {
  using Base::Base;

  void runOnOperation() override {
    getOperation().walk([](LSTMOp op) { replaceByUnrolled(op); });
    getOperation().walk([](GRUOp op) { replaceByUnrolled(op); });
  }
};
} // namespace
