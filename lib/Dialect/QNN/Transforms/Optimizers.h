// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The formulas of optimizers.

#ifndef QNN_LIB_DIALECT_QNN_TRANSFORMS_OPTIMIZERS_H
#define QNN_LIB_DIALECT_QNN_TRANSFORMS_OPTIMIZERS_H

#include "FloatExpressions.h"
#include <functional>

namespace qnn {

/// Numbers that do not change between steps.
struct HyperParameters {
  double momentum, beta1, beta2, decay, epsilon;
  double weightDecay;
  bool decoupledWeightDecay;
  /// Bounds of gradients; 0 for none.
  double clipValue, clipNorm, clipStochastic;
  /// Factor of the learning rate of scales and zero points.
  double scaleLearningRate;
  /// Learning rates are parts of what is learned.
  bool relativeRates;
  /// Part of scales that is added to their gradients.
  double scaleDecay;
  /// Weights are multiplied by masks.
  bool masks;
  /// Parameters stay on the grid of their codes, rounded at random.
  bool projected, stochasticRounding;
};

/// The update of one parameter.
struct Update {
  FloatExpressions emit;
  const HyperParameters &numbers;
  mlir::Value gradient;
  /// The optimizer's states for this parameter, in the order of its names; the
  /// rule replaces them by the new ones.
  llvm::MutableArrayRef<mlir::Value> states;
  /// 1 / (1 - beta^t) at step t, by the name of the number beta.
  std::function<mlir::Value(llvm::StringRef name, double beta)> getCorrection;
};

/// An optimizer: its rule returns the direction `d` of the new parameter
/// `w - learning rate * d`.
struct OptimizerRule {
  llvm::StringLiteral name;
  /// Of the tensors, shaped like the parameter, that start as zeros.
  llvm::ArrayRef<llvm::StringLiteral> states;
  mlir::Value (*emitDirection)(Update &update);
  /// Weights decay by themselves, not as part of the gradient.
  bool decoupledDecay = false;
};

/// All optimizers.
llvm::ArrayRef<OptimizerRule> getOptimizerRules();

} // namespace qnn

#endif // QNN_LIB_DIALECT_QNN_TRANSFORMS_OPTIMIZERS_H
