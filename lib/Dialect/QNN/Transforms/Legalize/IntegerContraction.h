// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What must be known of a quantized contraction, whatever its kind, to compute
// it in integers.

#ifndef QNN_LIB_DIALECT_QNN_TRANSFORMS_LEGALIZE_INTEGERCONTRACTION_H
#define QNN_LIB_DIALECT_QNN_TRANSFORMS_LEGALIZE_INTEGERCONTRACTION_H

#include "mlir/IR/Builders.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "qnn/Quantization/Accumulator.h"

namespace qnn {

struct IntegerContraction {
  mlir::Value weights, bias;
  QuantizedElementType inputType, weightsType, resultType;
  /// Axis of the weights that makes channels of the result; and how many.
  int64_t channelAxis = 0, numChannels = 0;
  /// How many products each accumulator adds.
  int64_t depth = 0;
  /// One for all, or one for each channel.
  int64_t numScales = 1;
  /// Of all channels.
  int64_t weightsZeroPoint = 0;
  /// The constant weight codes minus their zero point, by channel; empty if
  /// the weights are computed at run time.
  llvm::SmallVector<llvm::SmallVector<int64_t>> weightsByChannel;
  /// The codes of a constant bias, else empty.
  llvm::SmallVector<int64_t> biasCodes;

  /// What the products of a channel can add up to, and a bias.
  AccumulatorBound getBound(int64_t channel, int64_t bias) const;
  /// The multipliers of the requantization.
  llvm::SmallVector<float> getMultipliers() const;
  /// Theirs: a row of the result, or one for all.
  llvm::SmallVector<int64_t> getMultiplierShape() const;
};

/// An error on the operation if its types have no integer form.
mlir::FailureOr<IntegerContraction> describeContraction(Conv2DOp op);
mlir::FailureOr<IntegerContraction> describeContraction(MatMulOp op);

/// The same operation on other operands and without clamp, for a result of this
/// element type.
mlir::Value createAccumulator(mlir::OpBuilder &builder, Conv2DOp op,
                              mlir::ValueRange operands, mlir::Type type,
                              int64_t inputZeroPoint, int64_t weightsZeroPoint);
mlir::Value createAccumulator(mlir::OpBuilder &builder, MatMulOp op,
                              mlir::ValueRange operands, mlir::Type type,
                              int64_t inputZeroPoint, int64_t weightsZeroPoint);

} // namespace qnn

#endif // QNN_LIB_DIALECT_QNN_TRANSFORMS_LEGALIZE_INTEGERCONTRACTION_H
