// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Shapes, order and borders of tensors.

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "Handlers.h"
#include "Layout.h"
#include "qnn/Dialect/QNN/IR/QNN.h"

using namespace mlir;
using namespace qnn;
using namespace qnn::importer;

/// The node's result is `input` with another shape.
static LogicalResult createReshape(NodeContext &node, Value input,
                                   ArrayRef<int64_t> shape) {
  if (countElements(shape) != countElements(shapeOf(input)))
    return node.error() << "cannot reshape [" << shapeOf(input) << "] to ["
                        << shape << "]";
  return node.result(reshape(node.getBuilder(), node.getLoc(), input, shape));
}

static LogicalResult importReshape(NodeContext &node) {
  Value input;
  const Tensor *shapeTensor;
  int64_t allowZero = 0;
  if (failed(node.operands({{"data", input}, {"shape", shapeTensor}})) ||
      failed(node.attributes({{"allowzero", allowZero}})))
    return failure();
  FailureOr<Shape> shape = node.check(toInts(*shapeTensor));
  if (failed(shape))
    return failure();
  ArrayRef<int64_t> from = shapeOf(input);
  Shape known;
  std::optional<size_t> inferred;
  for (auto [axis, extent] : llvm::enumerate(*shape)) {
    if (extent == 0 && !allowZero && axis < from.size())
      extent = from[axis];
    if (extent != -1)
      known.push_back(extent);
    else if (inferred)
      return node.error() << "expects at most one -1 in the shape, got ["
                          << *shape << "]";
    else
      inferred = axis;
  }
  std::optional<int64_t> numKnown = countElements(known);
  if (inferred && numKnown && *numKnown > 0)
    (*shape)[*inferred] = *countElements(from) / *numKnown;
  return createReshape(node, input, *shape);
}

static LogicalResult importFlatten(NodeContext &node) {
  Value input;
  int64_t axis = 1;
  if (failed(node.operands({{"input", input}})) ||
      failed(node.attributes({{"axis", axis}})))
    return failure();
  ArrayRef<int64_t> shape = shapeOf(input);
  int64_t rank = shape.size();
  // The axis may be behind the last one: rank is allowed.
  if (axis != rank && failed(normalizeAxis(node, axis, rank)))
    return failure();
  return createReshape(node, input,
                       {*countElements(shape.take_front(axis)),
                        *countElements(shape.drop_front(axis))});
}

/// Operand "axes", before opset 13 an attribute, which may be absent.
static LogicalResult readAxes(NodeContext &node, Value &input,
                              std::optional<Shape> &axes, Presence presence) {
  const Tensor *tensor = nullptr;
  if (node.getOpset() < 13) {
    if (failed(node.operands({{"data", input}})) ||
        failed(node.attributes({{"axes", axes}})))
      return failure();
  } else {
    if (failed(node.operands({{"data", input}, {"axes", tensor, presence}})) ||
        failed(node.attributes({})))
      return failure();
  }
  if (tensor) {
    FailureOr<Shape> values = node.check(toInts(*tensor));
    if (failed(values))
      return failure();
    axes = *values;
  }
  if (!axes && presence == Presence::Required)
    return node.error() << "expects attribute 'axes'";
  return success();
}

static LogicalResult importSqueeze(NodeContext &node) {
  Value input;
  std::optional<Shape> axes;
  if (failed(readAxes(node, input, axes, Presence::Optional)))
    return failure();
  ArrayRef<int64_t> from = shapeOf(input);
  if (axes && failed(normalizeAxes(node, *axes, from.size())))
    return failure();
  Shape shape;
  for (auto [axis, extent] : llvm::enumerate(from)) {
    bool isListed = axes && llvm::is_contained(*axes, axis);
    if (isListed && extent != 1)
      return node.error() << "cannot remove axis " << axis << " of extent "
                          << extent;
    if (axes ? !isListed : extent != 1)
      shape.push_back(extent);
  }
  return createReshape(node, input, shape);
}

static LogicalResult importUnsqueeze(NodeContext &node) {
  Value input;
  std::optional<Shape> axes;
  if (failed(readAxes(node, input, axes, Presence::Required)))
    return failure();
  Shape shape(shapeOf(input));
  if (failed(normalizeAxes(node, *axes, shape.size() + axes->size())))
    return failure();
  for (int64_t axis : *axes)
    shape.insert(shape.begin() + axis, 1);
  return createReshape(node, input, shape);
}

static LogicalResult importTranspose(NodeContext &node) {
  Value input;
  std::optional<Shape> permutation;
  if (failed(node.operands({{"data", input}})) ||
      failed(node.attributes({{"perm", permutation}})))
    return failure();
  if (!permutation)
    permutation = llvm::to_vector<4>(
        llvm::reverse(llvm::seq<int64_t>(0, shapeOf(input).size())));
  if (failed(node.check(inferTransposedShape(shapeOf(input), *permutation))))
    return failure();
  return node.result(
      transpose(node.getBuilder(), node.getLoc(), input, *permutation));
}

static LogicalResult importConcat(NodeContext &node) {
  SmallVector<Value> inputs;
  std::optional<int64_t> axis;
  if (failed(node.operands(inputs)) ||
      failed(node.attributes({{"axis", axis}})))
    return failure();
  if (!axis)
    return node.error() << "expects attribute 'axis'";
  Shape shape(shapeOf(inputs.front()));
  if (failed(normalizeAxis(node, *axis, shape.size())))
    return failure();
  for (Value input : ArrayRef(inputs).drop_front()) {
    Shape other(shapeOf(input));
    bool fits = other.size() == shape.size();
    if (fits)
      std::swap(shape[*axis], other[*axis]);
    if (!fits ||
        !llvm::equal(ArrayRef(shape).take_front(*axis),
                     ArrayRef(other).take_front(*axis)) ||
        !llvm::equal(ArrayRef(shape).drop_front(*axis + 1),
                     ArrayRef(other).drop_front(*axis + 1)))
      return node.error() << "expects inputs that differ only in axis " << *axis
                          << ", got [" << shapeOf(inputs.front()) << "] and ["
                          << shapeOf(input) << "]";
    shape[*axis] += other[*axis];
  }
  Type type = cast<RankedTensorType>(inputs.front().getType()).clone(shape);
  return node.result(tensor::ConcatOp::create(node.getBuilder(), node.getLoc(),
                                              type, *axis, inputs));
}

ArrayRef<Handler> importer::getTensorHandlers() {
  static constexpr Handler handlers[] = {
      {"Concat", 4, importConcat, "any number of inputs"},
      {"Flatten", 1, importFlatten, "to rank 2"},
      {"Reshape", 5, importReshape, "constant shape; 0, -1 and allowzero"},
      {"Squeeze", 1, importSqueeze, "axes constant or absent"},
      {"Transpose", 1, importTranspose, "any permutation"},
      {"Unsqueeze", 1, importUnsqueeze, "constant axes"},
  };
  return handlers;
}
