// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From ONNX's parameters, [directions, gates * hidden, ...], to those of the
// layer of one direction.

#include "RecurrentParameters.h"
#include "Layout.h"

using namespace mlir;
using namespace qnn;
using namespace qnn::importer;

namespace {

/// The parameters of one direction.
class Parameters {
public:
  Parameters(NodeContext &node, const Recurrence &op, int64_t index)
      : node(node), op(op), index(index) {
    if (op.getNumDirections() == 2)
      prefix = index ? "reverse/" : "forward/";
  }

  /// What all operators have; `recurrent` has `numRecurrent` gates.
  void describe(RecurrentLayer &layer, int64_t numRecurrent);
  /// Rows of `gates` of a parameter of this direction as columns.
  Value columns(const Tensor &tensor, int64_t width, int64_t first,
                int64_t count);
  /// Elements of a parameter of this direction, in units of `hidden`.
  std::vector<float> elements(const Tensor *tensor, int64_t first,
                              int64_t count) const;
  Value constantOf(StringRef role, ArrayRef<float> values) {
    return node.constant(values, int64_t(values.size()), getLoc(role));
  }
  /// Of the input and of the state, which are added.
  std::vector<float> getBias() const;

private:
  Location getLoc(StringRef role) { return node.getLoc(prefix + role.str()); }
  Value initialState(Value states, StringRef role);

  NodeContext &node;
  const Recurrence &op;
  int64_t index;
  std::string prefix;
};

} // namespace

std::vector<float> Parameters::elements(const Tensor *tensor, int64_t first,
                                        int64_t count) const {
  if (!tensor)
    return std::vector<float>(count * op.hidden, 0.0f);
  std::vector<float> all = llvm::cantFail(toFloats(*tensor));
  auto begin = all.begin() + all.size() / op.getNumDirections() * index;
  return {begin + first * op.hidden, begin + (first + count) * op.hidden};
}

Value Parameters::columns(const Tensor &tensor, int64_t width, int64_t first,
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
  OpBuilder &builder = node.getBuilder();
  return node.constant(transposed, {width, numRows},
                       NameLoc::get(builder.getStringAttr(name)));
}

std::vector<float> Parameters::getBias() const {
  std::vector<float> sum = elements(op.bias, 0, op.numGates);
  std::vector<float> recurrent = elements(op.bias, op.numGates, op.numGates);
  for (auto [total, addend] : llvm::zip(sum, recurrent))
    total += addend;
  return sum;
}

/// This direction of [directions, batch, hidden], or of layout 1, as [batch,
/// hidden]; null for none.
Value Parameters::initialState(Value states, StringRef role) {
  if (!states)
    return {};
  int64_t axis = op.layout;
  Shape offsets(3, 0), shape(shapeOf(states));
  offsets[axis] = index;
  shape[axis] = 1;
  OpBuilder &builder = node.getBuilder();
  Location loc = getLoc(role);
  Value own = slice(builder, loc, states, offsets, shape, {1, 1, 1});
  return reshape(builder, loc, own, {op.batch, op.hidden});
}

/// The function of this name, which was checked before.
static Activation toActivation(StringRef name) {
  if (name.equals_insensitive("Sigmoid"))
    return Activation::Sigmoid;
  return name.equals_insensitive("Tanh") ? Activation::Tanh : Activation::Relu;
}

void Parameters::describe(RecurrentLayer &layer, int64_t numRecurrent) {
  layer.input = op.input;
  layer.initialHidden = initialState(op.initialHidden, "initial_hidden");
  layer.initialCell = initialState(op.initialCell, "initial_cell");
  layer.weights = columns(*op.weights, op.inputs, 0, op.numGates);
  layer.recurrent = columns(*op.recurrent, op.hidden, 0, numRecurrent);
  layer.isReverse = op.direction == "reverse" || index == 1;
  size_t count = op.activations.size() / op.getNumDirections();
  for (size_t number = 0; number < count; ++number)
    layer.activations.push_back(
        toActivation(op.activations[index * count + number]));
  layer.getLoc = [this](StringRef role) { return getLoc(role); };
}

RecurrentOutputs importer::runLSTM(NodeContext &node, const Recurrence &op,
                                   int64_t direction) {
  Parameters parameters(node, op, direction);
  LSTMLayer layer;
  parameters.describe(layer, op.numGates);
  if (op.bias)
    layer.bias = parameters.constantOf("bias", parameters.getBias());
  if (op.peepholes)
    for (auto [number, weights] : llvm::enumerate(layer.peepholes))
      weights = parameters.constantOf(
          "peepholes", parameters.elements(op.peepholes, int64_t(number), 1));
  return unrollLSTM(node.getBuilder(), layer);
}

RecurrentOutputs importer::runGRU(NodeContext &node, const Recurrence &op,
                                  int64_t direction) {
  Parameters parameters(node, op, direction);
  GRULayer layer;
  parameters.describe(layer, op.linearBeforeReset ? 3 : 2);
  if (!op.linearBeforeReset)
    layer.candidateRecurrent =
        parameters.columns(*op.recurrent, op.hidden, 2, 1);
  if (!op.bias)
    return unrollGRU(node.getBuilder(), layer);
  std::vector<float> bias = parameters.getBias();
  if (op.linearBeforeReset) {
    // The state's bias of the candidate is reset together with its product.
    llvm::copy(parameters.elements(op.bias, 2, 1),
               bias.begin() + 2 * op.hidden);
    layer.hiddenBias = parameters.constantOf(
        "hidden_bias", parameters.elements(op.bias, 5, 1));
  }
  layer.bias = parameters.constantOf("bias", bias);
  return unrollGRU(node.getBuilder(), layer);
}

RecurrentOutputs importer::runRNN(NodeContext &node, const Recurrence &op,
                                  int64_t direction) {
  Parameters parameters(node, op, direction);
  RecurrentLayer layer;
  parameters.describe(layer, op.numGates);
  if (op.bias)
    layer.bias = parameters.constantOf("bias", parameters.getBias());
  return unrollRNN(node.getBuilder(), layer);
}
