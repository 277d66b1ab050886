// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The log-linear histogram and the observer.

#include "qnn/Quantization/Statistics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"
#include <algorithm>
#include <cassert>
#include <cmath>

using namespace qnn;

/// The exponent and the upper four fraction bits of a float, as one integer,
/// count the buckets of all powers of two.
static constexpr int kDroppedBits = 23 - 4;
static constexpr int kFirstKey =
    (127 + LogHistogram::kMinExponent) * LogHistogram::kSubBuckets;

int LogHistogram::bucketOf(float value) {
  uint32_t bits = llvm::bit_cast<uint32_t>(value);
  int key = int((bits & 0x7fffffff) >> kDroppedBits) - kFirstKey;
  if (key < 0)
    return kZeroBucket;
  int magnitude = std::min(key, kNumMagnitudes - 1) + 1;
  return bits >> 31 ? kZeroBucket - magnitude : kZeroBucket + magnitude;
}

/// The smallest magnitude of magnitude bucket `index`.
static double magnitudeBound(int index) {
  int exponent = LogHistogram::kMinExponent + index / LogHistogram::kSubBuckets;
  int sub = index % LogHistogram::kSubBuckets;
  return std::ldexp(1.0 + sub / double(LogHistogram::kSubBuckets), exponent);
}

double LogHistogram::lowerBound(int index) {
  if (index < kZeroBucket)
    return -upperBound(2 * kZeroBucket - index);
  return index == kZeroBucket ? 0.0 : magnitudeBound(index - kZeroBucket - 1);
}

double LogHistogram::upperBound(int index) {
  if (index < kZeroBucket)
    return -lowerBound(2 * kZeroBucket - index);
  return index == kZeroBucket ? 0.0 : magnitudeBound(index - kZeroBucket);
}

void LogHistogram::merge(const LogHistogram &other) {
  for (auto [mine, theirs] : llvm::zip_equal(counts, other.counts))
    mine += theirs;
}

void TensorStatistics::observe(llvm::ArrayRef<float> values) {
  for (float value : values) {
    if (!std::isfinite(value)) {
      ++numNonFinite;
      continue;
    }
    ++count;
    min = std::min(min, value);
    max = std::max(max, value);
    sum += value;
    sumOfSquares += double(value) * value;
    histogram.add(value);
  }
}

void TensorStatistics::observeChannels(llvm::ArrayRef<float> values,
                                       int64_t numChannels, int64_t innerSize) {
  assert(numChannels > 0 && innerSize > 0 && "empty channels");
  observe(values);
  assert(
      (channelAbsMax.empty() || int64_t(channelAbsMax.size()) == numChannels) &&
      "number of channels changed");
  channelAbsMax.resize(numChannels);
  int64_t channel = 0;
  while (!values.empty()) {
    auto run = values.take_front(innerSize);
    float &absMax = channelAbsMax[channel];
    for (float value : run)
      if (std::isfinite(value))
        absMax = std::max(absMax, std::fabs(value));
    values = values.drop_front(run.size());
    channel = channel + 1 == numChannels ? 0 : channel + 1;
  }
}

llvm::Error TensorStatistics::merge(const TensorStatistics &other) {
  size_t mine = channelAbsMax.size(), theirs = other.channelAbsMax.size();
  if (mine != 0 && theirs != 0 && mine != theirs)
    return llvm::createStringError(
        "statistics of %zu and of %zu channels cannot be merged", mine, theirs);
  count += other.count;
  numNonFinite += other.numNonFinite;
  min = std::min(min, other.min);
  max = std::max(max, other.max);
  sum += other.sum;
  sumOfSquares += other.sumOfSquares;
  histogram.merge(other.histogram);
  channelAbsMax.resize(std::max(mine, theirs));
  for (size_t i = 0; i < theirs; ++i)
    channelAbsMax[i] = std::max(channelAbsMax[i], other.channelAbsMax[i]);
  return llvm::Error::success();
}

double TensorStatistics::mean() const {
  return count == 0 ? 0.0 : sum / double(count);
}

double TensorStatistics::variance() const {
  if (count == 0)
    return 0.0;
  return std::max(0.0, sumOfSquares / double(count) - mean() * mean());
}

float TensorStatistics::absMax() const {
  return count == 0 ? 0.0f : std::max(std::fabs(min), std::fabs(max));
}

bool TensorStatistics::operator==(const TensorStatistics &other) const {
  return count == other.count && numNonFinite == other.numNonFinite &&
         min == other.min && max == other.max && sum == other.sum &&
         sumOfSquares == other.sumOfSquares && histogram == other.histogram &&
         channelAbsMax == other.channelAbsMax;
}
