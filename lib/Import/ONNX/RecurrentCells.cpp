// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// LSTM, GRU and RNN as matrix products and elementwise operations. The product
// with the input is one for all steps. A value has the same name in every step,
// and so the same range.

#include "RecurrentCells.h"
#include "Layout.h"
#include "qnn/Dialect/QNN/IR/QNN.h"

using namespace mlir;
using namespace qnn;
using namespace qnn::importer;

namespace {

/// One direction of an operator: its parameters and the operations on them.
class Cell {
public:
  Cell(NodeContext &node, const Recurrence &op, int64_t index)
      : node(node), builder(node.getBuilder()), op(op), index(index) {
    isReverse = op.direction == "reverse" || index == 1;
    if (op.getNumDirections() == 2)
      prefix = index ? "reverse/" : "forward/";
  }
  virtual ~Cell() = default;

  Outputs run();

protected:
  /// `gates` of the input, [batch, gates * hidden], and the states before the
  /// step to those after it.
  virtual Value step(Value gates) = 0;
  /// The bias that is added to the product with the input.
  virtual std::vector<float> getInputBias() const;

  Location getLoc(StringRef role) { return node.getLoc(prefix + role.str()); }
  Value product(StringRef role, Value lhs, Value rhs, Value addend = {});
  Value add(StringRef role, Value lhs, Value rhs) {
    return binary<AddOp>(role, lhs, rhs);
  }
  Value multiply(StringRef role, Value lhs, Value rhs) {
    return binary<MulOp>(role, lhs, rhs);
  }
  template <typename OpTy>
  Value binary(StringRef role, Value lhs, Value rhs) {
    return OpTy::create(builder, getLoc(role), lhs.getType(), lhs, rhs,
                        /*clamp_min=*/FloatAttr(), /*clamp_max=*/FloatAttr());
  }
  /// The activation function of this number, which was checked before.
  Value activate(StringRef role, unsigned number, Value value);
  /// Columns of gates `first` to `first + count - 1`.
  Value gates(Value all, int64_t first, int64_t count = 1);

  /// Rows of `gates` of a parameter of this direction as columns.
  Value columns(const Tensor &tensor, int64_t width, int64_t first,
                int64_t count);
  /// Elements of a parameter of this direction, in units of `hidden`.
  std::vector<float> elements(const Tensor *tensor, int64_t first,
                              int64_t count) const;
  Value constantOf(StringRef role, ArrayRef<float> values);

  NodeContext &node;
  OpBuilder &builder;
  const Recurrence &op;
  int64_t index;
  bool isReverse = false;
  std::string prefix;
  /// Null while they are zero.
  Value hidden, cell;

private:
  Value initialState(Value states, StringRef role);
};

} // namespace

Value Cell::product(StringRef role, Value lhs, Value rhs, Value addend) {
  Shape shape(shapeOf(lhs));
  shape.back() = shapeOf(rhs).back();
  auto type = cast<RankedTensorType>(lhs.getType()).clone(shape);
  return MatMulOp::create(builder, getLoc(role), type, lhs, rhs, addend,
                          /*clamp_min=*/FloatAttr(),
                          /*clamp_max=*/FloatAttr());
}

Value Cell::activate(StringRef role, unsigned number, Value value) {
  size_t perDirection = op.activations.size() / op.getNumDirections();
  StringRef name = op.activations[index * perDirection + number];
  Type type = value.getType();
  Location loc = getLoc(role);
  if (name.equals_insensitive("Sigmoid"))
    return SigmoidOp::create(builder, loc, type, value);
  if (name.equals_insensitive("Tanh"))
    return TanhOp::create(builder, loc, type, value);
  return ClampOp::create(builder, loc, type, value,
                         builder.getF32FloatAttr(0.0f), FloatAttr());
}

Value Cell::gates(Value all, int64_t first, int64_t count) {
  return slice(builder, node.getLocOf(all), all, {0, first * op.hidden},
               {op.batch, count * op.hidden}, {1, 1});
}

std::vector<float> Cell::elements(const Tensor *tensor, int64_t first,
                                  int64_t count) const {
  if (!tensor)
    return std::vector<float>(count * op.hidden, 0.0f);
  std::vector<float> all = llvm::cantFail(toFloats(*tensor));
  auto begin = all.begin() + all.size() / op.getNumDirections() * index;
  return {begin + first * op.hidden, begin + (first + count) * op.hidden};
}

Value Cell::constantOf(StringRef role, ArrayRef<float> values) {
  return node.constant(values, int64_t(values.size()), getLoc(role));
}

Value Cell::columns(const Tensor &tensor, int64_t width, int64_t first,
                    int64_t count) {
  std::vector<float> all = llvm::cantFail(toFloats(tensor));
  int64_t numRows = count * op.hidden;
  const float *rows = all.data() + all.size() / op.getNumDirections() * index +
                      first * op.hidden * width;
  std::vector<float> transposed;
  for (int64_t column = 0; column < width; ++column)
    for (int64_t row = 0; row < numRows; ++row)
      transposed.push_back(rows[row * width + column]);
  std::string name = tensor.name;
  if (op.getNumDirections() == 2)
    name = prefix + name;
  return node.constant(transposed, {width, numRows},
                       NameLoc::get(builder.getStringAttr(name)));
}

/// Of the input and of the state, which are added.
std::vector<float> Cell::getInputBias() const {
  std::vector<float> sum = elements(op.bias, 0, op.numGates);
  std::vector<float> recurrent = elements(op.bias, op.numGates, op.numGates);
  for (auto [total, addend] : llvm::zip(sum, recurrent))
    total += addend;
  return sum;
}

