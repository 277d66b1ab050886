// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Turns, rounds and medians.

#include "qnn/Benchmark/Contestant.h"
#include <algorithm>
#include <cassert>
#include <chrono>
#include <cmath>
#include <thread>

using namespace llvm;
using namespace qnn;

/// libgomp's threads spin longest: about 3 ms.
static constexpr std::chrono::milliseconds kTimeToSleep(10);

Contestant::~Contestant() = default;

static double readMicroseconds(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return double(now.tv_sec) * 1e6 + double(now.tv_nsec) / 1e3;
}

Expected<double> FunctionContestant::time(int64_t calls, clockid_t clock) {
  double start = readMicroseconds(clock);
  for (int64_t i = 0; i < calls; ++i)
    if (Error error = function())
      return std::move(error);
  return readMicroseconds(clock) - start;
}

Expected<double> FunctionContestant::takeTurn(const TimingOptions &options) {
  clockid_t clock =
      options.threads == 1 ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC;
  if (options.once)
    return time(1, clock);
  // Doubling tells how long a call takes, too.
  int64_t calls = 1;
  Expected<double> elapsed = time(calls, clock);
  while (elapsed && *elapsed < options.warmUpMicroseconds) {
    calls *= 2;
    elapsed = time(calls, clock);
  }
  if (!elapsed)
    return elapsed;
  double call = *elapsed / double(calls);
  int64_t timed =
      std::max<int64_t>(1, int64_t(std::ceil(options.turnMicroseconds / call)));
  elapsed = time(timed, clock);
  if (!elapsed)
    return elapsed;
  return *elapsed / double(timed);
}

double qnn::median(std::vector<double> values) {
  assert(!values.empty() && "nothing was measured");
  std::sort(values.begin(), values.end());
  size_t middle = values.size() / 2;
  return values.size() % 2 ? values[middle]
                           : (values[middle - 1] + values[middle]) / 2;
}

Expected<std::vector<double>> qnn::measure(ArrayRef<Contestant *> contestants,
                                           const TimingOptions &options) {
  std::vector<std::vector<double>> turns(contestants.size());
  for (int64_t round = 0; round < (options.once ? 1 : options.rounds); ++round)
    for (auto [contestant, times] : zip_equal(contestants, turns)) {
      // Threads of the last one may look for work for a while.
      if (options.threads > 1)
        std::this_thread::sleep_for(kTimeToSleep);
      Expected<double> time = contestant->takeTurn(options);
      if (!time)
        return time.takeError();
      times.push_back(*time);
    }
  std::vector<double> medians;
  for (std::vector<double> &times : turns)
    medians.push_back(median(std::move(times)));
  return medians;
}
