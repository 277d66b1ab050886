// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Convolution and matrix product: loops over typed pointers, the same for
// floats and for codes minus zero points.

#include "Indexing.h"
#include "qnn/Reference/Kernels.h"
#include <cmath>
#include <type_traits>

using namespace mlir;
using namespace qnn;
using namespace qnn::reference;
using llvm::Expected;

namespace {
/// Extents of a convolution.
struct Conv2DExtents {
  int64_t batch, height, width, channels;
  int64_t outHeight, outWidth, outChannels;
  int64_t kernelHeight, kernelWidth, groupChannels, groupOutChannels;
};
} // namespace

static Conv2DExtents getExtents(ArrayRef<int64_t> input,
                                ArrayRef<int64_t> weights,
                                ArrayRef<int64_t> result, int64_t groups) {
  return {input[0],   input[1],   input[2],          input[3],
          result[1],  result[2],  result[3],         weights[1],
          weights[2], weights[3], result[3] / groups};
}

/// acc + a * b, for floats with one rounding at the end.
template <typename T, typename Acc>
static Acc multiplyAdd(T a, T b, Acc acc) {
  if constexpr (std::is_floating_point_v<Acc>)
    return std::fma(a, b, acc);
  else
    return acc + Acc(a) * Acc(b);
}

/// One output pixel: `out` holds the bias and becomes the accumulators.
template <typename T, typename Acc>
static void accumulatePixel(const T *image, const T *weights,
                            const Conv2DExtents &e, const Window &window,
                            int64_t y, int64_t x, Acc *out) {
  int64_t top = y * window.strides[0] - window.pad[0];
  int64_t left = x * window.strides[1] - window.pad[2];
  for (int64_t o = 0; o < e.outChannels; ++o) {
    int64_t firstChannel = o / e.groupOutChannels * e.groupChannels;
    Acc acc = out[o];
    for (int64_t ky = 0; ky < e.kernelHeight; ++ky) {
      int64_t row = top + ky * window.dilations[0];
      for (int64_t kx = 0; kx < e.kernelWidth; ++kx) {
        int64_t column = left + kx * window.dilations[1];
        bool isPadding =
            row < 0 || row >= e.height || column < 0 || column >= e.width;
        // Products with 0 are added, too: they make 0 of a float sum of -0.
        if (isPadding && !std::is_floating_point_v<Acc>)
          continue;
        const T *in =
            image + (row * e.width + column) * e.channels + firstChannel;
        const T *w =
            weights +
            ((o * e.kernelHeight + ky) * e.kernelWidth + kx) * e.groupChannels;
        for (int64_t c = 0; c < e.groupChannels; ++c)
          acc = multiplyAdd(isPadding ? T(0) : in[c], w[c], acc);
      }
    }
    out[o] = acc;
  }
}

template <typename T, typename Acc>
static void accumulateConv2D(const T *input, const T *weights,
                             const Conv2DExtents &e, const Window &window,
                             Acc *out) {
  for (int64_t n = 0; n < e.batch; ++n)
    for (int64_t y = 0; y < e.outHeight; ++y)
      for (int64_t x = 0; x < e.outWidth; ++x) {
        const T *image = input + n * e.height * e.width * e.channels;
        accumulatePixel(image, weights, e, window, y, x, out);
        out += e.outChannels;
      }
}

/// One matrix: `out` holds the bias and becomes the accumulators. Each of them
/// is summed with k ascending, although k is not the innermost loop.
template <typename T, typename Acc>
static void accumulateMatMul(const T *lhs, const T *rhs, int64_t rows,
                             int64_t inner, int64_t columns, Acc *out) {
  for (int64_t m = 0; m < rows; ++m)
    for (int64_t k = 0; k < inner; ++k)
      for (int64_t n = 0; n < columns; ++n)
        out[m * columns + n] = multiplyAdd(
            lhs[m * inner + k], rhs[k * columns + n], out[m * columns + n]);
}

template <typename T, typename Acc>
static void accumulateMatMuls(const Tensor &lhs, const T *left,
                              const Tensor &rhs, const T *right, Acc *out) {
  int64_t inner = lhs.getShape().back(), columns = rhs.getShape().back();
  int64_t rows = lhs.getShape()[lhs.getRank() - 2];
  int64_t batch = ShapedType::getNumElements(lhs.getShape().drop_back(2));
  int64_t rhsSize = rhs.getRank() == 2 ? 0 : inner * columns;
  for (int64_t b = 0; b < batch; ++b)
    accumulateMatMul(left + b * rows * inner, right + b * rhsSize, rows, inner,
                     columns, out + b * rows * columns);
}

