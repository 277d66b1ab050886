// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How large the accumulator of a convolution or matmul with known weights can
// become: the proof that i32 is enough.

#ifndef QNN_QUANTIZATION_ACCUMULATOR_H
#define QNN_QUANTIZATION_ACCUMULATOR_H

#include "llvm/ADT/ArrayRef.h"
#include <cstdint>

namespace qnn {

/// Smallest and largest value that sum((x - zx) * (w - zw)) + bias can take.
struct AccumulatorBound {
  int64_t min = 0;
  int64_t max = 0;

  /// Whether the finished accumulator fits i32. Partial sums need no bound:
  /// wrapping additions are exact modulo 2^32 in any order.
  bool fitsI32() const { return min >= INT32_MIN && max <= INT32_MAX; }

  /// The bound that holds for both.
  AccumulatorBound unionWith(const AccumulatorBound &other) const;
};

/// The bound of one output channel. `weights` are its w - zw; `inputMin` and
/// `inputMax` are the first and last input level minus the input's zero point.
/// Padding contributes 0, so 0 is added to the input range.
AccumulatorBound accumulatorBound(llvm::ArrayRef<int64_t> weights,
                                  int64_t inputMin, int64_t inputMax,
                                  int64_t bias);

} // namespace qnn

#endif // QNN_QUANTIZATION_ACCUMULATOR_H
