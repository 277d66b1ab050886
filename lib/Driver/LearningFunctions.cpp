// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pipelines from a model with parameters to its loss and its training step.

#include "LearningFunctions.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "qnn/Dialect/QNN/Transforms/Parameters.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"
#include "qnn/Pipelines/Pipelines.h"
#include "qnn/Pipelines/RunPipeline.h"

using namespace mlir;
using namespace qnn;

static func::FuncOp getOnlyFunction(ModuleOp module) {
  return *module.getOps<func::FuncOp>().begin();
}

using StepOptions = std::unique_ptr<TrainingStepPipelineOptions>;

static StepOptions parseStep(ModuleOp model, StringRef text) {
  auto options = TrainingStepPipelineOptions::createFromString(text);
  assert(options && "LearningOptions::step are options of the pipeline");
  options->function = getOnlyFunction(model).getSymName().str();
  return options;
}

void qnn::buildFeaturesPipeline(OpPassManager &pm) {
  pm.addNestedPass<func::FuncOp>(createQNNInsertObserversPass());
  pm.addNestedPass<func::FuncOp>(createQNNExposeObserversPass());
}

/// The model's function with its parameters as arguments, in f32.
static void buildModelFunction(OpPassManager &pm, Arithmetic arithmetic,
                               StringRef learnQuantizers, int64_t rows,
                               bool hasFeatures) {
  bool isSimulated = arithmetic == Arithmetic::Simulated;
  if (hasFeatures)
    buildFeaturesPipeline(pm);
  pm.addNestedPass<func::FuncOp>(createQNNExposeParametersPass());
  if (isSimulated)
    buildObeyPipeline(pm);
  QNNSetBatchPassOptions batch;
  batch.batch = rows;
  pm.addNestedPass<func::FuncOp>(createQNNSetBatchPass(batch));
  if (!isSimulated)
    return;
  QNNSimulateQuantizationPassOptions simulation;
  if (learnQuantizers != "none")
    simulation.learnQuantizers = learnQuantizers.str();
  pm.addPass(createQNNSimulateQuantizationPass(simulation));
}

using BuildRest = llvm::function_ref<void(OpPassManager &,
                                          const TrainingStepPipelineOptions &)>;

static FunctionOrError make(ModuleOp model, Arithmetic arithmetic,
                            const LearningOptions &options, int64_t rows,
                            BuildRest buildRest) {
  StepOptions step = parseStep(model, options.step);
  // A float model has no grid to be on.
  if (arithmetic == Arithmetic::Float)
    step->hold = "shadow";
  step->masks = options.sparsity > 0;
  LearningFunction function;
  function.module = model.clone();
  auto buildModel = [&](OpPassManager &pm) {
    buildModelFunction(pm, arithmetic, options.learnQuantizers, rows,
                       step->featureWeight > 0);
  };
  auto build = [&](OpPassManager &pm) { buildRest(pm, *step); };
  if (llvm::Error error = runPipeline(*function.module, buildModel))
    return std::move(error);
  // The loss keeps roles only.
  function.quantizers =
      readLearnedQuantizers(getOnlyFunction(*function.module));
  if (llvm::Error error = runPipeline(*function.module, build))
    return std::move(error);
  auto ports = readStepPorts(getOnlyFunction(*function.module));
  if (!ports)
    return ports.takeError();
  function.ports = std::move(*ports);
  return function;
}

FunctionOrError qnn::makeLoss(ModuleOp model, Arithmetic arithmetic,
                              const LearningOptions &options, int64_t rows) {
  return make(model, arithmetic, options, rows, buildLossPipeline);
}

FunctionOrError qnn::makeStep(ModuleOp model, Arithmetic arithmetic,
                              const LearningOptions &options, int64_t rows) {
  return make(model, arithmetic, options, rows, buildTrainingStepPipeline);
}

llvm::Expected<CompiledFunction> qnn::compileFunction(FunctionOrError function,
                                                      unsigned threads) {
  if (!function)
    return function.takeError();
  ModelOrError model = compileModule(*function->module);
  if (!model)
    return model.takeError();
  if (llvm::Error error = (*model)->useThreads(threads))
    return std::move(error);
  auto code = TrainingFunction::create(std::move(*model), function->ports);
  if (!code)
    return code.takeError();
  return CompiledFunction{std::move(*function), std::move(*code)};
}

llvm::Expected<CompiledTraining>
qnn::compileTraining(ModuleOp model, Arithmetic arithmetic,
                     const LearningOptions &options) {
  auto step = compileFunction(
      makeStep(model, arithmetic, options, options.batch), options.threads);
  if (!step)
    return step.takeError();
  auto loss = compileFunction(
      makeLoss(model, arithmetic, options, options.batch), options.threads);
  if (!loss)
    return loss.takeError();
  return CompiledTraining{std::move(*step), std::move(*loss)};
}

/// The first value of what a step changes, or of a mask.
static llvm::Expected<Tensor>
makeInitial(ModuleOp model, const StepPort &port,
            ArrayRef<LearnedQuantizer> quantizers) {
  if (port.role == StepRole::Parameter) {
    auto values = readParameter(model, port.name);
    if (!values)
      return values.takeError();
    return Tensor::fromAttr(*values);
  }
  if (port.role == StepRole::Scale)
    return Tensor::fromValues<float>(
        port.shape, quantizers[port.number].getInitialScales());
  if (port.role == StepRole::ZeroPoint) {
    auto zeroPoints = llvm::make_filter_range(
        quantizers, [](const LearnedQuantizer &quantizer) {
          return quantizer.hasZeroPoint;
        });
    const LearnedQuantizer &own =
        *std::next(zeroPoints.begin(), ptrdiff_t(port.number));
    return Tensor::fromValues<float>(port.shape, {own.getInitialZeroPoint()});
  }
  Tensor tensor(port.shape, port.kind);
  if (port.role == StepRole::Mask)
    llvm::fill(tensor.data<float>(), 1);
  return tensor;
}

llvm::Expected<TensorMap>
qnn::makeInitialState(ModuleOp model, const LearningFunction &function) {
  TensorMap state;
  for (const StepPort &port : function.ports.arguments) {
    if (!isKept(port) && port.role != StepRole::Mask)
      continue;
    auto tensor = makeInitial(model, port, function.quantizers);
    if (!tensor)
      return tensor.takeError();
    state.emplace(port.name, std::move(*tensor));
  }
  return state;
}

llvm::Error qnn::setParameters(ModuleOp model, const TensorMap &state) {
  for (ParameterOp parameter : getParameters(model)) {
    auto found = state.find(parameter.getName());
    if (found == state.end())
      continue;
    if (llvm::Error error = replaceParameter(model, parameter.getName(),
                                             found->second.data<float>()))
      return error;
  }
  return llvm::Error::success();
}

llvm::Error qnn::setQuantizers(ModuleOp annotated,
                               const LearningFunction &function,
                               const TensorMap &state) {
  if (function.quantizers.empty())
    return llvm::Error::success();
  SmallVector<QuantizerValues> values;
  // A zero point is behind its scale.
  for (const StepPort &port : function.ports.arguments) {
    if (port.role == StepRole::Scale)
      values.push_back({state.find(port.name)->second.data<float>(), {}});
    if (port.role == StepRole::ZeroPoint)
      values.back().zeroPoint = state.find(port.name)->second.data<float>()[0];
  }
  return writeLearnedQuantizers(annotated, function.quantizers, values);
}
