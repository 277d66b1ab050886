// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Simulation patterns by family of operations, and what they share. Values of
// uniform types are carried by the floats `code - zero point`, others (blocks,
// nonlinear types) by what they stand for.

#ifndef QNN_LIB_DIALECT_QNN_TRANSFORMS_SIMULATE_PATTERNS_H
#define QNN_LIB_DIALECT_QNN_TRANSFORMS_SIMULATE_PATTERNS_H

#include "../Legalize/Patterns.h"
#include "Quantizers.h"

namespace qnn {

void populateSimulateContractionPatterns(mlir::TypeConverter &converter,
                                         mlir::RewritePatternSet &patterns,
                                         const Quantizers &quantizers);
void populateSimulateElementwisePatterns(mlir::TypeConverter &converter,
                                         mlir::RewritePatternSet &patterns,
                                         const Quantizers &quantizers);
void populateSimulateMathPatterns(mlir::TypeConverter &converter,
                                  mlir::RewritePatternSet &patterns,
                                  const Quantizers &quantizers);
/// `ofParameters`: the qnn.quantize operations of what is learned.
void populateSimulateQuantizationPatterns(
    mlir::TypeConverter &converter, mlir::RewritePatternSet &patterns,
    const Quantizers &quantizers,
    const llvm::DenseSet<mlir::Operation *> &ofParameters);
void populateSimulateReductionPatterns(mlir::TypeConverter &converter,
                                       mlir::RewritePatternSet &patterns,
                                       const Quantizers &quantizers);

/// A pattern that knows which quantizers are learned.
template <typename OpTy>
struct SimulationPattern : mlir::OpConversionPattern<OpTy> {
  SimulationPattern(mlir::TypeConverter &converter, mlir::MLIRContext *context,
                    const Quantizers &quantizers)
      : mlir::OpConversionPattern<OpTy>(converter, context),
        quantizers(quantizers) {}

protected:
  const Quantizers &quantizers;
};

/// Integers up to this magnitude are floats.
inline constexpr int64_t kMaxExactInteger = int64_t(1) << 24;

/// Whether values of this type are carried by integers.
bool isCarriedByIntegers(QuantizedElementType type);

/// The type of the floats that carry a tensor.
mlir::RankedTensorType getCarrierType(mlir::Type type);

/// The integers of 16 bits, of scale 1.
mlir::Type getIntegersType(mlir::MLIRContext *context);

/// The type with the scale 1 and these first and last codes.
mlir::Type getUnitType(QuantizedElementType type, int64_t min, int64_t max);

/// An f32 constant.
mlir::Value emitFloats(mlir::OpBuilder &builder, mlir::Location loc,
                       llvm::ArrayRef<float> values,
                       llvm::ArrayRef<int64_t> shape = {});

/// The product with constants that broadcast to the value; the value itself for
/// ones.
mlir::Value emitScaled(mlir::OpBuilder &builder, mlir::Location loc,
                       mlir::Value value, llvm::ArrayRef<float> factors,
                       llvm::ArrayRef<int64_t> shape = {});

/// Scaled values rounded and clipped to the codes of `requantization`.
mlir::Value emitRounded(mlir::OpBuilder &builder, mlir::Location loc,
                        mlir::Value value,
                        const Requantization &requantization);

/// The value with the gradient of the surrogate.
mlir::Value emitStraightThrough(mlir::OpBuilder &builder, mlir::Location loc,
                                mlir::Value value, mlir::Value surrogate);

/// An error on `op` if it asks for another arithmetic than floats.
template <typename OpTy>
mlir::LogicalResult checkFloatRequantization(OpTy op) {
  if (op.getRequantization() == RequantizationMode::Float)
    return mlir::success();
  return op.emitError("expects requantization(float) to simulate: floats do "
                      "not compute TFLite's fixed point");
}

} // namespace qnn

#endif // QNN_LIB_DIALECT_QNN_TRANSFORMS_SIMULATE_PATTERNS_H
