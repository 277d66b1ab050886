// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calibration profiles: files, errors, merging.

#include "qnn/Quantization/Profile.h"
#include "../Support/TemporaryFolder.h"

using namespace qnn;

namespace {
class ProfileTest : public TemporaryFolder {
protected:
  /// What loading a file of this text reports, without the file's name.
  std::string loadError(llvm::StringRef text) {
    write("bad.json", text);
    llvm::Expected<Profile> profile = Profile::load(path("bad.json"));
    if (profile)
      return "no error";
    std::string message = llvm::toString(profile.takeError());
    std::string prefix = "'" + path("bad.json") + "': ";
    EXPECT_EQ(message.substr(0, prefix.size()), prefix);
    return message.substr(prefix.size());
  }
};

Profile makeProfile(llvm::ArrayRef<float> values) {
  Profile profile;
  profile.samples = 1;
  profile.values["conv 1/\"out\""].observe(values);
  profile.values["input"].observeChannels(values, values.size(), 1);
  return profile;
}

TEST_F(ProfileTest, RoundTrip) {
  Profile profile = makeProfile({0.1f, -7.0f, 1e20f});
  ASSERT_FALSE(profile.save(path("p.json")));
  EXPECT_EQ(llvm::cantFail(Profile::load(path("p.json"))), profile);
  // Saving again replaces the file and gives the same bytes.
  std::string first = read("p.json");
  Profile loaded = llvm::cantFail(Profile::load(path("p.json")));
  ASSERT_FALSE(loaded.save(path("p.json")));
  EXPECT_EQ(read("p.json"), first);
}

TEST_F(ProfileTest, Empty) {
  ASSERT_FALSE(Profile().save(path("p.json")));
  EXPECT_EQ(llvm::cantFail(Profile::load(path("p.json"))), Profile());
}

TEST_F(ProfileTest, Lookup) {
  Profile profile = makeProfile({1.0f});
  ASSERT_NE(profile.lookup("input"), nullptr);
  EXPECT_EQ(profile.lookup("input")->count, 1u);
  EXPECT_EQ(profile.lookup("output"), nullptr);
}

TEST_F(ProfileTest, MergeIsTheWhole) {
  Profile merged = makeProfile({1.0f, 2.0f});
  Profile second = makeProfile({-4.0f, 8.0f});
  second.values["only here"].observe({3.0f});
  ASSERT_FALSE(merged.merge(second));
  EXPECT_EQ(merged.samples, 2u);
  EXPECT_EQ(merged.lookup("input")->count, 4u);
  EXPECT_EQ(merged.lookup("input")->channelAbsMax,
            (llvm::SmallVector<float>{4, 8}));
  EXPECT_EQ(merged.lookup("only here")->max, 3.0f);
}

TEST_F(ProfileTest, FailedMergeChangesNothing) {
  Profile profile = makeProfile({1.0f, 2.0f});
  Profile before = profile;
  EXPECT_EQ(
      llvm::toString(profile.merge(makeProfile({1.0f}))),
      "value 'input': statistics of 2 and of 1 channels cannot be merged");
  EXPECT_EQ(profile, before);
}

TEST_F(ProfileTest, Errors) {
  EXPECT_EQ(loadError(R"({"format":"qnn-profile","version":1,"sam)"),
            "damaged or truncated JSON [1:40, byte=40]: Unterminated string; "
            "calibrate again");
  EXPECT_EQ(loadError("[]"), "not a calibration profile (no \"format\": "
                             "\"qnn-profile\")");
  EXPECT_EQ(loadError(R"({"format":"qnn-profile","version":2})"),
            "profile version 2 is not supported, expected version 1; calibrate "
            "again");
  EXPECT_EQ(loadError(R"({"format":"qnn-profile"})"),
            "profile version (missing) is not supported, expected version 1; "
            "calibrate again");
  EXPECT_EQ(loadError(R"({"format":"qnn-profile","version":1,"samples":1})"),
            "profile has no \"values\"; calibrate again");
  EXPECT_NE(loadError(R"({"format":"qnn-profile","version":1,"samples":1,)"
                      R"("values":{"x":{"count":-1}}})")
                .find("profile.values.x.count"),
            std::string::npos);
  llvm::Expected<Profile> missing = Profile::load(path("missing.json"));
  ASSERT_FALSE(bool(missing));
  EXPECT_EQ(llvm::toString(missing.takeError()),
            "'" + path("missing.json") +
                "': cannot read the calibration profile: No such file or "
                "directory");
}

TEST_F(ProfileTest, FailedSaveKeepsTheFolderClean) {
  EXPECT_TRUE(bool(llvm::errorToBool(Profile().save(path("no/such/p.json")))));
  EXPECT_EQ(countFiles(), 0u);
}
} // namespace
