// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rules for what nobody wants to choose by hand.

#include "Tuning.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "qnn/Dialect/QNN/Transforms/Parameters.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>
#include <cmath>

using namespace mlir;
using namespace qnn;

static func::FuncOp getOnlyFunction(ModuleOp model) {
  return *model.getOps<func::FuncOp>().begin();
}

static bool areZerosAndOnes(const NpyArray &labels) {
  for (int64_t row = 0; row < labels.rows(); ++row) {
    float value = 0;
    labels.rowAsFloat(row, value);
    if (value != 0 && value != 1)
      return false;
  }
  return true;
}

/// Whether labels are what an output of so many elements shall be, instead of
/// the number of a class.
static bool areValues(const NpyArray &labels, int64_t numElements,
                      Ending ending) {
  if (labels.elementsPerRow() != numElements)
    return false;
  if (numElements != 1 || labels.type == NpyType::F32 ||
      labels.type == NpyType::F64)
    return true;
  return ending == Ending::Other && !areZerosAndOnes(labels);
}

llvm::Expected<std::string> qnn::chooseLabelLoss(ModuleOp model, Ending ending,
                                                 ArrayRef<DataFiles> data) {
  Type output = getOnlyFunction(model).getResultTypes().front();
  int64_t numElements = cast<ShapedType>(output).getNumElements();
  for (const DataFiles &files : data) {
    if (files.labels.empty())
      continue;
    auto labels = readNpy(files.labels);
    if (!labels)
      return labels.takeError();
    if (areValues(*labels, numElements, ending))
      return "mse";
  }
  return numElements == 1 ? "binary_cross_entropy" : "softmax_cross_entropy";
}

static llvm::Expected<int64_t> countRows(ModuleOp model,
                                         ArrayRef<DataFiles> data) {
  auto ports = readStepPorts(getOnlyFunction(model));
  if (!ports)
    return ports.takeError();
  SmallVector<Port> inputs(ports->arguments.begin(), ports->arguments.end());
  auto rows = Dataset::open(data, inputs, /*labels=*/std::nullopt);
  if (!rows)
    return rows.takeError();
  return rows->size();
}

/// Scales move in steps three times as large as weights, as parts of
/// themselves: what they do is the same for all of a tensor, so less noise is
/// in their gradients.
static constexpr StringLiteral kTuningOptimizer =
    " optimizer=adam relative-rates=true scale-learning-rate=3";

/// Why the features behind the teachers of outputs are not learned; empty if
/// they are. What they are for all rows has to fit into a part of the memory
/// that any machine has, and each step of an unrolled network has some, but a
/// step with hundreds takes minutes to compile.
static std::string findFeatureLimit(const StepPorts &ports, size_t numOutputs,
                                    int64_t numRows) {
  int64_t bytes = 0, count = 0;
  for (const StepPort &port : ports.arguments) {
    if (port.role != StepRole::Teacher || port.number < numOutputs)
      continue;
    bytes += numRows * port.numElements() * int64_t(sizeof(float));
    ++count;
  }
  constexpr int64_t mebibyte = int64_t(1) << 20, maxMebibytes = 256,
                    maxCount = 128;
  if (count > maxCount)
    return llvm::formatv("there are {0}, more than {1}", count, maxCount);
  if (bytes > maxMebibytes * mebibyte)
    return llvm::formatv("those of {0} rows take {1} MiB, more than {2}",
                         numRows, llvm::divideCeil(bytes, mebibyte),
                         maxMebibytes);
  return "";
}

/// Few labels are soon known by heart, while the teacher has much to say of
/// each row: from this many rows on, a label counts as much as the teacher, and
/// before in proportion to the reciprocal of the standard error of a mean.
static constexpr double kManyLabels = 256;

static double chooseLabelsWeight(int64_t numRows) {
  return std::min(std::sqrt(double(numRows) / kManyLabels), 1.0);
}

/// \p labelLoss is empty if there are no labels.
static std::string describeStep(size_t numOutputs, int64_t numRows,
                                StringRef labelLoss, bool hasFeatures) {
  SmallVector<std::string> losses(numOutputs, "noise_to_signal"), outputs;
  SmallVector<std::string> weights(numOutputs, "1");
  for (size_t i = 0; i < numOutputs; ++i)
    outputs.push_back(std::to_string(i));
  if (!labelLoss.empty()) {
    losses.push_back(labelLoss.str());
    outputs.push_back("0");
    weights.push_back(llvm::formatv("{0:f2}", chooseLabelsWeight(numRows)));
  }
  std::string features = hasFeatures ? " feature-weight=1" : "";
  return "loss=" + llvm::join(losses, ",") +
         " outputs=" + llvm::join(outputs, ",") +
         " loss-weights=" + llvm::join(weights, ",") + features +
         kTuningOptimizer.str();
}

FunctionOrError qnn::makeTuningLoss(ModuleOp model, ArrayRef<Ending> endings,
                                    LearningOptions &options,
                                    TuningSources &sources) {
  auto numRows = countRows(model, options.data);
  if (!numRows)
    return numRows.takeError();
  sources.hasLabels = !options.data.front().labels.empty();
  std::string labelLoss;
  if (sources.hasLabels) {
    auto chosen = chooseLabelLoss(model, endings.front(), options.data);
    if (!chosen)
      return chosen.takeError();
    labelLoss = *chosen;
  }
  auto make = [&](bool hasFeatures) {
    options.step =
        describeStep(endings.size(), *numRows, labelLoss, hasFeatures);
    if (sources.hasLabels)
      options.stepWithoutLabels =
          describeStep(endings.size(), *numRows, /*labelLoss=*/"", hasFeatures);
    return makeLoss(model, Arithmetic::Float, options, /*rows=*/1);
  };
  FunctionOrError loss = make(/*hasFeatures=*/true);
  if (!loss)
    return loss;
  sources.featureLimit =
      findFeatureLimit(loss->ports, endings.size(), *numRows);
  return sources.featureLimit.empty() ? std::move(loss)
                                      : make(/*hasFeatures=*/false);
}

std::string qnn::findQuantizerLimit(ModuleOp model) {
  constexpr size_t maxCount = 256;
  llvm::StringSet<> names;
  model.walk([&](QuantizableOpInterface op) {
    if (!op.requiresSameParameters())
      for (Value result : op->getResults())
        names.insert(getValueName(result));
  });
  if (names.size() <= maxCount)
    return "";
  return llvm::formatv("there are {0}, more than {1}", names.size(), maxCount);
}

void qnn::chooseTuningSteps(LearningOptions &options, int64_t numRows,
                            bool learnsQuantizers) {
  // Small data in small batches, so that an epoch has several steps.
  int64_t batch = llvm::bit_floor(uint64_t(std::max<int64_t>(numRows / 8, 1)));
  options.batch = std::min<int64_t>(std::clamp<int64_t>(batch, 4, 32), numRows);
  constexpr int64_t epochs = 30, minSteps = 600, maxSteps = 1500;
  if (options.stop.steps == 0)
    options.stop.steps =
        std::clamp(epochs * numRows / options.batch, minSteps, maxSteps);
  options.validationInterval = std::max<int64_t>(options.stop.steps / 20, 1);
  options.schedule.kind = Schedule::Kind::Cosine;
  options.schedule.warmUpSteps = options.stop.steps / 20;
  if (options.learnQuantizers.empty())
    options.learnQuantizers = learnsQuantizers ? "lsq+" : "none";
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
