// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Ctrl-C as a question instead of the end.

#ifndef QNN_TRAINING_INTERRUPT_H
#define QNN_TRAINING_INTERRUPT_H

#include <csignal>
#include <string>

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

/// While it lives, SIGINT and SIGTERM outside of an InterruptGuard print a
/// message and end the process with 130, which a shell expects of a program
/// that Ctrl-C has ended. At most one may live.
class InterruptMessage {
public:
  explicit InterruptMessage(std::string text) { set(std::move(text)); }
  ~InterruptMessage();
  InterruptMessage(const InterruptMessage &) = delete;
  InterruptMessage &operator=(const InterruptMessage &) = delete;

  /// Another message from now on.
  void set(std::string text);
};

} // namespace qnn

#endif // QNN_TRAINING_INTERRUPT_H
