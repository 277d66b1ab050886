// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Training steps against the formulas of optimizers, in double precision: on
// the loss mean((w - label)^2), whose gradient is 2 (w - label) / n.

#include "TrainingStep.h"
#include <cmath>
#include <functional>
#include <limits>

using namespace mlir;
using namespace qnn;
using namespace qnn::test;

using Vector = std::vector<double>;

static const Vector kStart = {0.5, -1.25, 2, 0, 3, -0.125};
static const Vector kLabels = {1, -1, 0.5, 0.25, -2, -0.25};

/// The output is the parameter itself, of two rows.
static TrainingStep makeStep(const std::string &options) {
  TrainingStep step(R"(
    func.func @model(%x: tensor<2x3xf32>,
                     %w: tensor<2x3xf32> {qnn.name = "w", qnn.parameter = "w"})
        -> tensor<2x3xf32> {
      %0 = qnn.add %x, %w
        : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
      return %0 : tensor<2x3xf32>
    })",
                    "loss=mse " + options);
  step.set("w", {kStart.begin(), kStart.end()});
  step.set("labels", {kLabels.begin(), kLabels.end()});
  return step;
}

static double getGradient(double w, size_t element) {
  return 2 * (w - kLabels[element]) / kLabels.size();
}

/// Moves `w` by one element's rule: (w, gradient, learning rate, states, step
/// from 1 on).
using Rule = std::function<double(double, double, double, Vector &, int)>;

/// Eight steps, the learning rate of which falls.
static void expectFollows(const std::string &options, const Rule &rule) {
  SCOPED_TRACE(options);
  TrainingStep step = makeStep(options);
  Vector w = kStart;
  std::vector<Vector> states(w.size(), Vector(3, 0.0));
  for (int t = 1; t <= 8; ++t) {
    double learningRate = 0.5 / t, loss = 0;
    step.set("learning_rate", {float(learningRate)});
    for (size_t i = 0; i < w.size(); ++i) {
      loss += (w[i] - kLabels[i]) * (w[i] - kLabels[i]) / w.size();
      w[i] = rule(w[i], getGradient(w[i], i), learningRate, states[i], t);
    }
    EXPECT_NEAR(step.run(), loss, 1e-6 * (1 + loss));
    expectNear(step.get("w"), w, 2e-6);
  }
}

TEST(Optimizer, OneStepByHand) {
  // w = 0.5, label 1: gradient 2 * -0.5 / 6 = -1 / 6, and 0.5 + 0.5 / 6.
  TrainingStep step = makeStep("optimizer=sgd");
  step.set("learning_rate", {0.5f});
  // (0.25 + 0.0625 + 2.25 + 0.0625 + 25 + 0.015625) / 6
  EXPECT_NEAR(step.run(), 27.640625 / 6, 1e-6);
  EXPECT_NEAR(step.get("w")[0], 0.5 + 0.5 / 6, 1e-7);
  EXPECT_EQ(step.get("output")[0], 0.5f);
}

TEST(Optimizer, GradientDescent) {
  expectFollows("optimizer=sgd", [](double w, double g, double lr, Vector &,
                                    int) { return w - lr * g; });
}

TEST(Optimizer, Momentum) {
  expectFollows("optimizer=momentum momentum=0.75",
                [](double w, double g, double lr, Vector &s, int) {
                  s[0] = 0.75 * s[0] + g;
                  return w - lr * s[0];
                });
}

TEST(Optimizer, Nesterov) {
  expectFollows("optimizer=nesterov momentum=0.75",
                [](double w, double g, double lr, Vector &s, int) {
                  s[0] = 0.75 * s[0] + g;
                  return w - lr * (g + 0.75 * s[0]);
                });
}

/// g / (sqrt(a) + epsilon) with a = keep * a + add * g^2.
static Rule normalizing(double keep, double add, double epsilon) {
  return [=](double w, double g, double lr, Vector &s, int) {
    s[0] = keep * s[0] + add * g * g;
    return w - lr * g / (std::sqrt(s[0]) + epsilon);
  };
}

