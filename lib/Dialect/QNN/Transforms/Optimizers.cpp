// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The formulas of optimizers, each with its source.

#include "Optimizers.h"
#include "qnn/Dialect/QNN/Transforms/TrainingNames.h"

using namespace mlir;
using namespace qnn;

/// Robbins and Monro, A Stochastic Approximation Method, 1951.
static Value emitGradientDescent(Update &update) { return update.gradient; }

/// v = mu v + g: Polyak, Some methods of speeding up the convergence of
/// iteration methods, 1964, equation 9; Sutskever et al., On the importance of
/// initialization and momentum in deep learning, 2013, equations 1 and 2, with
/// the learning rate outside of v, so that it may change between steps.
static Value emitVelocity(Update &update) {
  Value &velocity = update.states[0];
  velocity = update.emit.add(
      update.emit.scale(velocity, update.numbers.momentum), update.gradient);
  return velocity;
}

/// g + mu v with the new v: Sutskever et al. 2013, equations 3 and 4, where the
/// parameter that is kept is the one at which the gradient is taken.
static Value emitNesterov(Update &update) {
  Value velocity = emitVelocity(update);
  return update.emit.add(update.gradient,
                         update.emit.scale(velocity, update.numbers.momentum));
}

/// state = decay state + (1 - decay) value.
static Value emitAverage(Update &update, Value &state, double decay,
                         Value value) {
  Value kept = update.emit.scale(state, decay);
  state = update.emit.add(kept, update.emit.scale(value, 1 - decay));
  return state;
}

/// numerator / (sqrt(squares) + epsilon).
static Value emitNormalized(Update &update, Value numerator, Value squares) {
  FloatExpressions &emit = update.emit;
  Value root = emit.sqrt(squares);
  return emit.div(numerator,
                  emit.add(root, emit.number(update.numbers.epsilon)));
}

/// a = a + g^2, g / (sqrt(a) + epsilon): Duchi, Hazan and Singer, Adaptive
/// Subgradient Methods, 2011, figure 1 with diagonal matrices.
static Value emitAdaGrad(Update &update) {
  Value &sum = update.states[0];
  sum = update.emit.add(sum, update.emit.square(update.gradient));
  return emitNormalized(update, update.gradient, sum);
}

/// a = rho a + (1 - rho) g^2, g / (sqrt(a) + epsilon): Tieleman and Hinton,
/// Neural Networks for Machine Learning, 2012, lecture 6e.
static Value emitRMSProp(Update &update) {
  Value squares = emitAverage(update, update.states[0], update.numbers.decay,
                              update.emit.square(update.gradient));
  return emitNormalized(update, update.gradient, squares);
}

/// Kingma and Ba, Adam: A Method for Stochastic Optimization, 2015,
/// algorithm 1.
static Value emitAdam(Update &update) {
  const HyperParameters &numbers = update.numbers;
  Value first =
      emitAverage(update, update.states[0], numbers.beta1, update.gradient);
  Value second = emitAverage(update, update.states[1], numbers.beta2,
                             update.emit.square(update.gradient));
  Value firstCorrection = update.getCorrection("beta1", numbers.beta1);
  Value secondCorrection = update.getCorrection("beta2", numbers.beta2);
  Value mean = update.emit.mul(first, firstCorrection);
  return emitNormalized(update, mean,
                        update.emit.mul(second, secondCorrection));
}

ArrayRef<OptimizerRule> qnn::getOptimizerRules() {
  static const llvm::StringLiteral velocity[] = {"velocity"};
  static const llvm::StringLiteral squares[] = {"squares"};
  static const llvm::StringLiteral moments[] = {"moment1", "moment2"};
  static const OptimizerRule rules[] = {
      {"sgd", {}, emitGradientDescent},
      {"momentum", velocity, emitVelocity},
      {"nesterov", velocity, emitNesterov},
      {"adagrad", squares, emitAdaGrad},
      {"rmsprop", squares, emitRMSProp},
      {"adam", moments, emitAdam},
      // Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019,
      // algorithm 2.
      {"adamw", moments, emitAdam, /*decoupledDecay=*/true},
  };
  return rules;
}

SmallVector<StringRef> qnn::getOptimizerNames() {
  return llvm::map_to_vector(
      getOptimizerRules(),
      [](const OptimizerRule &rule) { return StringRef(rule.name); });
}
