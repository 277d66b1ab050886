// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parts of tensors: Slice, Split, Gather.

#include "Handlers.h"
#include "Layout.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "qnn/Dialect/QNN/IR/QNN.h"

using namespace mlir;
using namespace qnn;
using namespace qnn::importer;

static FailureOr<Shape> readInts(NodeContext &node, const Tensor *tensor,
                                 Shape otherwise) {
  return tensor ? node.check(toInts(*tensor))
                : FailureOr<Shape>(std::move(otherwise));
}

//===----------------------------------------------------------------------===//
// Slice
//===----------------------------------------------------------------------===//

namespace {
/// The elements start, start + step, ... of an axis, `count` of them.
struct AxisRange {
  int64_t start = 0, step = 1, count = 0;
};
} // namespace

/// From what ONNX has: bounds are cut to the axis, negative ones count from its
/// end.
static AxisRange resolveRange(int64_t extent, int64_t start, int64_t end,
                              int64_t step) {
  bool isForward = step > 0;
  auto resolve = [&](int64_t bound) {
    if (bound < 0)
      bound += extent;
    return isForward ? std::clamp<int64_t>(bound, 0, extent)
                     : std::clamp<int64_t>(bound, -1, extent - 1);
  };
  start = resolve(start);
  end = resolve(end);
  int64_t distance = isForward ? end - start : start - end;
  int64_t stride = std::abs(step);
  return {start, step, (std::max<int64_t>(distance, 0) + stride - 1) / stride};
}

/// A slice backwards is a slice of the reversed axis.
static LogicalResult createSlice(NodeContext &node, Value input,
                                 ArrayRef<AxisRange> ranges) {
  Shape offsets, sizes, strides;
  SmallVector<int64_t> reversed;
  for (auto [axis, range] : llvm::enumerate(ranges)) {
    if (range.count == 0)
      return node.error() << "has no elements along axis " << axis;
    bool isForward = range.step > 0;
    if (!isForward)
      reversed.push_back(axis);
    offsets.push_back(isForward ? range.start
                                : shapeOf(input)[axis] - 1 - range.start);
    sizes.push_back(range.count);
    strides.push_back(std::abs(range.step));
  }
  OpBuilder &builder = node.getBuilder();
  if (!reversed.empty())
    input = ReverseOp::create(builder, node.getLoc("reversed"), input.getType(),
                              input, reversed);
  return node.result(
      slice(builder, node.getLoc(), input, offsets, sizes, strides));
}

static LogicalResult createSlice(NodeContext &node, Value input,
                                 ArrayRef<int64_t> starts,
                                 ArrayRef<int64_t> ends, Shape axes,
                                 ArrayRef<int64_t> steps) {
  int64_t rank = shapeOf(input).size();
  if (starts.size() != axes.size() || ends.size() != axes.size() ||
      steps.size() != axes.size())
    return node.error() << "expects starts, ends, axes and steps of one length";
  SmallVector<AxisRange> ranges;
  for (int64_t extent : shapeOf(input))
    ranges.push_back({0, 1, extent});
  SmallVector<bool> isListed(rank, false);
  for (auto [axis, start, end, step] : llvm::zip(axes, starts, ends, steps)) {
    if (failed(normalizeAxis(node, axis, rank)))
      return failure();
    constexpr int64_t limit = int64_t(1) << 30;
    if (step == 0 || step < -limit || step > limit || isListed[axis])
      return node.error() << "expects axes that differ and steps that are not "
                             "0";
    isListed[axis] = true;
    // Whatever is beyond any axis is as good as its end.
    int64_t first = std::clamp(start, -2 * limit, 2 * limit);
    int64_t last = std::clamp(end, -2 * limit, 2 * limit);
    ranges[axis] = resolveRange(shapeOf(input)[axis], first, last, step);
  }
  return createSlice(node, input, ranges);
}

static Shape firstAxes(size_t count) {
  return llvm::to_vector<4>(llvm::seq<int64_t>(0, count));
}

static LogicalResult importSlice1(NodeContext &node) {
  Value input;
  std::optional<Shape> starts, ends, axes;
  if (failed(node.operands({{"data", input}})) ||
      failed(node.attributes(
          {{"starts", starts}, {"ends", ends}, {"axes", axes}})))
    return failure();
  if (!starts || !ends)
    return node.error() << "expects attributes 'starts' and 'ends'";
  return createSlice(node, input, *starts, *ends,
                     axes.value_or(firstAxes(starts->size())),
                     Shape(starts->size(), 1));
}

static LogicalResult importSlice10(NodeContext &node) {
  Value input;
  const Tensor *startTensor, *endTensor, *axisTensor = nullptr,
                                         *stepTensor = nullptr;
  if (failed(node.operands({{"data", input},
                            {"starts", startTensor},
                            {"ends", endTensor},
                            {"axes", axisTensor, Presence::Optional},
                            {"steps", stepTensor, Presence::Optional}})) ||
      failed(node.attributes({})))
    return failure();
  auto starts = node.check(toInts(*startTensor));
  auto ends = node.check(toInts(*endTensor));
  if (failed(starts) || failed(ends))
    return failure();
  auto axes = readInts(node, axisTensor, firstAxes(starts->size()));
  auto steps = readInts(node, stepTensor, Shape(starts->size(), 1));
  if (failed(axes) || failed(steps))
    return failure();
  return createSlice(node, input, *starts, *ends, *axes, *steps);
}