TEST(Optimizer, AdaGrad) {
  expectFollows("optimizer=adagrad epsilon=0.125", normalizing(1, 1, 0.125));
}

TEST(Optimizer, RMSProp) {
  expectFollows("optimizer=rmsprop decay=0.75 epsilon=0.125",
                normalizing(0.75, 0.25, 0.125));
}

/// Algorithm 1 of Kingma and Ba, line by line; `decay` is that of algorithm 2
/// of Loshchilov and Hutter.
static Rule adam(double beta1, double beta2, double epsilon, double decay) {
  return [=](double w, double g, double lr, Vector &s, int t) {
    s[0] = beta1 * s[0] + (1 - beta1) * g;
    s[1] = beta2 * s[1] + (1 - beta2) * g * g;
    double mean = s[0] / (1 - std::pow(beta1, t));
    double variance = s[1] / (1 - std::pow(beta2, t));
    return w - lr * (mean / (std::sqrt(variance) + epsilon) + decay * w);
  };
}

TEST(Optimizer, Adam) {
  expectFollows("optimizer=adam", adam(0.9, 0.999, 1e-8, 0));
  expectFollows("optimizer=adam beta1=0.5 beta2=0.75 epsilon=0.25",
                adam(0.5, 0.75, 0.25, 0));
}

TEST(Optimizer, AdamByHand) {
  // At the first step both corrections undo the averages: m / c1 = g, v / c2 =
  // g^2, so that every element moves by the learning rate.
  TrainingStep step = makeStep("optimizer=adam");
  step.set("learning_rate", {0.25f});
  step.run();
  expectNear(step.get("w"), {0.75, -1.0, 1.75, 0.25, 2.75, -0.375});
  expectNear(step.get("beta1_correction"), {0.1});
  expectNear(step.get("beta2_correction"), {0.001});
}

TEST(Optimizer, WeightDecay) {
  expectFollows("optimizer=momentum momentum=0.75 weight-decay=0.125",
                [](double w, double g, double lr, Vector &s, int) {
                  s[0] = 0.75 * s[0] + g + 0.125 * w;
                  return w - lr * s[0];
                });
  expectFollows("optimizer=momentum momentum=0.75 weight-decay=0.125 "
                "decoupled=true",
                [](double w, double g, double lr, Vector &s, int) {
                  s[0] = 0.75 * s[0] + g;
                  return w - lr * (s[0] + 0.125 * w);
                });
  expectFollows("optimizer=adamw weight-decay=0.125",
                adam(0.9, 0.999, 1e-8, 0.125));
}

TEST(Optimizer, ClipByValue) {
  expectFollows("optimizer=sgd clip-value=0.25",
                [](double w, double g, double lr, Vector &, int) {
                  return w - lr * std::min(std::max(g, -0.25), 0.25);
                });
}

static const char *const kTwoParameters = R"(
  func.func @model(%x: tensor<2x2xf32>,
                   %w: tensor<2x2xf32> {qnn.name = "w", qnn.parameter = "w"},
                   %b: tensor<2xf32> {qnn.name = "b", qnn.parameter = "b"})
      -> tensor<2x2xf32> {
    %0 = qnn.add %w, %b
      : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
    return %0 : tensor<2x2xf32>
  })";

