// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A problem as machine code, with inputs and the outputs that it must give.

#ifndef QNN_BENCHMARK_COMPILEDPROBLEM_H
#define QNN_BENCHMARK_COMPILEDPROBLEM_H

#include "qnn/Benchmark/AlignedBytes.h"
#include "qnn/Benchmark/Problem.h"
#include "qnn/Target/CompiledModel.h"
#include "qnn/Target/Object.h"

namespace qnn {

/// What is compiled, and the problem that it is to peers.
struct KernelSource {
  /// For reports.
  std::string name;
  Problem problem;
  /// A module of the phase `quantize` as text, with weights that matter; empty:
  /// the one that buildProblem makes.
  std::string module;
};

class CompiledProblem {
public:
  /// Runs the reference interpreter and all pipelines; the code will use so
  /// many threads. `registry` has all dialects.
  static llvm::Expected<std::unique_ptr<CompiledProblem>>
  create(const mlir::DialectRegistry &registry, const KernelSource &source,
         const TargetOptions &options, int64_t threads, unsigned seed);

  /// The row of the target table.
  llvm::StringRef getTarget() const { return target; }
  /// Of inputs, constants and outputs: what a call reads and writes at least.
  int64_t countBytes() const { return bytes; }

  /// Computes the outputs.
  llvm::Error run() { return model->run(inputPointers, outputPointers); }

  /// Runs, and compares every byte with the reference; floats on rows of the
  /// target table without fused multiply-adds only closely.
  llvm::Expected<bool> check();

private:
  CompiledProblem() = default;
  llvm::Error interpret(mlir::ModuleOp module, unsigned seed);

  std::string target;
  /// Whether all inputs are floats.
  bool isFloat = true;
  int64_t bytes = 0;
  std::unique_ptr<CompiledModel> model;
  std::vector<AlignedBytes> inputs, outputs;
  llvm::SmallVector<const void *> inputPointers;
  llvm::SmallVector<void *> outputPointers;
  std::vector<Tensor> expected;
};

} // namespace qnn

#endif // QNN_BENCHMARK_COMPILEDPROBLEM_H
