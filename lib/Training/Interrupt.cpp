// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The signal handlers: one only sets a flag, one prints a message.

#include "qnn/Training/Interrupt.h"
#include "llvm/Support/Signals.h"
#include <atomic>
#include <forward_list>
#include <unistd.h>

using namespace qnn;

static volatile std::sig_atomic_t requested = 0;

static void remember(int) { requested = 1; }

InterruptGuard::InterruptGuard() {
  requested = 0;
  struct sigaction action = {};
  action.sa_handler = remember;
  // Files that are read meanwhile go on; the handler serves once.
  action.sa_flags = SA_RESTART | int(SA_RESETHAND);
  sigaction(SIGINT, &action, &oldInterrupt);
  sigaction(SIGTERM, &action, &oldTerminate);
}

InterruptGuard::~InterruptGuard() {
  sigaction(SIGINT, &oldInterrupt, nullptr);
  sigaction(SIGTERM, &oldTerminate, nullptr);
}

bool InterruptGuard::isRequested() const { return requested != 0; }

static std::atomic<const std::string *> message;

/// Called behind LLVM's handler, which has removed temporary files.
static void printAndExit() {
  constexpr int interrupted = 130;
  const std::string *text = message;
  (void)!write(STDERR_FILENO, text->data(), text->size());
  _exit(interrupted);
}

void InterruptMessage::set(std::string text) {
  // The handler may be reading any of them.
  static std::forward_list<std::string> texts;
  texts.push_front("error: " + std::move(text) + "\n");
  message = &texts.front();
  llvm::sys::SetInterruptFunction(printAndExit);
}

InterruptMessage::~InterruptMessage() {
  llvm::sys::SetInterruptFunction(nullptr);
}
