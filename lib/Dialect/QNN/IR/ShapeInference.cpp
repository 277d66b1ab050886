// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Result shapes, with messages that say what does not fit.

#include "qnn/Dialect/QNN/IR/ShapeInference.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace llvm;
using namespace qnn;

template <typename... Args>
static Error shapeError(const char *format, Args... args) {
  return createStringError(std::errc::invalid_argument, format, args...);
}

Expected<Shape> qnn::inferWindowShape(ArrayRef<int64_t> image,
                                      const Window &window) {
  Shape result;
  for (unsigned axis = 0; axis < 2; ++axis) {
    int64_t kernel = window.kernel[axis], stride = window.strides[axis];
    int64_t dilation = window.dilations[axis];
    int64_t before = window.pad[2 * axis], after = window.pad[2 * axis + 1];
    if (kernel < 1 || stride < 1 || dilation < 1)
      return shapeError("expects kernel, strides and dilations of at least 1");
    if (before < 0 || after < 0)
      return shapeError("expects padding that is not negative");
    int64_t extent = dilation * (kernel - 1) + 1;
    int64_t padded = image[axis] + before + after;
    if (padded < extent)
      return shapeError("window of extent %lld does not fit into %lld padded "
                        "pixels along axis %u",
                        (long long)extent, (long long)padded, axis + 1);
    result.push_back((padded - extent) / stride + 1);
  }
  return result;
}

Expected<Shape> qnn::inferConv2DShape(ArrayRef<int64_t> input,
                                      ArrayRef<int64_t> weights, Window window,
                                      int64_t groups) {
  if (input.size() != 4 || weights.size() != 4)
    return shapeError("expects input and weights of rank 4, got %zu and %zu",
                      input.size(), weights.size());
  if (groups < 1 || input[3] % groups || weights[0] % groups)
    return shapeError("expects input and output channels to be multiples of "
                      "%lld groups, got %lld and %lld",
                      (long long)groups, (long long)input[3],
                      (long long)weights[0]);
  if (weights[3] != input[3] / groups)
    return shapeError("expects weights of %lld input channels, got %lld",
                      (long long)(input[3] / groups), (long long)weights[3]);
  if (llvm::is_contained(input, 0) || llvm::is_contained(weights, 0))
    return shapeError("expects input and weights without extents of 0");
  window.kernel = weights.slice(1, 2);
  Expected<Shape> image = inferWindowShape(input.slice(1, 2), window);
  if (!image)
    return image.takeError();
  return Shape{input[0], (*image)[0], (*image)[1], weights[0]};
}

Shape qnn::countCoveredPixels(int64_t extent, int64_t numWindows,
                              const Window &window, unsigned axis) {
  Shape counts(numWindows, 0);
  for (int64_t out = 0; out < numWindows; ++out)
    for (int64_t tap = 0; tap < window.kernel[axis]; ++tap) {
      int64_t position = out * window.strides[axis] +
                         tap * window.dilations[axis] - window.pad[2 * axis];
      counts[out] += position >= 0 && position < extent;
    }
  return counts;
}

Expected<Shape> qnn::inferPool2DShape(ArrayRef<int64_t> input,
                                      const Window &window) {
  if (input.size() != 4)
    return shapeError("expects input of rank 4, got %zu", input.size());
  for (unsigned axis = 0; axis < 2; ++axis) {
    int64_t extent = window.dilations[axis] * (window.kernel[axis] - 1) + 1;
    if (window.pad[2 * axis] >= extent || window.pad[2 * axis + 1] >= extent)
      return shapeError("expects padding smaller than the dilated kernel of "
                        "%lld pixels",
                        (long long)extent);
  }
  Expected<Shape> image = inferWindowShape(input.slice(1, 2), window);
  if (!image)
    return image.takeError();
  for (unsigned axis = 0; axis < 2; ++axis)
    // Taps that are further apart than the image is wide can miss it.
    if (llvm::is_contained(
            countCoveredPixels(input[axis + 1], (*image)[axis], window, axis),
            0))
      return shapeError("window without a pixel of the image along axis %u",
                        axis + 1);
  return Shape{input[0], (*image)[0], (*image)[1], input[3]};
}

Expected<Shape> qnn::inferMatMulShape(ArrayRef<int64_t> lhs,
                                      ArrayRef<int64_t> rhs) {
  if (lhs.size() < 2 || (rhs.size() != 2 && rhs.size() != lhs.size()))
    return shapeError("expects lhs of rank 2 or more and rhs of rank 2 or the "
                      "same, got %zu and %zu",
                      lhs.size(), rhs.size());
  if (lhs.back() != rhs[rhs.size() - 2])
    return shapeError("inner extents differ: %lld and %lld",
                      (long long)lhs.back(), (long long)rhs[rhs.size() - 2]);
  if (rhs.size() > 2 && lhs.drop_back(2) != rhs.drop_back(2))
    return shapeError("leading extents of lhs and rhs differ");
  Shape result(lhs);
  result.back() = rhs.back();
  return result;
}

Expected<Shape> qnn::inferBroadcastShape(ArrayRef<int64_t> lhs,
                                         ArrayRef<int64_t> rhs) {
  if (lhs.size() < rhs.size())
    std::swap(lhs, rhs);
  Shape result(lhs);
  size_t offset = lhs.size() - rhs.size();
  for (auto [axis, extent] : enumerate(rhs)) {
    int64_t &merged = result[offset + axis];
    if (merged == 1)
      merged = extent;
    else if (extent != 1 && extent != merged)
      return shapeError("extents %lld and %lld do not broadcast",
                        (long long)merged, (long long)extent);
  }
  return result;
}

Expected<Shape> qnn::inferReducedShape(ArrayRef<int64_t> input,
                                       ArrayRef<int64_t> axes) {
  Shape result(input);
  int64_t previous = -1;
  for (int64_t axis : axes) {
    if (axis <= previous || axis >= (int64_t)input.size())
      return shapeError("expects increasing axes below %zu", input.size());
    result[axis] = 1;
    previous = axis;
  }
  return result;
}

Expected<Shape> qnn::inferTransposedShape(ArrayRef<int64_t> input,
                                          ArrayRef<int64_t> permutation) {
  Shape sorted(permutation), result;
  llvm::sort(sorted);
  for (auto [axis, source] : enumerate(sorted))
    if (source != (int64_t)axis)
      return shapeError("expects a permutation of all axes");
  if (permutation.size() != input.size())
    return shapeError("expects a permutation of %zu axes, got %zu",
                      input.size(), permutation.size());
  for (int64_t source : permutation)
    result.push_back(input[source]);
  return result;
}
