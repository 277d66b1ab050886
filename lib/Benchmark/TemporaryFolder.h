// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A folder that is removed with everything in it.

#ifndef QNN_LIB_BENCHMARK_TEMPORARYFOLDER_H
#define QNN_LIB_BENCHMARK_TEMPORARYFOLDER_H

#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <string>

namespace qnn {

class TemporaryFolder {
public:
  TemporaryFolder() = default;
  TemporaryFolder(const TemporaryFolder &) = delete;
  ~TemporaryFolder() {
    if (!path.empty())
      llvm::sys::fs::remove_directories(path);
  }

  /// To be called first.
  llvm::Error make() {
    if (std::error_code error =
            llvm::sys::fs::createUniqueDirectory("quant-bench", path))
      return llvm::createStringError("cannot make a temporary folder: " +
                                     error.message());
    return llvm::Error::success();
  }

  std::string getPath() const { return std::string(path); }
  std::string append(const llvm::Twine &name) const {
    llvm::SmallString<128> result(path);
    llvm::sys::path::append(result, name);
    return std::string(result);
  }

private:
  llvm::SmallString<128> path;
};

} // namespace qnn

#endif // QNN_LIB_BENCHMARK_TEMPORARYFOLDER_H
