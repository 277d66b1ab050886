// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A test fixture with a folder of its own that disappears afterwards.

#ifndef QNN_UNIT_SUPPORT_TEMPORARYFOLDER_H
#define QNN_UNIT_SUPPORT_TEMPORARYFOLDER_H

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"
#include <string>

namespace qnn {

class TemporaryFolder : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("qnn-test", folder));
  }
  void TearDown() override { llvm::sys::fs::remove_directories(folder); }

  std::string path(llvm::StringRef name) {
    llvm::SmallString<128> result = folder;
    llvm::sys::path::append(result, name);
    return result.str().str();
  }

  void write(llvm::StringRef name, llvm::StringRef content) {
    std::error_code code;
    llvm::raw_fd_ostream(path(name), code) << content;
    ASSERT_FALSE(code);
  }

  std::string read(llvm::StringRef name) {
    auto buffer = llvm::MemoryBuffer::getFile(path(name));
    return buffer ? (*buffer)->getBuffer().str() : "no file";
  }

  size_t countFiles() {
    std::error_code code;
    size_t count = 0;
    for (llvm::sys::fs::directory_iterator it(folder, code), end; it != end;
         it.increment(code))
      ++count;
    return count;
  }

  llvm::SmallString<128> folder;
};

} // namespace qnn

#endif // QNN_UNIT_SUPPORT_TEMPORARYFOLDER_H
