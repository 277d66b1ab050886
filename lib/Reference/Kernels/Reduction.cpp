// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pools, means and softmax.

#include "Functions.h"
#include "Indexing.h"
#include "qnn/Reference/Kernels.h"
#include <limits>

using namespace mlir;
using namespace qnn;
using namespace qnn::reference;

//===----------------------------------------------------------------------===//
// Pools
//===----------------------------------------------------------------------===//

static Shape getPoolShape(const Tensor &input, const Window &window) {
  return llvm::cantFail(inferPool2DShape(input.getShape(), window));
}

/// The offsets of the pixels of one window that are inside of an image, in
/// row-major order.
static Offsets pixelsOfWindow(ArrayRef<int64_t> image, const Window &window,
                              int64_t y, int64_t x) {
  Offsets pixels;
  for (int64_t ky = 0; ky < window.kernel[0]; ++ky)
    for (int64_t kx = 0; kx < window.kernel[1]; ++kx) {
      int64_t row =
          y * window.strides[0] + ky * window.dilations[0] - window.pad[0];
      int64_t column =
          x * window.strides[1] + kx * window.dilations[1] - window.pad[2];
      if (row >= 0 && row < image[0] && column >= 0 && column < image[1])
        pixels.push_back(row * image[1] + column);
    }
  return pixels;
}

/// Starts every element at `initial` and calls combine(element, input) for the
/// inputs of its window in row-major order.
template <typename T, typename Acc, typename Combine>
static void reduceWindows(ArrayRef<int64_t> inputShape, ArrayRef<T> input,
                          const Window &window, ArrayRef<int64_t> resultShape,
                          MutableArrayRef<Acc> result, Acc initial,
                          Combine combine) {
  llvm::fill(result, initial);
  ArrayRef<int64_t> image = inputShape.slice(1, 2);
  int64_t channels = inputShape[3], imageSize = image[0] * image[1] * channels;
  Acc *out = result.data();
  for (int64_t n = 0; n < resultShape[0]; ++n)
    for (int64_t y = 0; y < resultShape[1]; ++y)
      for (int64_t x = 0; x < resultShape[2]; ++x) {
        for (int64_t pixel : pixelsOfWindow(image, window, y, x)) {
          const T *in = input.data() + n * imageSize + pixel * channels;
          for (int64_t c = 0; c < channels; ++c)
            combine(out[c], in[c]);
        }
        out += channels;
      }
}

Tensor reference::maxPool2D(const Tensor &input, const Window &window) {
  Shape shape = getPoolShape(input, window);
  auto max = [](auto &best, auto value) { best = value > best ? value : best; };
  if (isFloatKind(input.getKind())) {
    Tensor result(shape, input.getKind());
    dispatchFloat(input.getKind(), [&](auto zero) {
      using T = decltype(zero);
      reduceWindows(input.getShape(), input.data<T>(), window, shape,
                    result.data<T>(), -std::numeric_limits<T>::infinity(), max);
    });
    return result;
  }
  std::vector<int64_t> codes = input.getCodes();
  std::vector<int64_t> result(ShapedType::getNumElements(shape));
  reduceWindows(input.getShape(), ArrayRef<int64_t>(codes), window, shape,
                MutableArrayRef<int64_t>(result),
                getElementRange(input.getKind()).first, max);
  return Tensor::fromCodes(shape, input.getKind(), result);
}

/// Adds the cotangents of one image with one channel's elements `channels`
/// apart; the element that wins is the one that maxPool2D returns.
template <typename T>
static void scatterToMaxima(ArrayRef<int64_t> image, const Window &window,
                            ArrayRef<int64_t> windows, int64_t channels,
                            const T *cotangent, const T *input, T *result) {
  for (int64_t y = 0; y < windows[0]; ++y)
    for (int64_t x = 0; x < windows[1]; ++x) {
      T best = -std::numeric_limits<T>::infinity();
      int64_t winner = -1;
      for (int64_t pixel : pixelsOfWindow(image, window, y, x)) {
        T value = input[pixel * channels];
        if (value > best || (winner < 0 && value == best)) {
          best = value;
          winner = pixel;
        }
      }
      if (winner >= 0)
        result[winner * channels] += cotangent[(y * windows[1] + x) * channels];
    }
}

