// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What fake quantization makes of a code.

#ifndef QNN_QUANTIZATION_FAKEQUANTIZATION_H
#define QNN_QUANTIZATION_FAKEQUANTIZATION_H

#include "qnn/Quantization/Rounding.h"
#include <cstdint>

namespace qnn {

/// Which number stands for a code.
enum class CodePart {
  /// What the code stands for.
  Value,
  /// The code minus the zero point.
  Code,
  /// The multiple of 256 next to that, ties to even.
  High,
  /// What is left of it.
  Low,
};

/// Integers up to 2^31 are the sum of two floats: a multiple of this, and a
/// rest.
inline constexpr int64_t kHighStep = 256;

/// The part (not Value) of a code minus its zero point.
inline float selectPart(int64_t centered, CodePart part) {
  if (part == CodePart::Code)
    return float(centered);
  double high = roundToInteger(double(centered) / double(kHighStep),
                               RoundingMode::HalfEven) *
                double(kHighStep);
  return float(part == CodePart::High ? high : double(centered) - high);
}

} // namespace qnn

#endif // QNN_QUANTIZATION_FAKEQUANTIZATION_H
