// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The clamp-then-round step that quantize and requantize share.

#ifndef QNN_LIB_QUANTIZATION_CLAMP_H
#define QNN_LIB_QUANTIZATION_CLAMP_H

#include "qnn/Quantization/Rounding.h"

namespace qnn {

/// `value` clamped to [lo, hi] and rounded; NaN gives lo. Requires lo <= hi,
/// both exact in Float. The form of the comparisons is part of the contract:
/// it is what generated code does with compare and select.
template <typename Float>
int64_t clampAndRound(Float value, int64_t lo, int64_t hi, RoundingMode mode) {
  value = value > Float(lo) ? value : Float(lo);
  value = value < Float(hi) ? value : Float(hi);
  return int64_t(roundToInteger(value, mode));
}

} // namespace qnn

#endif // QNN_LIB_QUANTIZATION_CLAMP_H
