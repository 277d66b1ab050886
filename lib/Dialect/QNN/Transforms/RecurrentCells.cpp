// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// LSTM, GRU and RNN as matrix products and elementwise operations.

#include "qnn/Dialect/QNN/Transforms/RecurrentCells.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "qnn/Dialect/QNN/IR/QNN.h"

using namespace mlir;
using namespace qnn;

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

namespace {

/// The operations of a layer, one step after the other.
class Cell {
public:
  Cell(OpBuilder &builder, const RecurrentLayer &layer)
      : builder(builder), layer(layer), units(shapeOf(layer.recurrent)[0]),
        hidden(layer.initialHidden), cell(layer.initialCell) {}
  virtual ~Cell() = default;

  RecurrentOutputs run();

protected:
  /// `gates` of the input, [batch, gates * hidden], and the states before the
  /// step to those after it.
  virtual Value step(Value gates) = 0;

  Value product(StringRef role, Value lhs, Value rhs, Value addend = {});
  Value add(StringRef role, Value lhs, Value rhs) {
    return binary<AddOp>(role, lhs, rhs);
  }
  Value multiply(StringRef role, Value lhs, Value rhs) {
    return binary<MulOp>(role, lhs, rhs);
  }
  template <typename OpTy>
  Value binary(StringRef role, Value lhs, Value rhs) {
    return OpTy::create(builder, layer.getLoc(role), lhs.getType(), lhs, rhs,
                        /*clamp_min=*/FloatAttr(), /*clamp_max=*/FloatAttr());
  }
  /// The layer's activation function of this number.
  Value activate(StringRef role, unsigned number, Value value);
  /// Columns of gates `first` to `first + count - 1`.
  Value gates(Value all, int64_t first, int64_t count = 1);

  OpBuilder &builder;
  const RecurrentLayer &layer;
  int64_t units;
  /// Null while they are zero.
  Value hidden, cell;

private:
  /// The product with the input at this time.
  Value inputGates(Value all, int64_t time);
};

} // namespace

Value Cell::product(StringRef role, Value lhs, Value rhs, Value addend) {
  SmallVector<int64_t> shape(shapeOf(lhs));
  shape.back() = shapeOf(rhs).back();
  auto type = cast<RankedTensorType>(lhs.getType()).clone(shape);
  return MatMulOp::create(builder, layer.getLoc(role), type, lhs, rhs, addend,
                          /*clamp_min=*/FloatAttr(),
                          /*clamp_max=*/FloatAttr());
}

Value Cell::activate(StringRef role, unsigned number, Value value) {
  Type type = value.getType();
  Location loc = layer.getLoc(role);
  switch (layer.activations[number]) {
  case Activation::Sigmoid:
    return SigmoidOp::create(builder, loc, type, value);
  case Activation::Tanh:
    return TanhOp::create(builder, loc, type, value);
  case Activation::Relu:
    return ClampOp::create(builder, loc, type, value,
                           builder.getF32FloatAttr(0.0f), FloatAttr());
  }
  llvm_unreachable("all functions are handled");
}

static Value slice(OpBuilder &builder, Value value, ArrayRef<int64_t> offsets,
                   ArrayRef<int64_t> shape) {
  auto type = cast<RankedTensorType>(value.getType()).clone(shape);
  if (type == value.getType())
    return value;
  SmallVector<int64_t> strides(shape.size(), 1);
  return tensor::ExtractSliceOp::create(builder, value.getLoc(), type, value,
                                        ValueRange(), ValueRange(),
                                        ValueRange(), offsets, shape, strides);
}

Value Cell::gates(Value all, int64_t first, int64_t count) {
  return slice(builder, all, {0, first * units},
               {shapeOf(all)[0], count * units});
}

Value Cell::inputGates(Value all, int64_t time) {
  int64_t batch = shapeOf(all)[0], width = shapeOf(all)[2];
  Value own = slice(builder, all, {0, time, 0}, {batch, 1, width});
  return tensor::CollapseShapeOp::create(
      builder, all.getLoc(), own,
      SmallVector<ReassociationIndices>{{0, 1}, {2}});
}