/// This direction of [directions, batch, hidden], or of layout 1, as [batch,
/// hidden]; null for none.
Value Cell::initialState(Value states, StringRef role) {
  if (!states)
    return {};
  int64_t axis = op.layout;
  Shape offsets(3, 0), shape(shapeOf(states));
  offsets[axis] = index;
  shape[axis] = 1;
  Location loc = getLoc(role);
  Value own = slice(builder, loc, states, offsets, shape, {1, 1, 1});
  return reshape(builder, loc, own, {op.batch, op.hidden});
}

Outputs Cell::run() {
  hidden = initialState(op.initialHidden, "initial_hidden");
  cell = initialState(op.initialCell, "initial_cell");
  Value weights = columns(*op.weights, op.inputs, 0, op.numGates);
  Value bias;
  if (op.bias)
    bias = constantOf("bias", getInputBias());
  Value all = product("input_gates", op.input, weights, bias);
  Location loc = node.getLocOf(all);
  int64_t width = op.numGates * op.hidden;
  Outputs outputs;
  outputs.hidden.resize(op.steps);
  for (int64_t i = 0; i < op.steps; ++i) {
    int64_t time = isReverse ? op.steps - 1 - i : i;
    Value own =
        slice(builder, loc, all, {0, time, 0}, {op.batch, 1, width}, {1, 1, 1});
    own = reshape(builder, loc, own, {op.batch, width});
    hidden = outputs.hidden[time] = step(own);
  }
  outputs.lastHidden = hidden;
  outputs.lastCell = cell;
  return outputs;
}

//===----------------------------------------------------------------------===//
// Cells
//===----------------------------------------------------------------------===//

namespace {

/// Gates are in the order input, output, forget, cell.
class LSTMCell : public Cell {
public:
  LSTMCell(NodeContext &node, const Recurrence &op, int64_t index)
      : Cell(node, op, index),
        recurrent(columns(*op.recurrent, op.hidden, 0, op.numGates)) {}

protected:
  Value step(Value inputGates) override {
    Value all = inputGates;
    if (hidden)
      all = add("gates", all, product("hidden_gates", hidden, recurrent));
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
  Value peep(Value gate, int64_t number, Value state) {
    if (!op.peepholes || !state)
      return gate;
    Value weights = constantOf("peepholes", elements(op.peepholes, number, 1));
    Value seen = multiply("peeped", state, weights);
    return add("peeped_gate", gate, seen);
  }

  Value recurrent;
};

/// Gates are in the order update, reset, hidden.
class GRUCell : public Cell {
public:
  GRUCell(NodeContext &node, const Recurrence &op, int64_t index)
      : Cell(node, op, index), resetsProduct(op.linearBeforeReset) {
    if (resetsProduct) {
      recurrent = columns(*op.recurrent, op.hidden, 0, 3);
      hiddenBias = constantOf("hidden_bias", elements(op.bias, 5, 1));
    } else {
      recurrent = columns(*op.recurrent, op.hidden, 0, 2);
      recurrentHidden = columns(*op.recurrent, op.hidden, 2, 1);
    }
  }

protected:
  /// The bias of the hidden gate's state is reset together with its product.
  std::vector<float> getInputBias() const override {
    std::vector<float> sum = Cell::getInputBias();
    if (resetsProduct)
      llvm::copy(elements(op.bias, 2, 1), sum.begin() + 2 * op.hidden);
    return sum;
  }

  Value step(Value inputGates) override {
    Value product3, both = gates(inputGates, 0, 2);
    if (hidden) {
      product3 = product("hidden_gates", hidden, recurrent);
      both =
          add("gates", both, resetsProduct ? gates(product3, 0, 2) : product3);
    }
    Value update = activate("update", 0, gates(both, 0));
    Value reset = activate("reset", 0, gates(both, 1));
    Value sum = addReset(gates(inputGates, 2), reset, product3);
    Value candidate = activate("candidate", 1, sum);
    // (1 - update) * candidate + update * hidden.
    if (!hidden)
      return binary<SubOp>("hidden", candidate,
                           multiply("kept", update, candidate));
    Value change = binary<SubOp>("change", hidden, candidate);
    return add("hidden", candidate, multiply("kept", update, change));
  }

private:
  Value addReset(Value inputGate, Value reset, Value product3) {
    if (resetsProduct) {
      Value own = reset;
      if (hidden)
        own = multiply("reset_hidden", reset,
                       add("biased", gates(product3, 2), hiddenBias));
      else
        own = multiply("reset_hidden", reset, hiddenBias);
      return add("candidate_gate", inputGate, own);
    }
    if (!hidden)
      return inputGate;
    Value own = multiply("reset_hidden", reset, hidden);
    return add("candidate_gate", inputGate,
               product("reset_gate", own, recurrentHidden));
  }

  bool resetsProduct;
  Value recurrent, recurrentHidden, hiddenBias;
};

class RNNCell : public Cell {
public:
  RNNCell(NodeContext &node, const Recurrence &op, int64_t index)
      : Cell(node, op, index),
        recurrent(columns(*op.recurrent, op.hidden, 0, 1)) {}

protected:
  Value step(Value gate) override {
    if (hidden)
      gate = add("gates", gate, product("hidden_gates", hidden, recurrent));
    return activate("hidden", 0, gate);
  }

private:
  Value recurrent;
};

} // namespace

Outputs importer::runLSTM(NodeContext &node, const Recurrence &op,
                          int64_t direction) {
  return LSTMCell(node, op, direction).run();
}

Outputs importer::runGRU(NodeContext &node, const Recurrence &op,
                         int64_t direction) {
  return GRUCell(node, op, direction).run();
}

Outputs importer::runRNN(NodeContext &node, const Recurrence &op,
                         int64_t direction) {
  return RNNCell(node, op, direction).run();
}
