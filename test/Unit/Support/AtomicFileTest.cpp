// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Files appear complete or not at all.

#include "qnn/Support/AtomicFile.h"
#include "TemporaryFolder.h"

using namespace qnn;
using namespace llvm;

namespace {
using AtomicFileTest = TemporaryFolder;

TEST_F(AtomicFileTest, AppearsOnCommit) {
  AtomicFile file = cantFail(AtomicFile::create(path("a")));
  file.os() << "new";
  EXPECT_FALSE(sys::fs::exists(path("a")));
  ASSERT_FALSE(file.commit());
  EXPECT_EQ(read("a"), "new");
  EXPECT_EQ(countFiles(), 1u);
}

TEST_F(AtomicFileTest, WithoutCommitTheOldFileStays) {
  write("a", "old");
  {
    AtomicFile file = cantFail(AtomicFile::create(path("a")));
    file.os() << "half";
    AtomicFile moved = std::move(file);
    moved.os() << "written";
  }
  EXPECT_EQ(read("a"), "old");
  EXPECT_EQ(countFiles(), 1u);
}

TEST_F(AtomicFileTest, FailingCallbackLeavesNothing) {
  Error error = writeFileAtomically(path("a"), [](raw_ostream &os) {
    os << "half";
    return createStringError("no more");
  });
  EXPECT_EQ(toString(std::move(error)), "no more");
  EXPECT_EQ(countFiles(), 0u);
}

TEST_F(AtomicFileTest, FullDiskIsAnError) {
  if (!sys::fs::exists("/dev/full"))
    GTEST_SKIP() << "no /dev/full";
  Error error = writeFileAtomically("/dev/full", [](raw_ostream &os) {
    os << "text";
    return Error::success();
  });
  EXPECT_EQ(toString(std::move(error)),
            "cannot write '/dev/full': No space left on device");
  EXPECT_FALSE(sys::fs::is_regular_file("/dev/full"));
}

TEST_F(AtomicFileTest, BadPaths) {
  EXPECT_EQ(toString(AtomicFile::create(folder).takeError()),
            "cannot write '" + folder.str().str() + "': it is a directory");
  std::string missing = path("no/such/file");
  EXPECT_EQ(toString(AtomicFile::create(missing).takeError()),
            "cannot write '" + missing + "': No such file or directory");
}
} // namespace
