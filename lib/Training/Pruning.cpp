// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Magnitude pruning.

#include "qnn/Training/Pruning.h"
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

using namespace mlir;
using namespace qnn;

//===----------------------------------------------------------------------===//
// Schedule
//===----------------------------------------------------------------------===//

bool PruningSchedule::isPruningStep(int64_t step) const {
  return step >= begin && step <= end && (step - begin) % frequency == 0;
}

double PruningSchedule::getSparsity(int64_t step) const {
  if (step < begin)
    return 0;
  if (step >= end)
    return finalSparsity;
  double rest = 1 - double(step - begin) / double(end - begin);
  return finalSparsity + (initialSparsity - finalSparsity) * rest * rest * rest;
}

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

llvm::Expected<SparsityPattern> SparsityPattern::parse(StringRef text) {
  SparsityPattern pattern;
  if (text == "unstructured")
    return pattern;
  auto [kept, group] = text.split(':');
  if (!kept.getAsInteger(10, pattern.kept) &&
      !group.getAsInteger(10, pattern.group) && pattern.kept > 0 &&
      pattern.kept < pattern.group)
    return pattern;
  auto [outputs, inputs] = text.split('x');
  pattern = {};
  if (!outputs.getAsInteger(10, pattern.blockOutputs) &&
      !inputs.getAsInteger(10, pattern.blockInputs) &&
      pattern.blockOutputs > 0 && pattern.blockInputs > 0)
    return pattern;
  return llvm::createStringError(
      "unknown sparsity pattern '" + text +
      "': expects unstructured, N:M with N below M, or a block such as 4x1");
}

std::optional<WeightsLayout> qnn::findWeightsLayout(ParameterOp parameter) {
  for (OpOperand &use : parameter->getUses()) {
    auto layer = dyn_cast<QuantizableOpInterface>(use.getOwner());
    if (!layer ||
        layer.getOperandRole(use.getOperandNumber()) != OperandRole::Weights)
      continue;
    std::optional<int64_t> outputAxis = layer.getWeightsChannelAxis();
    if (!outputAxis)
      return std::nullopt;
    ArrayRef<int64_t> shape =
        cast<RankedTensorType>(parameter.getType()).getShape();
    // Input channels are at the other end of the shape.
    int64_t last = shape.size() - 1;
    return WeightsLayout{llvm::to_vector(shape), *outputAxis,
                         *outputAxis == 0 ? last : 0};
  }
  return std::nullopt;
}

WeightsLayouts qnn::findWeightsLayouts(ModuleOp model) {
  WeightsLayouts layouts;
  model.walk([&](ParameterOp parameter) {
    if (std::optional<WeightsLayout> layout = findWeightsLayout(parameter))
      layouts[parameter.getName().str()] = *layout;
  });
  return layouts;
}

bool qnn::hasRoomFor(const SparsityPattern &pattern,
                     const WeightsLayout &layout) {
  int64_t outputs = layout.shape[layout.outputAxis];
  int64_t inputs = layout.shape[layout.inputAxis];
  if (pattern.group != 0)
    return inputs > pattern.kept;
  return outputs >= pattern.blockOutputs && inputs >= pattern.blockInputs;
}

//===----------------------------------------------------------------------===//
// Masks
//===----------------------------------------------------------------------===//

namespace {
/// Weights that are kept or pruned together.
struct WeightBlock {
  std::vector<size_t> elements;
  double magnitude = 0;

  /// By the mean magnitude, then the position.
  std::pair<double, size_t> getRank() const {
    return {magnitude / elements.size(), elements.front()};
  }
};
} // namespace

