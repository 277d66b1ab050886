// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rules for what nobody wants to choose by hand.

#include "Tuning.h"
#include "qnn/Dialect/QNN/Transforms/Parameters.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/bit.h"
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

std::string qnn::chooseTuningStep(ArrayRef<Ending> endings,
                                  ArrayRef<DataFiles> data) {
  bool hasLabels = !data.empty() && !data.front().labels.empty();
  bool classes = hasLabels && haveClasses(data);
  SmallVector<std::string> losses, outputs;
  for (auto [number, ending] : llvm::enumerate(endings)) {
    bool isClassifier = ending == Ending::Softmax || (classes && number == 0);
    losses.push_back(isClassifier ? "kl" : "feature_mse");
    outputs.push_back(std::to_string(number));
  }
  if (hasLabels) {
    losses.push_back(classes ? "softmax_cross_entropy" : "mse");
    outputs.push_back("0");
  }
  return "loss=" + llvm::join(losses, ",") +
         " outputs=" + llvm::join(outputs, ",") + " optimizer=adam";
}

void qnn::chooseTuningSteps(LearningOptions &options, int64_t numRows) {
  // Small data in small batches, so that an epoch has several steps.
  int64_t batch = llvm::bit_floor(uint64_t(std::max<int64_t>(numRows / 8, 1)));
  options.batch = std::min<int64_t>(std::clamp<int64_t>(batch, 4, 32), numRows);
  constexpr int64_t epochs = 20, minSteps = 200, maxSteps = 1500;
  options.stop.steps =
      std::clamp(epochs * numRows / options.batch, minSteps, maxSteps);
  options.validationInterval = options.stop.steps / 20;
  options.schedule.kind = Schedule::Kind::Cosine;
  options.schedule.warmUpSteps = options.stop.steps / 20;
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
  for (StringRef optimizer : {"sgd", "momentum", "nesterov"})
    if (step.contains(("optimizer=" + optimizer).str()))
      return 0.01;
  SmallVector<double> magnitudes;
  for (ParameterOp parameter : getParameters(model))
    // Biases begin as zeros.
    if (cast<ShapedType>(parameter.getType()).getRank() > 1)
      magnitudes.push_back(getMagnitude(parameter));
  constexpr double part = 0.01, fallback = 0.01;
  if (magnitudes.empty())
    return fallback;
  llvm::sort(magnitudes);
  double median = magnitudes[magnitudes.size() / 2];
  return median > 0 ? part * median : fallback;
}

ArrayRef<double> qnn::getRateFactors(const LearningOptions &options) {
  static constexpr double once[] = {1}, several[] = {1, 0.3, 0.1, 0.03};
  bool isChosen = options.tune && !options.learningRate;
  return isChosen ? ArrayRef<double>(several) : ArrayRef<double>(once);
}