Tensor reference::maxPool2DGradient(const Tensor &cotangent,
                                    const Tensor &input, const Window &window) {
  Tensor result(input.getShape(), input.getKind());
  ArrayRef<int64_t> image = input.getShape().slice(1, 2);
  ArrayRef<int64_t> windows = cotangent.getShape().slice(1, 2);
  int64_t batch = input.getShape()[0], channels = input.getShape()[3];
  dispatchFloat(input.getKind(), [&](auto zero) {
    using T = decltype(zero);
    for (int64_t n = 0; n < batch; ++n)
      for (int64_t c = 0; c < channels; ++c) {
        int64_t from = n * windows[0] * windows[1] * channels + c;
        int64_t to = n * image[0] * image[1] * channels + c;
        scatterToMaxima(
            image, window, windows, channels, cotangent.data<T>().data() + from,
            input.data<T>().data() + to, result.data<T>().data() + to);
      }
  });
  return result;
}

Tensor reference::countPoolElements(ArrayRef<int64_t> image,
                                    const Window &window,
                                    bool countIncludePad) {
  Shape extents = llvm::cantFail(inferWindowShape(image, window));
  Tensor counts({extents[0], extents[1], 1}, ElementKind::I64);
  int64_t *out = counts.data<int64_t>().data();
  for (int64_t y = 0; y < extents[0]; ++y)
    for (int64_t x = 0; x < extents[1]; ++x)
      *out++ = countIncludePad ? window.kernel[0] * window.kernel[1]
                               : pixelsOfWindow(image, window, y, x).size();
  return counts;
}

Tensor reference::avgPool2D(const Tensor &input, const Window &window,
                            bool countIncludePad) {
  Tensor result(getPoolShape(input, window), input.getKind());
  Tensor counts =
      countPoolElements(input.getShape().slice(1, 2), window, countIncludePad);
  Offsets offsets = broadcastOffsets(counts.getShape(), result.getShape());
  dispatchFloat(input.getKind(), [&](auto zero) {
    using T = decltype(zero);
    reduceWindows(input.getShape(), input.data<T>(), window, result.getShape(),
                  result.data<T>(), T(0),
                  [](T &sum, T value) { sum += value; });
    for (auto [i, out] : llvm::enumerate(result.data<T>()))
      out = out / T(counts.data<int64_t>()[offsets[i]]);
  });
  return result;
}

Tensor reference::sumPool2D(const Tensor &input, const Window &window,
                            int64_t zeroPoint) {
  Tensor result(getPoolShape(input, window), ElementKind::I64);
  std::vector<int64_t> codes = input.getCodes();
  reduceWindows(input.getShape(), ArrayRef<int64_t>(codes), window,
                result.getShape(), result.data<int64_t>(), int64_t(0),
                [=](int64_t &sum, int64_t code) { sum += code - zeroPoint; });
  return result;
}

//===----------------------------------------------------------------------===//
// Means and sums
//===----------------------------------------------------------------------===//

namespace {
/// The elements that are summed are outer + inner, inner in row-major order.
struct ReductionOffsets {
  Shape resultShape;
  Offsets outer, inner;
};
} // namespace

static ReductionOffsets getReductionOffsets(ArrayRef<int64_t> shape,
                                            ArrayRef<int64_t> axes) {
  SmallVector<int64_t> strides = rowMajorStrides(shape);
  Shape outer(shape), inner(shape.size(), 1);
  for (int64_t axis : axes) {
    inner[axis] = shape[axis];
    outer[axis] = 1;
  }
  return {outer, offsetsOf(outer, strides), offsetsOf(inner, strides)};
}

Tensor reference::sum(const Tensor &input, ArrayRef<int64_t> axes) {
  ReductionOffsets offsets = getReductionOffsets(input.getShape(), axes);
  Tensor result(offsets.resultShape, input.getKind());
  dispatchFloat(input.getKind(), [&](auto zero) {
    using T = decltype(zero);
    for (auto [i, out] : llvm::enumerate(result.data<T>()))
      for (int64_t inner : offsets.inner)
        out += input.data<T>()[offsets.outer[i] + inner];
  });
  return result;
}

