// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Element types from ranges and constants: the link between the arithmetic of
// lib/Quantization and upstream's types.

#ifndef QNN_LIB_DIALECT_QNN_TRANSFORMS_QUANTIZEDTYPES_H
#define QNN_LIB_DIALECT_QNN_TRANSFORMS_QUANTIZEDTYPES_H

#include "mlir/IR/BuiltinAttributes.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "qnn/Quantization/Calibrator.h"

namespace qnn {

/// Unsigned, asymmetric, one scale: the type of an activation with this range.
mlir::Type activationType(mlir::MLIRContext *context, CalibratedRange range,
                          int64_t bits);

/// Signed without the smallest code, symmetric: the type of weights. One scale
/// for each slice along `axis`, one for all without it. Scales are large enough
/// that `bias` (one element for each slice; may be null) fits into i32 at the
/// scale input * weights.
mlir::Type weightsType(mlir::DenseFPElementsAttr weights,
                       mlir::DenseFPElementsAttr bias,
                       std::optional<int64_t> axis, QuantizedElementType input,
                       int64_t bits);

/// i32 with the product of both scales: the type of a bias. Its codes end at
/// kMaxBiasCode, also where scales are learned after they were chosen.
mlir::Type biasType(mlir::Type input, mlir::Type weights);

/// The codes of a float constant in a quantized type (of the same shape).
mlir::DenseIntElementsAttr quantizeConstant(mlir::DenseFPElementsAttr constant,
                                            QuantizedElementType type);

} // namespace qnn

#endif // QNN_LIB_DIALECT_QNN_TRANSFORMS_QUANTIZEDTYPES_H
