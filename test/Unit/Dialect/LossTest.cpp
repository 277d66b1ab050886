// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Losses and their gradients against their formulas in double precision. A step
// of gradient descent with the learning rate 1 shows the gradient.

#include "TrainingStep.h"
#include <cmath>
#include <functional>

using namespace mlir;
using namespace qnn;
using namespace qnn::test;

using Vector = std::vector<double>;

/// The logits are the parameter, [2, classes]; `activation` makes the output of
/// `%0`.
static TrainingStep makeStep(int64_t classes, const std::string &activation,
                             const std::string &options) {
  std::string type = "tensor<2x" + std::to_string(classes) + "xf32>";
  TrainingStep step("func.func @model(%x: " + type + ", %w: " + type +
                        " {qnn.name = \"w\", qnn.parameter = \"w\"}) -> " +
                        type + " {\n  %0 = qnn.add %x, %w : (" + type + ", " +
                        type + ") -> " + type + "\n" +
                        (activation.empty()
                             ? std::string("  return %0 : ")
                             : "  %1 = " + activation + " : (" + type +
                                   ") -> " + type + "\n  return %1 : ") +
                        type + "\n}",
                    options);
  step.set("learning_rate", {1});
  return step;
}

/// The loss is `formula`, its gradient that of difference quotients.
static void expectLoss(TrainingStep &step, const Vector &logits,
                       const std::function<double(const Vector &)> &formula) {
  step.set("w", {logits.begin(), logits.end()});
  double expected = formula(logits);
  EXPECT_NEAR(step.run(), expected, 1e-6 * (1 + std::abs(expected)));
  Vector moved = logits;
  for (size_t i = 0; i < logits.size(); ++i) {
    Vector above = logits, below = logits;
    above[i] += 1e-5;
    below[i] -= 1e-5;
    moved[i] -= (formula(above) - formula(below)) / 2e-5;
  }
  expectNear(step.get("w"), moved, 2e-6);
}

static void setLabels(TrainingStep &step, std::vector<int32_t> labels) {
  llvm::copy(labels, step["labels"].data<int32_t>().begin());
}

/// log softmax of one row of three.
static double logSoftmax(const Vector &logits, size_t row, size_t column,
                         double temperature = 1) {
  double sum = 0;
  for (size_t i = 0; i < 3; ++i)
    sum += std::exp(logits[3 * row + i] / temperature);
  return logits[3 * row + column] / temperature - std::log(sum);
}

TEST(Loss, SoftmaxCrossEntropy) {
  // With the softmax at the model's end, which is cut off, and without.
  for (const char *activation : {"", "qnn.softmax %0 axis(1)"}) {
    TrainingStep step =
        makeStep(3, activation, "loss=softmax_cross_entropy optimizer=sgd");
    setLabels(step, {2, 0});
    expectLoss(step, {0.5, -1, 2, 0.25, 3, -2}, [](const Vector &w) {
      return -(logSoftmax(w, 0, 2) + logSoftmax(w, 1, 0)) / 2;
    });
  }
}

TEST(Loss, SoftmaxCrossEntropyByHand) {
  // Equal logits: log 3 each; the gradient is (1 / 3 - target) / 2.
  TrainingStep step = makeStep(3, "", "loss=softmax_cross_entropy");
  setLabels(step, {1, 2});
  EXPECT_NEAR(step.run(), std::log(3.0), 1e-6);
  expectNear(step.get("w"),
             {-1 / 6., 1 / 3., -1 / 6., -1 / 6., -1 / 6., 1 / 3.});
  // A class that there is not adds nothing.
  step.set("w", {0, 0, 0, 0, 0, 0});
  setLabels(step, {-1, 3});
  EXPECT_EQ(step.run(), 0);
  expectNear(step.get("w"), {0, 0, 0, 0, 0, 0});
}

TEST(Loss, SoftmaxCrossEntropyOfLargeLogits) {
  // exp would overflow: the loss is 1000, and one that is certain 0.
  TrainingStep step = makeStep(3, "", "loss=softmax_cross_entropy");
  step.set("w", {1000, 0, 0, 1000, 0, 0});
  setLabels(step, {1, 0});
  EXPECT_EQ(step.run(), 500);
}

static double softplus(double x) { return std::log1p(std::exp(x)); }

TEST(Loss, BinaryCrossEntropy) {
  for (const char *activation : {"", "qnn.sigmoid %0"}) {
    TrainingStep step =
        makeStep(1, activation, "loss=binary_cross_entropy optimizer=sgd");
    setLabels(step, {1, 0});
    expectLoss(step, {0.75, -2}, [](const Vector &w) {
      return (softplus(-w[0]) + softplus(w[1])) / 2;
    });
    // At 0 the gradients are -1/2 and 1/2 of each sample.
    step.set("w", {0, 0});
    EXPECT_NEAR(step.run(), std::log(2.0), 1e-6);
    expectNear(step.get("w"), {0.25, -0.25});
  }
}

TEST(Loss, BinaryCrossEntropyOfSeveralOutputs) {
  TrainingStep step = makeStep(3, "", "loss=binary_cross_entropy");
  step.set("labels", {1, 0, 1, 0.25f, 0, 1});
  expectLoss(step, {0.75, -2, 1, 0, 2, -1}, [](const Vector &w) {
    const double y[] = {1, 0, 1, 0.25, 0, 1};
    double sum = 0;
    for (size_t i = 0; i < 6; ++i)
      sum += y[i] * softplus(-w[i]) + (1 - y[i]) * softplus(w[i]);
    return sum / 6;
  });
}

