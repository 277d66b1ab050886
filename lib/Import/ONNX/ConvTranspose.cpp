// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Transposed convolution as a convolution. Pixel i of an image adds its product
// with tap k of the kernel to position i * stride + k * dilation of the result.
// So the positions that are one phase modulo the stride are a convolution with
// every stride-th tap in reverse: one convolution makes all phases as channels
// of their own, and a transpose interleaves them.

#include "Handlers.h"
#include "Layout.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "llvm/Support/MathExtras.h"
#include <numeric>

using namespace mlir;
using namespace qnn;
using namespace qnn::importer;

namespace {
/// One axis: the convolution to the phases, and the part of them that is the
/// result.
struct PhaseAxis {
  int64_t numPhases, numTaps, dilation;
  int64_t padBefore, padAfter;
  /// The result begins behind so many pixels of the interleaved phases.
  int64_t cropBefore, extent;
  /// Phase and tap of the convolution for each tap of the model's kernel.
  SmallVector<std::pair<int64_t, int64_t>> taps;
};

/// What a node has in addition to the window.
struct OutputAttributes {
  std::optional<Shape> padding, shape;
};
} // namespace

/// Spreads the padding over both ends: the odd pixel goes to the end
/// (SAME_UPPER) or to the beginning.
static void setPadding(WindowAxis &axis, int64_t total, bool upper) {
  axis.before = upper ? total / 2 : total - total / 2;
  axis.after = total - axis.before;
}

/// The extents of the result, and the padding that leads to them.
static FailureOr<Shape> resolveOutput(NodeContext &node, StringRef autoPad,
                                      const OutputAttributes &output,
                                      MutableArrayRef<WindowAxis> axes) {
  Shape added = output.padding.value_or(Shape(axes.size(), 0));
  if (added.size() != axes.size() ||
      (output.shape && output.shape->size() != axes.size()))
    return node.error() << "expects output_padding and output_shape of "
                        << axes.size() << " elements";
  Shape extents;
  for (auto [index, axis] : llvm::enumerate(axes)) {
    if (std::min({axis.before, axis.after, added[index]}) < 0)
      return node.error() << "expects pads and output_padding from 0 on";
    int64_t whole =
        axis.stride * (axis.image - 1) + added[index] + axis.getExtent();
    if (autoPad == "VALID")
      setPadding(axis, 0, /*upper=*/false);
    int64_t extent = whole - axis.before - axis.after;
    bool isSame = autoPad.starts_with("SAME");
    if (output.shape || isSame) {
      extent = output.shape ? (*output.shape)[index] : axis.image * axis.stride;
      setPadding(axis, std::max<int64_t>(0, whole - extent),
                 /*upper=*/autoPad == "SAME_UPPER");
    }
    if (extent < 1)
      return node.error() << "expects a result of 1 or more pixels, got "
                          << extent;
    extents.push_back(extent);
  }
  return extents;
}

/// Of the whole result before padding is cut off, a phase of the convolution's
/// first window begins at `origin`: as near to the beginning of what is kept as
/// possible without more taps than the kernel has for one phase.
static int64_t chooseOrigin(const WindowAxis &axis) {
  int64_t last = axis.getExtent() - 1;
  int64_t origin = std::min(axis.before, last);
  int64_t phase = origin % axis.stride;
  return phase <= last % axis.stride ? origin - phase : origin;
}

static PhaseAxis splitAxis(const WindowAxis &axis, int64_t extent) {
  int64_t origin = chooseOrigin(axis);
  // Position origin + phase of a window at pixel i is tap k of pixel i + shift.
  auto shiftOf = [&](int64_t k) {
    return llvm::divideCeilSigned(origin - k * axis.dilation, axis.stride);
  };
  int64_t first = shiftOf(axis.kernel - 1), last = shiftOf(0), dilation = 0;
  for (int64_t k = 0; k < axis.kernel; ++k)
    dilation = std::gcd(dilation, shiftOf(k) - first);
  PhaseAxis split;
  split.dilation = std::max<int64_t>(1, dilation);
  split.numPhases = axis.stride;
  split.numTaps = (last - first) / split.dilation + 1;
  for (int64_t k = 0; k < axis.kernel; ++k)
    split.taps.push_back({axis.stride * shiftOf(k) + k * axis.dilation - origin,
                          (shiftOf(k) - first) / split.dilation});
  split.cropBefore = axis.before - origin;
  split.extent = extent;
  int64_t numWindows = llvm::divideCeil(split.cropBefore + extent, axis.stride);
  split.padBefore = -first;
  split.padAfter = std::max<int64_t>(0, numWindows + last - axis.image);
  return split;
}

