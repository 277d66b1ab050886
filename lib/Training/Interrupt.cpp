// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The signal handler, which only sets a flag.

#include "qnn/Training/Interrupt.h"

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
