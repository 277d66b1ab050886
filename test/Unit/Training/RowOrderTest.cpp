// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Shuffles and splits.

#include "qnn/Training/RowOrder.h"
#include "gmock/gmock.h"
#include <numeric>

using namespace qnn;
using testing::ElementsAre;
using testing::UnorderedElementsAreArray;

static std::vector<int64_t> upTo(int64_t size) {
  std::vector<int64_t> rows(size);
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

TEST(RowOrder, StreamsDiffer) {
  SplitMix64 generator(0), same(0), other(0, 1);
  uint64_t first = generator.next();
  EXPECT_EQ(first, same.next());
  EXPECT_NE(first, other.next());
}

TEST(RowOrder, BelowIsBelow) {
  SplitMix64 generator(7);
  std::vector<int> counts(5);
  for (int i = 0; i < 5000; ++i)
    ++counts[generator.below(5)];
  for (int count : counts)
    EXPECT_NEAR(count, 1000, 150);
  EXPECT_EQ(generator.below(1), 0u);
}

TEST(RowOrder, ShuffleIsAPermutationOfSeedAndEpoch) {
  std::vector<int64_t> rows = upTo(100);
  std::vector<int64_t> order = shuffleRows(rows, 1, 0);
  EXPECT_THAT(order, UnorderedElementsAreArray(rows));
  EXPECT_NE(order, rows);
  EXPECT_EQ(order, shuffleRows(rows, 1, 0));
  EXPECT_NE(order, shuffleRows(rows, 1, 1));
  EXPECT_NE(order, shuffleRows(rows, 2, 0));
}

/// Computed by hand, in another language.
TEST(RowOrder, ShuffleIsTheSameEverywhere) {
  EXPECT_THAT(shuffleRows(upTo(6), 42, 3), ElementsAre(4, 5, 1, 2, 0, 3));
}

TEST(RowOrder, SplitIsDisjointAndWhole) {
  RowSplit split = splitRows(50, 0.2, 3);
  EXPECT_EQ(split.validation.size(), 10u);
  EXPECT_TRUE(std::is_sorted(split.validation.begin(), split.validation.end()));
  std::vector<int64_t> all = split.training;
  all.insert(all.end(), split.validation.begin(), split.validation.end());
  EXPECT_THAT(all, UnorderedElementsAreArray(upTo(50)));
  EXPECT_NE(splitRows(50, 0.2, 4).validation, split.validation);
}

TEST(RowOrder, BothPartsOfASmallSplitHaveRows) {
  EXPECT_EQ(splitRows(3, 0.01, 0).validation.size(), 1u);
  EXPECT_EQ(splitRows(3, 0.99, 0).training.size(), 1u);
  EXPECT_EQ(splitRows(1, 0.5, 0).training.size() +
                splitRows(1, 0.5, 0).validation.size(),
            1u);
  EXPECT_TRUE(splitRows(3, 0, 0).validation.empty());
}