/// The model's weights [C, O / groups, KH, KW] as those of the convolution to
/// phases: [groups * phases * O / groups, KH', KW', C / groups].
static FailureOr<Value> splitWeights(NodeContext &node, const Tensor &weights,
                                     ArrayRef<PhaseAxis> axes, int64_t groups) {
  auto values = node.check(toFloats(weights));
  if (failed(values))
    return failure();
  const PhaseAxis &high = axes[0], &wide = axes[1];
  int64_t depth = weights.shape[0] / groups, channels = weights.shape[1];
  std::optional<int64_t> count =
      countElements({groups, high.numPhases, wide.numPhases, channels,
                     high.numTaps, wide.numTaps, depth});
  if (!count)
    return node.error() << "has weights for all phases of more than 2^30 "
                           "elements";
  Shape shape{groups * high.numPhases * wide.numPhases * channels, high.numTaps,
              wide.numTaps, depth};
  std::vector<float> split(*count, 0.0f);
  const float *value = values->data();
  for (int64_t c = 0; c < weights.shape[0]; ++c)
    for (int64_t o = 0; o < channels; ++o)
      for (auto [phaseY, tapY] : high.taps)
        for (auto [phaseX, tapX] : wide.taps) {
          int64_t phase =
              (c / depth * high.numPhases + phaseY) * wide.numPhases + phaseX;
          int64_t tap =
              ((phase * channels + o) * high.numTaps + tapY) * wide.numTaps +
              tapX;
          split[tap * depth + c % depth] = *value++;
        }
  return node.constant(split, shape, node.getLoc("weights"));
}

/// The bias of every channel for all its phases.
static FailureOr<Value> splitBias(NodeContext &node, const Tensor *bias,
                                  int64_t numPhases, int64_t groups,
                                  int64_t channels) {
  if (!bias)
    return Value();
  auto values = node.check(toFloats(*bias));
  if (failed(values))
    return failure();
  if (ArrayRef(bias->shape) != ArrayRef<int64_t>(groups * channels))
    return node.error() << "expects a bias of shape [" << groups * channels
                        << "], got [" << ArrayRef(bias->shape) << "]";
  std::vector<float> split;
  for (ArrayRef<float> rest = *values; !rest.empty();
       rest = rest.drop_front(channels))
    for (int64_t phase = 0; phase < numPhases; ++phase)
      llvm::append_range(split, rest.take_front(channels));
  return node.constant(split, split.size(), node.getLoc("bias"));
}

/// [N, H, W, groups * phases * channels] to [N, H * phases, W * phases,
/// groups * channels].
static Value interleavePhases(NodeContext &node, Location loc, Value phases,
                              ArrayRef<PhaseAxis> axes, int64_t groups) {
  ArrayRef<int64_t> from = shapeOf(phases);
  int64_t high = axes[0].numPhases, wide = axes[1].numPhases;
  int64_t channels = from[3] / (groups * high * wide);
  Shape to{from[0], from[1] * high, from[2] * wide, groups * channels};
  OpBuilder &builder = node.getBuilder();
  if (groups == 1) {
    // Whole rows of a window's pixels move, as long as they can be.
    Shape split{from[0] * from[1], from[2], high, wide * channels};
    phases = reshape(builder, loc, phases, split);
    phases = transpose(builder, loc, phases, {0, 2, 1, 3});
  } else {
    Shape split{from[0] * from[1], from[2], groups, high, wide, channels};
    phases = reshape(builder, loc, phases, split);
    phases = transpose(builder, loc, phases, {0, 3, 1, 4, 2, 5});
  }
  return reshape(builder, loc, phases, to);
}

/// The part of the interleaved phases that is the result.
static Value cropPhases(NodeContext &node, Value phases,
                        ArrayRef<PhaseAxis> axes) {
  OpBuilder &builder = node.getBuilder();
  SmallVector<OpFoldResult> offsets, sizes;
  SmallVector<OpFoldResult> strides(4, builder.getIndexAttr(1));
  for (auto [axis, extent] : llvm::enumerate(shapeOf(phases))) {
    bool isChannel = axis == 0 || axis == 3;
    offsets.push_back(
        builder.getIndexAttr(isChannel ? 0 : axes[axis - 1].cropBefore));
    sizes.push_back(
        builder.getIndexAttr(isChannel ? extent : axes[axis - 1].extent));
  }
  return tensor::ExtractSliceOp::create(builder, node.getLoc(), phases, offsets,
                                        sizes, strides);
}

