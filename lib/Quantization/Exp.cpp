// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The steps of expReference, numbered as in the header.

#include "qnn/Quantization/Exp.h"
#include "llvm/ADT/bit.h"
#include <cstdint>
#include <limits>

using namespace qnn;
using namespace qnn::exp_constants;

float qnn::expReference(float x) {
  float c = x > kMaxInput ? kMaxInput : x; // 1
  c = c < kMinInput ? kMinInput : c;       // 2
  float t = c * kLog2E;                    // 3
  float m = t + kMagic;                    // 4
  float n = m - kMagic;                    // 5
  float r = c - n * kLn2High;              // 6
  r = r - n * kLn2Low;                     // 7
  float p = kPolynomial[0];                // 8
  for (int i = 1; i < 6; ++i)
    p = p * r + kPolynomial[i];
  float y = p * (r * r);                                          // 9
  y = y + r;                                                      // 10
  y = y + 1.0f;                                                   // 11
  uint32_t e = llvm::bit_cast<uint32_t>(m) << 23;                 // 12
  y = llvm::bit_cast<float>(llvm::bit_cast<uint32_t>(y) + e);     // 13
  y = x > kMaxInput ? std::numeric_limits<float>::infinity() : y; // 14
  y = x < kMinInput ? 0.0f : y;                                   // 15
  return x == x ? y : x;                                          // 16
}
