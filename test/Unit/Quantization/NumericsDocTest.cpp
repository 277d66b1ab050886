// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The numbers of docs/Numerics.md, section by section.

#include "qnn/Quantization/Accumulator.h"
#include "qnn/Quantization/Calibrator.h"
#include "qnn/Quantization/ElementaryFunctions.h"
#include "qnn/Quantization/Exp.h"
#include "qnn/Quantization/FakeQuantization.h"
#include "qnn/Quantization/FixedPoint.h"
#include "qnn/Quantization/LevelTable.h"
#include "qnn/Quantization/Requantize.h"
#include "qnn/Quantization/Rounding.h"
#include "qnn/Quantization/SoftmaxTable.h"
#include "qnn/Quantization/UniformParams.h"
#include "gtest/gtest.h"
#include <cmath>
#include <limits>

using namespace qnn;

namespace {
TEST(NumericsDoc, Section1Quantize) {
  UniformParams params{0.5, 3, -128, 127};
  EXPECT_EQ(params.quantize(0.25), 3);
  EXPECT_EQ(params.quantize(0.75), 5);
  EXPECT_EQ(params.quantize(-0.75), 1);
  EXPECT_EQ(params.quantize(61.75), 127);
  EXPECT_EQ(params.quantize(1e30), 127);
  EXPECT_EQ(params.quantize(std::nan("")), -128);
  EXPECT_EQ(params.dequantize(-128), -65.5);

  UniformParams tenth{double(0.1f), 0, -128, 127};
  EXPECT_EQ(0.35f / 0.1f, 3.5f);
  EXPECT_LT(double(0.35f) / double(0.1f), 3.5);
  EXPECT_EQ(tenth.quantize(0.35f), 4);
  UniformParams bias{0.5, 0, INT32_MIN, INT32_MAX};
  EXPECT_EQ(bias.quantize(8388608.5), 16777217);
}

TEST(NumericsDoc, Section1RoundingModes) {
  const double values[] = {0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.75, -0.25};
  const int expected[5][8] = {{0, 2, 2, 0, -2, -2, 1, 0},
                              {1, 2, 3, -1, -2, -3, 1, 0},
                              {1, 2, 3, 0, -1, -2, 1, 0},
                              {0, 1, 2, -1, -2, -3, 0, -1},
                              {0, 1, 2, 0, -1, -2, 0, 0}};
  for (int mode = 0; mode < 5; ++mode)
    for (int i = 0; i < 8; ++i)
      EXPECT_EQ(roundToInteger(values[i], RoundingMode(mode)),
                expected[mode][i]);
  EXPECT_EQ(0.49999997f + 0.5f, 1.0f);
}

TEST(NumericsDoc, Section1LevelTables) {
  auto boundaries = levelBoundaries({-1, 0, 0.5f, 4});
  EXPECT_EQ(boundaries, (llvm::SmallVector<float>{-0.5f, 0.25f, 2.25f}));
  EXPECT_EQ(bucketize(0.25f, boundaries), 1);
  EXPECT_EQ(bucketize(0.26f, boundaries), 2);
  EXPECT_EQ(bucketize(100, boundaries), 3);
}

TEST(NumericsDoc, Section2Choosing) {
  UniformParams params = chooseAsymmetric(-1, 3, -128, 127);
  EXPECT_EQ(params.scale, 0.01568627543747425);
  EXPECT_EQ(params.zeroPoint, -64);
  EXPECT_EQ(params.quantize(1.0), 0);
  EXPECT_EQ(float(params.dequantize(0)), 1.00392163f);
  EXPECT_EQ(chooseAsymmetric(51, 255, 0, 255), (UniformParams{1, 0, 0, 255}));
  EXPECT_EQ(chooseAsymmetric(0, 0, 0, 255).scale, 1.0);
  EXPECT_EQ(chooseAsymmetric(0, 1e-40, 0, 255).scale, 0x1p-126);
  EXPECT_EQ(chooseSymmetric(63.5, 127).scale, 0.5);
}

TEST(NumericsDoc, Section2Bias) {
  UniformParams bias{biasScale(0.5, 0.25), 0, INT32_MIN, INT32_MAX};
  EXPECT_EQ(bias.quantize(1.3), 10);
  double scale = chooseBiasAwareWeightScale(1.27e-6, 100, 0.5, 127);
  EXPECT_EQ(scale, 25 * 0x1p-27);
  EXPECT_EQ(scale, 1.862645149230957e-7);
  bias.scale = biasScale(0.5, scale);
  EXPECT_EQ(bias.quantize(100), 1 << 30);
}

TEST(NumericsDoc, Section3Floats) {
  float x = 1.0f + std::ldexp(1.0f, -12);
  float product = x * x;
  EXPECT_EQ(std::fma(x, x, -1.0f),
            std::ldexp(1.0f, -11) + std::ldexp(1.0f, -24));
  EXPECT_EQ(product - 1.0f, std::ldexp(1.0f, -11));
}

TEST(NumericsDoc, Section3Accumulator) {
  const int qx[] = {7, 3, 0}, qw[] = {10, -20, 5};
  auto accumulate = [&](int first, int zw) {
    int acc = 10;
    for (int i = first; i < 3; ++i)
      acc += (qx[i] - 3) * (qw[i] - zw);
    return acc;
  };
  EXPECT_EQ(accumulate(0, 0), 35);
  EXPECT_EQ(accumulate(0, 1), 34);
  EXPECT_EQ(10 - 3 * (-5) - 1 * 10 + 9 + 10, 34);
  EXPECT_EQ(accumulate(1, 0), -5);

  AccumulatorBound bound = accumulatorBound({4, -7}, -2, 3, 5);
  EXPECT_EQ(bound.min, -24);
  EXPECT_EQ(bound.max, 31);
  EXPECT_LE(255LL * 127 * 66311, INT32_MAX);
  EXPECT_GT(255LL * 127 * 66312, INT32_MAX);
}

TEST(NumericsDoc, Section3Requantize) {
  RequantizeParams params{requantizeMultiplier(0.5, 0.25, 0.5), -10, -128, 127,
                          RoundingMode::HalfEven};
  EXPECT_EQ(params.multiplier, 0.25f);
  EXPECT_EQ(requantize(35, params), -1);
  EXPECT_EQ(requantize(34, params), -2);
  EXPECT_EQ(requantize(-5, params), -11);
  EXPECT_EQ(requantize(1000, params), 127);
  EXPECT_EQ(float(16777217), 16777216.0f);
  UniformParams output{0.5, -10, -128, 127};
  EXPECT_EQ(output.quantize(0), -10);
  EXPECT_EQ(output.quantize(6), 2);

  RequantizeParams half{0.5f, 0, -2, 2, RoundingMode::HalfEven};
  EXPECT_EQ(thresholds(half, INT32_MIN, INT32_MAX),
            (llvm::SmallVector<int64_t>{-2, -1, 2, 3}));
}

TEST(NumericsDoc, Section3FixedPoint) {
  FixedPointMultiplier multiplier = quantizeMultiplier(0.3);
  EXPECT_EQ(multiplier.mantissa, 1288490189);
  EXPECT_EQ(multiplier.shift, -1);
  FixedPointMultiplier eighth = quantizeMultiplier(0.125);
  EXPECT_EQ(eighth.mantissa, 1 << 30);
  EXPECT_EQ(eighth.shift, -2);
  struct {
    int32_t acc, once, high, twice;
  } rows[] = {{3, 0, 2, 1},
              {-3, 0, -1, 0},
              {4, 1, 2, 1},
              {-4, 0, -2, -1},
              {-5, -1, -2, -1}};
  for (auto row : rows) {
    EXPECT_EQ(requantizeTfliteSingle(row.acc, eighth, {}), row.once);
    EXPECT_EQ(saturatingRoundingDoublingHighMul(row.acc, 1 << 30), row.high);
    EXPECT_EQ(requantizeTfliteDouble(row.acc, eighth, {}), row.twice);
  }
  FixedPointMultiplier three = quantizeMultiplier(3);
  EXPECT_EQ(three.mantissa, 3 << 29);
  EXPECT_EQ(three.shift, 2);
  EXPECT_EQ(requantizeTfliteSingle(5, three, {}), 15);
  EXPECT_EQ(requantizeTfliteDouble(5, three, {}), 15);
  EXPECT_EQ(requantizeTfliteSingle(1 << 29, three, {}), 127);
  EXPECT_EQ(requantizeTfliteDouble(1 << 29, three, {}), -128);
}

TEST(NumericsDoc, Section3FixedPointMultipliers) {
  double sx = 0.1f, sw = 0.3f, so = 0.7f;
  FixedPointMultiplier conv = quantizeMultiplier(realMultiplier(sx, sw, so));
  FixedPointMultiplier matmul =
      quantizeMultiplier(realMultiplierOfFloatProduct(sx, sw, so));
  FixedPointMultiplier mul =
      quantizeMultiplier(realMultiplierInFloat(sx, sw, so));
  EXPECT_EQ(conv.mantissa, 1472560321);
  EXPECT_EQ(matmul.mantissa, 1472560299);
  EXPECT_EQ(mul.mantissa, 1472560256);
  for (FixedPointMultiplier multiplier : {conv, matmul, mul})
    EXPECT_EQ(multiplier.shift, -4);

  UniformParams output{12, 0, -128, 127};
  auto rounding = getBoundRounding(RequantizationMode::TfliteDouble);
  EXPECT_EQ(output.quantize(6, rounding), 1);
  rounding = getBoundRounding(RequantizationMode::Float);
  EXPECT_EQ(output.quantize(6, rounding), 0);
}

TEST(NumericsDoc, Section4Operators) {
  RequantizeParams sum{1.0f, 1, -128, 127, RoundingMode::HalfEven};
  float ma = float(0.5 / 0.5), mb = float(0.25 / 0.5);
  EXPECT_EQ(requantizeFloat(float(5 - 0) * ma + float(7 - 4) * mb, sum), 7);
  EXPECT_EQ(requantizeFloat(float(5 - 0) * ma - float(7 - 4) * mb, sum), 5);

  RequantizeParams product = sum;
  product.multiplier = requantizeMultiplier(0.5, 0.25, 0.5);
  EXPECT_EQ(requantize((5 - 0) * (7 - 4), product), 5);

  RequantizeParams mean{float(0.5 / (0.25 * 4)), 0, -128, 127,
                        RoundingMode::HalfEven};
  EXPECT_EQ(requantize(1 + 2 + 4 + 6, mean), 6);
  mean.multiplier = float(0.5 / (0.25 * 3));
  EXPECT_EQ(requantize(1 + 2 + 4, mean), 5);

  RequantizeParams again{float(0.5 / 0.25), -5, -128, 127,
                         RoundingMode::HalfEven};
  EXPECT_EQ(requantize(10 - 3, again), 9);
  EXPECT_EQ(requantize(127 - 3, again), 127);
}

TEST(NumericsDoc, Section5Softmax) {
  SoftmaxTable table = SoftmaxTable::create(0.25);
  EXPECT_EQ(table.entries[0], 8388608);
  EXPECT_EQ(table.entries[2], 5087948);
  EXPECT_EQ(table.entries[8], 1135275);
  EXPECT_EQ(8388608 + 5087948 + 1135275, 14611831);
  EXPECT_NEAR(8388608.0f / 14611831.0f * 256, 146.97, 0.005);
  EXPECT_NEAR(5087948.0f / 14611831.0f * 256, 89.14, 0.005);
  EXPECT_NEAR(1135275.0f / 14611831.0f * 256, 19.89, 0.005);
  RequantizeParams params = softmaxOutputParams(1.0 / 256, -128, -128, 127);
  int64_t row[] = {10, 8, 2};
  softmaxRow(row, row, table, params);
  EXPECT_EQ(row[0], 19);
  EXPECT_EQ(row[1], -39);
  EXPECT_EQ(row[2], -108);
  int64_t one[] = {7};
  softmaxRow(one, one, table, params);
  EXPECT_EQ(one[0], 127);
  EXPECT_EQ(expReference(1.0f), 0x1.5bf0a8p+1f);
  EXPECT_EQ(expReference(1.0f), 2.71828175f);
}

TEST(NumericsDoc, Section6ElementaryFunctions) {
  EXPECT_EQ(tanhReference(0.5f), 0x1.d9353ep-2f);
  EXPECT_EQ(tanhReference(0.5f), 0.462117165f);
  EXPECT_EQ(logReference(2.0f), 0x1.62e43p-1f);
  EXPECT_EQ(logReference(2.0f), 0.693147182f);
  EXPECT_EQ(sigmoidReference(1.0f), 0x1.764d5p-1f);
  EXPECT_EQ(sigmoidReference(1.0f), 0.731058598f);
  EXPECT_EQ(uniformReference(1, {2, 3, 4}), 0x1.5ca6p-7f);
  EXPECT_EQ(uniformReference(1, {2, 3, 4}), 0.0106399059f);
}

TEST(NumericsDoc, Section7Calibration) {
  TensorStatistics statistics;
  statistics.observe({0, 0, 0, 0, 1, 1, 2, 2});
  EXPECT_EQ(
      llvm::cantFail(calibrate(statistics, CalibratorKind::Percentile, 50)),
      (CalibratedRange{0, 1.0625}));
}

TEST(NumericsDoc, Section7Sums) {
  constexpr int64_t room = (1 << 24) - 128;
  EXPECT_EQ(room / (255 * 127), 518);
  EXPECT_EQ(room / (255 * 7), 9398);
  EXPECT_EQ(room / (255 * 8), 8224);
  RequantizeParams params{0.25f, -10, -128, 127};
  EXPECT_EQ(params.min - params.zeroPoint, -118);
  EXPECT_EQ(params.max - params.zeroPoint, 137);
  EXPECT_EQ(requantize(35, params), 9 - 10);
}

TEST(NumericsDoc, Section7Terms) {
  volatile float large = 16777216, one = 1;
  volatile float twice = large + one;
  EXPECT_EQ(twice + one, 16777216.0f);
  EXPECT_EQ(float(16777218), 16777218.0f);
  EXPECT_EQ(float(double(large) + double(one) + double(one)), 16777218.0f);
  EXPECT_EQ(selectPart(16777219, CodePart::High), 16777216.0f);
  EXPECT_EQ(selectPart(16777219, CodePart::Low), 3.0f);
  EXPECT_EQ(roundToInteger(-127.0 / 16, RoundingMode::HalfEven), -8);
  EXPECT_EQ(16 * -8 + 1, -127);
}
} // namespace
