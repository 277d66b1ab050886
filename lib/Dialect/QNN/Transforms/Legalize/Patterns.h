// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Legalization patterns by family of operations, and what they share.

#ifndef QNN_LIB_DIALECT_QNN_TRANSFORMS_LEGALIZE_PATTERNS_H
#define QNN_LIB_DIALECT_QNN_TRANSFORMS_LEGALIZE_PATTERNS_H

#include "mlir/Transforms/DialectConversion.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "qnn/Quantization/FixedPoint.h"

namespace qnn {

void populateLegalizeContractionPatterns(mlir::TypeConverter &converter,
                                         mlir::RewritePatternSet &patterns);
void populateLegalizeElementwisePatterns(mlir::TypeConverter &converter,
                                         mlir::RewritePatternSet &patterns);
void populateLegalizeMathPatterns(mlir::TypeConverter &converter,
                                  mlir::RewritePatternSet &patterns);
void populateLegalizeMovementPatterns(mlir::TypeConverter &converter,
                                      mlir::RewritePatternSet &patterns);
void populateLegalizeQuantizationPatterns(mlir::TypeConverter &converter,
                                          mlir::RewritePatternSet &patterns);
void populateLegalizeReductionPatterns(mlir::TypeConverter &converter,
                                       mlir::RewritePatternSet &patterns);

/// The integer type that codes have after legalization: ui8, si8, ...; i32 for
/// wide (bias) codes. Codes of fewer bits are stored in 8.
mlir::IntegerType getExplicitType(QuantizedElementType type);

/// The uniform type of one scale and zero point that the tensor type has, or
/// null.
QuantizedElementType getPerTensorType(mlir::Type tensorType);

/// The largest magnitude of a code minus the zero point, of a type with one
/// scale.
int64_t getLargestMagnitude(QuantizedElementType type);

/// The types of an operation of one operand and one result.
struct UnaryTypes {
  QuantizedElementType input, result;
};

/// Both types if each has one scale and zero point; else an error on `op`.
mlir::FailureOr<UnaryTypes> getPerTensorTypes(mlir::Operation *op);

/// The types of an operation of two operands and one result.
struct BinaryTypes {
  QuantizedElementType lhs, rhs, result;
};

/// All three, as getPerTensorTypes.
mlir::FailureOr<BinaryTypes> getBinaryPerTensorTypes(mlir::Operation *op);

/// The type of the result only, as getPerTensorTypes.
mlir::FailureOr<QuantizedElementType> getPerTensorResult(mlir::Operation *op);

/// The operation after the arithmetic: from real multipliers to codes.
struct Requantization {
  /// The quantized type of the result.
  QuantizedElementType type;
  /// Codes that an attached clamp leaves.
  int64_t min, max;
  RoundingMode rounding;
  RequantizationMode mode;
};

/// The codes between optional real bounds.
Requantization
getRequantization(QuantizedElementType type, mlir::FloatAttr clampMin,
                  mlir::FloatAttr clampMax, RoundingMode rounding,
                  RequantizationMode mode = RequantizationMode::Float);

/// A rescale of `value` to the codes of `requantization`, with multipliers of
/// `shape` (empty: one for all).
mlir::Value createRescale(mlir::OpBuilder &builder, mlir::Location loc,
                          mlir::Value value, llvm::ArrayRef<float> multipliers,
                          llvm::ArrayRef<int64_t> shape, int64_t inputZeroPoint,
                          const Requantization &requantization);

/// The same in fixed point, for an accumulator of i32 or codes of at most 16
/// bits. Multipliers: one, or one for each index of the last axis.
mlir::Value createFixedPointRescale(
    mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
    llvm::ArrayRef<FixedPointMultiplier> multipliers, int64_t inputZeroPoint,
    const Requantization &requantization);

/// Rewrites everything that has a type which the converter changes, functions
/// included.
mlir::LogicalResult convertTypes(mlir::ModuleOp module,
                                 mlir::TypeConverter &converter,
                                 mlir::RewritePatternSet patterns);

/// Movement of values whose parameters stay: the same operations with converted
/// types.
void populateRetypePatterns(mlir::TypeConverter &converter,
                            mlir::RewritePatternSet &patterns);

/// float(si / (so * n)) for each mean of `n` elements: computed in double,
/// rounded once.
float meanMultiplier(QuantizedElementType input, QuantizedElementType result,
                     int64_t count);

/// The number of elements behind each position of a mean, row by row; one
/// number if all are equal.
llvm::SmallVector<int64_t> countWindowElements(AvgPool2DOp op);

/// The number of elements of each mean.
int64_t countElements(MeanOp op);

/// As getPerTensorTypes, for an input that the table of exponentials has room
/// for.
mlir::FailureOr<UnaryTypes> getSoftmaxTypes(SoftmaxOp op);

/// The integer form of a softmax, of codes of `input` to codes of `result`.
mlir::Value createIntegerSoftmax(mlir::OpBuilder &builder, SoftmaxOp op,
                                 mlir::Value codes, QuantizedElementType input,
                                 QuantizedElementType result);

/// A constant that has, by broadcasting, for each element of the tensor the
/// number of its group; null for blocks.
mlir::DenseElementsAttr
getGroupNumbers(mlir::RankedTensorType tensor,
                llvm::function_ref<float(int64_t)> numberOf);

/// A rescale of codes to f32: (code - zero point) * multiplier.
mlir::Value createRescaleToFloat(mlir::OpBuilder &builder, mlir::Location loc,
                                 mlir::Value value, float multiplier,
                                 int64_t inputZeroPoint);

} // namespace qnn

#endif // QNN_LIB_DIALECT_QNN_TRANSFORMS_LEGALIZE_PATTERNS_H
