// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The step of a vector of columns whose weights are multiplied as bytes if they
// are small enough, and as 16-bit numbers otherwise.

#ifndef QNN_LIB_CODEGEN_CPU_MIXEDSTEP_H
#define QNN_LIB_CODEGEN_CPU_MIXEDSTEP_H

#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "qnn/Codegen/CPU/TargetTable.h"

namespace qnn {

class MixedStep {
public:
  MixedStep(mlir::ImplicitLocOpBuilder &builder, const TargetRow &row)
      : builder(builder), row(row) {}

  /// Packed bytes for one vector of columns.
  int64_t bytesPerVector(bool isWide) const {
    return (isWide ? 8 : 4) * row.lanes();
  }
  /// Appends weights, [lane][4], as `loadWeights` reads them.
  void append(llvm::ArrayRef<int16_t> weights, bool isWide,
              std::vector<int8_t> &bytes) const;
  /// One vector of bytes, or the two of `Dot4` for wide activations.
  llvm::SmallVector<mlir::Value, 2>
  loadWeights(mlir::Value packed, mlir::Value position, bool isWide);
  /// Four bytes from `position` on, in all lanes.
  mlir::Value broadcastBytes(mlir::Value memref, mlir::Value position);
  /// Adds the products of bytes to an accumulator.
  mlir::Value addBytes(mlir::Value accumulator, mlir::Value activations,
                       mlir::Value weights);

private:
  mlir::VectorType vectorOf(int64_t perLane, unsigned width);

  mlir::ImplicitLocOpBuilder &builder;
  const TargetRow &row;
};

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_MIXEDSTEP_H
