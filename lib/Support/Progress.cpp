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

void Progress::advance(llvm::function_ref<std::string()> describe) {
  ++done;
  Clock::time_point now = Clock::now();
  if (!onTerminal || now - start < std::chrono::seconds(1) ||
      now - lastShown < std::chrono::milliseconds(100))
    return;
  double elapsed = std::chrono::duration<double>(now - start).count();
  double left = elapsed / double(done) * double(total - done);
  llvm::errs() << "\r" << what << ": " << done;
  if (total > 0)
    llvm::errs() << " of " << total;
  if (describe)
    llvm::errs() << ", " << describe();
  if (total > 0)
    llvm::errs() << ", " << llvm::format("%.0f", left) << " s left";
  llvm::errs() << "\033[K";
  lastShown = now;
  shown = true;
}

Activity::Activity(llvm::StringRef what) : what(what) {
  if (llvm::sys::Process::StandardErrIsDisplayed())
    thread = std::thread([this] { show(); });
}

Activity::~Activity() {
  if (!thread.joinable())
    return;
  {
    std::lock_guard<std::mutex> lock(mutex);
    hasEnded = true;
  }
  ended.notify_one();
  thread.join();
}

void Activity::show() {
  std::unique_lock<std::mutex> lock(mutex);
  int seconds = 0;
  auto hasToEnd = [this] { return hasEnded; };
  while (!ended.wait_for(lock, std::chrono::seconds(1), hasToEnd))
    llvm::errs() << "\r" << what << ": " << ++seconds << " s\033[K";
  if (seconds != 0)
    llvm::errs() << "\r\033[K";
}