static LogicalResult createConvTranspose(NodeContext &node, Value input,
                                         const Tensor &weights,
                                         const Tensor *bias,
                                         ArrayRef<PhaseAxis> axes,
                                         int64_t groups) {
  const PhaseAxis &high = axes[0], &wide = axes[1];
  size_t rank = shapeOf(input).size();
  auto split = splitWeights(node, weights, axes, groups);
  if (failed(split))
    return failure();
  auto splitOffsets = splitBias(node, bias, high.numPhases * wide.numPhases,
                                groups, weights.shape[1]);
  if (failed(splitOffsets))
    return failure();
  ResolvedWindow window;
  window.strides = {1, 1};
  window.dilations = {high.dilation, wide.dilation};
  window.pad = {high.padBefore, high.padAfter, wide.padBefore, wide.padAfter};
  input = toChannelsLast(node, input);
  auto shape = node.check(
      inferConv2DShape(shapeOf(input), shapeOf(*split), window.get(), groups));
  if (failed(shape))
    return failure();
  Shape whole{(*shape)[1] * high.numPhases, (*shape)[2] * wide.numPhases};
  if (!countElements({(*shape)[0], whole[0], whole[1], (*shape)[3]}))
    return node.error() << "has phases of more than 2^30 elements";
  bool isCropped = whole != Shape{high.extent, wide.extent};
  Location loc = node.getLoc(isCropped ? "phases" : "");
  auto type = cast<RankedTensorType>(input.getType()).clone(*shape);
  Value result = Conv2DOp::create(node.getBuilder(), loc, type, input, *split,
                                  *splitOffsets, window.strides, window.pad,
                                  window.dilations, groups,
                                  /*clamp_min=*/FloatAttr(),
                                  /*clamp_max=*/FloatAttr());
  result = interleavePhases(node, loc, result, axes, groups);
  if (isCropped)
    result = cropPhases(node, result, axes);
  return node.result(toChannelsFirst(node, result, rank));
}

static LogicalResult checkWeights(NodeContext &node, Value input,
                                  const Tensor &weights, int64_t groups,
                                  std::optional<Shape> &kernel) {
  size_t rank = shapeOf(input).size();
  if (weights.shape.size() != rank || rank < 3)
    return node.error() << "expects input and weights of one rank, 3 or 4, got "
                        << rank << " and " << weights.shape.size();
  if (groups < 1 || weights.shape[0] != shapeOf(input)[1] ||
      weights.shape[0] % groups)
    return node.error() << "expects weights of " << shapeOf(input)[1]
                        << " input channels, a multiple of " << groups
                        << " groups, got " << weights.shape[0];
  if (llvm::is_contained(weights.shape, 0))
    return node.error() << "expects weights without extents of 0";
  return checkKernel(node, weights.shape, kernel);
}

LogicalResult importer::importConvTranspose(NodeContext &node) {
  Value input;
  const Tensor *weights, *bias = nullptr;
  WindowAttributes attributes;
  OutputAttributes output;
  int64_t groups = 1;
  if (failed(node.operands(
          {{"X", input}, {"W", weights}, {"B", bias, Presence::Optional}})) ||
      failed(node.attributes({{"auto_pad", attributes.autoPad},
                              {"kernel_shape", attributes.kernel},
                              {"strides", attributes.strides},
                              {"dilations", attributes.dilations},
                              {"pads", attributes.pads},
                              {"group", groups},
                              {"output_padding", output.padding},
                              {"output_shape", output.shape}})) ||
      failed(checkWeights(node, input, *weights, groups, attributes.kernel)))
    return failure();
  auto axes = readWindow(node, attributes, shapeOf(input));
  if (failed(axes))
    return failure();
  auto extents = resolveOutput(node, attributes.autoPad, output, *axes);
  if (failed(extents))
    return failure();
  SmallVector<PhaseAxis> split;
  if (axes->size() == 1)
    split.push_back(splitAxis(WindowAxis(), 1));
  for (auto [axis, extent] : llvm::zip(*axes, *extents))
    split.push_back(splitAxis(axis, extent));
  return createConvTranspose(node, input, *weights, bias, split, groups);
}
