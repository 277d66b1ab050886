// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Element by element operations and softmax.

#include "Handlers.h"
#include "Layout.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include <cmath>
#include <limits>

using namespace mlir;
using namespace qnn;
using namespace qnn::importer;

/// {} or the bound as an attribute; an infinite one is none.
static FloatAttr getBound(OpBuilder &builder, float bound) {
  return std::abs(bound) < std::numeric_limits<float>::max()
             ? builder.getF32FloatAttr(bound)
             : FloatAttr();
}

template <typename OpTy>
static FailureOr<Value> createBinary(NodeContext &node, Location loc, Value lhs,
                                     Value rhs) {
  auto shape = node.check(inferBroadcastShape(shapeOf(lhs), shapeOf(rhs)));
  if (failed(shape))
    return failure();
  Type type = cast<RankedTensorType>(lhs.getType()).clone(*shape);
  return OpTy::create(node.getBuilder(), loc, type, lhs, rhs,
                      /*clamp_min=*/FloatAttr(), /*clamp_max=*/FloatAttr())
      .getResult();
}

template <typename OpTy>
static LogicalResult importBinary(NodeContext &node) {
  Value lhs, rhs;
  if (failed(node.operands({{"A", lhs}, {"B", rhs}})) ||
      failed(node.attributes({})))
    return failure();
  FailureOr<Value> result = createBinary<OpTy>(node, node.getLoc(), lhs, rhs);
  return failed(result) ? failure() : node.result(*result);
}

/// x / c = x * (1 / c): exact when c is a power of two, else within one unit in
/// the last place. It has an integer form, which a quotient has not.
static LogicalResult importDivByConstant(NodeContext &node) {
  Value lhs;
  const Tensor *divisor;
  if (failed(node.operands({{"A", lhs}, {"B", divisor}})) ||
      failed(node.attributes({})))
    return failure();
  FailureOr<std::vector<double>> values = node.check(toDoubles(*divisor));
  if (failed(values))
    return failure();
  SmallVector<float> reciprocals;
  for (double value : *values) {
    reciprocals.push_back(static_cast<float>(1 / value));
    if (!std::isnormal(reciprocals.back()))
      return node.error() << "the reciprocal of divisor " << value
                          << " is not a normal float";
  }
  if (reciprocals.empty())
    return node.error() << "expects a divisor with elements";
  Value rhs =
      node.constant(reciprocals, divisor->shape, node.getLoc("reciprocal"));
  FailureOr<Value> result = createBinary<MulOp>(node, node.getLoc(), lhs, rhs);
  return failed(result) ? failure() : node.result(*result);
}

static LogicalResult importDiv(NodeContext &node) {
  if (node.getConstant(1))
    return importDivByConstant(node);
  Value lhs, rhs;
  if (failed(node.operands({{"A", lhs}, {"B", rhs}})) ||
      failed(node.attributes({})))
    return failure();
  auto shape = node.check(inferBroadcastShape(shapeOf(lhs), shapeOf(rhs)));
  if (failed(shape))
    return failure();
  Type type = cast<RankedTensorType>(lhs.getType()).clone(*shape);
  return node.result(
      DivOp::create(node.getBuilder(), node.getLoc(), type, lhs, rhs));
}

static LogicalResult createClamp(NodeContext &node, Value input, float low,
                                 float high) {
  // ONNX: min(max(x, low), high), so that the upper bound wins.
  low = std::min(low, high);
  OpBuilder &builder = node.getBuilder();
  FloatAttr min = getBound(builder, low), max = getBound(builder, high);
  if (!min && !max)
    return node.result(input);
  return node.result(ClampOp::create(builder, node.getLoc(), input.getType(),
                                     input, min, max));
}

static LogicalResult importRelu(NodeContext &node) {
  Value input;
  if (failed(node.operands({{"X", input}})) || failed(node.attributes({})))
    return failure();
  return createClamp(node, input, 0, std::numeric_limits<float>::infinity());
}

