// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constant, step and cosine schedules with warm-up.

#include "qnn/Training/Schedule.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/FormatVariadic.h"
#include <algorithm>
#include <cmath>

using namespace llvm;
using namespace qnn;

static Error badSchedule(StringRef text, const Twine &reason) {
  return createStringError("schedule '" + text + "': " + reason);
}

Expected<Schedule> Schedule::parse(StringRef text) {
  Schedule schedule;
  SmallVector<StringRef> parts;
  text.split(parts, ':');
  bool isStep = parts[0] == "step";
  if (!isStep && parts[0] != "constant" && parts[0] != "cosine")
    return badSchedule(text, "expects constant, cosine, step:INTERVAL or "
                             "step:INTERVAL:FACTOR");
  if (!isStep) {
    if (parts.size() > 1)
      return badSchedule(text, "'" + parts[0] + "' has no parameters");
    schedule.kind = parts[0] == "cosine" ? Kind::Cosine : Kind::Constant;
    return schedule;
  }
  schedule.kind = Kind::Step;
  if (parts.size() < 2 || parts.size() > 3 ||
      parts[1].getAsInteger(10, schedule.interval) || schedule.interval < 1)
    return badSchedule(text, "step needs a positive number of steps, as in "
                             "step:1000 or step:1000:0.1");
  if (parts.size() == 3 && (parts[2].getAsDouble(schedule.factor) ||
                            !(schedule.factor > 0) || !(schedule.factor <= 1)))
    return badSchedule(text, "the factor must be in (0, 1]");
  return schedule;
}

Error Schedule::verify() const {
  // The comparison is false for NaN.
  if (!(learningRate > 0) || !std::isfinite(learningRate))
    return createStringError(
        formatv("the learning rate must be a positive number, got {0}; 0.01 is "
                "a usual start for sgd, 0.001 for adam",
                learningRate)
            .str());
  if (warmUpSteps < 0)
    return createStringError("the warm-up cannot have fewer than 0 steps");
  bool hasEnd = kind == Kind::Cosine || totalSteps != 0;
  if (hasEnd && totalSteps <= warmUpSteps)
    return createStringError("there are " + Twine(totalSteps) +
                             " steps, of which the warm-up takes " +
                             Twine(warmUpSteps) + ": train longer");
  return Error::success();
}

double Schedule::at(int64_t step) const {
  if (step <= warmUpSteps)
    return learningRate * double(step) / double(warmUpSteps);
  int64_t done = step - warmUpSteps - 1;
  switch (kind) {
  case Kind::Constant:
    return learningRate;
  case Kind::Step:
    return learningRate * std::pow(factor, double(done / interval));
  case Kind::Cosine: {
    constexpr double pi = 3.14159265358979323846;
    double part = double(done) / double(totalSteps - warmUpSteps);
    return learningRate * 0.5 * (1 + std::cos(pi * std::min(part, 1.0)));
  }
  }
  llvm_unreachable("all kinds are handled");
}
