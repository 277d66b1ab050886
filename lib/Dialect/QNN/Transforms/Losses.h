// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The formulas of losses.

#ifndef QNN_LIB_DIALECT_QNN_TRANSFORMS_LOSSES_H
#define QNN_LIB_DIALECT_QNN_TRANSFORMS_LOSSES_H

#include "FloatExpressions.h"
#include <functional>

namespace qnn {

/// What a loss may ask for. Values that it does not ask for do not become
/// arguments of the function.
struct LossOperands {
  mlir::ImplicitLocOpBuilder &builder;
  /// The model's output.
  mlir::Value output;
  /// The output without the softmax or sigmoid at its end.
  mlir::Value logits;
  /// An argument with labels of this type; null, with an error, if another loss
  /// has labels of another type.
  std::function<mlir::Value(mlir::RankedTensorType)> getLabels;
  /// An argument of the type of the logits: those of the model to learn from.
  std::function<mlir::Value()> getTeacher;
  double temperature = 1;
};

/// A loss by name; the function gives a tensor<f32>, or null after an error.
struct LossFormula {
  llvm::StringLiteral name;
  mlir::Value (*emit)(const LossOperands &operands);
};

/// The energy of the difference by that of `wanted`: what the signal to noise
/// ratio is the inverse of.
mlir::Value emitNoiseToSignal(FloatExpressions &emit, mlir::Value value,
                              mlir::Value wanted);

/// All losses.
llvm::ArrayRef<LossFormula> getLossFormulas();

} // namespace qnn

#endif // QNN_LIB_DIALECT_QNN_TRANSFORMS_LOSSES_H
