// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is asked of the file system before and after the work.

#include "Folders.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace qnn;
using llvm::StringRef;

/// Makes a folder in another one and removes it: not every file system does
/// what permissions allow.
static std::error_code tryToMakeFolder(StringRef parent) {
  llvm::SmallString<128> pattern(parent), path;
  llvm::sys::path::append(pattern, "quant-%%%%%%%%");
  llvm::sys::fs::createUniquePath(pattern, path, /*MakeAbsolute=*/false);
  if (std::error_code error = llvm::sys::fs::create_directory(path))
    return error;
  return llvm::sys::fs::remove(path);
}

llvm::Error qnn::checkFolder(StringRef folder) {
  StringRef existing = folder;
  while (!existing.empty() && !llvm::sys::fs::exists(existing))
    existing = llvm::sys::path::parent_path(existing);
  if (existing.empty())
    existing = ".";
  std::error_code error;
  if (!llvm::sys::fs::is_directory(existing))
    error = std::make_error_code(std::errc::not_a_directory);
  else
    error = tryToMakeFolder(existing);
  if (!error)
    return llvm::Error::success();
  return llvm::createStringError("cannot write into the folder '" + folder +
                                 "': '" + existing + "': " + error.message());
}

llvm::Error qnn::makeFolder(StringRef folder) {
  if (folder.empty())
    return llvm::Error::success();
  std::error_code error = llvm::sys::fs::create_directories(folder);
  if (!error && !llvm::sys::fs::is_directory(folder))
    error = std::make_error_code(std::errc::not_a_directory);
  if (!error)
    return llvm::Error::success();
  return llvm::createStringError("cannot make the folder '" + folder +
                                 "': " + error.message());
}
