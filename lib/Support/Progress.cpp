// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The progress line.

#include "qnn/Support/Progress.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

using namespace qnn;

Progress::Progress(llvm::StringRef what, int64_t total)
    : what(what), total(total), start(Clock::now()), lastShown(start),
      onTerminal(llvm::sys::Process::StandardErrIsDisplayed()) {}

Progress::~Progress() {
  if (shown)
    llvm::errs() << "\r\033[K";
}

void Progress::advance() {
  ++done;
  Clock::time_point now = Clock::now();
  if (!onTerminal || now - start < std::chrono::seconds(1) ||
      now - lastShown < std::chrono::milliseconds(100))
    return;
  double elapsed = std::chrono::duration<double>(now - start).count();
  double left = elapsed / double(done) * double(total - done);
  llvm::errs() << "\r" << what << ": " << done << " of " << total << ", "
               << llvm::format("%.0f", left) << " s left\033[K";
  lastShown = now;
  shown = true;
}
