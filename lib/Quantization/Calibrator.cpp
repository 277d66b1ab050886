// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Min-max, percentile and least-squares calibration.

#include "qnn/Quantization/Calibrator.h"
#include "llvm/ADT/StringSwitch.h"
#include <algorithm>
#include <cassert>
#include <optional>

using namespace qnn;

/// The values of a bucket that the tensor can have had.
static CalibratedRange bucketRange(const TensorStatistics &statistics,
                                   int bucket) {
  double min = statistics.min, max = statistics.max;
  double lower = LogHistogram::lowerBound(bucket);
  double upper = LogHistogram::upperBound(bucket);
  // The outermost buckets are open to the outside.
  if (bucket == 0)
    lower = min;
  if (bucket == LogHistogram::kNumBuckets - 1)
    upper = max;
  return {std::clamp(lower, min, max), std::clamp(upper, min, max)};
}

double qnn::quantile(const TensorStatistics &statistics, double fraction) {
  assert(statistics.count != 0 && "no values");
  double rank = fraction * double(statistics.count);
  double below = 0;
  for (int i = 0; i < LogHistogram::kNumBuckets; ++i) {
    double inside = double(statistics.histogram[i]);
    if (inside == 0 || below + inside < rank) {
      below += inside;
      continue;
    }
    CalibratedRange range = bucketRange(statistics, i);
    double part = std::clamp((rank - below) / inside, 0.0, 1.0);
    return range.min + (range.max - range.min) * part;
  }
  return statistics.max;
}

double qnn::expectedSquaredError(const TensorStatistics &statistics,
                                 CalibratedRange range, int64_t numLevels) {
  double lo = std::min(range.min, 0.0), hi = std::max(range.max, 0.0);
  double step = (hi - lo) / double(numLevels - 1);
  double error = 0;
  for (int i = 0; i < LogHistogram::kNumBuckets; ++i) {
    if (statistics.histogram[i] == 0)
      continue;
    CalibratedRange bucket = bucketRange(statistics, i);
    double value = (bucket.min + bucket.max) / 2;
    double outside = value - std::clamp(value, lo, hi);
    // Values closer to 0 than half a step become 0; for the others the error
    // is spread evenly over one step.
    double inside = std::min(value * value, step * step / 12);
    error += double(statistics.histogram[i]) * (outside * outside + inside);
  }
  return error / double(statistics.count);
}

/// Least expected error over ranges whose ends are multiples of 1/64 of the
/// observed ends, one end at a time. The error has one minimum in each end, and
/// the ends interact through the step only, so three rounds are plenty.
static CalibratedRange leastSquares(const TensorStatistics &statistics,
                                    int64_t numLevels) {
  constexpr int kCandidates = 64, kRounds = 3;
  CalibratedRange best{statistics.min, statistics.max};
  double bestError = expectedSquaredError(statistics, best, numLevels);
  for (int round = 0; round < kRounds; ++round)
    for (double CalibratedRange::*end :
         {&CalibratedRange::max, &CalibratedRange::min}) {
      double whole = CalibratedRange{statistics.min, statistics.max}.*end;
      for (int i = 1; i <= kCandidates; ++i) {
        CalibratedRange candidate = best;
        candidate.*end = whole * i / kCandidates;
        if (candidate.min > candidate.max)
          continue;
        double error = expectedSquaredError(statistics, candidate, numLevels);
        if (error < bestError) {
          bestError = error;
          best = candidate;
        }
      }
    }
  return best;
}

llvm::Expected<CalibratorKind> qnn::readCalibrator(llvm::StringRef name,
                                                   double percentile) {
  auto kind = llvm::StringSwitch<std::optional<CalibratorKind>>(name)
                  .Case("minmax", CalibratorKind::MinMax)
                  .Case("percentile", CalibratorKind::Percentile)
                  .Case("mse", CalibratorKind::Mse)
                  .Default(std::nullopt);
  if (!kind)
    return llvm::createStringError("unknown calibrator '" + name +
                                   "': expects minmax, percentile or mse");
  if (!(percentile > 0 && percentile <= 100))
    return llvm::createStringError(
        "expects a percentile above 0 and up to 100, got %g", percentile);
  return *kind;
}

llvm::Expected<CalibratedRange>
qnn::calibrate(const TensorStatistics &statistics, CalibratorKind kind,
               double percentile, int64_t numLevels) {
  if (statistics.numNonFinite != 0)
    return llvm::createStringError(
        "%llu values are NaN or infinite; correct the calibration data or keep "
        "the tensor in float",
        static_cast<unsigned long long>(statistics.numNonFinite));
  if (statistics.count == 0)
    return llvm::createStringError(
        "no values were observed; calibrate with at least one sample");
  if (kind == CalibratorKind::Mse)
    return leastSquares(statistics, numLevels);
  if (kind == CalibratorKind::MinMax)
    return CalibratedRange{statistics.min, statistics.max};
  if (!(percentile > 0 && percentile <= 100))
    return llvm::createStringError(
        "percentile must be above 0 and at most 100, got %g", percentile);
  double tail = (100 - percentile) / 200;
  return CalibratedRange{quantile(statistics, tail),
                         quantile(statistics, 1 - tail)};
}