/// The weights in blocks of `outputs` times `inputs` channels at one position
/// of the kernel, in row-major order of their first elements.
static std::vector<WeightBlock> splitBlocks(ArrayRef<float> weights,
                                            const WeightsLayout &layout,
                                            int64_t outputs, int64_t inputs) {
  std::map<std::vector<int64_t>, size_t> numbers;
  std::vector<WeightBlock> blocks;
  std::vector<int64_t> index(layout.shape.size(), 0);
  for (size_t element = 0; element < weights.size(); ++element) {
    std::vector<int64_t> key = index;
    key[layout.outputAxis] /= outputs;
    key[layout.inputAxis] /= inputs;
    auto [entry, isNew] = numbers.try_emplace(std::move(key), blocks.size());
    if (isNew)
      blocks.emplace_back();
    WeightBlock &block = blocks[entry->second];
    block.elements.push_back(element);
    block.magnitude += std::abs(double(weights[element]));
    for (size_t axis = index.size(); axis-- > 0;) {
      if (++index[axis] < layout.shape[axis])
        break;
      index[axis] = 0;
    }
  }
  return blocks;
}

/// Sets the smallest of a group to 0.
static void pruneGroup(ArrayRef<float> weights, const WeightBlock &group,
                       int64_t count, std::vector<float> &mask) {
  std::vector<size_t> order = group.elements;
  llvm::sort(order, [&](size_t a, size_t b) {
    return std::make_pair(std::abs(weights[a]), a) <
           std::make_pair(std::abs(weights[b]), b);
  });
  for (int64_t i = 0; i < count; ++i)
    mask[order[i]] = 0;
}

std::vector<float> qnn::makeMask(ArrayRef<float> weights,
                                 const WeightsLayout &layout,
                                 const SparsityPattern &pattern,
                                 double sparsity) {
  std::vector<float> mask(weights.size(), 1.0f);
  if (pattern.group != 0) {
    for (const WeightBlock &group :
         splitBlocks(weights, layout, 1, pattern.group)) {
      int64_t size = group.elements.size();
      int64_t count = std::ceil(sparsity * double(size) - 1e-9);
      pruneGroup(weights, group,
                 std::clamp<int64_t>(size - pattern.kept, 0, count), mask);
    }
    return mask;
  }
  std::vector<WeightBlock> blocks =
      splitBlocks(weights, layout, pattern.blockOutputs, pattern.blockInputs);
  llvm::sort(blocks, [](const WeightBlock &a, const WeightBlock &b) {
    return a.getRank() < b.getRank();
  });
  size_t count = std::floor(sparsity * double(blocks.size()) + 1e-9);
  for (const WeightBlock &block : ArrayRef(blocks).take_front(count))
    for (size_t element : block.elements)
      mask[element] = 0;
  return mask;
}

double qnn::measureSparsity(ArrayRef<float> values) {
  return values.empty() ? 0 : double(llvm::count(values, 0.0f)) / values.size();
}

//===----------------------------------------------------------------------===//
// Training
//===----------------------------------------------------------------------===//

PruningPlan PruningPlan::create(ModuleOp model, ArrayRef<StepPort> arguments,
                                const SparsityPattern &pattern, double sparsity,
                                int64_t totalSteps) {
  constexpr int64_t numMasks = 20;
  PruningPlan plan;
  plan.pattern = pattern;
  plan.schedule.finalSparsity = sparsity;
  plan.schedule.begin = 1;
  plan.schedule.frequency = std::max<int64_t>(totalSteps / 2 / numMasks, 1);
  int64_t count = std::min<int64_t>(totalSteps / 2, numMasks);
  plan.schedule.end = 1 + count * plan.schedule.frequency;
  WeightsLayouts layouts = findWeightsLayouts(model);
  for (const StepPort &port : arguments) {
    auto layout = layouts.find(port.maskOf);
    if (layout != layouts.end() && hasRoomFor(pattern, layout->second))
      plan.weights[port.maskOf] = {layout->second, port.name};
  }
  return plan;
}

void qnn::prune(const PruningPlan &plan, int64_t step, TensorMap &state) {
  double sparsity = plan.schedule.getSparsity(step);
  for (const auto &[name, pruned] : plan.weights) {
    auto weights = state.find(name)->second.data<float>();
    auto mask = state.find(pruned.mask)->second.data<float>();
    llvm::copy(makeMask(weights, pruned.layout, plan.pattern, sparsity),
               mask.begin());
    for (auto [weight, isKept] : llvm::zip_equal(weights, mask))
      weight *= isKept;
  }
}
