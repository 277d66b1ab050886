// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "qnn/Benchmark/Contestant.h"
#include "gmock/gmock.h"

using namespace qnn;
using testing::ElementsAre;

TEST(Contestant, Median) {
  EXPECT_EQ(median({3}), 3);
  EXPECT_EQ(median({9, 1, 2}), 2);
  EXPECT_EQ(median({4, 1, 2, 100}), 3);
}

namespace {
/// Says what it was told to, and when it was its turn.
class Scripted : public Contestant {
public:
  Scripted(char name, std::vector<double> times, std::string &order)
      : name(name), times(std::move(times)), order(order) {}

  llvm::Expected<double> takeTurn(const TimingOptions &) override {
    order += name;
    if (turn == times.size())
      return llvm::createStringError("no more");
    return times[turn++];
  }

private:
  char name;
  std::vector<double> times;
  std::string &order;
  size_t turn = 0;
};
} // namespace

TEST(Contestant, TurnsAlternate) {
  std::string order;
  Scripted a('a', {1, 9, 2}, order), b('b', {7, 5, 6}, order);
  TimingOptions options;
  options.rounds = 3;
  auto medians = llvm::cantFail(measure({&a, &b}, options));
  EXPECT_THAT(medians, ElementsAre(2, 6));
  EXPECT_EQ(order, "ababab");
}

TEST(Contestant, ErrorsEndTheMeasurement) {
  std::string order;
  Scripted a('a', {1}, order), b('b', {7, 5}, order);
  auto medians = measure({&a, &b}, TimingOptions());
  ASSERT_FALSE(bool(medians));
  EXPECT_EQ(llvm::toString(medians.takeError()), "no more");
  EXPECT_EQ(order, "aba");
}

TEST(Contestant, OnceIsOneCall) {
  int calls = 0;
  FunctionContestant contestant([&] {
    ++calls;
    return llvm::Error::success();
  });
  TimingOptions options;
  options.once = true;
  llvm::cantFail(measure({&contestant}, options));
  EXPECT_EQ(calls, 1);
}

TEST(Contestant, TurnIsLongEnough) {
  volatile int calls = 0;
  FunctionContestant contestant([&] {
    calls = calls + 1;
    return llvm::Error::success();
  });
  TimingOptions options;
  options.warmUpMicroseconds = 100;
  options.turnMicroseconds = 1000;
  double us = llvm::cantFail(contestant.takeTurn(options));
  EXPECT_GT(us, 0);
  // A call may have been slower while it was estimated: a wide margin.
  EXPECT_GT(us * calls, 2 * options.warmUpMicroseconds);
}
