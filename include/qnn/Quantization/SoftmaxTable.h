// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Integer softmax of 8-bit rows: exponentials from a table, an exact integer
// sum, one f32 division.

#ifndef QNN_QUANTIZATION_SOFTMAXTABLE_H
#define QNN_QUANTIZATION_SOFTMAXTABLE_H

#include "qnn/Quantization/Requantize.h"
#include "llvm/ADT/ArrayRef.h"
#include <array>
#include <cstdint>

namespace qnn {

/// exp(-inputScale * d) for every distance d from a row's maximum, as integers
/// with 23 fraction bits.
///
/// The softmax of a row q[0..n), which code generation repeats bit for bit:
///   1. m = max q[i]
///   2. t[i] = entries[m - q[i]]                       (2^23 at the maximum)
///   3. sum = t[0] + ... + t[n-1], exact. i64; i32 is enough for n <= 255,
///      because 255 * 2^23 < 2^31.
///   4. v[i] = float(t[i]) / float(sum)                (t[i] <= 2^23: exact;
///      sum rounded to nearest even; one f32 division)
///   5. f = v[i] * float(1 / outputScale)              (one f32 multiplication)
///   6. clamp, round half to even, add the zero point: requantizeFloat.
/// The zero point of the input cancels in step 2.
struct SoftmaxTable {
  static constexpr int kFractionBits = 23;

  /// entries[d] = round(2^23 * exp(-inputScale * d)), half to even, from a
  /// double exponential that uses no libm.
  std::array<int32_t, 256> entries;

  /// Requires 0 < inputScale < inf.
  static SoftmaxTable create(double inputScale);
};

/// What requantizeFloat needs in steps 5 and 6: multiplier
/// float(1 / outputScale), division in double.
RequantizeParams softmaxOutputParams(double outputScale, int64_t zeroPoint,
                                     int64_t min, int64_t max);

/// The softmax of one row as described above. `input` and `output` have the
/// same size and may be the same memory; input levels differ by at most 255.
void softmaxRow(llvm::ArrayRef<int64_t> input,
                llvm::MutableArrayRef<int64_t> output,
                const SoftmaxTable &table, const RequantizeParams &params);

} // namespace qnn

#endif // QNN_QUANTIZATION_SOFTMAXTABLE_H