RecurrentOutputs Cell::run() {
  Value all = product("input_gates", layer.input, layer.weights, layer.bias);
  int64_t steps = shapeOf(all)[1];
  RecurrentOutputs outputs;
  outputs.hidden.resize(steps);
  for (int64_t i = 0; i < steps; ++i) {
    int64_t time = layer.isReverse ? steps - 1 - i : i;
    hidden = outputs.hidden[time] = step(inputGates(all, time));
  }
  outputs.lastHidden = hidden;
  outputs.lastCell = cell;
  return outputs;
}

//===----------------------------------------------------------------------===//
// Cells
//===----------------------------------------------------------------------===//

namespace {

class LSTMCell : public Cell {
public:
  LSTMCell(OpBuilder &builder, const LSTMLayer &layer)
      : Cell(builder, layer), layer(layer) {}

protected:
  Value step(Value inputGates) override {
    Value all = inputGates;
    if (hidden)
      all = add("gates", all, product("hidden_gates", hidden, layer.recurrent));
    Value input = activate("input", 0, peep(gates(all, 0), 0, cell));
    Value candidate = activate("candidate", 1, gates(all, 3));
    Value added = multiply(cell ? "added" : "cell", input, candidate);
    if (cell) {
      Value forget = activate("forget", 0, peep(gates(all, 2), 2, cell));
      added = add("cell", multiply("kept", forget, cell), added);
    }
    cell = added;
    Value output = activate("output", 0, peep(gates(all, 1), 1, cell));
    Value bounded = activate("bounded", 2, cell);
    return multiply("hidden", output, bounded);
  }

private:
  /// The gate plus the state of the cell, each element with its own weight.
  Value peep(Value gate, unsigned number, Value state) {
    Value weights = layer.peepholes[number];
    if (!weights || !state)
      return gate;
    Value seen = multiply("peeped", state, weights);
    return add("peeped_gate", gate, seen);
  }

  const LSTMLayer &layer;
};

class GRUCell : public Cell {
public:
  GRUCell(OpBuilder &builder, const GRULayer &layer)
      : Cell(builder, layer), layer(layer) {}

protected:
  Value step(Value inputGates) override {
    Value hiddenGates, both = gates(inputGates, 0, 2);
    if (hidden) {
      hiddenGates = product("hidden_gates", hidden, layer.recurrent);
      both = add("gates", both, gates(hiddenGates, 0, 2));
    }
    Value update = activate("update", 0, gates(both, 0));
    Value reset = activate("reset", 0, gates(both, 1));
    Value sum = addReset(gates(inputGates, 2), reset, hiddenGates);
    Value candidate = activate("candidate", 1, sum);
    // (1 - update) * candidate + update * hidden.
    if (!hidden)
      return binary<SubOp>("hidden", candidate,
                           multiply("kept", update, candidate));
    Value change = binary<SubOp>("change", hidden, candidate);
    return add("hidden", candidate, multiply("kept", update, change));
  }

private:
  /// The candidate's gate with what the reset leaves of the state.
  Value addReset(Value inputGate, Value reset, Value hiddenGates) {
    Value own;
    if (layer.candidateRecurrent)
      own = hidden
                ? product("reset_gate", multiply("reset_hidden", reset, hidden),
                          layer.candidateRecurrent)
                : Value();
    else if (Value state = getCandidateState(hiddenGates))
      own = multiply("reset_hidden", reset, state);
    return own ? add("candidate_gate", inputGate, own) : inputGate;
  }

  /// The candidate's product with the state, with its bias; null if it is zero.
  Value getCandidateState(Value hiddenGates) {
    if (!hidden)
      return layer.hiddenBias;
    Value gate = gates(hiddenGates, 2);
    return layer.hiddenBias ? add("biased", gate, layer.hiddenBias) : gate;
  }

  const GRULayer &layer;
};

class RNNCell : public Cell {
public:
  using Cell::Cell;

protected:
  Value step(Value gate) override {
    if (hidden)
      gate =
          add("gates", gate, product("hidden_gates", hidden, layer.recurrent));
    return activate("hidden", 0, gate);
  }
};

} // namespace

RecurrentOutputs qnn::unrollLSTM(OpBuilder &builder, const LSTMLayer &layer) {
  return LSTMCell(builder, layer).run();
}

RecurrentOutputs qnn::unrollGRU(OpBuilder &builder, const GRULayer &layer) {
  return GRUCell(builder, layer).run();
}

RecurrentOutputs qnn::unrollRNN(OpBuilder &builder,
                                const RecurrentLayer &layer) {
  return RNNCell(builder, layer).run();
}
