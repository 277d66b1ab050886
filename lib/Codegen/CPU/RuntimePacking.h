// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Right sides of contractions that are computed, brought into the order in
// which kernels read them.

#ifndef QNN_LIB_CODEGEN_CPU_RUNTIMEPACKING_H
#define QNN_LIB_CODEGEN_CPU_RUNTIMEPACKING_H

#include "BatchContraction.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "qnn/Codegen/CPU/PackWeights.h"
#include "qnn/Codegen/CPU/TargetTable.h"

namespace qnn {

/// Loops over batches and panels; what a panel is copied to is up to the
/// subclass.
class RuntimePacker {
public:
  RuntimePacker(mlir::ImplicitLocOpBuilder &builder,
                const BatchContraction &contraction,
                llvm::ArrayRef<Panel> panels, const TargetRow &row);
  virtual ~RuntimePacker() = default;

protected:
  /// Copies a panel that begins at the element `from` of the right side. In the
  /// copy it is behind `vector` vectors of columns.
  virtual void emitPanel(const Panel &panel, mlir::Value from,
                         mlir::Value vector) = 0;

  void emitPanels();
  /// A new buffer with `perVector` elements for each vector of columns.
  mlir::Value allocate(mlir::Type element, int64_t perVector);
  /// Loops over sums, with steps in the right side and in a copy that has a sum
  /// every `copyStep` elements.
  llvm::SmallVector<Loop> sumLoops(int64_t copyStep) const {
    return loopsOf(contraction.sumLoops, copyStep);
  }
  void emitLoops(llvm::ArrayRef<Loop> loops, mlir::Value from, mlir::Value to,
                 llvm::function_ref<void(mlir::Value, mlir::Value)> body);
  /// The columns of a square of vectors.
  llvm::SmallVector<mlir::Value>
  emitTransposed(llvm::SmallVector<mlir::Value> rows);
  int64_t countSums() const { return count(contraction.sumLoops); }

  mlir::ImplicitLocOpBuilder &builder;
  const BatchContraction &contraction;
  llvm::ArrayRef<Panel> panels;
  const TargetRow &row;
  int64_t lanes;
  int64_t columnStep;
  /// The right side.
  mlir::Value source;

private:
  int64_t count(llvm::ArrayRef<unsigned> loops) const;
  int64_t countVectors() const {
    return llvm::divideCeil(contraction.columns, lanes);
  }
  llvm::SmallVector<Loop> loopsOf(llvm::ArrayRef<unsigned> indices,
                                  int64_t innerStep) const;
};

/// A new buffer with a right side of floats as
/// [batch][panel][sum][vector][lane].
mlir::Value emitPackedColumns(mlir::ImplicitLocOpBuilder &builder,
                              const BatchContraction &contraction,
                              llvm::ArrayRef<Panel> panels,
                              const TargetRow &row);

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_RUNTIMEPACKING_H
