// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Attributes by which qnn-choose-quantization tells qnn-quantize what to do.

#ifndef QNN_DIALECT_QNN_TRANSFORMS_ANNOTATIONS_H
#define QNN_DIALECT_QNN_TRANSFORMS_ANNOTATIONS_H

#include "llvm/ADT/StringRef.h"

namespace qnn::annotation {

/// Array with the quantized element type of each operand or result; a unit
/// attribute where the value keeps its type.
inline constexpr llvm::StringLiteral kOperandTypes = "qnn.operand_types";
inline constexpr llvm::StringLiteral kResultTypes = "qnn.result_types";
/// On a function: the arithmetic of the requantizations that qnn-quantize
/// inserts. Absent for float.
inline constexpr llvm::StringLiteral kRequantization = "qnn.requantization";
/// Why the operation stays float, for the report.
inline constexpr llvm::StringLiteral kStaysFloat = "qnn.stays_float";
/// Names of the values that a function with exposed observers returns after
/// its own results.
inline constexpr llvm::StringLiteral kObserved = "qnn.observed";

} // namespace qnn::annotation

#endif // QNN_DIALECT_QNN_TRANSFORMS_ANNOTATIONS_H