TEST(Optimizer, ClipByNorm) {
  // The output is [[4, 0], [0, 0]] and all labels are 0: the gradient of w is 2
  // * 4 / 4 = 2 in one element, and so is that of b: the norm is sqrt(8).
  TrainingStep step(kTwoParameters, "loss=mse optimizer=sgd clip-norm=1");
  step.set("learning_rate", {1});
  step.set("w", {4, 0, 0, 0});
  step.run();
  double moved = 2 / std::sqrt(8.0);
  expectNear(step.get("w"), {4 - moved, 0, 0, 0});
  expectNear(step.get("b"), {-moved, 0});
  // A gradient that is short enough stays as it is, also that of zeros.
  TrainingStep small(kTwoParameters, "loss=mse optimizer=sgd clip-norm=10");
  small.set("learning_rate", {1});
  small.set("w", {4, 0, 0, 0});
  small.run();
  EXPECT_EQ(small.get("w"), (std::vector<float>{2, 0, 0, 0}));
  TrainingStep zero(kTwoParameters, "loss=mse optimizer=sgd clip-norm=1");
  zero.set("learning_rate", {1});
  zero.run();
  EXPECT_EQ(zero.get("w"), (std::vector<float>{0, 0, 0, 0}));
}

TEST(Optimizer, BiasesDoNotDecay) {
  TrainingStep step(kTwoParameters, "loss=mse optimizer=sgd weight-decay=0.5");
  step.set("learning_rate", {1});
  step.set("w", {4, 0, 0, 0});
  step.set("b", {-4, 0});
  step.set("labels", {0, 0, -4, 0});
  EXPECT_EQ(step.run(), 0);
  EXPECT_EQ(step.get("w"), (std::vector<float>{2, 0, 0, 0}));
  EXPECT_EQ(step.get("b"), (std::vector<float>{-4, 0}));
}

/// Each element is 0 or the bound, and the mean over many seeds is that of
/// clipping by value.
TEST(Optimizer, ClipStochastically) {
  // Gradients of the loss mean(w^2) with 4 elements: w / 2.
  TrainingStep step(R"(
    func.func @model(%x: tensor<2x2xf32>,
                     %w: tensor<2x2xf32> {qnn.name = "w", qnn.parameter = "w"})
        -> tensor<2x2xf32> {
      return %w : tensor<2x2xf32>
    })",
                    "loss=mse optimizer=sgd clip-stochastic=0.5");
  step.set("learning_rate", {1});
  const std::vector<float> start = {0.25f, -0.75f, 4, 0};
  Vector sums(4, 0.0);
  constexpr int count = 4000;
  for (int seed = 0; seed < count; ++seed) {
    step.set("w", start);
    step["seed"].data<int32_t>()[0] = seed;
    step.run();
    std::vector<float> moved = step.get("w");
    for (size_t i = 0; i < 4; ++i) {
      double gradient = start[i] - moved[i];
      EXPECT_TRUE(gradient == 0 || std::abs(gradient) == 0.5) << gradient;
      sums[i] += gradient / count;
    }
  }
  // Four standard deviations of the mean of so many: 4 * 0.5 / 2 / sqrt(4000).
  const double expected[] = {0.125, -0.375, 0.5, 0};
  for (size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(sums[i], expected[i], i < 2 ? 0.016 : 1e-12);
}

TEST(Optimizer, Masks) {
  TrainingStep step(kTwoParameters, "loss=mse optimizer=adam masks=true");
  EXPECT_FALSE(step.hasArgument("b/mask"));
  step.set("learning_rate", {0.5f});
  step.set("w", {1, 2, 3, 4});
  step.set("w/mask", {1, 0, 0, 1});
  for (int t = 0; t < 3; ++t) {
    step.run();
    std::vector<float> w = step.get("w");
    EXPECT_EQ(w[1], 0);
    EXPECT_EQ(w[2], 0);
    EXPECT_NE(w[0] * w[3], 0);
  }
}

