// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// quant-bench layers: the contractions of a quantized model, with its weights.

#ifndef QNN_BENCHMARK_LAYERS_H
#define QNN_BENCHMARK_LAYERS_H

#include "mlir/IR/DialectRegistry.h"
#include "qnn/Benchmark/CompiledProblem.h"
#include "qnn/Benchmark/Peer.h"

namespace qnn {

/// Every convolution and matrix product in int8 with constant weights, in the
/// order of the model.
llvm::Expected<std::vector<KernelSource>>
extractLayers(const mlir::DialectRegistry &registry,
              const ModelRequest &request);

} // namespace qnn

#endif // QNN_BENCHMARK_LAYERS_H
