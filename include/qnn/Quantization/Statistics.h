// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What calibration remembers of a tensor: fixed size, whatever the number of
// samples, and mergeable.

#ifndef QNN_QUANTIZATION_STATISTICS_H
#define QNN_QUANTIZATION_STATISTICS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"
#include <array>
#include <cstdint>
#include <limits>

namespace qnn {

/// Counts of values by sign and magnitude. Each power of two from 2^-40 to
/// 2^40 has 16 buckets of equal width, so that no range needs to be known in
/// advance and a bucket is never wider than 1/16 of its values.
class LogHistogram {
public:
  static constexpr int kMinExponent = -40;
  static constexpr int kMaxExponent = 40;
  static constexpr int kSubBuckets = 16;
  static constexpr int kNumMagnitudes =
      (kMaxExponent - kMinExponent) * kSubBuckets;
  /// Negative magnitudes from the largest on, zero, positive magnitudes: the
  /// order of the values themselves.
  static constexpr int kNumBuckets = 2 * kNumMagnitudes + 1;
  static constexpr int kZeroBucket = kNumMagnitudes;

  /// The bucket of a finite value: the middle one below 2^-40 in magnitude, an
  /// outermost one from 2^40 on.
  static int bucketOf(float value);

  /// Values of bucket `index`, [lower, upper); of the outermost buckets only
  /// the inner bound is tight, of the zero bucket both bounds are 0.
  static double lowerBound(int index);
  static double upperBound(int index);

  void add(float value) { ++counts[bucketOf(value)]; }
  void merge(const LogHistogram &other);
  uint64_t &operator[](int index) { return counts[index]; }
  uint64_t operator[](int index) const { return counts[index]; }
  bool operator==(const LogHistogram &other) const {
    return counts == other.counts;
  }

private:
  std::array<uint64_t, kNumBuckets> counts = {};
};

/// Statistics of all values of one tensor over all samples.
///
/// Merging is associative and commutative in every field but the two sums,
/// whose last bits depend on the order of additions; merge shards in a fixed
/// order (that of the rows) for the same file every time.
struct TensorStatistics {
  /// Finite values seen; the fields below are about these only.
  uint64_t count = 0;
  /// NaN and infinities seen.
  uint64_t numNonFinite = 0;
  float min = std::numeric_limits<float>::infinity();
  float max = -std::numeric_limits<float>::infinity();
  double sum = 0;
  double sumOfSquares = 0;
  LogHistogram histogram;
  /// Largest magnitude of each channel; empty if channels were not observed.
  llvm::SmallVector<float> channelAbsMax;

  void observe(llvm::ArrayRef<float> values);

  /// Like observe, and updates channelAbsMax: value i belongs to channel
  /// (i / innerSize) % numChannels, innerSize being the product of the
  /// dimensions after the channel. numChannels must not change between calls.
  void observeChannels(llvm::ArrayRef<float> values, int64_t numChannels,
                       int64_t innerSize);

  /// Adds what another observer of the same tensor saw. Fails, and changes
  /// nothing, if both have channels and their numbers differ.
  llvm::Error merge(const TensorStatistics &other);

  /// Mean, and population variance (never negative); 0 without values.
  double mean() const;
  double variance() const;
  float absMax() const;

  bool operator==(const TensorStatistics &other) const;
};

/// {"count", "non_finite", "min", "max", "sum", "sum_of_squares",
///  "histogram": [[bucket, count], ...] without empty buckets,
///  "channel_abs_max" if there are channels}; min and max only if count > 0.
/// Every number round-trips exactly.
llvm::json::Value toJSON(const TensorStatistics &statistics);
/// Rejects what observe could not have produced: counts that do not add up,
/// min > max, buckets out of range or order.
bool fromJSON(const llvm::json::Value &value, TensorStatistics &statistics,
              llvm::json::Path path);

} // namespace qnn

#endif // QNN_QUANTIZATION_STATISTICS_H
