// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Narrowing to bytes: instructions that pack vectors saturate, which is what
// the end of a requantization asks for.

#ifndef QNN_LIB_CODEGEN_CPU_SATURATION_H
#define QNN_LIB_CODEGEN_CPU_SATURATION_H

#include "Epilogue.h"
#include "qnn/Codegen/CPU/TargetTable.h"

namespace qnn {

/// The end of a body that makes a byte of a real number: `real`, rounded to the
/// nearest integer (ties to even), clamped to [low, high], plus `zeroPoint`.
struct Saturation {
  /// An f32 in the body, of a magnitude below 2^31.
  mlir::Value real;
  int64_t low = 0, high = 0;
  int64_t zeroPoint = 0;
};

/// The saturation at the end of an epilogue of `contraction`, if there is one
/// that the row has instructions for.
std::optional<Saturation> matchSaturation(const TargetRow &row,
                                          const Contraction &contraction,
                                          const Epilogue &epilogue);

/// The bytes of four vectors of real numbers. The instructions pack within 128
/// bits: lane 4L + t of vector j is byte 16L + 4j + t.
mlir::Value emitSaturation(mlir::ImplicitLocOpBuilder &builder,
                           const TargetRow &row, const Saturation &saturation,
                           llvm::ArrayRef<mlir::Value> reals);

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_SATURATION_H
