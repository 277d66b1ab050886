// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// onnxruntime, in a process of its own.

#ifndef QNN_LIB_BENCHMARK_ONNXRUNTIMEPEER_H
#define QNN_LIB_BENCHMARK_ONNXRUNTIMEPEER_H

#include "qnn/Benchmark/Peer.h"

namespace qnn {

/// Fails if the Python environment or onnxruntime is missing.
llvm::Error openOnnxRuntime(const PeerOptions &options,
                            std::vector<std::unique_ptr<Peer>> &peers);

} // namespace qnn

#endif // QNN_LIB_BENCHMARK_ONNXRUNTIMEPEER_H
