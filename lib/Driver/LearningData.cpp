// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a loss needs of rows.

#include "LearningData.h"
#include "LearningFunctions.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "qnn/Dialect/QNN/Transforms/Logits.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"
#include "qnn/Pipelines/RunPipeline.h"

using namespace mlir;
using namespace qnn;

static Ending findEnding(Value output) {
  Value logits = findLogits(output);
  if (logits == output)
    return Ending::Other;
  bool isSoftmax = llvm::any_of(
      logits.getUsers(), [](Operation *op) { return isa<SoftmaxOp>(op); });
  return isSoftmax ? Ending::Softmax : Ending::Sigmoid;
}

SmallVector<Ending> qnn::findEndings(ModuleOp model) {
  func::FuncOp func = *model.getOps<func::FuncOp>().begin();
  SmallVector<Ending> endings;
  for (Value output : func.getBody().front().getTerminator()->getOperands()) {
    auto type = dyn_cast<RankedTensorType>(output.getType());
    if (!type || !isFloatTensor(type) || type.getRank() == 0)
      break;
    endings.push_back(findEnding(output));
  }
  return endings;
}

/// The first port of a role; null if there is none.
static const StepPort *findPort(ArrayRef<StepPort> ports, StepRole role) {
  const auto *found = llvm::find_if(
      ports, [role](const StepPort &port) { return port.role == role; });
  return found == ports.end() ? nullptr : found;
}

static int64_t countPorts(ArrayRef<StepPort> ports, StepRole role) {
  return llvm::count_if(
      ports, [role](const StepPort &port) { return port.role == role; });
}

std::optional<LabelFormat> qnn::getLabelFormat(const StepPorts &ports) {
  const StepPort *label = findPort(ports.arguments, StepRole::Label);
  if (!label)
    return std::nullopt;
  const StepPort *output = findPort(ports.results, StepRole::Output);
  int64_t count = output->shape.empty() ? 1 : output->shape.back();
  // One output stands for two classes.
  return LabelFormat{*label, std::max<int64_t>(count, 2)};
}

Metric qnn::chooseMetric(const StepPorts &ports, ArrayRef<Ending> endings,
                         StringRef step) {
  auto isSoftmax = [](Ending ending) { return ending == Ending::Softmax; };
  auto isOutput = [](const StepPort &port) {
    return port.role == StepRole::Output;
  };
  std::optional<LabelFormat> labels = getLabelFormat(ports);
  if (!labels) {
    // All outputs are compared.
    bool areClasses =
        llvm::all_of(endings, isSoftmax) &&
        llvm::count_if(ports.results, isOutput) == int64_t(endings.size());
    return areClasses ? Metric::Agreement : Metric::SignalToNoise;
  }
  const StepPort *output = findPort(ports.results, StepRole::Output);
  bool isOne = output->shape.empty() || output->shape.back() == 1;
  if (labels->areClasses() && !isOne)
    return Metric::Accuracy;
  if (!labels->areClasses() && !step.contains("binary_cross_entropy"))
    return Metric::SignalToNoise;
  return endings.front() == Ending::Sigmoid ? Metric::BinaryAccuracy
                                            : Metric::LogitAccuracy;
}

/// What the model says of every row, after some passes.
static llvm::Expected<std::vector<Tensor>>
runFloatModel(ModuleOp model, const Dataset &data,
              llvm::function_ref<void(OpPassManager &)> build) {
  OwningOpRef<ModuleOp> copy = model.clone();
  if (llvm::Error error = runPipeline(*copy, build))
    return std::move(error);
  ModelOrError compiled = compileModule(*copy);
  if (!compiled)
    return compiled.takeError();
  return runOnAllRows(**compiled, data);
}

llvm::Expected<LearningRows>
qnn::openRows(ModuleOp model, ArrayRef<DataFiles> files, const StepPorts &ports,
              const std::optional<TuningSources> &tuning) {
  bool hasFeatures = tuning && tuning->featureLimit.empty();
  SmallVector<Port> inputs;
  for (const StepPort &port : ports.arguments)
    if (port.role == StepRole::Input)
      inputs.push_back(port);
  std::optional<LabelFormat> labels = getLabelFormat(ports);
  auto data = Dataset::open(files, inputs, labels);
  if (!data)
    return data.takeError();
  LearningRows rows{std::move(*data), {}, {}};
  if (findPort(ports.arguments, StepRole::Teacher)) {
    auto teachers = runFloatModel(model, rows.data, [&](OpPassManager &pm) {
      pm.addNestedPass<func::FuncOp>(createQNNReturnLogitsPass());
      if (hasFeatures)
        buildFeaturesPipeline(pm);
    });
    if (!teachers)
      return teachers.takeError();
    // Features are behind all outputs, but not all outputs are trained.
    if (hasFeatures) {
      int64_t numOutputs = countPorts(ports.results, StepRole::Output);
      int64_t numFeatures = int64_t(teachers->size()) - numOutputs;
      int64_t numTrained =
          countPorts(ports.arguments, StepRole::Teacher) - numFeatures;
      teachers->erase(teachers->begin() + numTrained,
                      teachers->begin() + numOutputs);
    }
    rows.teachers = std::move(*teachers);
  }
  if (tuning || !labels) {
    auto references = runFloatModel(model, rows.data, [](OpPassManager &) {});
    if (!references)
      return references.takeError();
    rows.references = std::move(*references);
  }
  return rows;
}
