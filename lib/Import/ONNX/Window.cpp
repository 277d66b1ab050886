// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From ONNX's attributes of a window to explicit padding.

#include "Layout.h"

using namespace mlir;
using namespace qnn;
using namespace qnn::importer;

/// The padding of one axis.
struct AxisPadding {
  int64_t before, after;
};

/// Padding for ceil(image / stride) windows; the odd pixel goes to the end
/// (SAME_UPPER) or to the beginning.
static AxisPadding getSamePadding(int64_t image, int64_t extent, int64_t stride,
                                  bool upper) {
  int64_t numWindows = (image + stride - 1) / stride;
  int64_t total =
      std::max<int64_t>(0, (numWindows - 1) * stride + extent - image);
  int64_t small = total / 2, large = total - small;
  return upper ? AxisPadding{small, large} : AxisPadding{large, small};
}

/// Padding so that the last window, which starts inside of the image or the
/// padding before it, is whole. Windows that start behind the image are none.
static AxisPadding getCeilPadding(int64_t image, int64_t extent, int64_t stride,
                                  AxisPadding pad) {
  int64_t rest = image + pad.before + pad.after - extent;
  int64_t lastStart = (rest + stride - 1) / stride * stride;
  if (lastStart >= image + pad.before)
    lastStart -= stride;
  return {pad.before,
          std::max<int64_t>(0, lastStart + extent - image - pad.before)};
}

static LogicalResult checkArrays(NodeContext &node, const Shape &kernel,
                                 const Shape &strides, const Shape &dilations,
                                 const Shape &pads, size_t numAxes) {
  if (kernel.size() != numAxes || strides.size() != numAxes ||
      dilations.size() != numAxes || pads.size() != 2 * numAxes)
    return node.error() << "expects kernel_shape, strides and dilations of "
                        << numAxes << " and pads of " << 2 * numAxes
                        << " elements";
  // Products and sums of two do not overflow.
  auto isPositive = [](int64_t value) {
    return value >= 1 && value <= (int64_t(1) << 30);
  };
  if (!llvm::all_of(kernel, isPositive) || !llvm::all_of(strides, isPositive) ||
      !llvm::all_of(dilations, isPositive))
    return node.error()
           << "expects kernel_shape, strides and dilations from 1 to 2^30";
  return success();
}

LogicalResult importer::checkKernel(NodeContext &node,
                                    ArrayRef<int64_t> weights,
                                    std::optional<Shape> &kernel) {
  Shape actual(weights.drop_front(2));
  if (kernel && *kernel != actual)
    return node.error() << "attribute 'kernel_shape' is [" << *kernel
                        << "], but the weights have [" << actual << "]";
  kernel = actual;
  return success();
}

FailureOr<SmallVector<WindowAxis>>
importer::readWindow(NodeContext &node, const WindowAttributes &attributes,
                     ArrayRef<int64_t> inputShape) {
  if (inputShape.size() != 3 && inputShape.size() != 4)
    return node.error() << "expects an input of rank 3 or 4, got rank "
                        << inputShape.size();
  ArrayRef<int64_t> image = inputShape.drop_front(2);
  size_t numAxes = image.size();
  if (!attributes.kernel)
    return node.error() << "expects attribute 'kernel_shape'";
  Shape kernel = *attributes.kernel;
  Shape strides = attributes.strides.value_or(Shape(numAxes, 1));
  Shape dilations = attributes.dilations.value_or(Shape(numAxes, 1));
  Shape pads = attributes.pads.value_or(Shape(2 * numAxes, 0));
  if (failed(checkArrays(node, kernel, strides, dilations, pads, numAxes)))
    return failure();
  StringRef autoPad = attributes.autoPad;
  if (!llvm::is_contained({"NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"},
                          autoPad))
    return node.error() << "does not know auto_pad '" << autoPad << "'";

  SmallVector<WindowAxis> axes;
  for (size_t axis = 0; axis < numAxes; ++axis)
    axes.push_back({image[axis], kernel[axis], strides[axis], dilations[axis],
                    pads[axis], pads[numAxes + axis]});
  return axes;
}

FailureOr<ResolvedWindow>
importer::resolveWindow(NodeContext &node, const WindowAttributes &attributes,
                        ArrayRef<int64_t> inputShape) {
  auto axes = readWindow(node, attributes, inputShape);
  if (failed(axes))
    return failure();
  StringRef autoPad = attributes.autoPad;
  // One-dimensional windows become two-dimensional ones of height 1.
  ResolvedWindow window{{1}, {1}, {1}, {0, 0}, false};
  if (axes->size() == 2)
    window = {};
  for (const WindowAxis &axis : *axes) {
    int64_t extent = axis.getExtent();
    AxisPadding own{axis.before, axis.after};
    if (autoPad == "VALID")
      own = {0, 0};
    else if (autoPad.starts_with("SAME"))
      own = getSamePadding(axis.image, extent, axis.stride,
                           autoPad == "SAME_UPPER");
    AxisPadding pad = own;
    if (attributes.ceilMode && extent <= axis.image + own.before + own.after)
      pad = getCeilPadding(axis.image, extent, axis.stride, own);
    window.hasExtraPadding |= pad.after > own.after;
    window.kernel.push_back(axis.kernel);
    window.strides.push_back(axis.stride);
    window.dilations.push_back(axis.dilation);
    window.pad.append({pad.before, pad.after});
  }
  return window;
}
