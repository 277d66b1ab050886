// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// JSON lines.

#include "qnn/Training/TrainingLog.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;
using namespace qnn;

Expected<TrainingLog> TrainingLog::open(StringRef path, bool append) {
  TrainingLog log;
  if (path.empty())
    return log;
  std::error_code error;
  log.stream = std::make_unique<raw_fd_ostream>(
      path, error, append ? sys::fs::CD_OpenAlways : sys::fs::CD_CreateAlways,
      sys::fs::FA_Write, append ? sys::fs::OF_Append : sys::fs::OF_None);
  if (error)
    return createStringError("cannot write the log '" + path +
                             "': " + error.message());
  return log;
}

void TrainingLog::write(json::Object entry) {
  if (!stream)
    return;
  *stream << json::Value(std::move(entry)) << "\n";
  stream->flush();
  if (!stream->has_error())
    return;
  // A full disk must not lose the weights.
  WithColor::warning() << "the log ends here: " << stream->error().message()
                       << "\n";
  stream->clear_error();
  stream.reset();
}
