// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Temporary file, then rename.

#include "qnn/Support/AtomicFile.h"
#include "llvm/Support/Errc.h"

using namespace qnn;
using namespace llvm;

static Error cannotWrite(StringRef path, const Twine &reason) {
  return createStringError(errc::io_error,
                           "cannot write '" + Twine(path) + "': " + reason);
}

Expected<AtomicFile> AtomicFile::create(StringRef path) {
  AtomicFile file(path);
  if (sys::fs::is_directory(path))
    return cannotWrite(path, "it is a directory");
  if (sys::fs::exists(path) && !sys::fs::is_regular_file(path)) {
    std::error_code code;
    file.stream = std::make_unique<raw_fd_ostream>(path, code);
    if (code)
      return cannotWrite(path, code.message());
    return file;
  }
  Expected<sys::fs::TempFile> temporary =
      sys::fs::TempFile::create(path + ".%%%%%%.tmp");
  if (!temporary)
    return cannotWrite(path, toString(temporary.takeError()));
  file.temporary.emplace(std::move(*temporary));
  file.stream = std::make_unique<raw_fd_ostream>(file.temporary->FD,
                                                 /*shouldClose=*/false);
  return file;
}

AtomicFile::AtomicFile(AtomicFile &&other)
    : finalPath(std::move(other.finalPath)),
      temporary(std::exchange(other.temporary, std::nullopt)),
      stream(std::move(other.stream)) {}

AtomicFile::~AtomicFile() {
  // raw_fd_ostream aborts on an unhandled write error; the caller has given
  // this file up, so the error does not matter.
  if (stream) {
    stream->flush();
    stream->clear_error();
    stream.reset();
  }
  if (temporary)
    consumeError(temporary->discard());
}

Error AtomicFile::commit() {
  stream->flush();
  std::error_code code = stream->error();
  stream->clear_error();
  stream.reset();
  std::optional<sys::fs::TempFile> file = std::move(temporary);
  temporary.reset();
  if (code) {
    if (file)
      consumeError(file->discard());
    return cannotWrite(finalPath, code.message());
  }
  if (!file)
    return Error::success();
  if (Error error = file->keep(finalPath))
    return cannotWrite(finalPath, toString(std::move(error)));
  return Error::success();
}

Error qnn::writeFileAtomically(StringRef path,
                               function_ref<Error(raw_ostream &)> write) {
  Expected<AtomicFile> file = AtomicFile::create(path);
  if (!file)
    return file.takeError();
  if (Error error = write(file->os()))
    return error;
  return file->commit();
}
