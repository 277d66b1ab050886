// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The steps of the elementary functions, once for numbers and for the code that
// computes them: `Float` is `float`, or a type with the same operators that
// emits operations. Every operator is one f32 operation rounded to nearest
// even, never fused; integers are unsigned, of 32 bits, and wrap. No expression
// has operators on both sides of another one, whose order C++ leaves open.

#ifndef QNN_QUANTIZATION_ELEMENTARYPROGRAMS_H
#define QNN_QUANTIZATION_ELEMENTARYPROGRAMS_H

#include "qnn/Quantization/Exp.h"
#include "llvm/ADT/bit.h"
#include <cstdint>
#include <limits>

namespace qnn::programs {

inline float select(bool condition, float yes, float no) {
  return condition ? yes : no;
}
inline uint32_t bits(float value) { return llvm::bit_cast<uint32_t>(value); }
inline float fromBits(uint32_t value) { return llvm::bit_cast<float>(value); }
/// Of a number as if it were signed.
inline float toFloat(uint32_t value) { return float(int32_t(value)); }

/// The polynomial with these coefficients, highest power first.
template <typename Float, unsigned n>
Float horner(Float x, const float (&coefficients)[n]) {
  Float p = x * coefficients[0] + coefficients[1];
  for (unsigned i = 2; i < n; ++i)
    p = p * x + coefficients[i];
  return p;
}

/// The numbers are the steps of expReference.
template <typename Float>
Float exp(Float x) {
  using namespace exp_constants;
  constexpr float infinity = std::numeric_limits<float>::infinity();
  auto isHuge = x > kMaxInput;
  Float c = select(isHuge, kMaxInput, x);  // 1
  c = select(c < kMinInput, kMinInput, c); // 2
  Float t = c * kLog2E;                    // 3
  Float m = t + kMagic;                    // 4
  Float n = m - kMagic;                    // 5
  Float r = c - n * kLn2High;              // 6
  r = r - n * kLn2Low;                     // 7
  Float p = horner(r, kPolynomial);        // 8
  Float y = p * (r * r);                   // 9
  y = y + r;                               // 10
  y = y + 1.0f;                            // 11
  auto e = bits(m) << 23;                  // 12
  y = fromBits(bits(y) + e);               // 13
  y = select(isHuge, infinity, y);         // 14
  y = select(x < kMinInput, 0.0f, y);      // 15
  return select(x == x, y, x);             // 16
}

/// Range reduction and coefficients of Cephes logf (S. Moshier, single/logf.c):
/// x = 2^e * (1 + f) with 1 + f from sqrt(1/2) to sqrt(2).
template <typename Float>
Float log(Float x) {
  constexpr float kSqrtHalf = 0.707106781186547524f;
  constexpr float kCoefficients[] = {
      7.0376836292e-2f,  -1.1514610310e-1f, 1.1676998740e-1f,
      -1.2420140846e-1f, 1.4249322787e-1f,  -1.6668057665e-1f,
      2.0000714765e-1f,  -2.4999993993e-1f, 3.3333331174e-1f};
  using Limits = std::numeric_limits<float>;
  auto raw = bits(x);
  Float e = toFloat((raw >> 23) - 126u);
  Float m = fromBits((raw & 0x007FFFFFu) | 0x3F000000u);
  auto isSmall = m < kSqrtHalf;
  e = select(isSmall, e - 1.0f, e);
  Float f = select(isSmall, m + m, m) - 1.0f;
  Float square = f * f;
  Float y = horner(f, kCoefficients) * f;
  y = y * square;
  y = y + e * exp_constants::kLn2Low;
  y = y - square * 0.5f;
  y = y + f;
  y = y + e * exp_constants::kLn2High;
  y = select(x < Limits::min(), -Limits::infinity(), y);
  y = select(x < 0.0f, Limits::quiet_NaN(), y);
  // Also NaN is not.
  return select(x <= Limits::max(), y, x);
}

/// A polynomial (Cephes tanhf, S. Moshier, single/tanhf.c) near 0, and
/// 1 - 2 / (exp(2 |x|) + 1) with the sign of x elsewhere.
template <typename Float>
Float tanh(Float x) {
  constexpr float kCoefficients[] = {-5.70498872745e-3f, 2.06390887954e-2f,
                                     -5.37397155531e-2f, 1.33314422036e-1f,
                                     -3.33332819422e-1f};
  auto raw = bits(x);
  Float magnitude = fromBits(raw & 0x7FFFFFFFu);
  Float square = x * x;
  Float nearZero = horner(square, kCoefficients) * square;
  nearZero = nearZero * x;
  nearZero = nearZero + x;
  Float power = exp(magnitude + magnitude);
  Float rest = 2.0f / (power + 1.0f);
  Float far = 1.0f - rest;
  auto sign = raw & 0x80000000u;
  far = fromBits(bits(far) | sign);
  Float y = select(magnitude < 0.625f, nearZero, far);
  return select(x == x, y, x);
}

template <typename Float>
Float sigmoid(Float x) {
  Float power = exp(0.0f - x);
  Float y = 1.0f / (power + 1.0f);
  y = select(x < exp_constants::kMinInput, 0.0f, y);
  return select(x == x, y, x);
}

/// pcg4d, of whose four numbers the last one depends on most.
template <typename Integer>
auto uniform(Integer x, Integer y, Integer z, Integer w) {
  auto mix = [&] {
    x = x + y * w;
    y = y + z * x;
    z = z + x * y;
    w = w + y * z;
  };
  for (Integer *word : {&x, &y, &z, &w})
    *word = *word * 1664525u + 1013904223u;
  mix();
  for (Integer *word : {&x, &y, &z, &w})
    *word = *word ^ (*word >> 16);
  mix();
  return toFloat(w >> 8) * 0x1p-24f;
}

} // namespace qnn::programs

#endif // QNN_QUANTIZATION_ELEMENTARYPROGRAMS_H
