// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From the command line to the options of qnn-training-step-pipeline.

#include "StepOptions.h"
#include "TrainOptions.h"
#include "qnn/Dialect/QNN/Transforms/TrainingNames.h"
#include "llvm/ADT/StringExtras.h"
#include <cmath>

using namespace llvm;
using namespace qnn;

static cl::opt<std::string>
    loss("loss",
         cl::desc("Losses to add: softmax_cross_entropy (default for classes), "
                  "binary_cross_entropy (default for one output), mse (default "
                  "for values), hinge, kl, feature_mse, noise_to_signal"),
         cl::value_desc("LOSS,..."), cl::cat(getTrainCategory()));
static cl::opt<std::string>
    lossWeights("loss-weights", cl::desc("A factor for each loss (default: 1)"),
                cl::value_desc("W,..."), cl::cat(getTrainCategory()));
static cl::opt<std::string> temperature("temperature",
                                        cl::desc("Of kl (default: 1)"),
                                        cl::value_desc("T"),
                                        cl::cat(getTrainCategory()));
static cl::opt<std::string>
    optimizer("optimizer",
              cl::desc("sgd, momentum, nesterov, adagrad, rmsprop, adam "
                       "(default), adamw"),
              cl::init("adam"), cl::cat(getTrainCategory()));
static cl::opt<std::string>
    weightDecay("weight-decay",
                cl::desc("Part of the weights to subtract (default: 0)"),
                cl::value_desc("D"), cl::cat(getTrainCategory()));
static cl::opt<std::string>
    clipNorm("clip-norm", cl::desc("Greatest norm of all gradients together"),
             cl::value_desc("N"), cl::cat(getTrainCategory()));
static cl::opt<std::string>
    clipValue("clip-value", cl::desc("Greatest magnitude in a gradient"),
              cl::value_desc("V"), cl::cat(getTrainCategory()));
static cl::opt<std::string> clipStochastic(
    "clip-stochastic",
    cl::desc("Elements of gradients become this magnitude or 0 at random, so "
             "that their mean is that of --clip-value (Wen et al., TernGrad, "
             "2017)"),
    cl::value_desc("V"), cl::cat(getTrainCategory()));
static cl::opt<std::string>
    hold("hold",
         cl::desc("shadow (default): weights are floats, rounded when used; "
                  "projected: weights themselves stay on the grid"),
         cl::init("shadow"), cl::cat(getTrainCategory()));
static cl::opt<std::string> projectedRounding(
    "projected-rounding",
    cl::desc("How projected weights are rounded: nearest (default), "
             "stochastic"),
    cl::init("nearest"), cl::cat(getTrainCategory()));
static cl::opt<std::string> learnQuantizers(
    "learn-quantizers",
    cl::desc("Learn scales, too: lsq; and zero points: lsq+; or the ends of "
             "activations that are not negative: pact; or none (default)"),
    cl::value_desc("WAY"), cl::init("none"), cl::cat(getTrainCategory()));
static cl::opt<std::string> scaleLearningRate(
    "scale-learning-rate",
    cl::desc("Factor of the learning rate of scales and zero points (default: "
             "1)"),
    cl::value_desc("F"), cl::cat(getTrainCategory()));
static cl::opt<std::string>
    scaleDecay("scale-decay",
               cl::desc("Part of learned scales that is added to their "
                        "gradients, so that clips shrink (default: 0)"),
               cl::value_desc("D"), cl::cat(getTrainCategory()));
static cl::opt<bool> relativeRates(
    "relative-rates",
    cl::desc("Learning rates are parts of what is learned: of the usual "
             "magnitude of weights, of each scale"),
    cl::cat(getTrainCategory()));

static cl::opt<bool> recompute(
    "recompute",
    cl::desc("Compute cheap values again in the backward pass instead "
             "of keeping them (default: true)"),
    cl::init(true), cl::cat(getTrainCategory()));

static bool isGiven(const cl::Option &option) {
  return option.getNumOccurrences() != 0;
}

static Error fail(const cl::Option &option, const Twine &reason) {
  return createStringError("--" + option.ArgStr + ": " + reason);
}

// --- Values of one option --------------------------------------------------

static Error checkName(const cl::Option &option, StringRef name,
                       ArrayRef<StringRef> names) {
  if (is_contained(names, name))
    return Error::success();
  return fail(option,
              "unknown '" + name + "': expects one of " + join(names, ", "));
}

static Expected<double> parseNumber(const cl::Option &option, StringRef text) {
  double value = 0;
  if (text.getAsDouble(value))
    return fail(option, "'" + text + "' is not a number");
  if (!std::isfinite(value))
    return fail(option, "expects a finite number, got " + text);
  return value;
}

