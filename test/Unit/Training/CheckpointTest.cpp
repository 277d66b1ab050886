// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Checkpoints come back as they were, or not at all.

#include "qnn/Training/Checkpoint.h"
#include "../Support/TemporaryFolder.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/xxhash.h"
#include <cmath>
#include <limits>

using namespace qnn;
using namespace llvm;

namespace {
class CheckpointTest : public TemporaryFolder {
protected:
  Checkpoint example() {
    Checkpoint checkpoint{"model", "rate=0.1", "float", {}, {}, {}, {}};
    checkpoint.progress.step = 7;
    checkpoint.progress.lossSum = 0.1;
    checkpoint.progress.best = {91.7, 1e-300};
    checkpoint.progress.bestStep = 5;
    checkpoint.current.emplace(
        "w", Tensor::fromValues<float>({2, 1}, {1.5f, -0.0f}));
    checkpoint.current.emplace("count", Tensor::fromValues<int32_t>({}, {3}));
    checkpoint.initial.emplace("w", Tensor::fromValues<float>({1}, {7}));
    checkpoint.best.emplace("w", Tensor::fromValues<float>({2, 1}, {1, 2}));
    return checkpoint;
  }

  std::string loadError(StringRef content, StringRef model = "model",
                        StringRef options = "rate=0.1") {
    write("bad", content);
    auto checkpoint = Checkpoint::load(path("bad"), model, options);
    if (checkpoint)
      return "no error";
    std::string message = toString(checkpoint.takeError());
    std::string prefix = "'" + path("bad") + "': ";
    EXPECT_EQ(message.substr(0, prefix.size()), prefix);
    return message.substr(prefix.size());
  }
};

TEST_F(CheckpointTest, ComesBackAsItWas) {
  Checkpoint saved = example();
  ASSERT_FALSE(errorToBool(saved.save(path("c"))));
  Checkpoint loaded =
      cantFail(Checkpoint::load(path("c"), "model", "rate=0.1"));
  EXPECT_EQ(loaded.phase, "float");
  EXPECT_EQ(loaded.initial, saved.initial);
  EXPECT_EQ(loaded.current, saved.current);
  EXPECT_EQ(loaded.best, saved.best);
  EXPECT_EQ(loaded.progress.step, 7);
  EXPECT_EQ(loaded.progress.lossSum, 0.1);
  EXPECT_EQ(loaded.progress.best.value, 91.7);
  EXPECT_EQ(loaded.progress.best.loss, 1e-300);
  EXPECT_EQ(loaded.progress.bestStep, 5);
  ASSERT_FALSE(errorToBool(loaded.save(path("d"))));
  EXPECT_EQ(read("c"), read("d"));
}

TEST_F(CheckpointTest, KeepsALossThatIsNotFinite) {
  Checkpoint saved = example();
  saved.progress.start = {50, std::numeric_limits<double>::quiet_NaN()};
  ASSERT_FALSE(errorToBool(saved.save(path("c"))));
  Checkpoint loaded =
      cantFail(Checkpoint::load(path("c"), "model", "rate=0.1"));
  EXPECT_EQ(loaded.progress.start.value, 50);
  EXPECT_TRUE(std::isnan(loaded.progress.start.loss));
}

TEST_F(CheckpointTest, RefusesAnotherModelOrOtherOptions) {
  ASSERT_FALSE(errorToBool(example().save(path("c"))));
  std::string file = read("c");
  EXPECT_EQ(loadError(file, "other"),
            "is a checkpoint of another model; resume with the model that it "
            "was made with");
  EXPECT_EQ(loadError(file, "model", "rate=0.2"),
            "was made with 'rate=0.1', not with 'rate=0.2'; resume with the "
            "same");
  EXPECT_EQ(loadError(file, "model", "rate=0.1 seed=2"),
            "was made without 'seed=2'; resume without it");
  // Others stand at other places then.
  EXPECT_EQ(loadError(file, "model", "hold=projected rate=0.1"),
            "was made without 'hold=projected'; resume without it");
  EXPECT_EQ(loadError(file, "model", ""),
            "was made with 'rate=0.1'; resume with the same");
}

TEST_F(CheckpointTest, RefusesDamagedFiles) {
  ASSERT_FALSE(errorToBool(example().save(path("c"))));
  std::string file = read("c");
  EXPECT_EQ(loadError("hello"), "is no checkpoint");
  EXPECT_EQ(loadError("qnn-checkpoint 2\n"),
            "is a checkpoint of version 2, this program reads version 1");
  for (size_t size : {size_t(17), size_t(30), file.size() - 1})
    EXPECT_EQ(loadError(file.substr(0, size)),
              "is truncated or damaged; start again without it");
  file[file.size() / 2] ^= 1;
  EXPECT_EQ(loadError(file), "is truncated or damaged; start again without it");
}

/// With a checksum that is right.
TEST_F(CheckpointTest, RefusesOtherBytesThanItNames) {
  constexpr size_t checksumSize = 8;
  ASSERT_FALSE(errorToBool(example().save(path("c"))));
  for (int numMore : {-1, 1}) {
    std::string file = read("c");
    file.resize(file.size() - checksumSize + numMore);
    char checksum[checksumSize];
    support::endian::write64le(checksum, xxh3_64bits(file));
    file.append(checksum, checksumSize);
    EXPECT_EQ(loadError(file), "its tensors do not have the bytes that it "
                               "names");
  }
}

TEST_F(CheckpointTest, NamesAMissingFile) {
  auto checkpoint = Checkpoint::load(path("none"), "", "");
  ASSERT_FALSE(bool(checkpoint));
  EXPECT_EQ(toString(checkpoint.takeError()),
            "'" + path("none") +
                "': cannot read the checkpoint: No such file or directory");
}
} // namespace