//===----------------------------------------------------------------------===//
// Split
//===----------------------------------------------------------------------===//

/// Parts of `sizes` along `axis`, one after the other.
static LogicalResult createSplit(NodeContext &node, Value input, int64_t axis,
                                 ArrayRef<int64_t> sizes) {
  Shape offsets(shapeOf(input).size(), 0), shape(shapeOf(input));
  Shape strides(shape.size(), 1);
  for (auto [index, size] : llvm::enumerate(sizes)) {
    if (size <= 0)
      return node.error() << "has no elements in part " << index;
    shape[axis] = size;
    if (node.hasOutput(index) &&
        failed(node.result(index,
                           slice(node.getBuilder(), node.getOutputLoc(index),
                                 input, offsets, shape, strides))))
      return failure();
    offsets[axis] += size;
  }
  return success();
}

/// Equal parts, the last one of what is left.
static Shape equalParts(int64_t extent, int64_t count) {
  int64_t size = llvm::divideCeil(extent, count);
  Shape sizes(count, size);
  sizes.back() = extent - (count - 1) * size;
  return sizes;
}

/// `sizes` is empty for equal parts.
static LogicalResult createSplit(NodeContext &node, Value input, int64_t axis,
                                 Shape sizes, int64_t numOutputs) {
  if (failed(normalizeAxis(node, axis, shapeOf(input).size())))
    return failure();
  int64_t extent = shapeOf(input)[axis];
  if (sizes.empty())
    sizes = equalParts(extent, numOutputs);
  int64_t rest = extent;
  for (int64_t size : sizes)
    rest -= std::clamp<int64_t>(size, 0, extent + 1);
  if (sizes.size() != node.getNumOutputs() || rest != 0)
    return node.error() << "cannot split an axis of extent " << extent
                        << " into [" << sizes << "] for "
                        << node.getNumOutputs() << " outputs";
  return createSplit(node, input, axis, sizes);
}

static LogicalResult importSplit2(NodeContext &node) {
  Value input;
  int64_t axis = 0;
  std::optional<Shape> sizes;
  if (failed(node.operands({{"input", input}})) ||
      failed(node.attributes({{"axis", axis}, {"split", sizes}})))
    return failure();
  return createSplit(node, input, axis, sizes.value_or(Shape()),
                     node.getNumOutputs());
}

static LogicalResult importSplit13(NodeContext &node) {
  Value input;
  const Tensor *sizeTensor = nullptr;
  int64_t axis = 0, numOutputs = node.getNumOutputs();
  if (failed(node.operands(
          {{"input", input}, {"split", sizeTensor, Presence::Optional}})) ||
      failed(node.attributes({{"axis", axis}, {"num_outputs", numOutputs}})))
    return failure();
  if (numOutputs < 1)
    return node.error() << "expects num_outputs of 1 or more";
  FailureOr<Shape> sizes = readInts(node, sizeTensor, {});
  if (failed(sizes))
    return failure();
  return createSplit(node, input, axis, *sizes, numOutputs);
}

//===----------------------------------------------------------------------===//
// Gather
//===----------------------------------------------------------------------===//

/// Slices for runs of neighbours, one behind the other.
static Value createGather(NodeContext &node, Value input, int64_t axis,
                          ArrayRef<int64_t> indices) {
  OpBuilder &builder = node.getBuilder();
  Shape offsets(shapeOf(input).size(), 0), shape(shapeOf(input));
  Shape strides(shape.size(), 1);
  SmallVector<Value> parts;
  while (!indices.empty()) {
    size_t length = 1;
    while (length < indices.size() &&
           indices[length] == indices[0] + int64_t(length))
      ++length;
    offsets[axis] = indices[0];
    shape[axis] = length;
    parts.push_back(
        slice(builder, node.getLoc(), input, offsets, shape, strides));
    indices = indices.drop_front(length);
  }
  if (parts.size() == 1)
    return parts.front();
  return tensor::ConcatOp::create(builder, node.getLoc(), axis, parts);
}

static LogicalResult importGather(NodeContext &node) {
  Value input;
  const Tensor *indexTensor;
  int64_t axis = 0;
  if (failed(node.operands({{"data", input}, {"indices", indexTensor}})) ||
      failed(node.attributes({{"axis", axis}})))
    return failure();
  ArrayRef<int64_t> from = shapeOf(input);
  FailureOr<Shape> indices = node.check(toInts(*indexTensor));
  if (failed(indices) || failed(normalizeAxis(node, axis, from.size())))
    return failure();
  if (indices->empty())
    return node.error() << "expects indices";
  for (int64_t &index : *indices)
    if (failed(normalizeAxis(node, index, from[axis])))
      return failure();
  Shape shape(from.take_front(axis));
  llvm::append_range(shape, indexTensor->shape);
  llvm::append_range(shape, from.drop_front(axis + 1));
  Value gathered = createGather(node, input, axis, *indices);
  return node.result(
      reshape(node.getBuilder(), node.getLoc(), gathered, shape));
}

ArrayRef<Handler> importer::getSliceHandlers() {
  static constexpr Handler handlers[] = {
      {"Gather", 1, importGather, "constant indices, as slices"},
      {"Slice", 1, importSlice1, "bounds are attributes"},
      {"Slice", 10, importSlice10, "constant bounds; any step"},
      {"Split", 2, importSplit2, "sizes are an attribute"},
      {"Split", 13, importSplit13, "constant sizes, or equal parts"},
  };
  return handlers;
}
