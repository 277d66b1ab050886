// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Placement of buffers in the arena.

#include "qnn/Codegen/CPU/ArenaPlan.h"
#include "gtest/gtest.h"
#include <random>

using namespace qnn;

TEST(ArenaPlan, NothingNeedsNothing) {
  ArenaPlan plan = planArena({}, 64);
  EXPECT_EQ(plan.totalBytes, 0);
  EXPECT_EQ(plan.lowerBound, 0);
}

TEST(ArenaPlan, SharesMemoryBetweenSeparateLifetimes) {
  ArenaPlan plan = planArena({{100, 0, 1}, {100, 2, 3}}, 64);
  EXPECT_EQ(plan.totalBytes, 128);
  EXPECT_EQ(plan.offsets[0], plan.offsets[1]);
}

TEST(ArenaPlan, LifetimesThatTouchDoNotShare) {
  ArenaPlan plan = planArena({{64, 0, 1}, {64, 1, 2}}, 64);
  EXPECT_EQ(plan.totalBytes, 128);
  EXPECT_NE(plan.offsets[0], plan.offsets[1]);
}

/// The chain of a network: each buffer lives from its layer to the next one.
TEST(ArenaPlan, ChainReachesTheLowerBound) {
  ArenaPlan plan =
      planArena({{640, 0, 1}, {320, 1, 2}, {128, 2, 3}, {256, 3, 4}}, 64);
  EXPECT_EQ(plan.lowerBound, 960);
  EXPECT_EQ(plan.totalBytes, 960);
}

/// Gaps of 128 and 64 bytes between long-lived buffers: the last one takes the
/// tighter gap, although it is not the first.
TEST(ArenaPlan, TakesTheTightestGap) {
  ArenaPlan plan = planArena({{1024, 0, 9},
                              {512, 0, 1},
                              {448, 0, 9},
                              {384, 0, 1},
                              {320, 0, 9},
                              {64, 5, 5}},
                             64);
  EXPECT_EQ(plan.offsets[5], plan.offsets[3]);
}

/// By size alone, 192 bytes go to the bottom and leave no place below 384 for
/// the last buffer: 512.
TEST(ArenaPlan, TriesOtherOrders) {
  ArenaPlan plan =
      planArena({{128, 2, 4}, {192, 3, 5}, {256, 1, 2}, {128, 4, 6}}, 64);
  EXPECT_EQ(plan.lowerBound, 448);
  EXPECT_EQ(plan.totalBytes, 448);
}

TEST(ArenaPlan, BuffersThatMeetNeverOverlap) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<Lifetime> lifetimes;
    int count = 1 + random() % 40;
    for (int i = 0; i < count; ++i) {
      int64_t begin = random() % 30;
      lifetimes.push_back(
          {int64_t(random() % 1000), begin, begin + int64_t(random() % 8)});
    }
    ArenaPlan plan = planArena(lifetimes, 64);
    EXPECT_GE(plan.totalBytes, plan.lowerBound);
    for (int i = 0; i < count; ++i) {
      EXPECT_EQ(plan.offsets[i] % 64, 0);
      EXPECT_LE(plan.offsets[i] + lifetimes[i].size, plan.totalBytes);
      for (int j = 0; j < i; ++j) {
        bool meet = lifetimes[i].begin <= lifetimes[j].end &&
                    lifetimes[j].begin <= lifetimes[i].end;
        bool apart = plan.offsets[i] + lifetimes[i].size <= plan.offsets[j] ||
                     plan.offsets[j] + lifetimes[j].size <= plan.offsets[i];
        EXPECT_TRUE(!meet || apart) << "round " << round;
      }
    }
  }
}
