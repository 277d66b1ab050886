// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory as flat arrays, for kernels that compute addresses themselves.

#ifndef QNN_LIB_CODEGEN_CPU_FLATACCESS_H
#define QNN_LIB_CODEGEN_CPU_FLATACCESS_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/SymbolTable.h"

namespace qnn {

/// Elements from the start of the allocation to the last one of a memref of
/// static layout.
int64_t getFlatSize(mlir::MemRefType type);

/// All memory of the buffer of a memref of static layout, from the start of its
/// allocation, in one dimension.
mlir::Value emitFlatView(mlir::ImplicitLocOpBuilder &builder,
                         mlir::Value memref);

/// A constant of one dimension, aligned to a cache line.
mlir::Value emitConstant(mlir::ImplicitLocOpBuilder &builder,
                         mlir::SymbolTable &symbols, llvm::StringRef name,
                         mlir::DenseElementsAttr values);

mlir::Value emitIndex(mlir::ImplicitLocOpBuilder &builder, int64_t value);
/// `base + offset`
mlir::Value emitOffset(mlir::ImplicitLocOpBuilder &builder, mlir::Value base,
                       int64_t offset);
/// `base + index * step`
mlir::Value emitStep(mlir::ImplicitLocOpBuilder &builder, mlir::Value base,
                     mlir::Value index, int64_t step);

/// Bytes of a memref as an i32; four, or fewer that are read one by one: there
/// may be nothing behind.
mlir::Value emitLoadWord(mlir::ImplicitLocOpBuilder &builder, mlir::Value bytes,
                         mlir::Value address, int64_t numBytes);

/// A vector of which the first `count` elements are read from memory and the
/// others are zero.
mlir::Value emitLoadPart(mlir::ImplicitLocOpBuilder &builder,
                         mlir::VectorType type, mlir::Value memref,
                         mlir::Value address, int64_t count);

/// A loop over [begin, end) that carries `values`, or the body alone if it is
/// run once. The body gives the new values.
llvm::SmallVector<mlir::Value>
emitLoop(mlir::ImplicitLocOpBuilder &builder, int64_t begin, int64_t end,
         int64_t step, mlir::ValueRange values,
         llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value index,
                                                           mlir::ValueRange)>
             body);

/// The same with bounds that are known when the loop is run.
llvm::SmallVector<mlir::Value>
emitLoop(mlir::ImplicitLocOpBuilder &builder, mlir::Value begin,
         mlir::Value end, int64_t step, mlir::ValueRange values,
         llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value index,
                                                           mlir::ValueRange)>
             body);

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_FLATACCESS_H
