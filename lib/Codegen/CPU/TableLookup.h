// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loads from constant tables, a vector of positions at a time.

#ifndef QNN_LIB_CODEGEN_CPU_TABLELOOKUP_H
#define QNN_LIB_CODEGEN_CPU_TABLELOOKUP_H

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "qnn/Codegen/CPU/TargetTable.h"

namespace qnn {

/// Whether the operation loads from a constant table of one dimension, at a
/// position of 8 bits if the table has bytes, of 32 bits otherwise.
bool isTableLookup(mlir::Operation *op);

/// table[positions] for what isTableLookup accepts. Tables of bytes are
/// shuffles of registers where the row has them, others gather.
mlir::Value emitTableLookup(mlir::ImplicitLocOpBuilder &builder,
                            const TargetRow &row, mlir::memref::LoadOp load,
                            mlir::Value positions);

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_TABLELOOKUP_H
