// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Means and sums along axes.

#include "Handlers.h"
#include "Layout.h"
#include "qnn/Dialect/QNN/IR/QNN.h"

using namespace mlir;
using namespace qnn;
using namespace qnn::importer;

template <typename OpTy>
static FailureOr<Value> createReduction(NodeContext &node, Value input,
                                        ArrayRef<int64_t> axes) {
  auto shape = node.check(inferReducedShape(shapeOf(input), axes));
  if (failed(shape))
    return failure();
  Type type = cast<RankedTensorType>(input.getType()).clone(*shape);
  return OpTy::create(node.getBuilder(), node.getLoc(), type, input, axes)
      .getResult();
}

static LogicalResult importGlobalAveragePool(NodeContext &node) {
  Value input;
  if (failed(node.operands({{"X", input}})) || failed(node.attributes({})))
    return failure();
  int64_t rank = shapeOf(input).size();
  if (rank < 3)
    return node.error() << "expects an input of rank 3 or more, got " << rank;
  auto axes = llvm::to_vector(llvm::seq<int64_t>(2, rank));
  FailureOr<Value> mean = createReduction<MeanOp>(node, input, axes);
  return failed(mean) ? failure() : node.result(*mean);
}

/// Along `axes`, which may be negative and are removed if `keepDims` is 0.
template <typename OpTy>
static LogicalResult createReduction(NodeContext &node, Value input, Shape axes,
                                     int64_t keepDims) {
  int64_t rank = shapeOf(input).size();
  if (failed(normalizeAxes(node, axes, rank)))
    return failure();
  FailureOr<Value> reduced = createReduction<OpTy>(node, input, axes);
  if (failed(reduced) || keepDims)
    return failed(reduced) ? failure() : node.result(*reduced);
  Shape shape;
  for (int64_t axis = 0; axis < rank; ++axis)
    if (!llvm::is_contained(axes, axis))
      shape.push_back(shapeOf(input)[axis]);
  return node.result(
      reshape(node.getBuilder(), node.getLoc(), *reduced, shape));
}

static Shape getAllAxes(Value value) {
  return llvm::to_vector<4>(llvm::seq<int64_t>(0, shapeOf(value).size()));
}

/// Axes are an attribute.
template <typename OpTy>
static LogicalResult importWithAttribute(NodeContext &node) {
  Value input;
  std::optional<Shape> axes;
  int64_t keepDims = 1;
  if (failed(node.operands({{"data", input}})) ||
      failed(node.attributes({{"axes", axes}, {"keepdims", keepDims}})))
    return failure();
  return createReduction<OpTy>(node, input, axes.value_or(getAllAxes(input)),
                               keepDims);
}

/// Axes are an operand.
template <typename OpTy>
static LogicalResult importWithOperand(NodeContext &node) {
  Value input;
  const Tensor *axesTensor = nullptr;
  int64_t keepDims = 1, noopWithEmptyAxes = 0;
  if (failed(node.operands(
          {{"data", input}, {"axes", axesTensor, Presence::Optional}})) ||
      failed(node.attributes({{"keepdims", keepDims},
                              {"noop_with_empty_axes", noopWithEmptyAxes}})))
    return failure();
  Shape axes;
  if (axesTensor) {
    FailureOr<Shape> values = node.check(toInts(*axesTensor));
    if (failed(values))
      return failure();
    axes = *values;
  }
  if (axes.empty() && noopWithEmptyAxes)
    return node.result(input);
  return createReduction<OpTy>(
      node, input, axes.empty() ? getAllAxes(input) : axes, keepDims);
}

ArrayRef<Handler> importer::getReductionHandlers() {
  static constexpr Handler handlers[] = {
      {"GlobalAveragePool", 1, importGlobalAveragePool, "any rank from 3 on"},
      {"ReduceMean", 1, importWithAttribute<MeanOp>, "axes are an attribute"},
      {"ReduceMean", 18, importWithOperand<MeanOp>, "constant axes"},
      {"ReduceSum", 1, importWithAttribute<SumOp>, "axes are an attribute"},
      {"ReduceSum", 13, importWithOperand<SumOp>, "constant axes"},
  };
  return handlers;
}
