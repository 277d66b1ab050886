// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parameters that are held on the grid of their codes.

#include "TrainingStep.h"
#include <cmath>

using namespace mlir;
using namespace qnn;
using namespace qnn::test;

/// A parameter of two rows with this type; the gradient of the loss mean(w^2)
/// of four elements is w / 2 within the range of codes.
static TrainingStep makeStep(const std::string &type,
                             const std::string &options) {
  TrainingStep step(R"(
    func.func @model(%x: tensor<2x2xf32>,
                     %w: tensor<2x2xf32> {qnn.name = "w", qnn.parameter = "w"})
        -> tensor<2x2xf32> {
      %0 = qnn.fake_quantize %w as )" +
                        type + R"( : (tensor<2x2xf32>) -> tensor<2x2xf32>
      return %0 : tensor<2x2xf32>
    })",
                    "loss=mse optimizer=sgd hold=projected " + options);
  return step;
}

TEST(Projection, Nearest) {
  TrainingStep step = makeStep("!quant.uniform<i8<-7:7>:f32, 0.25>", "");
  step.set("learning_rate", {0.5f});
  step.set("w", {1.5f, -0.5f, 0.25f, 0});
  step.run();
  // Three quarters: 1.125 is a tie, and 4 is even; -0.375 is, -2; 0.1875.
  EXPECT_EQ(step.get("w"), (std::vector<float>{1, -0.5f, 0.25f, 0}));
  // A short step changes nothing.
  step.set("learning_rate", {0.01f});
  step.run();
  EXPECT_EQ(step.get("w"), (std::vector<float>{1, -0.5f, 0.25f, 0}));
}

/// Each channel has its own grid, and what leaves the range is clipped.
TEST(Projection, PerChannel) {
  TrainingStep step =
      makeStep("!quant.uniform<i8<-4:3>:f32:1, {0.25, 1.0}>", "");
  step.set("learning_rate", {-2});
  step.set("w", {0.25f, 1, -0.75f, 3});
  step.run();
  // Doubled: 0.5, 2, -1.5 and 6, of which the last two are outside.
  EXPECT_EQ(step.get("w"), (std::vector<float>{0.5f, 2, -1, 3}));
}

/// Two neighbours on the grid, as often as the mean needs; what is on the grid
/// stays.
TEST(Projection, StochasticKeepsTheMean) {
  TrainingStep step = makeStep("!quant.uniform<i8<-7:7>:f32:0, {0.25, 0.5}>",
                               "projected-rounding=stochastic");
  step.set("learning_rate", {0.25f});
  const std::vector<float> start = {1, -0.5f, 0, 3};
  std::vector<double> sums(4, 0.0);
  constexpr int count = 4000;
  for (int seed = 0; seed < count; ++seed) {
    step.set("w", start);
    step["seed"].data<int32_t>()[0] = seed;
    step.run();
    std::vector<float> w = step.get("w");
    for (size_t i = 0; i < 4; ++i) {
      double scale = i < 2 ? 0.25 : 0.5;
      EXPECT_EQ(w[i], scale * std::round(w[i] / scale));
      EXPECT_LT(std::abs(w[i] - 0.875 * start[i]), scale);
      sums[i] += w[i] / count;
    }
  }
  // Four standard deviations: 4 * scale / 2 / sqrt(4000).
  for (size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(sums[i], 0.875 * start[i], i < 2 ? 0.008 : 0.016);
  EXPECT_EQ(sums[2], 0);
}
