// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A line on the terminal that says how far a long piece of work is.

#ifndef QNN_SUPPORT_PROGRESS_H
#define QNN_SUPPORT_PROGRESS_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace qnn {

/// Shows `what: done of total, detail, seconds left` on standard error: nothing
/// in the first second, nothing at all if that is not a terminal. The line is
/// removed at the end. A total of 0 is not known.
class Progress {
public:
  Progress(llvm::StringRef what, int64_t total);
  ~Progress();

  /// One more unit is done; `describe` gives the detail, if one is wanted.
  void advance(llvm::function_ref<std::string()> describe = nullptr);

private:
  using Clock = std::chrono::steady_clock;

  std::string what;
  int64_t total, done = 0;
  Clock::time_point start, lastShown;
  bool onTerminal, shown = false;
};

/// Shows `what: seconds` on standard error while it lives, for work that has no
/// units to count: nothing in the first second, nothing at all if that is not a
/// terminal. The line is removed at the end.
class Activity {
public:
  explicit Activity(llvm::StringRef what);
  ~Activity();

private:
  void show();

  std::string what;
  std::mutex mutex;
  std::condition_variable ended;
  bool hasEnded = false;
  /// Only on a terminal.
  std::thread thread;
};

} // namespace qnn

#endif // QNN_SUPPORT_PROGRESS_H