/// Repeats the bias along the last axis; zeros without bias.
template <typename Acc>
static void fillWithBias(MutableArrayRef<Acc> out, ArrayRef<Acc> bias) {
  for (size_t i = 0; i < out.size(); ++i)
    out[i] = bias.empty() ? Acc(0) : bias[i % bias.size()];
}

/// Codes of at most 16 bits minus the zero point of their channel, which is
/// `i / channelSize % zeroPoints.size()` for element i.
static std::vector<int32_t> subtractZeroPoints(const Tensor &tensor,
                                               ArrayRef<int64_t> zeroPoints,
                                               int64_t channelSize) {
  std::vector<int64_t> codes = tensor.getCodes();
  std::vector<int32_t> result(codes.size());
  for (size_t i = 0; i < codes.size(); ++i)
    result[i] =
        int32_t(codes[i] - zeroPoints[i / channelSize % zeroPoints.size()]);
  return result;
}

static Shape getConv2DShape(const Tensor &input, const Tensor &weights,
                            const Window &window, int64_t groups) {
  return llvm::cantFail(
      inferConv2DShape(input.getShape(), weights.getShape(), window, groups));
}

Tensor reference::conv2d(const Tensor &input, const Tensor &weights,
                         const Tensor *bias, const Window &window,
                         int64_t groups, const FloatClamp &clamp) {
  Tensor result(getConv2DShape(input, weights, window, groups),
                input.getKind());
  Conv2DExtents extents = getExtents(input.getShape(), weights.getShape(),
                                     result.getShape(), groups);
  dispatchFloat(input.getKind(), [&](auto zero) {
    using T = decltype(zero);
    MutableArrayRef<T> out = result.data<T>();
    fillWithBias(out, bias ? bias->data<T>() : ArrayRef<T>());
    accumulateConv2D(input.data<T>().data(), weights.data<T>().data(), extents,
                     window, out.data());
    for (T &value : out)
      value = clamp.apply(value);
  });
  return result;
}

/// Calls `body` with the positions in result, input and weights of every
/// product of a convolution whose tap is inside of the image. For one element
/// of the input they come in the order of taps, then output channels; for one
/// weight in the order of pixels.
static void
forEachProduct(const Conv2DExtents &e, const Window &window,
               llvm::function_ref<void(int64_t, int64_t, int64_t)> body) {
  auto forEachPixel = [&](int64_t o, int64_t ky, int64_t kx, int64_t c) {
    int64_t channel = o / e.groupOutChannels * e.groupChannels + c;
    int64_t weight =
        ((o * e.kernelHeight + ky) * e.kernelWidth + kx) * e.groupChannels + c;
    for (int64_t n = 0; n < e.batch; ++n)
      for (int64_t y = 0; y < e.outHeight; ++y)
        for (int64_t x = 0; x < e.outWidth; ++x) {
          int64_t row =
              y * window.strides[0] + ky * window.dilations[0] - window.pad[0];
          int64_t column =
              x * window.strides[1] + kx * window.dilations[1] - window.pad[2];
          if (row < 0 || row >= e.height || column < 0 || column >= e.width)
            continue;
          body(((n * e.outHeight + y) * e.outWidth + x) * e.outChannels + o,
               ((n * e.height + row) * e.width + column) * e.channels + channel,
               weight);
        }
  };
  for (int64_t ky = 0; ky < e.kernelHeight; ++ky)
    for (int64_t kx = 0; kx < e.kernelWidth; ++kx)
      for (int64_t o = 0; o < e.outChannels; ++o)
        for (int64_t c = 0; c < e.groupChannels; ++c)
          forEachPixel(o, ky, kx, c);
}

Tensor reference::conv2dInputGradient(const Tensor &cotangent,
                                      const Tensor &weights,
                                      ArrayRef<int64_t> inputShape,
                                      const Window &window, int64_t groups) {
  Tensor result(inputShape, cotangent.getKind());
  Conv2DExtents extents =
      getExtents(inputShape, weights.getShape(), cotangent.getShape(), groups);
  dispatchFloat(result.getKind(), [&](auto zero) {
    using T = decltype(zero);
    ArrayRef<T> dy = cotangent.data<T>(), w = weights.data<T>();
    MutableArrayRef<T> dx = result.data<T>();
    forEachProduct(extents, window, [&](int64_t out, int64_t in, int64_t tap) {
      dx[in] = multiplyAdd(dy[out], w[tap], dx[in]);
    });
  });
  return result;
}

