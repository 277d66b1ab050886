// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rounding to an integer, exact for every input, by integer arithmetic on the
// bits: neither the floating-point environment nor libm can change a result.

#ifndef QNN_QUANTIZATION_ROUNDING_H
#define QNN_QUANTIZATION_ROUNDING_H

#include "qnn/Quantization/RoundingMode.h"

namespace qnn {

/// The integer that `mode` assigns to `x`, as a floating-point number. A
/// result of zero keeps the sign of `x`; infinities and NaN are returned
/// unchanged. The result always is representable, since every finite value of
/// at least 2^52 (2^23 for float) in magnitude is an integer already.
double roundToInteger(double x, RoundingMode mode);
float roundToInteger(float x, RoundingMode mode);

} // namespace qnn

#endif // QNN_QUANTIZATION_ROUNDING_H
