// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// quant-bench models: whole models, ours and others', in float and int8.

#ifndef QNN_BENCHMARK_MODELS_H
#define QNN_BENCHMARK_MODELS_H

#include "mlir/IR/DialectRegistry.h"
#include "qnn/Benchmark/Peer.h"
#include "qnn/Benchmark/Report.h"
#include "qnn/Benchmark/Roof.h"
#include "qnn/Target/Object.h"

namespace qnn {

struct ModelOptions {
  TargetOptions target;
  TimingOptions timing;
  /// Rows whose outputs are compared with the reference.
  int64_t checkedRows = 4;
};

/// A row for the int8 object and one for the float object, measured in turns
/// with the peers, which are the same in both. A peer that does not run the
/// model is left out, and a warning says why.
llvm::Expected<std::vector<ReportRow>>
benchmarkModel(const mlir::DialectRegistry &registry,
               const ModelRequest &request, const ModelOptions &options,
               RoofLoop &roof,
               llvm::ArrayRef<std::unique_ptr<ModelPeer>> peers);

} // namespace qnn

#endif // QNN_BENCHMARK_MODELS_H
