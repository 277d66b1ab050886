// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A single-precision exponential that every machine computes alike. The steps
// as a program are in ElementaryPrograms.h.

#ifndef QNN_QUANTIZATION_EXP_H
#define QNN_QUANTIZATION_EXP_H

namespace qnn {

/// The constants of expReference, named after their role in the recipe.
namespace exp_constants {
/// Above this exp(x) is +inf (true overflow is at 88.72; from here on 2^n
/// would need n = 128).
inline constexpr float kMaxInput = 88.37626f;
/// Below this exp(x) is 0; results from here on are normal.
inline constexpr float kMinInput = -87.33654f;
inline constexpr float kLog2E = 1.44269504088896341f;
/// 1.5 * 2^23: adding it leaves an integer in the low bits.
inline constexpr float kMagic = 12582912.0f;
/// ln 2 in two parts; the high part has 10 bits, so n * kLn2High is exact.
inline constexpr float kLn2High = 0.693359375f;
inline constexpr float kLn2Low = -2.12194440e-4f;
/// exp(r) ~ 1 + r + r^2 * P(r), highest power first.
inline constexpr float kPolynomial[6] = {1.9875691500e-4f, 1.3981999507e-3f,
                                         8.3334519073e-3f, 4.1665795894e-2f,
                                         1.6666665459e-1f, 5.0000001201e-1f};
} // namespace exp_constants

/// exp(x) within 2 units in the last place for x in [kMinInput, kMaxInput];
/// larger x give +inf, smaller ones 0, NaN gives NaN. Range reduction and
/// coefficients are those of Cephes expf (S. Moshier, single/expf.c).
///
/// Every step is one f32 operation rounded to nearest even, never fused:
///    1. c = x > kMaxInput ? kMaxInput : x
///    2. c = c < kMinInput ? kMinInput : c
///    3. t = c * kLog2E
///    4. m = t + kMagic               rounds t to an integer
///    5. n = m - kMagic               that integer, as a float
///    6. r = c - n * kLn2High         two operations
///    7. r = r - n * kLn2Low          two operations
///    8. p = P[0]; for i = 1..5: p = p * r + P[i]      two operations each
///    9. y = p * (r * r)
///   10. y = y + r
///   11. y = y + 1
///   12. e = bits(m) << 23            u32; the low bits of m hold n, and what
///                                    kMagic adds to them is shifted out
///   13. y = float from bits(y) + e   u32, modulo 2^32: y * 2^n
///   14. y = x > kMaxInput ? +inf : y
///   15. y = x < kMinInput ? 0 : y
///   16. y = x == x ? y : x
float expReference(float x);

} // namespace qnn

#endif // QNN_QUANTIZATION_EXP_H
