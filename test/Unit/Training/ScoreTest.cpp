// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What weights are compared by.

#include "qnn/Training/Score.h"
#include "gtest/gtest.h"
#include <limits>

using namespace qnn;

TEST(Score, LessLossDecidesBetweenEqualValues) {
  EXPECT_TRUE(isBetter({91, 2}, {90, 1}, Preference::Value));
  EXPECT_FALSE(isBetter({90, 1}, {91, 2}, Preference::Value));
  EXPECT_TRUE(isBetter({90, 1}, {90, 2}, Preference::Value));
  EXPECT_FALSE(isBetter({90, 1}, {90, 1}, Preference::Value));
}

TEST(Score, LossAloneMayDecide) {
  EXPECT_TRUE(isBetter({90, 1}, {91, 2}, Preference::Loss));
  EXPECT_FALSE(isBetter({91, 1}, {90, 1}, Preference::Loss));
}

TEST(Score, NaNIsTheWorst) {
  double nan = std::numeric_limits<double>::quiet_NaN();
  for (Preference preference : {Preference::Value, Preference::Loss}) {
    EXPECT_TRUE(isBetter({90, 1e300}, {90, nan}, preference));
    EXPECT_FALSE(isBetter({90, nan}, {90, 1e300}, preference));
    EXPECT_FALSE(isBetter({90, nan}, {90, nan}, preference));
  }
  EXPECT_TRUE(isClearlyLess(1, nan, 25));
  EXPECT_FALSE(isClearlyLess(nan, 1, 25));
  EXPECT_FALSE(isClearlyLess(nan, nan, 25));
}

TEST(Score, FewRowsMustBeClear) {
  // A fifth, and a tenth.
  EXPECT_FALSE(isClearlyLess(0.81, 1, 25));
  EXPECT_TRUE(isClearlyLess(0.79, 1, 25));
  EXPECT_TRUE(isClearlyLess(0.81, 1, 100));
  EXPECT_FALSE(isClearlyLess(1.01, 1, 100));
  EXPECT_FALSE(isClearlyLess(0, 1, 1));
}

TEST(Score, LabelsMustHelpClearly) {
  EXPECT_TRUE(doLabelsHelp(0.79, 1, /*start=*/2, 25));
  EXPECT_FALSE(doLabelsHelp(0.81, 1, /*start=*/2, 25));
  // The start is better than what was learned without them.
  EXPECT_TRUE(doLabelsHelp(0.9, 1, /*start=*/0.9, 25));
}

TEST(Score, AccuracyTakesTheFirstGreatest) {
  ScoreSum sum(Metric::Accuracy);
  sum.addClass({1, 2, 2}, 1);
  sum.addClass({1, 2, 2}, 2);
  sum.addClass({3, 2, 2}, 0);
  sum.addClass({3, 2, 2}, 1);
  EXPECT_EQ(sum.value(), 50);
}

TEST(Score, AgreementIsWithTheTeachersGreatest) {
  ScoreSum sum(Metric::Agreement);
  sum.add({0.1f, 0.9f}, {-3, 5});
  sum.add({0.1f, 0.9f}, {6, 5});
  EXPECT_EQ(sum.value(), 50);
}

TEST(Score, BinaryAccuracyCountsOutputs) {
  ScoreSum sum(Metric::BinaryAccuracy);
  sum.add({0.4f, 0.6f}, {0, 0});
  sum.add({0.4f, 0.6f}, {0, 1});
  EXPECT_EQ(sum.value(), 75);
}

TEST(Score, LogitAccuracyCountsSigns) {
  ScoreSum sum(Metric::LogitAccuracy);
  sum.add({-0.4f, 0.4f}, {0, 1});
  sum.add({-0.4f, 0.4f}, {1, 1});
  EXPECT_EQ(sum.value(), 75);
}

TEST(Score, OneOutputSaysWhichOfTwoClasses) {
  ScoreSum logits(Metric::LogitAccuracy);
  logits.addClass({0.4f}, 1);
  logits.addClass({-0.4f}, 0);
  logits.addClass({-0.4f}, 1);
  logits.addClass({0.4f}, 0);
  EXPECT_EQ(logits.value(), 50);
  ScoreSum probabilities(Metric::BinaryAccuracy);
  probabilities.addClass({0.4f}, 0);
  probabilities.addClass({0.6f}, 1);
  EXPECT_EQ(probabilities.value(), 100);
}

TEST(Score, SignalToNoise) {
  ScoreSum sum(Metric::SignalToNoise);
  sum.add({9, 0}, {10, 0});
  EXPECT_DOUBLE_EQ(sum.value(), 20);
  ScoreSum equal(Metric::SignalToNoise);
  equal.add({1}, {1});
  EXPECT_EQ(equal.value(), 999);
  ScoreSum infinite(Metric::SignalToNoise);
  infinite.add({1e30f / 1e-30f}, {1});
  EXPECT_EQ(infinite.value(), -999);
}

TEST(Score, IsForPeople) {
  EXPECT_EQ(formatValue(Metric::Accuracy, 91.256), "91.26 %");
  EXPECT_EQ(formatValue(Metric::SignalToNoise, 20), "20.00 dB");
}
