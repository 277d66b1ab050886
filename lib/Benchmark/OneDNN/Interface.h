// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Between quant-bench and a library built on one version of oneDNN. Two
// versions have the same symbols, so each is loaded apart from the other, and
// only what is declared here is seen.

#ifndef QNN_LIB_BENCHMARK_ONEDNN_INTERFACE_H
#define QNN_LIB_BENCHMARK_ONEDNN_INTERFACE_H

#include <cstdint>

namespace qnn {

enum class OneDNNType { F32, U8, S8, S32 };
enum class OneDNNEpilogue { None, Relu, Relu6, Add };

struct OneDNNProblem {
  OneDNNType in, weights, out;
  OneDNNEpilogue epilogue;
  bool perChannel;
  /// A matrix product: batch, m, n, k, and whether both sides are activations.
  bool isMatMul;
  int64_t batch, m, n, k;
  bool isDynamic;
  /// A convolution.
  int64_t images, height, width, channels, outChannels, outHeight, outWidth;
  int64_t kernelHeight, kernelWidth, groups;
  int64_t strides[2], dilations[2];
  /// {top, bottom, left, right}.
  int64_t pad[4];
};

struct OneDNNFunctions {
  /// "2.6.3".
  const char *version;
  /// Null if the library has no such primitive.
  void *(*prepare)(const OneDNNProblem &problem);
  void (*run)(void *prepared);
  void (*destroy)(void *prepared);
};

/// The name and the type of what a library exports.
inline constexpr char kOneDNNEntry[] = "qnn_onednn_functions";
using OneDNNEntry = const OneDNNFunctions *(*)();

} // namespace qnn

#endif // QNN_LIB_BENCHMARK_ONEDNN_INTERFACE_H