static LogicalResult importClip6(NodeContext &node) {
  Value input;
  float low = std::numeric_limits<float>::lowest();
  float high = std::numeric_limits<float>::max();
  if (failed(node.operands({{"input", input}})) ||
      failed(node.attributes({{"min", low}, {"max", high}})))
    return failure();
  return createClamp(node, input, low, high);
}

static LogicalResult readBound(NodeContext &node, const Tensor *tensor,
                               float &bound) {
  if (!tensor)
    return success();
  FailureOr<std::vector<float>> values = node.check(toFloats(*tensor));
  if (failed(values))
    return failure();
  if (values->size() != 1 || std::isnan(values->front()))
    return node.error() << "expects bound '" << tensor->name
                        << "' to be one number";
  bound = values->front();
  return success();
}

static LogicalResult importClip11(NodeContext &node) {
  Value input;
  const Tensor *min = nullptr, *max = nullptr;
  float low = std::numeric_limits<float>::lowest();
  float high = std::numeric_limits<float>::max();
  if (failed(node.operands({{"input", input},
                            {"min", min, Presence::Optional},
                            {"max", max, Presence::Optional}})) ||
      failed(node.attributes({})) || failed(readBound(node, min, low)) ||
      failed(readBound(node, max, high)))
    return failure();
  return createClamp(node, input, low, high);
}

/// SoftmaxOp and LogSoftmaxOp.
template <typename OpTy>
static LogicalResult createSoftmax(NodeContext &node, Value input,
                                   int64_t axis) {
  return node.result(OpTy::create(node.getBuilder(), node.getLoc(),
                                  input.getType(), input, axis));
}

template <typename OpTy>
static LogicalResult importSoftmax13(NodeContext &node) {
  Value input;
  int64_t axis = -1;
  if (failed(node.operands({{"input", input}})) ||
      failed(node.attributes({{"axis", axis}})) ||
      failed(normalizeAxis(node, axis, shapeOf(input).size())))
    return failure();
  return createSoftmax<OpTy>(node, input, axis);
}

/// Before opset 13 all axes from `axis` on are one.
template <typename OpTy>
static LogicalResult importSoftmax1(NodeContext &node) {
  Value input;
  int64_t axis = 1;
  if (failed(node.operands({{"input", input}})) ||
      failed(node.attributes({{"axis", axis}})))
    return failure();
  ArrayRef<int64_t> shape = shapeOf(input);
  int64_t rank = shape.size();
  if (failed(normalizeAxis(node, axis, rank)))
    return failure();
  if (axis == rank - 1)
    return createSoftmax<OpTy>(node, input, axis);
  Shape flat(shape.take_front(axis));
  flat.push_back(*countElements(shape.drop_front(axis)));
  OpBuilder &builder = node.getBuilder();
  Value rows = reshape(builder, node.getLocOf(input), input, flat);
  Value softmax =
      OpTy::create(builder, node.getLoc(), rows.getType(), rows, axis);
  return node.result(reshape(builder, node.getLoc(), softmax, shape));
}

ArrayRef<Handler> importer::getMathHandlers() {
  static constexpr Handler handlers[] = {
      {"Add", 7, importBinary<AddOp>, "with broadcasting"},
      {"Clip", 6, importClip6, "bounds are attributes"},
      {"Clip", 11, importClip11, "constant bounds"},
      {"Div", 7, importDiv,
       "with broadcasting; by a constant: times its reciprocal"},
      {"LogSoftmax", 1, importSoftmax1<LogSoftmaxOp>,
       "all axes from `axis` on are one"},
      {"LogSoftmax", 13, importSoftmax13<LogSoftmaxOp>, "one axis"},
      {"Mul", 7, importBinary<MulOp>, "with broadcasting"},
      {"Relu", 6, importRelu, "as a clamp"},
      {"Softmax", 1, importSoftmax1<SoftmaxOp>,
       "all axes from `axis` on are one"},
      {"Softmax", 13, importSoftmax13<SoftmaxOp>, "one axis"},
      {"Sub", 7, importBinary<SubOp>, "with broadcasting"},
  };
  return handlers;
}
