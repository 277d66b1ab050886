// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A line on the terminal that says how far a long piece of work is.

#ifndef QNN_SUPPORT_PROGRESS_H
#define QNN_SUPPORT_PROGRESS_H

#include "llvm/ADT/StringRef.h"
#include <chrono>
#include <string>

namespace qnn {

/// Shows `what: done of total, seconds left` on standard error: nothing in the
/// first second, nothing at all if that is not a terminal. The line is removed
/// at the end.
class Progress {
public:
  Progress(llvm::StringRef what, int64_t total);
  ~Progress();

  /// One more unit is done.
  void advance();

private:
  using Clock = std::chrono::steady_clock;

  std::string what;
  int64_t total, done = 0;
  Clock::time_point start, lastShown;
  bool onTerminal, shown = false;
};

} // namespace qnn

#endif // QNN_SUPPORT_PROGRESS_H
