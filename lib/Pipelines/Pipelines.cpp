// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pipelines from prepare to legalize.

#include "qnn/Pipelines/Pipelines.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"
#include "qnn/Pipelines/Phases.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace qnn;

StringRef qnn::stringifyPhase(Phase phase) {
  switch (phase) {
  case Phase::Import:
    return "import";
  case Phase::Prepare:
    return "prepare";
  case Phase::Calibrate:
    return "calibrate";
  case Phase::Quantize:
    return "quantize";
  case Phase::Legalize:
    return "legalize";
  case Phase::Lower:
    return "lower";
  case Phase::Codegen:
    return "codegen";
  case Phase::Emit:
    return "emit";
  }
  llvm_unreachable("all phases are handled");
}

std::optional<Phase> qnn::symbolizePhase(StringRef name) {
  for (int i = 0; i <= static_cast<int>(Phase::Emit); ++i)
    if (stringifyPhase(static_cast<Phase>(i)) == name)
      return static_cast<Phase>(i);
  return std::nullopt;
}

static void addVerifier(OpPassManager &pm, Phase phase) {
  QNNVerifyPhasePassOptions options;
  options.phase = stringifyPhase(phase).str();
  pm.addNestedPass<func::FuncOp>(createQNNVerifyPhasePass(options));
}

void qnn::buildPreparePipeline(OpPassManager &pm) {
  addVerifier(pm, Phase::Import);
  // Everything behind it knows single steps only.
  pm.addNestedPass<func::FuncOp>(createQNNUnrollRecurrentPass());
  // First folds the transposes of weights, so that constants are seen as such.
  pm.addNestedPass<func::FuncOp>(createCanonicalizerPass());
  pm.addNestedPass<func::FuncOp>(createQNNPropagateTransposesPass());
  // Needs convolution and batch norm adjacent, with channels last in both.
  pm.addNestedPass<func::FuncOp>(createQNNFoldBatchNormPass());
  // After batch norm, which may stand between convolution and activation.
  pm.addNestedPass<func::FuncOp>(createQNNFuseClampPass());
  pm.addNestedPass<func::FuncOp>(createCanonicalizerPass());
  pm.addNestedPass<func::FuncOp>(createCSEPass());
  addVerifier(pm, Phase::Prepare);
}

void qnn::buildCalibratePipeline(OpPassManager &pm) {
  pm.addNestedPass<func::FuncOp>(createQNNInsertObserversPass());
  pm.addNestedPass<func::FuncOp>(createQNNExposeObserversPass());
}

void qnn::buildChoosePipeline(OpPassManager &pm,
                              const QuantizePipelineOptions &options,
                              std::shared_ptr<const Profile> profile) {
  QNNChooseQuantizationPassOptions choice;
  choice.profile = options.profile;
  choice.calibrator = options.calibrator;
  choice.percentile = options.percentile;
  choice.perChannel = options.perChannel;
  choice.weightBits = options.weightBits;
  choice.activationBits = options.activationBits;
  choice.requantization = options.requantization;
  pm.addNestedPass<func::FuncOp>(
      createChooseQuantizationPass(choice, std::move(profile)));
}

void qnn::buildObeyPipeline(OpPassManager &pm) {
  pm.addNestedPass<func::FuncOp>(createQNNQuantizePass());
  // Removes the float constants that nobody reads any more.
  pm.addNestedPass<func::FuncOp>(createCanonicalizerPass());
  addVerifier(pm, Phase::Quantize);
}

void qnn::buildQuantizePipeline(OpPassManager &pm,
                                const QuantizePipelineOptions &options) {
  buildChoosePipeline(pm, options);
  buildObeyPipeline(pm);
}

void qnn::buildLegalizePipeline(OpPassManager &pm) {
  pm.addPass(createQNNLegalizePass());
  pm.addNestedPass<func::FuncOp>(createCanonicalizerPass());
  addVerifier(pm, Phase::Legalize);
}

void qnn::buildLossPipeline(OpPassManager &pm,
                            const TrainingStepPipelineOptions &options) {
  QNNAddLossPassOptions loss;
  loss.function = options.function;
  llvm::copy(options.loss, std::back_inserter(loss.loss));
  llvm::copy(options.lossWeights, std::back_inserter(loss.lossWeights));
  llvm::copy(options.outputs, std::back_inserter(loss.outputs));
  loss.temperature = options.temperature;
  loss.featureWeight = options.featureWeight;
  pm.addPass(createQNNAddLossPass(loss));
}

void qnn::buildTrainingStepPipeline(
    OpPassManager &pm, const TrainingStepPipelineOptions &options) {
  buildLossPipeline(pm, options);
  pm.addNestedPass<func::FuncOp>(createCSEPass());
  QNNDifferentiatePassOptions gradient;
  gradient.function = "loss";
  gradient.results = {0};
  gradient.keepResults = true;
  gradient.recompute = options.recompute;
  pm.addPass(createQNNDifferentiatePass(gradient));
  QNNAddOptimizerPassOptions optimizer;
  optimizer.optimizer = options.optimizer;
  optimizer.momentum = options.momentum;
  optimizer.beta1 = options.beta1;
  optimizer.beta2 = options.beta2;
  optimizer.decay = options.decay;
  optimizer.epsilon = options.epsilon;
  optimizer.weightDecay = options.weightDecay;
  optimizer.decoupled = options.decoupled;
  optimizer.clipValue = options.clipValue;
  optimizer.clipNorm = options.clipNorm;
  optimizer.clipStochastic = options.clipStochastic;
  optimizer.scaleLearningRate = options.scaleLearningRate;
  optimizer.relativeRates = options.relativeRates;
  optimizer.scaleDecay = options.scaleDecay;
  optimizer.masks = options.masks;
  optimizer.hold = options.hold;
  optimizer.projectedRounding = options.projectedRounding;
  pm.addPass(createQNNAddOptimizerPass(optimizer));
  // Because the gradient of the loss is the constant 1.
  pm.addNestedPass<func::FuncOp>(createCanonicalizerPass());
  // It would merge what is computed again with what then has to be kept.
  if (!options.recompute)
    pm.addNestedPass<func::FuncOp>(createCSEPass());
}

void qnn::registerPipelines() {
  PassPipelineRegistration<>("qnn-prepare-pipeline",
                             "Imported model to prepared model",
                             buildPreparePipeline);
  PassPipelineRegistration<>("qnn-calibrate-pipeline",
                             "Prepared model to one that returns its values",
                             buildCalibratePipeline);
  PassPipelineRegistration<QuantizePipelineOptions>(
      "qnn-quantize-pipeline", "Prepared model and profile to quantized model",
      buildQuantizePipeline);
  PassPipelineRegistration<>("qnn-legalize-pipeline",
                             "Quantized model to explicit integers",
                             buildLegalizePipeline);
  PassPipelineRegistration<TrainingStepPipelineOptions>(
      "qnn-training-step-pipeline", "Model with parameters to training step",
      buildTrainingStepPipeline);
}
