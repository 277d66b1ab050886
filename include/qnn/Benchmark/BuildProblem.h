// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A problem as a module, and data for it.

#ifndef QNN_BENCHMARK_BUILDPROBLEM_H
#define QNN_BENCHMARK_BUILDPROBLEM_H

#include "mlir/IR/BuiltinOps.h"
#include "qnn/Benchmark/Problem.h"
#include <random>

namespace qnn {

/// A module with one public function on quantized (or float) tensors, as the
/// phase `quantize` leaves it; accumulators as results (out=s32, or out=f32 of
/// bytes) are in the explicit form. Weights are constants over the whole range
/// of their type. Scales and biases are such that results spread over the range
/// of their type. The same seed gives the same module.
mlir::OwningOpRef<mlir::ModuleOp>
buildProblem(mlir::MLIRContext &context, const Problem &problem, unsigned seed);

/// Fills with random codes over the whole range, floats in [-1, 1].
void fillRandomly(Tensor &tensor, std::mt19937_64 &random);

} // namespace qnn

#endif // QNN_BENCHMARK_BUILDPROBLEM_H
