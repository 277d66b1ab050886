// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The formulas of losses, each with its source.

#include "Losses.h"
#include "../IR/AdjointEmitter.h"
#include "qnn/Dialect/QNN/Transforms/TrainingNames.h"

using namespace mlir;
using namespace qnn;

/// The classes of each row of logits, [rows, classes].
static Value emitRows(const LossOperands &operands, Value logits) {
  auto type = cast<RankedTensorType>(logits.getType());
  int64_t classes = type.getShape().back();
  return emitReshaped(operands.builder, logits,
                      {type.getNumElements() / classes, classes});
}

static int64_t countSamples(const LossOperands &operands) {
  return shapeOf(operands.logits)[0];
}

static RankedTensorType labelType(const LossOperands &operands) {
  return RankedTensorType::get(countSamples(operands),
                               operands.builder.getI32Type());
}

/// The labels of one class for each row, as rows with a single 1; null, with an
/// error, if a sample has several rows.
static Value emitTargets(const LossOperands &operands, Value rows,
                         int64_t classes) {
  if (shapeOf(rows)[0] != countSamples(operands)) {
    emitError(operands.logits.getLoc())
        << "expects one row of classes for each sample, got logits of type "
        << operands.logits.getType();
    return {};
  }
  Value labels = operands.getLabels(labelType(operands));
  return labels ? FloatExpressions(operands.builder).oneHot(labels, classes)
                : Value();
}

/// Fails for one logit: its softmax is 1, whatever it is.
static LogicalResult checkSeveral(const LossOperands &operands, StringRef loss,
                                  StringRef remedy) {
  if (shapeOf(operands.logits).back() != 1)
    return success();
  return emitError(operands.logits.getLoc())
         << loss << " of one logit is constant: choose " << remedy;
}

/// Mean squared error (Goodfellow, Bengio and Courville, Deep Learning, 2016,
/// section 5.1.4): the mean over all elements of (output - label)^2.
static Value emitMeanSquaredError(const LossOperands &operands) {
  FloatExpressions emit(operands.builder);
  Value labels =
      operands.getLabels(cast<RankedTensorType>(operands.output.getType()));
  if (!labels)
    return {};
  return emit.meanAll(emit.square(emit.sub(operands.output, labels)));
}

/// -log softmax(logits)[label] (Goodfellow et al. 2016, equation 6.30).
static Value emitSoftmaxCrossEntropy(const LossOperands &operands) {
  if (failed(checkSeveral(operands, "softmax_cross_entropy",
                          "binary_cross_entropy for the labels 0 and 1, or mse "
                          "for values")))
    return {};
  FloatExpressions emit(operands.builder);
  Value rows = emitRows(operands, operands.logits);
  Value targets = emitTargets(operands, rows, shapeOf(rows)[1]);
  if (!targets)
    return {};
  Value sum = emit.sumAll(emit.mul(targets, emit.logSoftmax(rows)));
  return emit.scale(sum, -1.0 / countSamples(operands));
}

/// The logits x as [0, x]: two classes.
static Value emitTwoClasses(const LossOperands &operands) {
  auto type = cast<RankedTensorType>(operands.logits.getType());
  Value column = emitReshaped(operands.builder, operands.logits,
                              {type.getNumElements(), 1});
  return emitResized(operands.builder, column, {0, 1}, {0, 0});
}

/// -y log p - (1 - y) log (1 - p) with p = sigmoid(x) (Bishop, Pattern
/// Recognition and Machine Learning, 2006, equation 4.90): the cross-entropy of
/// the two classes [0, x]. Several outputs for each sample have f32 labels of
/// their shape; then -log(1 - p) - x y, which is the same.
static Value emitBinaryCrossEntropy(const LossOperands &operands) {
  FloatExpressions emit(operands.builder);
  auto type = cast<RankedTensorType>(operands.logits.getType());
  int64_t count = type.getNumElements();
  Value classes = emit.logSoftmax(emitTwoClasses(operands));
  if (count == countSamples(operands)) {
    Value targets = emitTargets(operands, classes, 2);
    return targets ? emit.scale(emit.sumAll(emit.mul(targets, classes)),
                                -1.0 / count)
                   : Value();
  }
  Value labels = operands.getLabels(type);
  if (!labels)
    return {};
  Value first = emitSlice(operands.builder, classes, {0, 0}, {count, 1});
  Value products = emit.sumAll(emit.mul(operands.logits, labels));
  return emit.scale(emit.add(emit.sumAll(first), products), -1.0 / count);
}

