// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Statistics: buckets, merging of shards, channels, JSON.

#include "qnn/Quantization/Statistics.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"
#include <cmath>
#include <random>
#include <vector>

using namespace qnn;

namespace {
constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr int kZero = LogHistogram::kZeroBucket;

/// Values of many magnitudes and both signs, among them zeros. All are
/// multiples of 2^-11 below 2^10, so that the sums do not depend on the order.
std::vector<float> randomValues(unsigned seed, size_t size) {
  std::mt19937 random(seed);
  std::vector<float> values(size);
  for (float &value : values)
    value = std::ldexp(float(int(random() % 2001) - 1000), -int(random() % 12));
  return values;
}

TensorStatistics observed(llvm::ArrayRef<float> values) {
  TensorStatistics statistics;
  statistics.observe(values);
  return statistics;
}

TEST(LogHistogram, Buckets) {
  struct {
    float value;
    int bucket;
  } cases[] = {{0.0f, kZero},
               {-0.0f, kZero},
               {0x1p-41f, kZero},
               {1e-45f, kZero},
               {0x1p-40f, kZero + 1},
               {-0x1p-40f, kZero - 1},
               // 40 powers of two with 16 buckets each lie below 1.
               {1.0f, kZero + 641},
               {1.0624999f, kZero + 641},
               {1.0625f, kZero + 642},
               {1.9999999f, kZero + 656},
               {2.0f, kZero + 657},
               {-3.0f, kZero - 665},
               {0x1.ffffffp39f, 2 * kZero},
               {0x1p40f, 2 * kZero},
               {3e38f, 2 * kZero},
               {-3e38f, 0}};
  for (auto c : cases)
    EXPECT_EQ(LogHistogram::bucketOf(c.value), c.bucket) << c.value;
}

TEST(LogHistogram, BoundsEncloseTheValues) {
  EXPECT_EQ(LogHistogram::lowerBound(kZero + 642), 1.0625);
  EXPECT_EQ(LogHistogram::upperBound(kZero + 642), 1.125);
  EXPECT_EQ(LogHistogram::lowerBound(kZero - 642), -1.125);
  EXPECT_EQ(LogHistogram::upperBound(kZero - 642), -1.0625);
  for (int i = 0; i < LogHistogram::kNumBuckets; ++i) {
    double lower = LogHistogram::lowerBound(i);
    double upper = LogHistogram::upperBound(i);
    ASSERT_LE(lower, upper);
    // The bound nearer to 0 belongs to the bucket.
    float inner = float(i < kZero ? upper : lower);
    ASSERT_EQ(LogHistogram::bucketOf(inner), i);
    if (i > 0 && i != kZero && i != kZero + 1) {
      ASSERT_EQ(lower, LogHistogram::upperBound(i - 1));
    }
  }
}

TEST(Statistics, ByHand) {
  TensorStatistics s = observed({1.0f, -3.0f, 0.0f, 2.0f, 2.0f});
  EXPECT_EQ(s.count, 5u);
  EXPECT_EQ(s.min, -3.0f);
  EXPECT_EQ(s.max, 2.0f);
  EXPECT_EQ(s.sum, 2.0);
  EXPECT_EQ(s.sumOfSquares, 18.0);
  EXPECT_EQ(s.mean(), 0.4);
  EXPECT_NEAR(s.variance(), 3.44, 1e-15);
  EXPECT_EQ(s.absMax(), 3.0f);
  EXPECT_EQ(s.histogram[kZero], 1u);
  EXPECT_EQ(s.histogram[LogHistogram::bucketOf(2.0f)], 2u);
}

TEST(Statistics, NonFiniteValuesAreCountedApart) {
  TensorStatistics s = observed({kInf, 1.0f, -kInf, std::nanf("")});
  EXPECT_EQ(s.count, 1u);
  EXPECT_EQ(s.numNonFinite, 3u);
  EXPECT_EQ(s.min, 1.0f);
  EXPECT_EQ(s.max, 1.0f);
  EXPECT_EQ(s.sum, 1.0);
}

TEST(Statistics, Empty) {
  TensorStatistics s;
  EXPECT_EQ(s.mean(), 0.0);
  EXPECT_EQ(s.variance(), 0.0);
  EXPECT_EQ(s.absMax(), 0.0f);
  EXPECT_EQ(s, observed({}));
}

TEST(Statistics, VarianceOfAConstantIsNotNegative) {
  EXPECT_GE(observed(std::vector<float>(1000, 0.1f)).variance(), 0.0);
}

TEST(Statistics, MergedShardsAreTheWhole) {
  std::vector<float> values = randomValues(8, 3000);
  TensorStatistics whole = observed(values);
  llvm::ArrayRef<float> all(values);
  TensorStatistics a = observed(all.slice(0, 700));
  TensorStatistics b = observed(all.slice(700, 1)),
                   c = observed(all.slice(701));
  TensorStatistics left = a, right = b;
  ASSERT_FALSE(left.merge(b));
  ASSERT_FALSE(left.merge(c)); // (a + b) + c
  ASSERT_FALSE(right.merge(c));
  ASSERT_FALSE(right.merge(a)); // (b + c) + a
  EXPECT_EQ(left, whole);
  EXPECT_EQ(right, whole);
  ASSERT_FALSE(left.merge(TensorStatistics()));
  EXPECT_EQ(left, whole);
}

TEST(Statistics, Channels) {
  TensorStatistics s;
  // Two rows of shape 3 x 2, channel first.
  s.observeChannels({1, -2, 3, 4, 0, 0, -9, 1, 2, 2, 0, kInf}, 3, 2);
  EXPECT_EQ(s.channelAbsMax, (llvm::SmallVector<float>{9, 4, 0}));
  EXPECT_EQ(s.count, 11u);
  // Channel last.
  TensorStatistics last;
  last.observeChannels({1, -2, 3, 4}, 2, 1);
  EXPECT_EQ(last.channelAbsMax, (llvm::SmallVector<float>{3, 4}));
}

TEST(Statistics, MergesChannels) {
  TensorStatistics a, b, other;
  a.observeChannels({1, 5}, 2, 1);
  b.observeChannels({-3, 2}, 2, 1);
  other.observeChannels({1, 1, 1}, 3, 1);
  ASSERT_FALSE(a.merge(b));
  EXPECT_EQ(a.channelAbsMax, (llvm::SmallVector<float>{3, 5}));
  TensorStatistics before = a;
  EXPECT_EQ(llvm::toString(a.merge(other)),
            "statistics of 2 and of 3 channels cannot be merged");
  EXPECT_EQ(a, before);
}

/// Through text, as in a file.
TensorStatistics roundTrip(const TensorStatistics &statistics) {
  std::string text;
  llvm::raw_string_ostream(text) << toJSON(statistics);
  return llvm::cantFail(llvm::json::parse<TensorStatistics>(text));
}

TEST(Statistics, JSONRoundTrip) {
  TensorStatistics s = observed(randomValues(9, 500));
  // Numbers that short decimal forms would change.
  s.observe({0.1f, -1e-30f, 3.4e38f, 1.0f / 3, 1e-45f});
  EXPECT_EQ(roundTrip(s), s);
  s.observeChannels({0.1f, kInf, 7.7e-7f}, 3, 1);
  EXPECT_EQ(roundTrip(s), s);
  EXPECT_EQ(roundTrip(TensorStatistics()), TensorStatistics());
  s.count += UINT64_MAX / 2 + 3;
  s.histogram[5] += UINT64_MAX / 2 + 3;
  EXPECT_EQ(roundTrip(s), s);
}

/// Whether statistics of `count` values with these other fields are read.
bool isAccepted(int count, llvm::StringRef fields) {
  std::string text = R"({"non_finite":0,"sum":0,"sum_of_squares":0,"count":)";
  text += std::to_string(count) + fields.str() + "}";
  auto result = llvm::json::parse<TensorStatistics>(text);
  return !llvm::errorToBool(result.takeError());
}

TEST(Statistics, JSONRejectsNonsense) {
  EXPECT_TRUE(isAccepted(1, R"(,"min":0,"max":0,"histogram":[[1280,1]])"));
  struct {
    int count;
    const char *fields;
  } cases[] = {{1, ""},
               {1, R"(,"min":0,"max":0)"},
               {1, R"(,"histogram":[[1280,1]])"},
               {2, R"(,"min":0,"max":0,"histogram":[[1280,1]])"},
               {1, R"(,"min":1,"max":0,"histogram":[[1280,1]])"},
               {1, R"(,"min":0,"max":0,"histogram":[[2561,1]])"},
               {1, R"(,"min":0,"max":0,"histogram":[[-1,1]])"},
               {2, R"(,"min":0,"max":0,"histogram":[[4,1],[4,1]])"},
               {1, R"(,"min":0,"max":0,"histogram":[[4]])"},
               {-1, R"(,"histogram":[])"}};
  for (auto c : cases)
    EXPECT_FALSE(isAccepted(c.count, c.fields)) << c.fields;
  auto noObject = llvm::json::parse<TensorStatistics>("7");
  EXPECT_TRUE(llvm::errorToBool(noObject.takeError()));
}
} // namespace