/// A learned scale stays positive however large the step.
TEST(Optimizer, ScalesStayPositive) {
  TrainingStep step(R"(
    func.func @model(%x: tensor<1x2xf32>,
                     %s: tensor<f32> {qnn.name = "s", qnn.scale = "s"})
        -> tensor<1x2xf32> {
      %0 = qnn.mul %x, %s : (tensor<1x2xf32>, tensor<f32>) -> tensor<1x2xf32>
      return %0 : tensor<1x2xf32>
    })",
                    "loss=mse optimizer=sgd weight-decay=1 "
                    "scale-learning-rate=0.5");
  step.set("input", {1, 1});
  step.set("s", {2});
  step.set("labels", {1, 1});
  step.set("learning_rate", {0.25f});
  // The gradient is 2 (s - 1) = 2; the step is half of what parameters take.
  step.run();
  expectNear(step.get("s"), {2 - 0.125 * 2});
  step.set("learning_rate", {100});
  step.run();
  expectNear(step.get("s"), {0.875});
  step.set("s", {1.5e-38f});
  step.set("labels", {-1, -1});
  step.run();
  expectNear(step.get("s"), {0});
  EXPECT_EQ(step.get("s")[0], std::numeric_limits<float>::min());
}

/// A step of a parameter is a part of the root of its mean square.
TEST(Optimizer, RelativeRates) {
  TrainingStep step(kTwoParameters, "loss=mse optimizer=sgd");
  TrainingStep relative(kTwoParameters,
                        "loss=mse optimizer=sgd relative-rates=true");
  for (TrainingStep *each : {&step, &relative}) {
    each->set("w", {1, 2, 3, 4});
    each->set("learning_rate", {0.5f});
    each->run();
  }
  double size = std::sqrt((1 + 4 + 9 + 16) / 4.0);
  std::vector<float> absolute = step.get("w");
  Vector expected;
  for (size_t i = 0; i < 4; ++i)
    expected.push_back((i + 1) - size * ((i + 1) - absolute[i]));
  expectNear(relative.get("w"), expected, 1e-5);
  // What begins as zeros moves all the same.
  EXPECT_EQ(relative.get("b"), step.get("b"));
  EXPECT_NE(relative.get("b")[0], 0);
}

static const char *kQuantizer = R"(
  func.func @model(%x: tensor<1x2xf32>,
                   %s: tensor<f32> {qnn.name = "s", qnn.scale = "s"},
                   %z: tensor<f32> {qnn.name = "z", qnn.zero_point = "z"})
      -> tensor<1x2xf32> {
    %0 = qnn.mul %x, %s : (tensor<1x2xf32>, tensor<f32>) -> tensor<1x2xf32>
    %1 = qnn.add %0, %z : (tensor<1x2xf32>, tensor<f32>) -> tensor<1x2xf32>
    return %1 : tensor<1x2xf32>
  })";

/// One step from the scale 2 and the zero point 0.25: the gradient of both is
/// 2 (s + z - 1) = 2.5.
static TrainingStep takeStep(const std::string &options, float learningRate) {
  TrainingStep step(kQuantizer, "loss=mse optimizer=sgd " + options);
  step.set("input", {1, 1});
  step.set("s", {2});
  step.set("z", {0.25f});
  step.set("labels", {1, 1});
  step.set("learning_rate", {learningRate});
  step.run();
  return step;
}

TEST(Optimizer, RatesOfScalesAndZeroPoints) {
  TrainingStep plain = takeStep("", 0.03125f);
  expectNear(plain.get("s"), {2 - 0.03125 * 2.5});
  expectNear(plain.get("z"), {0.25 - 0.03125 * 2.5});
  // A zero point is a part of the range already.
  TrainingStep relative =
      takeStep("relative-rates=true scale-learning-rate=0.5", 0.03125f);
  expectNear(relative.get("s"), {2 - 2 * 0.5 * 0.03125 * 2.5});
  expectNear(relative.get("z"), {0.25 - 0.5 * 0.03125 * 2.5});
}

TEST(Optimizer, ScalesDecay) {
  TrainingStep step = takeStep("scale-decay=0.125", 0.03125f);
  expectNear(step.get("s"), {2 - 0.03125 * (2.5 + 0.125 * 2)});
  expectNear(step.get("z"), {0.25 - 0.03125 * 2.5});
}

TEST(Optimizer, ZeroPointsStayInTheRange) {
  expectNear(takeStep("", 1).get("z"), {0});
  expectNear(takeStep("", -1).get("z"), {1});
}
