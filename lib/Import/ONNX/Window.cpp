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

FailureOr<ResolvedWindow>
importer::resolveWindow(NodeContext &node, const WindowAttributes &attributes,
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

  // One-dimensional windows become two-dimensional ones of height 1.
  ResolvedWindow window{{1}, {1}, {1}, {0, 0}, false};
  if (numAxes == 2)
    window = {};
  for (size_t axis = 0; axis < numAxes; ++axis) {
    int64_t extent = dilations[axis] * (kernel[axis] - 1) + 1;
    AxisPadding own{pads[axis], pads[numAxes + axis]};
    if (autoPad == "VALID")
      own = {0, 0};
    else if (autoPad.starts_with("SAME"))
      own = getSamePadding(image[axis], extent, strides[axis],
                           autoPad == "SAME_UPPER");
    AxisPadding pad = own;
    if (attributes.ceilMode && extent <= image[axis] + own.before + own.after)
      pad = getCeilPadding(image[axis], extent, strides[axis], own);
    window.hasExtraPadding |= pad.after > own.after;
    window.kernel.push_back(kernel[axis]);
    window.strides.push_back(strides[axis]);
    window.dilations.push_back(dilations[axis]);
    window.pad.append({pad.before, pad.after});
  }
  return window;
}
