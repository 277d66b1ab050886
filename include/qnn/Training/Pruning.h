// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which weights are zero: masks by magnitude, and how their number grows.

#ifndef QNN_TRAINING_PRUNING_H
#define QNN_TRAINING_PRUNING_H

#include "mlir/IR/BuiltinOps.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "qnn/Training/StepPorts.h"
#include "qnn/Training/TrainingState.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <vector>

namespace qnn {

/// Gradual pruning: Zhu and Gupta, To prune, or not to prune, 2017, equation 1.
struct PruningSchedule {
  double initialSparsity = 0, finalSparsity = 0;
  /// The first step at which masks are made, the last one, and how many steps
  /// are from one to the next.
  int64_t begin = 0, end = 0, frequency = 1;

  /// Whether masks are made at this step.
  bool isPruningStep(int64_t step) const;

  /// The part of weights that is zero after this step:
  /// `sf + (si - sf) (1 - (t - t0) / (n dt))^3` between begin and end.
  double getSparsity(int64_t step) const;
};

/// What is kept or pruned together.
struct SparsityPattern {
  /// Blocks of this many output channels times input channels; 1x1 is
  /// unstructured.
  int64_t blockOutputs = 1, blockInputs = 1;
  /// If not 0: at most `kept` of `group` weights along the input channels
  /// differ from zero, such as 2 of 4 (Mishra et al., Accelerating Sparse Deep
  /// Neural Networks, 2021).
  int64_t kept = 0, group = 0;

  /// "unstructured", "2:4", or outputs times inputs of a block as "4x1".
  static llvm::Expected<SparsityPattern> parse(llvm::StringRef text);
};

/// The axes of weights: output channels, and input channels, along which
/// products are summed. All others are positions of a kernel.
struct WeightsLayout {
  llvm::SmallVector<int64_t> shape;
  int64_t outputAxis = 0, inputAxis = 0;
};

/// How the first layer that has the parameter as weights reads it: OHWI
/// convolutions, KN products. None for a bias, or for weights of one scale.
std::optional<WeightsLayout> findWeightsLayout(ParameterOp parameter);

/// The layouts of all weights of a model, by their names.
using WeightsLayouts = std::map<std::string, WeightsLayout, std::less<>>;
WeightsLayouts findWeightsLayouts(mlir::ModuleOp model);

/// Whether a block of the pattern fits into the weights, or a group has more
/// weights than are kept.
bool hasRoomFor(const SparsityPattern &pattern, const WeightsLayout &layout);

/// 0 for weights to prune, 1 for others. The blocks of the smallest mean
/// magnitude go first, of equal ones the first; blocks at the end may be
/// smaller. As many blocks go as make up `sparsity`, rounded down. Of a group
/// `sparsity` of its weights go, rounded up, but `kept` stay.
std::vector<float> makeMask(llvm::ArrayRef<float> weights,
                            const WeightsLayout &layout,
                            const SparsityPattern &pattern, double sparsity);

/// Weights to prune.
struct PrunedWeights {
  WeightsLayout layout;
  /// The name of their mask.
  std::string mask;
};

/// What is pruned in a training, how far and when.
struct PruningPlan {
  PruningSchedule schedule;
  SparsityPattern pattern;
  /// By their names.
  std::map<std::string, PrunedWeights, std::less<>> weights;

  /// From the first step on, to `sparsity` in the middle of a training of so
  /// many steps, so that the rest of it learns to do without. All weights of
  /// the model are pruned that have a mask among the arguments and room for the
  /// pattern.
  static PruningPlan create(mlir::ModuleOp model,
                            llvm::ArrayRef<StepPort> arguments,
                            const SparsityPattern &pattern, double sparsity,
                            int64_t totalSteps);
};

/// Gives the weights of `state` the masks of a step, and sets to zero what
/// these prune.
void prune(const PruningPlan &plan, int64_t step, TensorMap &state);

/// The part of values that is zero.
double measureSparsity(llvm::ArrayRef<float> values);

} // namespace qnn

#endif // QNN_TRAINING_PRUNING_H
