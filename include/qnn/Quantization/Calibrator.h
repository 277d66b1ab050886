// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From the statistics of a tensor to the range that its levels should cover.

#ifndef QNN_QUANTIZATION_CALIBRATOR_H
#define QNN_QUANTIZATION_CALIBRATOR_H

#include "qnn/Quantization/Statistics.h"
#include "llvm/ADT/StringRef.h"

namespace qnn {

/// A closed range of real values, min <= max.
struct CalibratedRange {
  double min = 0;
  double max = 0;

  bool operator==(const CalibratedRange &other) const {
    return min == other.min && max == other.max;
  }
};

enum class CalibratorKind {
  /// Everything that was seen.
  MinMax,
  /// Without the outermost values of both tails.
  Percentile,
  /// The range of least mean squared quantization error.
  Mse
};

/// The calibrator called "minmax", "percentile" or "mse". Fails, saying what is
/// expected, for another name or a percentile that is not above 0 and up to
/// 100.
llvm::Expected<CalibratorKind> readCalibrator(llvm::StringRef name,
                                              double percentile);

/// The range for `statistics`; always inside [min, max] of what was seen.
///
/// Percentile keeps `percentile` percent of the values: half of the rest is
/// cut from each tail by count. Inside of a bucket values are taken to be
/// spread evenly. Requires 0 < percentile <= 100.
///
/// Mse minimizes the error expected of `numLevels` levels, estimated from the
/// histogram; the range always contains 0 if [min, max] does.
///
/// Fails for statistics without values or with NaN or infinities among them.
llvm::Expected<CalibratedRange> calibrate(const TensorStatistics &statistics,
                                          CalibratorKind kind,
                                          double percentile = 99.99,
                                          int64_t numLevels = 256);

/// The value below which `fraction` (0..1) of the observed values lie, by
/// linear interpolation within the histogram's buckets.
double quantile(const TensorStatistics &statistics, double fraction);

/// Mean squared error of quantizing the observed values to `numLevels` levels
/// spread over `range` (extended to contain 0), estimated from the histogram.
double expectedSquaredError(const TensorStatistics &statistics,
                            CalibratedRange range, int64_t numLevels);

} // namespace qnn

#endif // QNN_QUANTIZATION_CALIBRATOR_H
