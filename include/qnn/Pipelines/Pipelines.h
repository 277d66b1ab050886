// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The pipelines of the phases from prepare to legalize. Each ends with the
// pass that verifies what the phase promises. Lowering.h has the later ones.

#ifndef QNN_PIPELINES_PIPELINES_H
#define QNN_PIPELINES_PIPELINES_H

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"
#include "qnn/Quantization/Profile.h"
#include <memory>

namespace qnn {

/// How types are chosen; the options of qnn-choose-quantization.
struct QuantizePipelineOptions
    : mlir::PassPipelineOptions<QuantizePipelineOptions> {
  Option<std::string> profile{*this, "profile",
                              llvm::cl::desc("Profile written by calibration"),
                              llvm::cl::init("")};
  Option<std::string> calibrator{
      *this, "calibrator",
      llvm::cl::desc("How a range comes from statistics: minmax, percentile, "
                     "mse"),
      llvm::cl::init("mse")};
  Option<double> percentile{
      *this, "percentile",
      llvm::cl::desc("Percent of the values inside of the range"),
      llvm::cl::init(99.99)};
  Option<bool> perChannel{
      *this, "per-channel",
      llvm::cl::desc("One scale for each output channel of weights"),
      llvm::cl::init(true)};
  Option<int64_t> weightBits{*this, "weight-bits",
                             llvm::cl::desc("Bits of weights, 2 to 8"),
                             llvm::cl::init(8)};
  Option<int64_t> activationBits{
      *this, "activation-bits",
      llvm::cl::desc("Bits of activations, 2 to 8 or 16"), llvm::cl::init(8)};
  Option<std::string> requantization{
      *this, "requantization",
      llvm::cl::desc("From accumulators to codes: float, tflite_single, "
                     "tflite_double"),
      llvm::cl::init("float")};
};

/// The options of qnn-add-loss, qnn-differentiate and qnn-add-optimizer.
struct TrainingStepPipelineOptions
    : mlir::PassPipelineOptions<TrainingStepPipelineOptions> {
  Option<std::string> function{*this, "function",
                               llvm::cl::desc("The model's function"),
                               llvm::cl::init("model")};
  ListOption<std::string> loss{*this, "loss",
                               llvm::cl::desc("Names of losses to add")};
  ListOption<double> lossWeights{
      *this, "loss-weights",
      llvm::cl::desc("A factor for each loss; 1 by default")};
  ListOption<unsigned> outputs{
      *this, "outputs",
      llvm::cl::desc("Index of the output that each loss is of; 0 by default")};
  Option<double> temperature{*this, "temperature",
                             llvm::cl::desc("What logits are divided by (kl)"),
                             llvm::cl::init(1.0)};
  Option<double> featureWeight{
      *this, "feature-weight",
      llvm::cl::desc("Factor of the mean error of features"),
      llvm::cl::init(0.0)};
  Option<bool> recompute{
      *this, "recompute",
      llvm::cl::desc("Compute cheap values again in the backward pass instead "
                     "of keeping them"),
      llvm::cl::init(true)};
  Option<std::string> optimizer{*this, "optimizer",
                                llvm::cl::desc("Name of the optimizer"),
                                llvm::cl::init("sgd")};
  Option<double> momentum{*this, "momentum",
                          llvm::cl::desc("mu (momentum, nesterov)"),
                          llvm::cl::init(0.9)};
  Option<double> beta1{
      *this, "beta1", llvm::cl::desc("Decay of the first moment (adam, adamw)"),
      llvm::cl::init(0.9)};
  Option<double> beta2{
      *this, "beta2",
      llvm::cl::desc("Decay of the second moment (adam, adamw)"),
      llvm::cl::init(0.999)};
  Option<double> decay{*this, "decay", llvm::cl::desc("rho (rmsprop)"),
                       llvm::cl::init(0.9)};
  Option<double> epsilon{*this, "epsilon",
                         llvm::cl::desc("eps, what keeps quotients finite"),
                         llvm::cl::init(1e-8)};
  Option<double> weightDecay{
      *this, "weight-decay",
      llvm::cl::desc("l, of parameters of rank 2 or more"),
      llvm::cl::init(0.0)};
  Option<bool> decoupled{
      *this, "decoupled",
      llvm::cl::desc(
          "Weights decay by themselves, not as part of the gradient"),
      llvm::cl::init(false)};
  Option<double> clipValue{
      *this, "clip-value",
      llvm::cl::desc("Bound of each element of gradients; 0 for none"),
      llvm::cl::init(0.0)};
  Option<double> clipNorm{
      *this, "clip-norm",
      llvm::cl::desc("Bound of the norm of all gradients; 0 for none"),
      llvm::cl::init(0.0)};
  Option<double> clipStochastic{
      *this, "clip-stochastic",
      llvm::cl::desc(
          "Magnitude that elements of gradients have or not; 0 for none"),
      llvm::cl::init(0.0)};
  Option<double> scaleLearningRate{
      *this, "scale-learning-rate",
      llvm::cl::desc("Factor of the learning rate of scales and zero points"),
      llvm::cl::init(1.0)};
  Option<bool> relativeRates{
      *this, "relative-rates",
      llvm::cl::desc("Learning rates are parts of what is learned"),
      llvm::cl::init(false)};
  Option<double> scaleDecay{
      *this, "scale-decay",
      llvm::cl::desc("Part of scales that is added to their gradients"),
      llvm::cl::init(0.0)};
  Option<bool> masks{*this, "masks",
                     llvm::cl::desc("Multiply new weights by masks"),
                     llvm::cl::init(false)};
  Option<std::string> hold{
      *this, "hold",
      llvm::cl::desc("What parameters are between steps: shadow (floats) or "
                     "projected (what their codes stand for)"),
      llvm::cl::init("shadow")};
  Option<std::string> projectedRounding{
      *this, "projected-rounding",
      llvm::cl::desc("How new parameters get onto the grid: nearest or "
                     "stochastic"),
      llvm::cl::init("nearest")};
};

/// Imported model in, prepared model out. Dialects: qnn, tensor, arith, func.
void buildPreparePipeline(mlir::OpPassManager &pm);

/// Prepared model in; its observed values become further results.
void buildCalibratePipeline(mlir::OpPassManager &pm);

/// The first half of quantize: writes the choice as attributes. A profile in
/// memory wins over the one that the options name.
void buildChoosePipeline(mlir::OpPassManager &pm,
                         const QuantizePipelineOptions &options,
                         std::shared_ptr<const Profile> profile = nullptr);

/// The second half of quantize: obeys the attributes.
void buildObeyPipeline(mlir::OpPassManager &pm);

/// Prepared model in, quantized model out. Dialects: qnn, tensor, arith, func.
void buildQuantizePipeline(mlir::OpPassManager &pm,
                           const QuantizePipelineOptions &options);

/// Quantized model in, explicit integers out. Dialects: qnn, tensor, arith,
/// func.
void buildLegalizePipeline(mlir::OpPassManager &pm);

/// A function of a model whose parameters are arguments in, the function @loss
/// out: the first part of the next one.
void buildLossPipeline(mlir::OpPassManager &pm,
                       const TrainingStepPipelineOptions &options);

/// A function of a model whose parameters are arguments in, the one function
/// @step out, which returns loss, outputs and what it has learned.
void buildTrainingStepPipeline(mlir::OpPassManager &pm,
                               const TrainingStepPipelineOptions &options);

/// Registers the above as qnn-<phase>-pipeline.
void registerPipelines();

} // namespace qnn

#endif // QNN_PIPELINES_PIPELINES_H
