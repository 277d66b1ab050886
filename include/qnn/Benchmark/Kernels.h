// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// quant-bench kernels and layers: one by one, checked, then timed.

#ifndef QNN_BENCHMARK_KERNELS_H
#define QNN_BENCHMARK_KERNELS_H

#include "mlir/IR/DialectRegistry.h"
#include "qnn/Benchmark/CompiledProblem.h"
#include "qnn/Benchmark/Peer.h"
#include "qnn/Benchmark/Report.h"
#include "qnn/Benchmark/Roof.h"
#include "qnn/Target/Object.h"

namespace qnn {

struct KernelOptions {
  TargetOptions target;
  TimingOptions timing;
  unsigned seed = 1;
};

/// Compiles a problem or a layer, compares every byte with the reference, and
/// measures it in turns with the roof and the peers. A wrong result is a row
/// that is not checked; errors begin with the name.
llvm::Expected<ReportRow>
benchmarkKernel(const mlir::DialectRegistry &registry,
                const KernelSource &source, const KernelOptions &options,
                RoofLoop &roof, llvm::ArrayRef<std::unique_ptr<Peer>> peers);

/// The widest roof of this machine.
llvm::Expected<std::unique_ptr<RoofLoop>> createWidestRoof();

/// All roofs of this machine, measured in turns.
llvm::Expected<std::vector<RoofSpeed>>
measureRoofs(const TimingOptions &options);

} // namespace qnn

#endif // QNN_BENCHMARK_KERNELS_H
