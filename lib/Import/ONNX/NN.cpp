// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pools, and what is nothing or arithmetic at inference: batch normalization
// and dropout.

#include "Handlers.h"
#include "Layout.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include <cmath>

using namespace mlir;
using namespace qnn;
using namespace qnn::importer;

static LogicalResult createMaxPool(NodeContext &node, Value input,
                                   const ResolvedWindow &window) {
  size_t rank = shapeOf(input).size();
  input = toChannelsLast(node, input);
  auto shape = node.check(inferPool2DShape(shapeOf(input), window.get()));
  if (failed(shape))
    return failure();
  Type type = cast<RankedTensorType>(input.getType()).clone(*shape);
  Value pool = MaxPool2DOp::create(node.getBuilder(), node.getLoc(), type,
                                   input, window.kernel, window.strides,
                                   window.pad, window.dilations);
  return node.result(toChannelsFirst(node, pool, rank));
}

static LogicalResult importMaxPool(NodeContext &node) {
  Value input;
  WindowAttributes attributes;
  int64_t storageOrder = 0; // Of the output Indices only.
  if (failed(node.operands({{"X", input}})) ||
      failed(node.attributes({{"auto_pad", attributes.autoPad},
                              {"ceil_mode", attributes.ceilMode},
                              {"dilations", attributes.dilations},
                              {"kernel_shape", attributes.kernel},
                              {"pads", attributes.pads},
                              {"storage_order", storageOrder},
                              {"strides", attributes.strides}})))
    return failure();
  auto window = resolveWindow(node, attributes, shapeOf(input));
  return failed(window) ? failure() : createMaxPool(node, input, *window);
}

static LogicalResult importGlobalMaxPool(NodeContext &node) {
  Value input;
  if (failed(node.operands({{"X", input}})) || failed(node.attributes({})))
    return failure();
  WindowAttributes attributes;
  if (shapeOf(input).size() > 2)
    attributes.kernel = Shape(shapeOf(input).drop_front(2));
  auto window = resolveWindow(node, attributes, shapeOf(input));
  return failed(window) ? failure() : createMaxPool(node, input, *window);
}

static LogicalResult importAveragePool(NodeContext &node) {
  Value input;
  WindowAttributes attributes;
  int64_t countIncludePad = 0;
  if (failed(node.operands({{"X", input}})) ||
      failed(node.attributes({{"auto_pad", attributes.autoPad},
                              {"ceil_mode", attributes.ceilMode},
                              {"count_include_pad", countIncludePad},
                              {"dilations", attributes.dilations},
                              {"kernel_shape", attributes.kernel},
                              {"pads", attributes.pads},
                              {"strides", attributes.strides}})))
    return failure();
  auto window = resolveWindow(node, attributes, shapeOf(input));
  if (failed(window))
    return failure();
  // ONNX counts its padding, but not what ceil_mode adds behind it.
  if (countIncludePad && window->hasExtraPadding)
    return node.error() << "has a partial last window (ceil_mode), which is "
                           "not supported with count_include_pad";
  size_t rank = shapeOf(input).size();
  input = toChannelsLast(node, input);
  auto shape = node.check(inferPool2DShape(shapeOf(input), window->get()));
  if (failed(shape))
    return failure();
  Type type = cast<RankedTensorType>(input.getType()).clone(*shape);
  Value pool = AvgPool2DOp::create(node.getBuilder(), node.getLoc(), type,
                                   input, window->kernel, window->strides,
                                   window->pad, window->dilations,
                                   /*count_include_pad=*/countIncludePad != 0);
  return node.result(toChannelsFirst(node, pool, rank));
}

namespace {
/// y = x * multiplier + offset for each channel.
struct ChannelAffine {
  SmallVector<float> multiplier, offset;
};
} // namespace

