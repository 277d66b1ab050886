// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The scalar body of a linalg operation on vectors: elementwise operations as
// they are, loads from constant tables as lookups.

#ifndef QNN_LIB_CODEGEN_CPU_VECTORBODY_H
#define QNN_LIB_CODEGEN_CPU_VECTORBODY_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "qnn/Codegen/CPU/TargetTable.h"

namespace qnn {

/// Whether emitVectorBody can compute the body.
bool canVectorizeBody(mlir::linalg::GenericOp op);

/// The body on vectors of `width` elements: the vector of `result`, a value of
/// the body, or of what it yields. `arguments` has a vector for each input, and
/// for the operation's result if the body reads it.
mlir::Value emitVectorBody(mlir::ImplicitLocOpBuilder &builder,
                           const TargetRow &row, mlir::linalg::GenericOp op,
                           mlir::ValueRange arguments, int64_t width,
                           mlir::Value result = {});

/// The vectors of all that the body yields.
llvm::SmallVector<mlir::Value>
emitVectorResults(mlir::ImplicitLocOpBuilder &builder, const TargetRow &row,
                  mlir::linalg::GenericOp op, mlir::ValueRange arguments,
                  int64_t width);

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_VECTORBODY_H
