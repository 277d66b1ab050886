// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constants, what passes them on unchanged, and padding with them.

#include "Handlers.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include <cmath>

using namespace mlir;
using namespace qnn;
using namespace qnn::importer;

static LogicalResult importConstant(NodeContext &node) {
  const Tensor *value = nullptr;
  std::optional<int64_t> integer;
  std::optional<Shape> integers;
  std::optional<float> number;
  std::vector<float> numbers;
  if (failed(node.operands(std::initializer_list<OperandSpec>{})) ||
      failed(node.attributes({{"value", value},
                              {"value_float", number},
                              {"value_floats", numbers},
                              {"value_int", integer},
                              {"value_ints", integers}})))
    return failure();
  if (value)
    return node.result(value);
  if (integer || integers)
    return node.result(integer ? node.makeTensor({}, Shape{*integer})
                               : node.makeTensor(integers->size(), *integers));
  if (number || !numbers.empty())
    return node.result(number ? node.makeTensor({}, std::vector<float>{*number})
                              : node.makeTensor(numbers.size(), numbers));
  return node.error() << "expects attribute 'value'";
}

/// The result is the first operand, be it known now or at run time.
static LogicalResult forward(NodeContext &node) {
  if (const Tensor *tensor = node.getConstant(0))
    return node.result(tensor);
  Value input;
  return failed(node.operands({{"input", input}})) ? failure()
                                                   : node.result(input);
}

static LogicalResult importIdentity(NodeContext &node) {
  return failed(node.attributes({})) ? failure() : forward(node);
}

static LogicalResult importCast(NodeContext &node) {
  std::optional<int64_t> to;
  int64_t saturate = 1; // As is round_mode, for casts to 8-bit floats.
  std::string roundMode;
  if (failed(node.attributes(
          {{"to", to}, {"saturate", saturate}, {"round_mode", roundMode}})))
    return failure();
  const Tensor *tensor = node.getConstant(0);
  auto from = tensor ? tensor->elementType : ElementType::F32;
  if (!to || static_cast<ElementType>(*to) != from)
    return node.error() << "cannot cast from " << getName(from) << " to "
                        << getName(static_cast<ElementType>(to.value_or(0)));
  return forward(node);
}

/// Low and high padding of every axis from ONNX's [low..., high...].
static LogicalResult createPad(NodeContext &node, Value input,
                               const Shape &pads,
                               const std::optional<Shape> &axes, float value) {
  int64_t rank = shapeOf(input).size();
  Shape listed = axes ? *axes : llvm::to_vector<4>(llvm::seq<int64_t>(0, rank));
  if (pads.size() != 2 * listed.size())
    return node.error() << "expects " << 2 * listed.size() << " pads, got "
                        << pads.size();
  Shape low(rank), high(rank), shape(shapeOf(input));
  for (auto [index, axis] : llvm::enumerate(listed)) {
    if (failed(normalizeAxis(node, axis, rank)))
      return failure();
    int64_t before = pads[index], after = pads[listed.size() + index];
    if (std::min(before, after) < 0 || std::max(before, after) > (1 << 30))
      return node.error() << "expects pads from 0 to 2^30, got " << before
                          << " and " << after << "; crop with Slice";
    low[axis] += before;
    high[axis] += after;
    shape[axis] += before + after;
  }
  Type type = cast<RankedTensorType>(input.getType()).clone(shape);
  OpBuilder &builder = node.getBuilder();
  return node.result(
      PadOp::create(builder, node.getLoc(), type, input, ArrayRef<int64_t>(low),
                    ArrayRef<int64_t>(high), llvm::APFloat(value)));
}

static LogicalResult checkMode(NodeContext &node, StringRef mode) {
  if (mode == "constant")
    return success();
  return node.error() << "expects mode 'constant', got '" << mode << "'";
}

static LogicalResult importPad2(NodeContext &node) {
  Value input;
  std::optional<Shape> pads;
  float value = 0;
  std::string mode = "constant";
  if (failed(node.operands({{"data", input}})) ||
      failed(node.attributes(
          {{"mode", mode}, {"pads", pads}, {"value", value}})) ||
      failed(checkMode(node, mode)))
    return failure();
  if (!pads)
    return node.error() << "expects attribute 'pads'";
  return createPad(node, input, *pads, std::nullopt, value);
}

static LogicalResult importPad11(NodeContext &node) {
  Value input;
  const Tensor *padsTensor, *valueTensor = nullptr, *axesTensor = nullptr;
  std::string mode = "constant";
  if (failed(node.operands({{"data", input},
                            {"pads", padsTensor},
                            {"constant_value", valueTensor, Presence::Optional},
                            {"axes", axesTensor, Presence::Optional}})) ||
      failed(node.attributes({{"mode", mode}})) ||
      failed(checkMode(node, mode)))
    return failure();
  FailureOr<Shape> pads = node.check(toInts(*padsTensor));
  if (failed(pads))
    return failure();
  float value = 0;
  if (valueTensor) {
    auto values = node.check(toFloats(*valueTensor));
    if (failed(values))
      return failure();
    if (values->size() != 1 || !std::isfinite(values->front()))
      return node.error() << "expects constant_value to be one finite number";
    value = values->front();
  }
  std::optional<Shape> axes;
  if (axesTensor) {
    FailureOr<Shape> values = node.check(toInts(*axesTensor));
    if (failed(values))
      return failure();
    axes = *values;
  }
  return createPad(node, input, *pads, axes, value);
}

ArrayRef<Handler> importer::getConstantHandlers() {
  static constexpr Handler handlers[] = {
      {"Cast", 6, importCast, "to the type that the value has"},
      {"Constant", 1, importConstant, "dense tensors, numbers and lists"},
      {"Identity", 1, importIdentity, "any value"},
      {"Pad", 2, importPad2, "mode constant, pads are an attribute"},
      {"Pad", 11, importPad11, "mode constant, constant pads from 0 on"},
  };
  return handlers;
}
