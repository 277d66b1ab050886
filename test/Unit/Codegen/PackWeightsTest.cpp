// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Panels, tiles, and the order of packed weights.

#include "qnn/Codegen/CPU/PackWeights.h"
#include "gtest/gtest.h"

using namespace qnn;

TEST(PackWeights, PanelsCoverAllColumns) {
  for (int64_t columns = 1; columns < 300; ++columns) {
    auto panels = splitColumns(columns, 16, 4);
    int64_t next = 0;
    for (const Panel &panel : panels) {
      EXPECT_EQ(panel.firstColumn, next);
      EXPECT_LE(panel.vectors, 4);
      EXPECT_LE(panel.columns, 16 * panel.vectors);
      EXPECT_GT(panel.columns, 16 * (panel.vectors - 1));
      if (&panel != &panels.back()) {
        EXPECT_EQ(panel.columns, 16 * panels.front().vectors);
      }
      next += panel.columns;
    }
    EXPECT_EQ(next, columns);
  }
}

TEST(PackWeights, TilesAreOfTwoSizes) {
  for (int64_t rows = 1; rows < 60; ++rows)
    for (int64_t maxSize = 1; maxSize < 9; ++maxSize) {
      int64_t next = 0;
      for (const TileRun &run : splitRows(rows, maxSize)) {
        EXPECT_EQ(run.begin, next);
        EXPECT_GT(run.count, 0);
        EXPECT_GT(run.size, 0);
        EXPECT_LE(run.size, maxSize);
        next += run.count * run.size;
      }
      EXPECT_EQ(next, rows);
    }
}

/// Six bytes are two words; the second one begins at byte 2, of which bytes 2
/// and 3 were in the first.
TEST(PackWeights, LastWordOverlaps) {
  std::vector<int16_t> weights{1, 2, 3, 4, 5, 6};
  auto packed = packBytes(weights, 1, 6, 1, splitColumns(1, 2, 4), 2);
  std::vector<int16_t> expected{1, 2, 3, 4, 0, 0, 0, 0, 0, 0, 5, 6, 0, 0, 0, 0};
  EXPECT_EQ(packed, expected);
}

TEST(PackWeights, ShortWordIsAlone) {
  std::vector<int16_t> weights{1, 2, 3};
  auto packed = packBytes(weights, 1, 3, 1, splitColumns(1, 1, 4), 1);
  EXPECT_EQ(packed, (std::vector<int16_t>{1, 2, 3, 0}));
}

/// Three taps from byte 1 on need one word, those from byte 2 on two words;
/// with one block of four lanes, columns are in natural order.
TEST(PackWeights, VerticalTapsMoveByBytes) {
  std::vector<int16_t> weights(3 * 16);
  for (size_t i = 0; i < weights.size(); ++i)
    weights[i] = i;
  VerticalTaps taps{3, 1, {1, 2}, 16};
  auto packed = packVertical(weights, taps, 16, {{0, 16, 4}}, 4);
  ASSERT_EQ(packed.size(), size_t(3 * 64));
  auto wordOf = [&](int64_t word, int64_t column) {
    auto begin = packed.begin() + word * 64 + column * 4;
    return std::vector<int16_t>(begin, begin + 4);
  };
  EXPECT_EQ(wordOf(0, 5), (std::vector<int16_t>{0, 5, 21, 37}));
  EXPECT_EQ(wordOf(1, 5), (std::vector<int16_t>{0, 0, 5, 21}));
  EXPECT_EQ(wordOf(2, 5), (std::vector<int16_t>{37, 0, 0, 0}));
}

/// Lane 4 of the first of four vectors of eight is in the second block of 128
/// bits, of which the first vector has the first quarter: column 16. With eight
/// channels it is channel 0 of the third group.
TEST(PackWeights, VerticalLanesAreInterleaved) {
  std::vector<int16_t> weights{1, 2, 3, 4, 5, 6, 7, 8};
  auto packed = packVertical(weights, {1, 1, {0}, 8}, 8, {{0, 8, 4}}, 8);
  EXPECT_EQ(packed[4 * 4], 1);
  EXPECT_EQ(packed[(8 + 1) * 4], 6);
}

TEST(PackWeights, PartsTakeBytesOfEachWord) {
  std::vector<int16_t> bytes{1, 2, 3, 4, 5, 6, 7, -8};
  EXPECT_EQ(packParts(bytes, 2, {{0, 2}, {1, 3}}),
            (std::vector<int16_t>{1, 3, 5, 7, 2, 4, 6, -8}));
}

/// 255 * 128 fits into 16 bits, 255 * 129 does not.
TEST(PackWeights, PairsOfBytesFit) {
  EXPECT_TRUE(fitPairsOfBytes({127, 1, -128, 0}));
  EXPECT_TRUE(fitPairsOfBytes({127, -128, -64, -64}));
  EXPECT_FALSE(fitPairsOfBytes({127, 2, 0, 0}));
  EXPECT_FALSE(fitPairsOfBytes({0, 0, -128, -1}));
}

/// Words of one lane: four small ones are worth a loop, three are not.
TEST(PackWeights, SortsStepsBySize) {
  std::vector<int16_t> panel;
  for (int16_t weight : {100, 1, 100, 1, 100, 1, 100, 1})
    panel.insert(panel.end(), 4, weight);
  MixedSteps steps = sortSteps(panel, 1, 1, /*allWide=*/false);
  EXPECT_EQ(steps.counts, (llvm::SmallVector<int64_t>{4, 4}));
  EXPECT_EQ(steps.words, (llvm::SmallVector<int64_t>{1, 3, 5, 7, 0, 2, 4, 6}));
  EXPECT_EQ(sortSteps(panel, 1, 1, /*allWide=*/true).counts,
            (llvm::SmallVector<int64_t>{0, 8}));
  panel.resize(4 * 7);
  EXPECT_EQ(sortSteps(panel, 1, 1, /*allWide=*/false).counts,
            (llvm::SmallVector<int64_t>{0, 7}));
}

/// Three taps take the three highest bytes.
TEST(PackWeights, DepthwiseTapsAreHighBytes) {
  std::vector<int16_t> weights{1, 10, 2, 20, 3, 30};
  auto packed = packDepthwise(weights, 3, 2, splitColumns(2, 2, 1), 2);
  EXPECT_EQ(packed, (std::vector<int16_t>{0, 1, 2, 3, 0, 10, 20, 30}));
}

TEST(PackWeights, SumsColumns) {
  EXPECT_EQ(sumColumns({-128, 1, -128, 2}, 2), (std::vector<int64_t>{-256, 3}));
}