/// max(0, 1 - t x) with t = 1 for the class of the sample and -1 for all others
/// (Cortes and Vapnik, Support-Vector Networks, 1995; one machine against all
/// others for each class: Rifkin and Klautau, In Defense of One-Vs-All
/// Classification, 2004). Of one output, t = 1 for the label 1. Summed over the
/// classes.
static Value emitHinge(const LossOperands &operands) {
  FloatExpressions emit(operands.builder);
  Value rows = emitRows(operands, operands.logits);
  bool isBinary = shapeOf(rows)[1] == 1;
  Value targets = emitTargets(operands, rows, isBinary ? 2 : shapeOf(rows)[1]);
  if (!targets)
    return {};
  if (isBinary)
    targets = emitSlice(operands.builder, targets, {0, 1},
                        {countSamples(operands), 1});
  Value one = emit.number(1);
  Value signs = emit.sub(emit.scale(targets, 2), one);
  Value margins = emit.sub(one, emit.mul(signs, rows));
  Value losses = emit.clamp(margins, 0.0, std::nullopt);
  return emit.scale(emit.sumAll(losses), 1.0 / countSamples(operands));
}

/// T^2 sum p (log p - log q) with p and q the softmax of the teacher's logits
/// and of the model's, divided by T (Hinton, Vinyals and Dean, Distilling the
/// Knowledge in a Neural Network, 2015, section 2, whose cross-entropy differs
/// by a constant; T^2 keeps the size of the gradients).
static Value emitDistillation(const LossOperands &operands) {
  if (failed(checkSeveral(operands, "kl", "feature_mse or noise_to_signal")))
    return {};
  FloatExpressions emit(operands.builder);
  double t = operands.temperature;
  Value rows = emitRows(operands, operands.logits);
  Value teacher = emitRows(operands, operands.getTeacher());
  Value logQ = emit.logSoftmax(emit.scale(rows, 1 / t));
  Value logP = emit.logSoftmax(emit.scale(teacher, 1 / t));
  Value p = emit.exp(logP);
  Value terms = emit.mul(p, emit.sub(logP, logQ));
  return emit.scale(emit.sumAll(terms), t * t / shapeOf(rows)[0]);
}

/// The mean squared difference of the logits (Ba and Caruana, Do Deep Nets
/// Really Need to be Deep?, 2014, equation 1).
static Value emitFeatureError(const LossOperands &operands) {
  FloatExpressions emit(operands.builder);
  Value difference = emit.sub(operands.logits, operands.getTeacher());
  return emit.meanAll(emit.square(difference));
}

Value qnn::emitNoiseToSignal(FloatExpressions &emit, Value value,
                             Value wanted) {
  Value noise = emit.sumAll(emit.square(emit.sub(value, wanted)));
  Value signal = emit.sumAll(emit.square(wanted));
  // Where nothing is wanted but zeros, the noise itself.
  Value one = emit.number(1);
  Value isZero = emit.sub(one, emit.sign(signal));
  return emit.div(noise, emit.add(signal, isZero));
}

/// feature_mse without a unit: its gradient has one size for all models.
static Value emitLogitNoise(const LossOperands &operands) {
  FloatExpressions emit(operands.builder);
  return emitNoiseToSignal(emit, operands.logits, operands.getTeacher());
}

ArrayRef<LossFormula> qnn::getLossFormulas() {
  static const LossFormula formulas[] = {
      {"mse", emitMeanSquaredError},
      {"softmax_cross_entropy", emitSoftmaxCrossEntropy},
      {"binary_cross_entropy", emitBinaryCrossEntropy},
      {"hinge", emitHinge},
      {"kl", emitDistillation},
      {"feature_mse", emitFeatureError},
      {"noise_to_signal", emitLogitNoise},
  };
  return formulas;
}

SmallVector<StringRef> qnn::getLossNames() {
  return llvm::map_to_vector(getLossFormulas(), [](const LossFormula &formula) {
    return StringRef(formula.name);
  });
}