static FailureOr<ChannelAffine> foldStatistics(NodeContext &node,
                                               ArrayRef<const Tensor *> tensors,
                                               float epsilon,
                                               int64_t channels) {
  SmallVector<std::vector<double>> data;
  for (const Tensor *tensor : tensors) {
    auto values = node.check(toDoubles(*tensor));
    if (failed(values))
      return failure();
    if (static_cast<int64_t>(values->size()) != channels)
      return node.error() << "expects '" << tensor->name << "' to have "
                          << channels << " elements, got " << values->size();
    data.push_back(std::move(*values));
  }
  ChannelAffine affine;
  for (int64_t c = 0; c < channels; ++c) {
    double multiplier = data[0][c] / std::sqrt(data[3][c] + epsilon);
    affine.multiplier.push_back(multiplier);
    affine.offset.push_back(data[1][c] - data[2][c] * multiplier);
    if (!std::isfinite(affine.multiplier.back()) ||
        !std::isfinite(affine.offset.back()))
      return node.error() << "scale, B, mean and var of channel " << c
                          << " give no finite factor or offset";
  }
  return affine;
}

static LogicalResult createBatchNorm(NodeContext &node, float epsilon,
                                     Value input,
                                     ArrayRef<const Tensor *> tensors) {
  if (shapeOf(input).size() < 2)
    return node.error() << "expects an input of rank 2 or more";
  int64_t channels = shapeOf(input)[1];
  auto affine = foldStatistics(node, tensors, epsilon, channels);
  if (failed(affine))
    return failure();
  Shape shape(shapeOf(input).size() - 1, 1);
  shape[0] = channels;
  Value multiplier =
      node.constant(affine->multiplier, shape, node.getLoc("multiplier"));
  Value offset = node.constant(affine->offset, shape, node.getLoc("offset"));
  OpBuilder &builder = node.getBuilder();
  Value scaled = MulOp::create(builder, node.getLoc("scaled"), input.getType(),
                               input, multiplier, /*clamp_min=*/FloatAttr(),
                               /*clamp_max=*/FloatAttr());
  return node.result(AddOp::create(builder, node.getLoc(), input.getType(),
                                   scaled, offset, /*clamp_min=*/FloatAttr(),
                                   /*clamp_max=*/FloatAttr()));
}

static LogicalResult importBatchNorm(NodeContext &node) {
  Value input;
  const Tensor *scale, *bias, *mean, *var;
  float epsilon = 1e-5f, momentum = 0; // The momentum is for training.
  int64_t trainingMode = 0, spatial = 1;
  if (failed(node.operands({{"X", input},
                            {"scale", scale},
                            {"B", bias},
                            {"mean", mean},
                            {"var", var}})))
    return failure();
  if (node.getOpset() < 9
          ? failed(node.attributes({{"epsilon", epsilon},
                                    {"momentum", momentum},
                                    {"spatial", spatial}}))
          : failed(node.attributes({{"epsilon", epsilon},
                                    {"momentum", momentum},
                                    {"training_mode", trainingMode}})))
    return failure();
  if (trainingMode || !spatial)
    return node.error() << "expects training_mode 0 and spatial 1; export the "
                           "model for inference";
  return createBatchNorm(node, epsilon, input, {scale, bias, mean, var});
}

static LogicalResult importDropout7(NodeContext &node) {
  Value input;
  float ratio = 0;
  if (failed(node.operands({{"data", input}})) ||
      failed(node.attributes({{"ratio", ratio}})))
    return failure();
  return node.result(input);
}

static LogicalResult importDropout12(NodeContext &node) {
  Value input;
  const Tensor *ratio = nullptr, *trainingMode = nullptr;
  int64_t seed = 0;
  if (failed(node.operands(
          {{"data", input},
           {"ratio", ratio, Presence::Optional},
           {"training_mode", trainingMode, Presence::Optional}})) ||
      failed(node.attributes({{"seed", seed}})))
    return failure();
  if (trainingMode &&
      StringRef(trainingMode->bytes).count('\0') != trainingMode->bytes.size())
    return node.error() << "expects training_mode false; export the model for "
                           "inference";
  return node.result(input);
}

ArrayRef<Handler> importer::getNNHandlers() {
  static constexpr Handler handlers[] = {
      {"AveragePool", 7, importAveragePool,
       "1-D and 2-D; no partial last window with count_include_pad"},
      {"BatchNormalization", 7, importBatchNorm,
       "inference, constant parameters: a product and a sum"},
      {"Dropout", 7, importDropout7, "inference: the identity"},
      {"Dropout", 12, importDropout12, "inference: the identity"},
      {"GlobalMaxPool", 1, importGlobalMaxPool, "1-D and 2-D"},
      {"MaxPool", 1, importMaxPool, "1-D and 2-D, without Indices"},
  };
  return handlers;
}
