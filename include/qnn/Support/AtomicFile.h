// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A file that appears complete or not at all: written under a temporary name
// in the same folder, renamed when it is finished.

#ifndef QNN_SUPPORT_ATOMICFILE_H
#define QNN_SUPPORT_ATOMICFILE_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <memory>
#include <optional>
#include <string>

namespace qnn {

/// An output file under construction. Without commit() nothing is left behind,
/// and an older file of that name stays as it was.
class AtomicFile {
public:
  /// Opens a temporary file next to `path`. A path that exists and is no
  /// regular file (a pipe, /dev/null) is written directly instead, since it
  /// must not be replaced.
  static llvm::Expected<AtomicFile> create(llvm::StringRef path);

  AtomicFile(AtomicFile &&other);
  AtomicFile &operator=(AtomicFile &&) = delete;
  ~AtomicFile();

  llvm::raw_ostream &os() { return *stream; }
  llvm::StringRef path() const { return finalPath; }

  /// Flushes and renames. Fails, and removes the temporary file, if any write
  /// failed (disk full) or the rename does. Call at most once.
  llvm::Error commit();

private:
  AtomicFile(llvm::StringRef path) : finalPath(path.str()) {}

  std::string finalPath;
  std::optional<llvm::sys::fs::TempFile> temporary;
  std::unique_ptr<llvm::raw_fd_ostream> stream;
};

/// Writes a whole file by one callback; its error discards the file.
llvm::Error
writeFileAtomically(llvm::StringRef path,
                    llvm::function_ref<llvm::Error(llvm::raw_ostream &)> write);

} // namespace qnn

#endif // QNN_SUPPORT_ATOMICFILE_H
