// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The softmax table against double exp, and rows worked out by hand.

#include "qnn/Quantization/SoftmaxTable.h"
#include "gtest/gtest.h"
#include <cmath>
#include <random>
#include <vector>

using namespace qnn;

namespace {
std::vector<int64_t> softmax(std::vector<int64_t> row, double inputScale,
                             const RequantizeParams &params) {
  softmaxRow(row, row, SoftmaxTable::create(inputScale), params);
  return row;
}

TEST(SoftmaxTable, EntriesAreRoundedExponentials) {
  for (double scale : {1e-6, 0.001, 0.0625, 0.1, 1.0, 17.0, 1e30}) {
    SoftmaxTable table = SoftmaxTable::create(scale);
    EXPECT_EQ(table.entries[0], 1 << 23);
    for (int d = 0; d < 256; ++d)
      ASSERT_EQ(table.entries[d],
                int32_t(std::nearbyint(0x1p23 * std::exp(-scale * d))))
          << scale << ' ' << d;
  }
}

TEST(SoftmaxTable, EqualLevelsShareEvenly) {
  // 1/4 * 256 = 64; -128 is the usual zero point of probabilities.
  RequantizeParams params = softmaxOutputParams(1.0 / 256, -128, -128, 127);
  EXPECT_EQ(params.multiplier, 256.0f);
  EXPECT_EQ(softmax({9, 9, 9, 9}, 0.5, params),
            (std::vector<int64_t>{-64, -64, -64, -64}));
  // A single one is 1.0 and saturates: 256 - 128 = 128.
  EXPECT_EQ(softmax({-128}, 0.5, params), (std::vector<int64_t>{127}));
}

TEST(SoftmaxTable, ZeroPointCancels) {
  RequantizeParams params = softmaxOutputParams(1.0 / 256, 0, 0, 255);
  EXPECT_EQ(softmax({-128, 0, 127}, 0.01, params),
            softmax({0, 128, 255}, 0.01, params));
}

TEST(SoftmaxTable, CloseToRealSoftmax) {
  std::mt19937 random(7);
  RequantizeParams params = softmaxOutputParams(1.0 / 256, 0, 0, 255);
  for (int i = 0; i < 200; ++i) {
    std::vector<int64_t> row(1 + random() % 1000);
    for (int64_t &level : row)
      level = random() % 256;
    double scale = 0.002 * (1 + random() % 100), sum = 0;
    for (int64_t level : row)
      sum += std::exp(scale * level);
    std::vector<int64_t> result = softmax(row, scale, params);
    for (size_t k = 0; k < row.size(); ++k)
      ASSERT_NEAR(result[k],
                  std::min(255.0, 256 * std::exp(scale * row[k]) / sum),
                  0.5 + 1e-3);
  }
}

TEST(SoftmaxTable, LongRowsNeedMoreThanI32) {
  std::vector<int64_t> row(65536, 5);
  RequantizeParams params = softmaxOutputParams(0x1p-20, 0, 0, 255);
  // 65536 * 2^23 = 2^39; each probability is 2^-16 = 16 levels.
  EXPECT_EQ(softmax(row, 0.1, params), std::vector<int64_t>(65536, 16));
}
} // namespace
