// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The table of exponentials and the reference softmax of one row.

#include "qnn/Quantization/SoftmaxTable.h"
#include "qnn/Quantization/Rounding.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cassert>
#include <cmath>

using namespace qnn;

/// exp(x) for x <= 0 within about 1e-15, from basic double arithmetic only, so
/// that a table does not depend on the libm of the machine that made it.
static double expNonPositive(double x) {
  // Below 2^-64 every entry is 0.
  if (x < -44.4)
    return 0.0;
  constexpr double kLog2E = 1.4426950408889634074;
  // ln 2 in two parts: n * kLn2High is exact for |n| < 2^20 (fdlibm e_exp.c).
  constexpr double kLn2High = 6.93147180369123816490e-01;
  constexpr double kLn2Low = 1.90821492927058770002e-10;
  double n = roundToInteger(x * kLog2E, RoundingMode::HalfEven);
  double r = (x - n * kLn2High) - n * kLn2Low;
  // |r| <= 0.35: the first omitted term, r^14 / 14!, is below 5e-18.
  double sum = 1.0;
  for (int k = 13; k >= 1; --k)
    sum = 1.0 + sum * r / k;
  return std::ldexp(sum, int(n));
}

SoftmaxTable SoftmaxTable::create(double inputScale) {
  assert(inputScale > 0 && "scales are positive");
  SoftmaxTable table;
  for (int d = 0; d < 256; ++d) {
    double value = double(1 << kFractionBits) * expNonPositive(-inputScale * d);
    table.entries[d] = int32_t(roundToInteger(value, RoundingMode::HalfEven));
  }
  return table;
}

RequantizeParams qnn::softmaxOutputParams(double outputScale, int64_t zeroPoint,
                                          int64_t min, int64_t max) {
  return {float(1.0 / outputScale), zeroPoint, min, max,
          RoundingMode::HalfEven};
}

void qnn::softmaxRow(llvm::ArrayRef<int64_t> input,
                     llvm::MutableArrayRef<int64_t> output,
                     const SoftmaxTable &table,
                     const RequantizeParams &params) {
  assert(input.size() == output.size() && "rows of different length");
  if (input.empty())
    return;
  int64_t max = *std::max_element(input.begin(), input.end());
  int64_t sum = 0;
  for (int64_t level : input) {
    assert(max - level < 256 && "input is wider than 8 bits");
    sum += table.entries[max - level];
  }
  for (auto [level, result] : llvm::zip_equal(input, output)) {
    float probability = float(table.entries[max - level]) / float(sum);
    result = requantizeFloat(probability, params);
  }
}
