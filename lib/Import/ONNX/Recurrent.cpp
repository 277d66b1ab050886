// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Operands and outputs of LSTM, GRU and RNN.

#include "Handlers.h"
#include "Layout.h"
#include "RecurrentParameters.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include <cmath>

using namespace mlir;
using namespace qnn;
using namespace qnn::importer;

/// A parameter of [directions, rows...], of finite floats.
static LogicalResult checkParameter(NodeContext &node, StringRef name,
                                    const Tensor *tensor,
                                    ArrayRef<int64_t> shape) {
  if (!tensor)
    return success();
  if (ArrayRef<int64_t>(tensor->shape) != shape)
    return node.error() << "expects " << name << " of shape [" << shape
                        << "], got [" << tensor->shape << "]";
  auto values = node.check(toFloats(*tensor));
  if (failed(values))
    return failure();
  if (!llvm::all_of(*values, [](float value) { return std::isfinite(value); }))
    return node.error() << "expects finite numbers in " << name;
  return success();
}

/// Sequences shorter than the others would have steps that keep the state.
static LogicalResult checkLengths(NodeContext &node, const Recurrence &op) {
  if (!op.lengths)
    return success();
  auto lengths = node.check(toInts(*op.lengths));
  if (failed(lengths))
    return failure();
  for (int64_t length : *lengths)
    if (length != op.steps)
      return node.error() << "expects sequence_lens of " << op.steps
                          << ", the length of the input, got " << length;
  return success();
}

static LogicalResult checkState(NodeContext &node, const Recurrence &op,
                                StringRef name, Value state) {
  Shape shape = {op.getNumDirections(), op.batch, op.hidden};
  if (op.layout)
    std::swap(shape[0], shape[1]);
  if (state && shapeOf(state) != ArrayRef<int64_t>(shape))
    return node.error() << "expects " << name << " of shape [" << shape
                        << "], got [" << shapeOf(state) << "]";
  return success();
}

static LogicalResult checkActivations(NodeContext &node, Recurrence &op,
                                      ArrayRef<const char *> defaults) {
  size_t count = defaults.size() * op.getNumDirections();
  if (op.activations.empty())
    while (op.activations.size() < count)
      op.activations.insert(op.activations.end(), defaults.begin(),
                            defaults.end());
  if (op.activations.size() != count)
    return node.error() << "expects " << count << " activations, got "
                        << op.activations.size();
  for (StringRef name : op.activations)
    if (!name.equals_insensitive("Sigmoid") &&
        !name.equals_insensitive("Tanh") && !name.equals_insensitive("Relu"))
      return node.error() << "expects activations Sigmoid, Tanh or Relu, got "
                          << name;
  return success();
}

/// Reads the extents from the input and the weights, and checks all operands
/// against them.
static LogicalResult resolve(NodeContext &node, Recurrence &op,
                             ArrayRef<const char *> defaultActivations) {
  ArrayRef<int64_t> input = shapeOf(op.input);
  if (input.size() != 3)
    return node.error() << "expects an input of rank 3, got " << input.size();
  if (op.layout != 0 && op.layout != 1)
    return node.error() << "expects layout 0 or 1, got " << op.layout;
  if (op.direction != "forward" && op.direction != "reverse" &&
      op.direction != "bidirectional")
    return node.error() << "expects direction forward, reverse or "
                           "bidirectional, got '"
                        << op.direction << "'";
  op.steps = input[op.layout];
  op.batch = input[1 - op.layout];
  op.inputs = input[2];
  if (op.recurrent->shape.size() != 3 || op.recurrent->shape[2] < 1)
    return node.error() << "expects R of rank 3";
  op.hidden = op.recurrent->shape[2];
  if (op.hiddenSize.value_or(op.hidden) != op.hidden)
    return node.error() << "expects hidden_size " << op.hidden << ", as R has";
  int64_t directions = op.getNumDirections(), rows = op.numGates * op.hidden;
  if (failed(checkParameter(node, "W", op.weights,
                            {directions, rows, op.inputs})) ||
      failed(checkParameter(node, "R", op.recurrent,
                            {directions, rows, op.hidden})) ||
      failed(checkParameter(node, "B", op.bias, {directions, 2 * rows})) ||
      failed(checkParameter(node, "P", op.peepholes,
                            {directions, 3 * op.hidden})) ||
      failed(checkState(node, op, "initial_h", op.initialHidden)) ||
      failed(checkState(node, op, "initial_c", op.initialCell)) ||
      failed(checkLengths(node, op)) ||
      failed(checkActivations(node, op, defaultActivations)))
    return failure();
  if (op.layout == 0)
    op.input = transpose(node.getBuilder(), node.getLocOf(op.input), op.input,
                         {1, 0, 2});
  return success();
}

/// One behind the other, unless there is one only.
static Value join(NodeContext &node, Location loc, ArrayRef<Value> parts,
                  int64_t axis) {
  if (parts.size() == 1)
    return parts.front();
  return tensor::ConcatOp::create(node.getBuilder(), loc, axis, parts);
}

