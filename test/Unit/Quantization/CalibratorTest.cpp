// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ranges from statistics.

#include "qnn/Quantization/Calibrator.h"
#include "qnn/Quantization/UniformParams.h"
#include "gtest/gtest.h"
#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using namespace qnn;

namespace {
TensorStatistics observed(llvm::ArrayRef<float> values) {
  TensorStatistics statistics;
  statistics.observe(values);
  return statistics;
}

std::vector<float> normalValues(size_t size) {
  std::mt19937 random(10);
  std::normal_distribution<float> normal;
  std::vector<float> values(size);
  for (float &value : values)
    value = normal(random);
  return values;
}

CalibratedRange calibrated(const TensorStatistics &statistics,
                           CalibratorKind kind, double percentile = 99.99) {
  return llvm::cantFail(calibrate(statistics, kind, percentile));
}

TEST(Calibrator, MinMax) {
  EXPECT_EQ(calibrated(observed({-1.5f, 0.25f, 7.0f}), CalibratorKind::MinMax),
            (CalibratedRange{-1.5, 7.0}));
  EXPECT_EQ(calibrated(observed({3.0f}), CalibratorKind::MinMax),
            (CalibratedRange{3.0, 3.0}));
}

TEST(Calibrator, QuantileByHand) {
  // All 100 values are in the bucket [1, 1.0625) of the values 1 to 1.03125.
  std::vector<float> values(99, 1.0f);
  values.push_back(1.03125f);
  TensorStatistics s = observed(values);
  EXPECT_EQ(quantile(s, 0.0), 1.0);
  EXPECT_EQ(quantile(s, 0.5), 1.015625);
  EXPECT_EQ(quantile(s, 1.0), 1.03125);
  // Half of the values are 0, a quarter each in [1, 1.0625) and at 2.
  s = observed({0, 0, 0, 0, 1, 1, 2, 2});
  EXPECT_EQ(quantile(s, 0.25), 0.0);
  EXPECT_EQ(quantile(s, 0.5), 0.0);
  EXPECT_EQ(quantile(s, 0.625), 1.03125);
  EXPECT_EQ(quantile(s, 0.875), 2.0);
}

TEST(Calibrator, PercentileCutsOutliersOfBothTails) {
  std::vector<float> values = normalValues(100000);
  values.push_back(1000.0f);
  values.push_back(-2000.0f);
  TensorStatistics s = observed(values);
  CalibratedRange range = calibrated(s, CalibratorKind::Percentile, 99.9);
  // 3.29 standard deviations hold 99.9 percent; buckets are 1/16 wide.
  EXPECT_NEAR(range.max, 3.29, 0.15);
  EXPECT_NEAR(range.min, -3.29, 0.15);
  EXPECT_EQ(calibrated(s, CalibratorKind::Percentile, 100),
            (CalibratedRange{-2000.0, 1000.0}));
}

TEST(Calibrator, PercentileStaysNearTheTrueQuantiles) {
  std::vector<float> values = normalValues(20000);
  TensorStatistics s = observed(values);
  std::sort(values.begin(), values.end());
  for (double fraction : {0.001, 0.1, 0.3, 0.5, 0.77, 0.999}) {
    double exact = values[size_t(fraction * values.size())];
    EXPECT_NEAR(quantile(s, fraction), exact, 0.01 + std::fabs(exact) / 16)
        << fraction;
  }
}

TEST(Calibrator, PercentileNeverWidens) {
  const std::vector<float> cases[] = {
      {5.0f}, {-1.0f, 3.0f}, {0.0f, 0.0f}, {1e-20f, 1e-22f}, {-3e38f, 3e38f}};
  for (const std::vector<float> &values : cases) {
    TensorStatistics s = observed(values);
    for (double percentile : {1.0, 50.0, 99.99, 100.0}) {
      CalibratedRange range =
          calibrated(s, CalibratorKind::Percentile, percentile);
      EXPECT_GE(range.min, s.min);
      EXPECT_LE(range.max, s.max);
      EXPECT_LE(range.min, range.max);
    }
  }
}

TEST(Calibrator, ReluKeepsZero) {
  std::vector<float> values(1000, 0.0f);
  for (int i = 0; i < 1000; ++i)
    values.push_back(float(i) / 100);
  CalibratedRange range =
      calibrated(observed(values), CalibratorKind::Percentile, 99);
  EXPECT_EQ(range.min, 0.0);
  EXPECT_NEAR(range.max, 9.9, 0.1);
}

double trueError(llvm::ArrayRef<float> values, CalibratedRange range) {
  UniformParams params = chooseAsymmetric(range.min, range.max, 0, 15);
  double error = 0;
  for (float value : values) {
    double difference = params.dequantize(params.quantize(value)) - value;
    error += difference * difference;
  }
  return error / double(values.size());
}

TEST(Calibrator, MseBeatsMinMaxWithFewLevels) {
  std::vector<float> values = normalValues(20000);
  values.push_back(12.0f);
  TensorStatistics s = observed(values);
  CalibratedRange best =
      llvm::cantFail(calibrate(s, CalibratorKind::Mse, 0, 16));
  EXPECT_LT(trueError(values, best),
            0.4 * trueError(values, calibrated(s, CalibratorKind::MinMax)));
  EXPECT_NEAR(expectedSquaredError(s, best, 16), trueError(values, best), 5e-3);
  EXPECT_GE(best.min, s.min);
  EXPECT_LE(best.max, s.max);
}

TEST(Calibrator, MseKeepsAllOfAUniformDistribution) {
  std::vector<float> values;
  for (int i = -1000; i <= 1000; ++i)
    values.push_back(float(i) / 1000);
  CalibratedRange range = calibrated(observed(values), CalibratorKind::Mse);
  EXPECT_NEAR(range.max, 1.0, 0.05);
  EXPECT_NEAR(range.min, -1.0, 0.05);
}

TEST(Calibrator, Errors) {
  auto message = [](const TensorStatistics &s, CalibratorKind kind, double p) {
    llvm::Expected<CalibratedRange> range = calibrate(s, kind, p);
    return range ? "no error" : llvm::toString(range.takeError());
  };
  EXPECT_EQ(message(observed({}), CalibratorKind::MinMax, 99),
            "no values were observed; calibrate with at least one sample");
  EXPECT_EQ(message(observed({1, NAN}), CalibratorKind::Percentile, 99),
            "1 values are NaN or infinite; correct the calibration data or "
            "keep the tensor in float");
  EXPECT_EQ(message(observed({1}), CalibratorKind::Percentile, 0),
            "percentile must be above 0 and at most 100, got 0");
  EXPECT_EQ(message(observed({1}), CalibratorKind::Percentile, NAN),
            "percentile must be above 0 and at most 100, got nan");
}
} // namespace
