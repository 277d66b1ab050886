// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Learning rates by step.

#include "qnn/Training/Schedule.h"
#include "gtest/gtest.h"
#include <limits>

using namespace qnn;

static Schedule parsed(const char *text, double rate) {
  Schedule schedule = llvm::cantFail(Schedule::parse(text));
  schedule.learningRate = rate;
  return schedule;
}

static std::string parseError(const char *text) {
  auto schedule = Schedule::parse(text);
  return schedule ? "no error" : llvm::toString(schedule.takeError());
}

static std::string verifyError(const Schedule &schedule) {
  llvm::Error error = schedule.verify();
  return error ? llvm::toString(std::move(error)) : "no error";
}

TEST(Schedule, Constant) {
  Schedule schedule = parsed("constant", 0.5);
  EXPECT_EQ(schedule.at(1), 0.5);
  EXPECT_EQ(schedule.at(1000), 0.5);
}

TEST(Schedule, Step) {
  Schedule schedule = parsed("step:10:0.5", 1);
  EXPECT_EQ(schedule.at(10), 1);
  EXPECT_EQ(schedule.at(11), 0.5);
  EXPECT_EQ(schedule.at(21), 0.25);
  EXPECT_EQ(parsed("step:10", 1).factor, 0.1);
}

TEST(Schedule, Cosine) {
  Schedule schedule = parsed("cosine", 2);
  schedule.totalSteps = 10;
  EXPECT_EQ(schedule.at(1), 2);
  EXPECT_NEAR(schedule.at(6), 1, 1e-12);
  EXPECT_GT(schedule.at(10), 0);
  EXPECT_LT(schedule.at(10), 0.1);
}

TEST(Schedule, WarmUpIsLinearAndThenTheScheduleBegins) {
  Schedule schedule = parsed("step:2:0.5", 1);
  schedule.warmUpSteps = 4;
  EXPECT_EQ(schedule.at(1), 0.25);
  EXPECT_EQ(schedule.at(4), 1);
  EXPECT_EQ(schedule.at(6), 1);
  EXPECT_EQ(schedule.at(7), 0.5);
}

TEST(Schedule, RefusesWhatIsNoSchedule) {
  EXPECT_EQ(parseError("linear"),
            "schedule 'linear': expects constant, cosine, step:INTERVAL or "
            "step:INTERVAL:FACTOR");
  EXPECT_EQ(parseError("cosine:3"),
            "schedule 'cosine:3': 'cosine' has no parameters");
  for (const char *text : {"step", "step:0", "step:x", "step:1:2:3"})
    EXPECT_EQ(parseError(text), "schedule '" + std::string(text) +
                                    "': step needs a positive number of "
                                    "steps, as in step:1000 or step:1000:0.1");
  for (const char *text : {"step:1:0", "step:1:2", "step:1:nan"})
    EXPECT_EQ(parseError(text), "schedule '" + std::string(text) +
                                    "': the factor must be in (0, 1]");
}

TEST(Schedule, RefusesImpossibleRatesAndSteps) {
  for (double rate : {0.0, -1.0, std::numeric_limits<double>::infinity(),
                      std::numeric_limits<double>::quiet_NaN()})
    EXPECT_NE(verifyError(parsed("constant", rate))
                  .find("the learning rate must be a positive number, got "),
              std::string::npos);
  Schedule schedule = parsed("cosine", 1);
  schedule.totalSteps = schedule.warmUpSteps = 5;
  for (Schedule::Kind kind :
       {Schedule::Kind::Cosine, Schedule::Kind::Constant}) {
    schedule.kind = kind;
    EXPECT_EQ(verifyError(schedule),
              "there are 5 steps, of which the warm-up takes 5: train longer");
  }
  schedule.warmUpSteps = -1;
  EXPECT_EQ(verifyError(schedule),
            "the warm-up cannot have fewer than 0 steps");
}
