// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rules for what nobody wants to choose by hand.

#include "Tuning.h"
#include "qnn/Dialect/QNN/Transforms/Parameters.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/FormatVariadic.h"
#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace qnn;

/// Whether all labels are class numbers: integers, one for each row.
static bool haveClasses(ArrayRef<DataFiles> data) {
  return llvm::all_of(data, [](const DataFiles &files) {
    auto labels = readNpy(files.labels);
    if (!labels) {
      // It is reported when the data are opened.
      llvm::consumeError(labels.takeError());
      return false;
    }
    return labels->elementsPerRow() == 1 && labels->type != NpyType::F32 &&
           labels->type != NpyType::F64;
  });
}

static int64_t countRows(ArrayRef<DataFiles> data) {
  int64_t result = 0;
  for (const DataFiles &files : data) {
    auto rows = readNpy(files.inputs.front());
    if (rows)
      result += rows->rows();
    else
      // It is reported when the data are opened.
      llvm::consumeError(rows.takeError());
  }
  return result;
}

/// Scales move in steps three times as large as weights, as parts of
/// themselves: what they do is the same for all of a tensor, so less noise is
/// in their gradients.
static constexpr StringLiteral kTuningOptimizer =
    " optimizer=adam relative-rates=true scale-learning-rate=3";

bool qnn::haveRoomForFeatures(const StepPorts &ports,
                              ArrayRef<DataFiles> data) {
  int64_t bytes = 0, count = 0;
  for (const StepPort &port : ports.arguments)
    if (port.role == StepRole::Teacher) {
      bytes += port.numElements() * int64_t(sizeof(float));
      ++count;
    }
  constexpr int64_t limit = int64_t(1) << 28, maxCount = 128;
  return count <= maxCount && countRows(data) * bytes <= limit;
}

/// Few labels are soon known by heart, while the teacher has much to say of
/// each row: from this many rows on, a label counts as much as the teacher, and
/// before in proportion to the standard error of a mean.
static constexpr double kManyLabels = 256;

static double chooseLabelsWeight(int64_t numRows) {
  return std::min(std::sqrt(double(numRows) / kManyLabels), 1.0);
}

std::string qnn::chooseTuningStep(size_t numOutputs, ArrayRef<DataFiles> data,
                                  bool hasFeatures) {
  SmallVector<std::string> losses(numOutputs, "noise_to_signal"), outputs;
  SmallVector<std::string> weights(numOutputs, "1");
  for (size_t i = 0; i < numOutputs; ++i)
    outputs.push_back(std::to_string(i));
  if (!data.empty() && !data.front().labels.empty()) {
    losses.push_back(haveClasses(data) ? "softmax_cross_entropy" : "mse");
    outputs.push_back("0");
    weights.push_back(
        llvm::formatv("{0:f2}", chooseLabelsWeight(countRows(data))));
  }
  std::string features = hasFeatures ? " feature-weight=1" : "";
  return "loss=" + llvm::join(losses, ",") +
         " outputs=" + llvm::join(outputs, ",") +
         " loss-weights=" + llvm::join(weights, ",") + features +
         kTuningOptimizer.str();
}

void qnn::chooseTuningSteps(LearningOptions &options, int64_t numRows) {
  // Small data in small batches, so that an epoch has several steps.
  int64_t batch = llvm::bit_floor(uint64_t(std::max<int64_t>(numRows / 8, 1)));
  options.batch = std::min<int64_t>(std::clamp<int64_t>(batch, 4, 32), numRows);
  constexpr int64_t epochs = 30, minSteps = 600, maxSteps = 1500;
  options.stop.steps =
      std::clamp(epochs * numRows / options.batch, minSteps, maxSteps);
  options.validationInterval = options.stop.steps / 20;
  options.schedule.kind = Schedule::Kind::Cosine;
  options.schedule.warmUpSteps = options.stop.steps / 20;
  if (options.learnQuantizers.empty())
    options.learnQuantizers = "lsq+";
}

/// The root of the mean square.
static double getMagnitude(ParameterOp parameter) {
  double sum = 0;
  int64_t count = 0;
  for (float value : parameter.getElements().getValues<float>()) {
    sum += double(value) * value;
    ++count;
  }
  return std::sqrt(sum / double(std::max<int64_t>(count, 1)));
}

double qnn::chooseLearningRate(ModuleOp model, StringRef step) {
  constexpr double part = 0.01, fallback = 0.01;
  if (step.contains("relative-rates=true"))
    return part;
  for (StringRef optimizer : {"sgd", "momentum", "nesterov"})
    if (step.contains(("optimizer=" + optimizer).str()))
      return 0.01;
  SmallVector<double> magnitudes;
  for (ParameterOp parameter : getParameters(model))
    // Biases begin as zeros.
    if (cast<ShapedType>(parameter.getType()).getRank() > 1)
      magnitudes.push_back(getMagnitude(parameter));
  if (magnitudes.empty())
    return fallback;
  llvm::sort(magnitudes);
  double median = magnitudes[magnitudes.size() / 2];
  return median > 0 ? part * median : fallback;
}

ArrayRef<double> qnn::getLearningRates(const LearningOptions &options) {
  // Parts of what is learned: see relative-rates.
  static constexpr double several[] = {0.01, 0.003, 0.001, 0.0003};
  bool isChosen = options.tune && !options.learningRate;
  return isChosen ? ArrayRef<double>(several)
                  : ArrayRef<double>(options.schedule.learningRate);
}
