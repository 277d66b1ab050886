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

TEST(InterruptDeathTest, SaysWhatIsLeft) {
  auto once = [](bool changes) {
    InterruptMessage message("nothing is left");
    {
      InterruptGuard guard;
    }
    if (changes)
      message.set("go on");
    std::raise(SIGINT);
  };
  EXPECT_EXIT(once(false), testing::ExitedWithCode(130),
              "error: nothing is left\n");
  EXPECT_EXIT(once(true), testing::ExitedWithCode(130), "error: go on\n");
}

TEST(InterruptDeathTest, EndsAsBeforeBehindIt) {
  auto behind = [] {
    {
      InterruptMessage message("nothing is left");
    }
    std::raise(SIGTERM);
  };
  EXPECT_EXIT(behind(), testing::KilledBySignal(SIGTERM), "");
}