TEST(Loss, HingeOneAgainstAll) {
  TrainingStep step = makeStep(3, "", "loss=hinge");
  setLabels(step, {2, 0});
  expectLoss(step, {0.5, -2, 2, 0.25, 3, -0.5}, [](const Vector &w) {
    const double t[] = {-1, -1, 1, 1, -1, -1};
    double sum = 0;
    for (size_t i = 0; i < 6; ++i)
      sum += std::max(0.0, 1 - t[i] * w[i]);
    return sum / 2;
  });
  // By hand: 1.5 + 0 + 0 and 0.75 + 4 + 0.5, over two samples.
  step.set("w", {0.5, -2, 2, 0.25, 3, -0.5});
  EXPECT_EQ(step.run(), 3.375f);
}

TEST(Loss, HingeOfOneOutput) {
  TrainingStep step = makeStep(1, "", "loss=hinge");
  setLabels(step, {1, 0});
  // max(0, 1 - 0.25) and max(0, 1 + 0.5), over two samples.
  step.set("w", {0.25, 0.5});
  EXPECT_EQ(step.run(), 1.125f);
  EXPECT_EQ(step.get("w"), (std::vector<float>{0.75, 0}));
}

TEST(Loss, Distillation) {
  TrainingStep step =
      makeStep(3, "qnn.softmax %0 axis(1)", "loss=kl temperature=3");
  const Vector teacher = {1, 2, -1, 0.5, 0, 4};
  step.set("teacher", {teacher.begin(), teacher.end()});
  expectLoss(step, {0.5, -1, 2, 0.25, 3, -2}, [&](const Vector &w) {
    double sum = 0;
    for (size_t row : {0, 1})
      for (size_t i = 0; i < 3; ++i) {
        double logP = logSoftmax(teacher, row, i, 3);
        sum += std::exp(logP) * (logP - logSoftmax(w, row, i, 3));
      }
    return 9 * sum / 2;
  });
  // The teacher itself loses nothing.
  step.set("w", {teacher.begin(), teacher.end()});
  EXPECT_NEAR(step.run(), 0, 1e-6);
}

TEST(Loss, WeightedSum) {
  TrainingStep step = makeStep(3, "qnn.softmax %0 axis(1)",
                               "loss=softmax_cross_entropy,kl,feature_mse "
                               "loss-weights=0.5,0.25,2");
  const Vector teacher = {1, 2, -1, 0.5, 0, 4};
  step.set("teacher", {teacher.begin(), teacher.end()});
  setLabels(step, {2, 0});
  expectLoss(step, {0.5, -1, 2, 0.25, 3, -2}, [&](const Vector &w) {
    double kl = 0, squares = 0;
    for (size_t i = 0; i < 6; ++i) {
      double logP = logSoftmax(teacher, i / 3, i % 3);
      kl += std::exp(logP) * (logP - logSoftmax(w, i / 3, i % 3)) / 2;
      squares += (w[i] - teacher[i]) * (w[i] - teacher[i]) / 6;
    }
    double task = -(logSoftmax(w, 0, 2) + logSoftmax(w, 1, 0)) / 2;
    return 0.5 * task + 0.25 * kl + 2 * squares;
  });
}

TEST(Loss, NoiseToSignal) {
  TrainingStep step =
      makeStep(3, "qnn.softmax %0 axis(1)", "loss=noise_to_signal");
  const Vector teacher = {1, 2, -1, 0.5, 0, 4};
  step.set("teacher", {teacher.begin(), teacher.end()});
  expectLoss(step, {0.5, -1, 2, 0.25, 3, -2}, [&](const Vector &w) {
    double noise = 0;
    for (size_t i = 0; i < 6; ++i)
      noise += (w[i] - teacher[i]) * (w[i] - teacher[i]);
    return noise / (1 + 4 + 1 + 0.25 + 16);
  });
  // Zeros are no unit.
  step.set("teacher", {0, 0, 0, 0, 0, 0});
  step.set("w", {1, 2, 0, 0, 0, 0});
  EXPECT_EQ(step.run(), 5);
}

/// Two of the results are features: the parameter itself, and its double.
TEST(Loss, Features) {
  TrainingStep step(R"(
    func.func @model(%x: tensor<2x2xf32>,
                     %w: tensor<2x2xf32> {qnn.name = "w", qnn.parameter = "w"})
        -> (tensor<2x2xf32> {qnn.name = "y"}, tensor<2x2xf32>, tensor<2x2xf32>)
        attributes {qnn.observed = ["w", "twice"]} {
      %0 = qnn.add %w, %w
        : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
      %1 = qnn.add %x, %0
        : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
      return %1, %w, %0 : tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>
    })",
                    "loss=feature_mse feature-weight=3");
  step.set("learning_rate", {1});
  const Vector teacher = {1, 2, -1, 0.5}, own = {1, 0, 0, 2},
               twice = {1, -1, 3, 0};
  step.set("teacher", {teacher.begin(), teacher.end()});
  step.set("teacher_1", {own.begin(), own.end()});
  step.set("teacher_2", {twice.begin(), twice.end()});
  expectLoss(step, {0.5, -1, 2, 0.25}, [&](const Vector &w) {
    double squares = 0, first = 0, second = 0;
    for (size_t i = 0; i < 4; ++i) {
      squares += (2 * w[i] - teacher[i]) * (2 * w[i] - teacher[i]) / 4;
      first += (w[i] - own[i]) * (w[i] - own[i]) / 5;
      second += (2 * w[i] - twice[i]) * (2 * w[i] - twice[i]) / 11;
    }
    return squares + 3 * (first + second) / 2;
  });
}