/// All steps of all directions: [steps, directions, batch, hidden], or [batch,
/// steps, directions, hidden] of layout 1.
static LogicalResult bindSteps(NodeContext &node, const Recurrence &op,
                               ArrayRef<RecurrentOutputs> directions) {
  if (!node.hasOutput(0))
    return success();
  OpBuilder &builder = node.getBuilder();
  Location loc = node.getOutputLoc(0);
  SmallVector<Value> all;
  for (const RecurrentOutputs &outputs : directions) {
    SmallVector<Value> steps;
    for (Value hidden : outputs.hidden)
      steps.push_back(reshape(builder, node.getLocOf(hidden), hidden,
                              {op.batch, 1, op.hidden}));
    Value joined = join(node, loc, steps, 1);
    if (op.layout == 0)
      joined = transpose(builder, loc, joined, {1, 0, 2});
    Shape shape(shapeOf(joined));
    shape.insert(shape.begin() + 1 + op.layout, 1);
    all.push_back(reshape(builder, loc, joined, shape));
  }
  return node.result(0, join(node, loc, all, 1 + op.layout));
}

/// The last states: [directions, batch, hidden], or [batch, directions,
/// hidden].
static LogicalResult bindLast(NodeContext &node, const Recurrence &op,
                              size_t output, ArrayRef<Value> states) {
  if (!node.hasOutput(output))
    return success();
  Location loc = node.getOutputLoc(output);
  SmallVector<Value> all;
  for (Value state : states) {
    Shape shape(shapeOf(state));
    shape.insert(shape.begin() + op.layout, 1);
    all.push_back(reshape(node.getBuilder(), loc, state, shape));
  }
  return node.result(output, join(node, loc, all, op.layout));
}

using RunDirection = RecurrentOutputs (*)(NodeContext &, const Recurrence &,
                                          int64_t);

/// Runs each direction and binds what comes out.
static LogicalResult runDirections(NodeContext &node, const Recurrence &op,
                                   RunDirection run) {
  SmallVector<RecurrentOutputs> directions;
  SmallVector<Value> hidden, cells;
  for (int64_t index = 0; index < op.getNumDirections(); ++index) {
    directions.push_back(run(node, op, index));
    hidden.push_back(directions.back().lastHidden);
    cells.push_back(directions.back().lastCell);
  }
  if (failed(bindSteps(node, op, directions)) ||
      failed(bindLast(node, op, 1, hidden)))
    return failure();
  return bindLast(node, op, 2, cells);
}

static LogicalResult importLSTM(NodeContext &node) {
  Recurrence op;
  op.numGates = 4;
  int64_t inputForget = 0;
  if (failed(node.operands({{"X", op.input},
                            {"W", op.weights},
                            {"R", op.recurrent},
                            {"B", op.bias, Presence::Optional},
                            {"sequence_lens", op.lengths, Presence::Optional},
                            {"initial_h", op.initialHidden, Presence::Optional},
                            {"initial_c", op.initialCell, Presence::Optional},
                            {"P", op.peepholes, Presence::Optional}})) ||
      failed(node.attributes({{"direction", op.direction},
                              {"hidden_size", op.hiddenSize},
                              {"activations", op.activations},
                              {"input_forget", inputForget},
                              {"layout", op.layout}})))
    return failure();
  if (inputForget)
    return node.error() << "expects input_forget of 0";
  if (failed(resolve(node, op, {"Sigmoid", "Tanh", "Tanh"})))
    return failure();
  return runDirections(node, op, runLSTM);
}

/// The operands of GRU and RNN.
static LogicalResult readOperands(NodeContext &node, Recurrence &op) {
  return node.operands({{"X", op.input},
                        {"W", op.weights},
                        {"R", op.recurrent},
                        {"B", op.bias, Presence::Optional},
                        {"sequence_lens", op.lengths, Presence::Optional},
                        {"initial_h", op.initialHidden, Presence::Optional}});
}

static LogicalResult importGRU(NodeContext &node) {
  Recurrence op;
  op.numGates = 3;
  if (failed(readOperands(node, op)) ||
      failed(node.attributes({{"direction", op.direction},
                              {"hidden_size", op.hiddenSize},
                              {"activations", op.activations},
                              {"linear_before_reset", op.linearBeforeReset},
                              {"layout", op.layout}})) ||
      failed(resolve(node, op, {"Sigmoid", "Tanh"})))
    return failure();
  return runDirections(node, op, runGRU);
}

static LogicalResult importRNN(NodeContext &node) {
  Recurrence op;
  if (failed(readOperands(node, op)) ||
      failed(node.attributes({{"direction", op.direction},
                              {"hidden_size", op.hiddenSize},
                              {"activations", op.activations},
                              {"layout", op.layout}})) ||
      failed(resolve(node, op, {"Tanh"})))
    return failure();
  return runDirections(node, op, runRNN);
}

ArrayRef<Handler> importer::getRecurrentHandlers() {
  static constexpr llvm::StringLiteral summary =
      "unrolled; all directions, initial states, outputs and layouts, constant "
      "parameters, activations Sigmoid, Tanh and Relu, no clip";
  static constexpr Handler handlers[] = {
      {"GRU", 7, importGRU, summary},
      {"LSTM", 7, importLSTM, summary},
      {"RNN", 7, importRNN, summary},
  };
  return handlers;
}
