// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Fair timing: contestants take turns, so that all see the same machine.

#ifndef QNN_BENCHMARK_CONTESTANT_H
#define QNN_BENCHMARK_CONTESTANT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/FunctionExtras.h"
#include "llvm/Support/Error.h"
#include <ctime>
#include <memory>
#include <vector>

namespace qnn {

struct TimingOptions {
  /// With one thread its CPU time counts: what the system gives to others in
  /// between is none of ours. With more it is the clock's.
  int64_t threads = 1;
  /// How often each contestant has its turn.
  int64_t rounds = 11;
  /// How long the timed part of a turn is, at least.
  double turnMicroseconds = 2000;
  /// How long a contestant runs before it is timed: caches get its data, and
  /// the first .35 ms of 512-bit instructions are slow on some CPUs.
  double warmUpMicroseconds = 600;
  /// One round of one call, without warming up: to test that it works.
  bool once = false;
};

/// Something whose time is measured. It must use no CPU between its turns.
class Contestant {
public:
  virtual ~Contestant();

  /// Microseconds of one call: the mean of a turn.
  virtual llvm::Expected<double> takeTurn(const TimingOptions &options) = 0;
};

/// A function in this process.
class FunctionContestant : public Contestant {
public:
  using Function = llvm::unique_function<llvm::Error()>;

  explicit FunctionContestant(Function function)
      : function(std::move(function)) {}

  llvm::Expected<double> takeTurn(const TimingOptions &options) override;

private:
  /// Microseconds of `calls` calls.
  llvm::Expected<double> time(int64_t calls, clockid_t clock);

  Function function;
};

/// The middle of the values, which must not be empty; the mean of both middles
/// if their number is even.
double median(std::vector<double> values);

/// The median of the turns of each contestant.
llvm::Expected<std::vector<double>>
measure(llvm::ArrayRef<Contestant *> contestants, const TimingOptions &options);

} // namespace qnn

#endif // QNN_BENCHMARK_CONTESTANT_H