Tensor reference::conv2dWeightsGradient(const Tensor &cotangent,
                                        const Tensor &input,
                                        ArrayRef<int64_t> weightsShape,
                                        const Window &window, int64_t groups) {
  Tensor result(weightsShape, cotangent.getKind());
  Conv2DExtents extents =
      getExtents(input.getShape(), weightsShape, cotangent.getShape(), groups);
  dispatchFloat(result.getKind(), [&](auto zero) {
    using T = decltype(zero);
    ArrayRef<T> dy = cotangent.data<T>(), x = input.data<T>();
    MutableArrayRef<T> dw = result.data<T>();
    forEachProduct(extents, window, [&](int64_t out, int64_t in, int64_t tap) {
      dw[tap] = multiplyAdd(x[in], dy[out], dw[tap]);
    });
  });
  return result;
}

Tensor reference::conv2dAccumulate(const Tensor &input, const Tensor &weights,
                                   const Tensor *bias, const Window &window,
                                   int64_t groups, int64_t inputZeroPoint,
                                   ArrayRef<int64_t> weightsZeroPoints) {
  Tensor result(getConv2DShape(input, weights, window, groups),
                ElementKind::I64);
  MutableArrayRef<int64_t> out = result.data<int64_t>();
  std::vector<int64_t> biasCodes;
  if (bias)
    biasCodes = bias->getCodes();
  fillWithBias(out, ArrayRef<int64_t>(biasCodes));
  int64_t channelSize = weights.getNumElements() / weights.getShape()[0];
  std::vector<int32_t> in = subtractZeroPoints(input, inputZeroPoint, 1);
  std::vector<int32_t> w =
      subtractZeroPoints(weights, weightsZeroPoints, channelSize);
  Conv2DExtents extents = getExtents(input.getShape(), weights.getShape(),
                                     result.getShape(), groups);
  accumulateConv2D(in.data(), w.data(), extents, window, out.data());
  return result;
}

Tensor reference::matmul(const Tensor &lhs, const Tensor &rhs,
                         const Tensor *bias, const FloatClamp &clamp) {
  Tensor result(
      llvm::cantFail(inferMatMulShape(lhs.getShape(), rhs.getShape())),
      lhs.getKind());
  dispatchFloat(lhs.getKind(), [&](auto zero) {
    using T = decltype(zero);
    MutableArrayRef<T> out = result.data<T>();
    fillWithBias(out, bias ? bias->data<T>() : ArrayRef<T>());
    accumulateMatMuls(lhs, lhs.data<T>().data(), rhs, rhs.data<T>().data(),
                      out.data());
    for (T &value : out)
      value = clamp.apply(value);
  });
  return result;
}

Tensor reference::matmulAccumulate(const Tensor &lhs, const Tensor &rhs,
                                   const Tensor *bias, int64_t lhsZeroPoint,
                                   ArrayRef<int64_t> rhsZeroPoints) {
  Tensor result(
      llvm::cantFail(inferMatMulShape(lhs.getShape(), rhs.getShape())),
      ElementKind::I64);
  MutableArrayRef<int64_t> out = result.data<int64_t>();
  std::vector<int64_t> biasCodes;
  if (bias)
    biasCodes = bias->getCodes();
  fillWithBias(out, ArrayRef<int64_t>(biasCodes));
  std::vector<int32_t> left = subtractZeroPoints(lhs, lhsZeroPoint, 1);
  std::vector<int32_t> right = subtractZeroPoints(rhs, rhsZeroPoints, 1);
  accumulateMatMuls(lhs, left.data(), rhs, right.data(), out.data());
  return result;
}

Tensor reference::requantizeAccumulators(const Tensor &accumulators,
                                         const Tensor &multiplier,
                                         RequantizeParams params,
                                         ElementKind kind) {
  Offsets offsets =
      broadcastOffsets(multiplier.getShape(), accumulators.getShape());
  std::vector<int64_t> codes = accumulators.getCodes();
  for (size_t i = 0; i < codes.size(); ++i) {
    params.multiplier = multiplier.data<float>()[offsets[i]];
    codes[i] = qnn::requantize(codes[i], params);
  }
  return Tensor::fromCodes(accumulators.getShape(), kind, codes);
}

Expected<Tensor> reference::narrow(const Tensor &accumulators,
                                   ElementKind kind) {
  auto [min, max] = getElementRange(kind);
  std::vector<int64_t> codes = accumulators.getCodes();
  for (int64_t code : codes)
    if (code < min || code > max)
      return makeError("accumulator " + Twine(code) + " does not fit " +
                       stringifyElementKind(kind));
  return Tensor::fromCodes(accumulators.getShape(), kind, codes);
}
