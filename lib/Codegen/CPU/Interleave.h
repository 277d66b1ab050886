// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Orders of lanes. Instructions that unpack and pack vectors do so in blocks of
// 128 bits: bytes that were unpacked twice are in an order of their own, and
// packing twice undoes it. In this order, called interleaved, lane 4L + t of
// vector j (of four) is number 16L + 4j + t.

#ifndef QNN_LIB_CODEGEN_CPU_INTERLEAVE_H
#define QNN_LIB_CODEGEN_CPU_INTERLEAVE_H

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace qnn {

/// Four vectors of bytes as four vectors of words (i32), in interleaved order:
/// byte i of a word is from vector i.
llvm::SmallVector<mlir::Value>
emitInterleavedWords(mlir::ImplicitLocOpBuilder &builder,
                     llvm::ArrayRef<mlir::Value> bytes);

/// Four vectors of 32-bit lanes in interleaved order, as four vectors of which
/// each has a quarter of the lanes, in their own order.
llvm::SmallVector<mlir::Value>
emitNaturalOrder(mlir::ImplicitLocOpBuilder &builder,
                 llvm::ArrayRef<mlir::Value> vectors);

/// The bytes of four vectors that were packed in interleaved order though each
/// of them has a quarter: each quarter in its place.
mlir::Value emitQuarters(mlir::ImplicitLocOpBuilder &builder,
                         mlir::Value bytes);

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_INTERLEAVE_H