Tensor reference::mean(const Tensor &input, ArrayRef<int64_t> axes) {
  Tensor result = sum(input, axes);
  int64_t count = getReductionOffsets(input.getShape(), axes).inner.size();
  dispatchFloat(input.getKind(), [&](auto zero) {
    using T = decltype(zero);
    for (T &out : result.data<T>())
      out = out / T(count);
  });
  return result;
}

Tensor reference::sum(const Tensor &input, ArrayRef<int64_t> axes,
                      int64_t zeroPoint) {
  ReductionOffsets offsets = getReductionOffsets(input.getShape(), axes);
  Tensor result(offsets.resultShape, ElementKind::I64);
  std::vector<int64_t> codes = input.getCodes();
  for (auto [i, out] : llvm::enumerate(result.data<int64_t>()))
    for (int64_t inner : offsets.inner)
      out += codes[offsets.outer[i] + inner] - zeroPoint;
  return result;
}

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

template <typename T>
static T maximumOf(ArrayRef<int64_t> offsets, const T *row) {
  T max = -std::numeric_limits<T>::infinity();
  for (int64_t inner : offsets)
    max = row[inner] > max ? row[inner] : max;
  return max;
}

template <typename T>
static void softmaxRows(const ReductionOffsets &offsets, ArrayRef<T> in,
                        MutableArrayRef<T> out) {
  for (int64_t outer : offsets.outer) {
    T max = maximumOf(offsets.inner, in.data() + outer), sum = 0;
    for (int64_t inner : offsets.inner) {
      out[outer + inner] =
          apply(ElementaryFunction::Exp, in[outer + inner] - max);
      sum += out[outer + inner];
    }
    for (int64_t inner : offsets.inner)
      out[outer + inner] = out[outer + inner] / sum;
  }
}

Tensor reference::softmax(const Tensor &input, int64_t axis) {
  ReductionOffsets offsets = getReductionOffsets(input.getShape(), axis);
  Tensor result(input.getShape(), input.getKind());
  dispatchFloat(input.getKind(), [&](auto zero) {
    using T = decltype(zero);
    softmaxRows(offsets, input.data<T>(), result.data<T>());
  });
  return result;
}

template <typename T>
static void logSoftmaxRows(const ReductionOffsets &offsets, ArrayRef<T> in,
                           MutableArrayRef<T> out) {
  for (int64_t outer : offsets.outer) {
    T max = maximumOf(offsets.inner, in.data() + outer), sum = 0;
    for (int64_t inner : offsets.inner) {
      out[outer + inner] = in[outer + inner] - max;
      sum += apply(ElementaryFunction::Exp, out[outer + inner]);
    }
    T shift = apply(ElementaryFunction::Log, sum);
    for (int64_t inner : offsets.inner)
      out[outer + inner] = out[outer + inner] - shift;
  }
}

Tensor reference::logSoftmax(const Tensor &input, int64_t axis) {
  ReductionOffsets offsets = getReductionOffsets(input.getShape(), axis);
  Tensor result(input.getShape(), input.getKind());
  dispatchFloat(input.getKind(), [&](auto zero) {
    using T = decltype(zero);
    logSoftmaxRows(offsets, input.data<T>(), result.data<T>());
  });
  return result;
}

Tensor reference::integerSoftmax(const Tensor &input, int64_t axis,
                                 const SoftmaxTable &table,
                                 const RequantizeParams &params,
                                 ElementKind kind) {
  ReductionOffsets offsets = getReductionOffsets(input.getShape(), axis);
  std::vector<int64_t> codes = input.getCodes();
  std::vector<int64_t> row(offsets.inner.size());
  for (int64_t outer : offsets.outer) {
    for (auto [i, inner] : llvm::enumerate(offsets.inner))
      row[i] = codes[outer + inner];
    softmaxRow(row, row, table, params);
    for (auto [i, inner] : llvm::enumerate(offsets.inner))
      codes[outer + inner] = row[i];
  }
  return Tensor::fromCodes(input.getShape(), kind, codes);
}