Expected<std::optional<double>> readNumber(const cl::opt<std::string> &option) {
  if (!isGiven(option))
    return std::nullopt;
  Expected<double> value = parseNumber(option, option);
  if (!value)
    return value.takeError();
  return *value;
}

/// Fails for numbers below 0, and for 0 if it `isPositive`.
static Error checkNumber(const cl::opt<std::string> &option, bool isPositive) {
  auto value = readNumber(option);
  if (!value)
    return value.takeError();
  if (!*value || **value > 0 || (**value == 0 && !isPositive))
    return Error::success();
  return fail(option, isPositive
                          ? "expects a positive number; leave it out for none"
                          : "expects a number of at least 0");
}

static Error checkNames() {
  SmallVector<StringRef> lossNames = getLossNames(), losses;
  if (isGiven(loss))
    losses = SmallVector<StringRef>(split(loss, ','));
  for (StringRef name : losses)
    if (Error error = checkName(loss, name, lossNames))
      return error;
  if (Error error = checkName(optimizer, optimizer, getOptimizerNames()))
    return error;
  if (Error error = checkName(hold, hold, {"shadow", "projected"}))
    return error;
  if (Error error = checkName(projectedRounding, projectedRounding,
                              {"nearest", "stochastic"}))
    return error;
  return checkName(learnQuantizers, learnQuantizers,
                   {"none", "lsq", "lsq+", "pact"});
}

static Error checkNumbers() {
  for (const cl::opt<std::string> *option :
       {&weightDecay, &scaleLearningRate, &scaleDecay})
    if (Error error = checkNumber(*option, /*isPositive=*/false))
      return error;
  for (const cl::opt<std::string> *option :
       {&temperature, &clipNorm, &clipValue, &clipStochastic})
    if (Error error = checkNumber(*option, /*isPositive=*/true))
      return error;
  return Error::success();
}

// --- Options that belong together ------------------------------------------

static Error checkLossWeights() {
  if (!isGiven(lossWeights))
    return Error::success();
  SmallVector<StringRef> weights(split(lossWeights, ','));
  size_t numLosses = StringRef(loss).count(',') + 1;
  if (weights.size() != numLosses)
    return fail(lossWeights, "expects a factor for each of " +
                                 Twine(numLosses) + " losses, got " +
                                 Twine(weights.size()));
  for (StringRef text : weights) {
    Expected<double> weight = parseNumber(lossWeights, text);
    if (!weight)
      return weight.takeError();
    if (!(*weight > 0))
      return fail(lossWeights, "expects positive numbers, got " + text);
  }
  return Error::success();
}

static Error checkMeaning() {
  bool learnsQuantizers = learnQuantizers != "none";
  bool isProjected = hold == "projected";
  SmallVector<StringRef> losses(split(loss, ','));
  if (isGiven(temperature) && !is_contained(losses, "kl"))
    return fail(temperature, "is the temperature of --loss=kl, which is not "
                             "given");
  if (isGiven(projectedRounding) && !isProjected)
    return fail(projectedRounding, "says how --hold=projected rounds, which is "
                                   "not given");
  for (const cl::opt<std::string> *option : {&scaleLearningRate, &scaleDecay})
    if (isGiven(*option) && !learnsQuantizers)
      return fail(*option, "is about scales that are learned: give "
                           "--learn-quantizers, too");
  if (isProjected && learnsQuantizers)
    return fail(hold, "weights cannot stay on a grid that moves: leave out "
                      "--learn-quantizers, or hold them as shadow");
  return Error::success();
}

// --- All -------------------------------------------------------------------

static std::string describeStep() {
  std::string text = "optimizer=" + optimizer;
  for (const cl::opt<std::string> *option :
       {&loss, &lossWeights, &temperature, &weightDecay, &clipNorm, &clipValue,
        &clipStochastic, &hold, &projectedRounding, &scaleLearningRate,
        &scaleDecay})
    if (isGiven(*option))
      text += (" " + option->ArgStr + "=" + *option).str();
  if (relativeRates)
    text += " relative-rates=true";
  if (!recompute)
    text += " recompute=false";
  return text;
}

Error readStepOptions(LearningOptions &options) {
  if (Error error = checkNames())
    return error;
  if (Error error = checkNumbers())
    return error;
  if (Error error = checkLossWeights())
    return error;
  if (Error error = checkMeaning())
    return error;
  options.step = describeStep();
  options.learnQuantizers = learnQuantizers;
  return Error::success();
}

const cl::Option *findQuantizingStepOption() {
  for (const cl::opt<std::string> *option : {&learnQuantizers, &hold})
    if (isGiven(*option))
      return option;
  return nullptr;
}
