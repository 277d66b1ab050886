// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The first signal is remembered, the second one ends the process.

#include "qnn/Training/Interrupt.h"
#include "gtest/gtest.h"

using namespace qnn;

TEST(Interrupt, IsRemembered) {
  InterruptGuard guard;
  EXPECT_FALSE(guard.isRequested());
  std::raise(SIGINT);
  EXPECT_TRUE(guard.isRequested());
}

TEST(Interrupt, OfBeforeIsForgotten) {
  {
    InterruptGuard guard;
    std::raise(SIGTERM);
  }
  EXPECT_FALSE(InterruptGuard().isRequested());
}

TEST(InterruptDeathTest, TheSecondOneEnds) {
  auto twice = [] {
    InterruptGuard guard;
    std::raise(SIGINT);
    std::raise(SIGINT);
  };
  EXPECT_EXIT(twice(), testing::KilledBySignal(SIGINT), "");
}
