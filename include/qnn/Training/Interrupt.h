// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ctrl-C as a question instead of the end.

#ifndef QNN_TRAINING_INTERRUPT_H
#define QNN_TRAINING_INTERRUPT_H

#include <csignal>

namespace qnn {

/// While it lives, SIGINT and SIGTERM are only remembered; the second one ends
/// the process as usual. At most one may live.
class InterruptGuard {
public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard &) = delete;
  InterruptGuard &operator=(const InterruptGuard &) = delete;

  bool isRequested() const;

private:
  struct sigaction oldInterrupt, oldTerminate;
};

} // namespace qnn

#endif // QNN_TRAINING_INTERRUPT_H
