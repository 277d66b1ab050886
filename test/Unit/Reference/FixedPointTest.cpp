// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// TFLite's requantization in the interpreter: against formulas in 128 bits, and
// by hand.

#include "TestUtils.h"
#include "llvm/Support/FormatVariadic.h"
#include <algorithm>
#include <cmath>

using namespace qnn;
using namespace qnn::test;
using llvm::formatv;

namespace {
/// floor(number / 2^shift + 1/2).
__int128 roundHalfUp(__int128 number, int shift) {
  __int128 divisor = __int128(1) << shift;
  __int128 twice = 2 * number + divisor;
  __int128 quotient = twice / (2 * divisor);
  return quotient - (twice % (2 * divisor) < 0);
}

__int128 roundHalfAway(__int128 number, int shift) {
  __int128 magnitude = roundHalfUp(number < 0 ? -number : number, shift);
  return number < 0 ? -magnitude : magnitude;
}

/// The number of 32 bits that is equal modulo 2^32.
__int128 wrap(__int128 number) {
  __int128 modulus = __int128(1) << 32;
  __int128 rest = ((number % modulus) + modulus) % modulus;
  return rest >= modulus / 2 ? rest - modulus : rest;
}

int64_t clampTo(__int128 number, int64_t min, int64_t max) {
  return int64_t(std::max<__int128>(min, std::min<__int128>(max, number)));
}

__int128 single(int64_t acc, int64_t mantissa, int shift) {
  return roundHalfUp(__int128(acc) * mantissa, 31 - shift);
}

__int128 twoRoundings(int64_t acc, int64_t mantissa, int shift) {
  __int128 shifted = wrap(__int128(acc) * (__int128(1) << std::max(shift, 0)));
  return roundHalfAway(roundHalfUp(shifted * mantissa, 31),
                       std::max(-shift, 0));
}

/// Ends, powers of two with their neighbours, ties half way between them, small
/// numbers; of both signs.
std::vector<int32_t> uglyNumbers() {
  std::vector<int32_t> numbers = {INT32_MIN, INT32_MIN + 1, INT32_MAX};
  for (int bit = 2; bit < 31; ++bit) {
    int32_t power = 1 << bit;
    for (int32_t near : {power - 1, power, power + 1, power + power / 2}) {
      numbers.push_back(near);
      numbers.push_back(-near);
    }
  }
  for (int32_t small = -20; small <= 20; ++small)
    numbers.push_back(small);
  return numbers;
}

TEST(FixedPointRescale, EqualsTheFormulasIn128Bits) {
  std::vector<int32_t> accumulators = uglyNumbers();
  int64_t count = accumulators.size();
  for (int32_t mantissa : {0, 1 << 30, (1 << 30) + 1, 1288490189, INT32_MAX})
    for (int shift = -31; shift <= 30; ++shift)
      for (const char *mode : {"tflite_single", "tflite_double"}) {
        bool isSingle = mode == llvm::StringRef("tflite_single");
        std::vector<int32_t> expected;
        for (int32_t acc : accumulators) {
          __int128 scaled = isSingle ? single(acc, mantissa, shift)
                                     : twoRoundings(acc, mantissa, shift);
          expected.push_back(clampTo(scaled + 7, -1073741816, 1073741824));
        }
        std::string op = formatv("qnn.fixed_point_rescale %0 multiplier [{0}] "
                                 "shift [{1}] output_zero_point(7) "
                                 "range(-1073741816, 1073741824) "
                                 "requantization({2})",
                                 mantissa, shift, mode);
        ASSERT_EQ(interpretOne(oneOp(op, formatv("(tensor<{0}xi32>) -> "
                                                 "tensor<{0}xi32>",
                                                 count)),
                               {i32({count}, accumulators)}),
                  i32({count}, expected))
            << op;
      }
}

TEST(FixedPointRescale, ChannelsZeroPointsAndRange) {
  runCases({
      // 3 / 8 is 0 in one rounding and 1 in two; 3 / 2 = 1.5 and -3 / 2 = -1.5
      // are ties upwards in the high multiplication.
      {"qnn.fixed_point_rescale %0 multiplier [1073741824, 1073741824] shift "
       "[-2, 0] range(-128, 127) requantization(tflite_single)",
       "(tensor<2x2xi32>) -> tensor<2x2xsi8>",
       {i32({2, 2}, {3, 3, -3, -3})},
       s8({2, 2}, {0, 2, 0, -1})},
      {"qnn.fixed_point_rescale %0 multiplier [1073741824, 1073741824] shift "
       "[-2, 0] range(-128, 127) requantization(tflite_double)",
       "(tensor<2x2xi32>) -> tensor<2x2xsi8>",
       {i32({2, 2}, {3, 3, -3, -3})},
       s8({2, 2}, {1, 2, 0, -1})},
      // (q + 128) * 2 - 5, clamped.
      {"qnn.fixed_point_rescale %0 multiplier [1073741824] shift [2] "
       "input_zero_point(-128) output_zero_point(-5) range(-6, 100) "
       "requantization(tflite_double)",
       "(tensor<4xsi8>) -> tensor<4xsi8>",
       {s8({4}, {-128, -127, 0, 127})},
       s8({4}, {-5, -3, 100, 100})},
  });
}

/// Accumulators of both signs from codes 10 + a, all products with one weight.
TEST(QuantizedForms, UseTheMultipliersOfTflite) {
  const char *aliases = "!x = !quant.uniform<u8:f32, 0.5:10>\n"
                        "!w = !quant.uniform<i8:f32, 0.25>\n"
                        "!p = !quant.uniform<i8:f32:1, {0.25, 0.125}>\n"
                        "!c = !quant.uniform<i8:f32:0, {0.25, 0.125}>\n"
                        "!y = !quant.uniform<i8:f32, 1.0:-1>\n";
  Tensor x = u8({4, 1}, {13, 7, 11, 9});
  std::string mode = "requantization(tflite_double)";
  // 1/8: 3 -> 1 (by 2, then by 4), -3 -> -1 / 4 = 0, 1 -> 1 / 4 = 0.
  runCases({{"qnn.matmul %0, %1 " + mode,
             "(tensor<4x1x!x>, tensor<1x1x!w>) -> tensor<4x1x!y>",
             {x, s8({1, 1}, {1})},
             s8({4, 1}, {0, -1, -1, -1})},
            // 12 / 16: 12 / 2 = 6, 6 / 8 = 0.75 -> 1.
            {"qnn.matmul %0, %1 " + mode,
             "(tensor<4x1x!x>, tensor<1x2x!p>) -> tensor<4x2x!y>",
             {x, s8({1, 2}, {1, 4})},
             s8({4, 2}, {0, 0, -1, -2, -1, -1, -1, -1})},
            {"qnn.conv2d %0, %1 clamp_min(-1.0) " + mode,
             "(tensor<1x4x1x1x!x>, tensor<2x1x1x1x!c>) -> tensor<1x4x1x2x!y>",
             {u8({1, 4, 1, 1}, {13, 7, 11, 9}), s8({2, 1, 1, 1}, {1, 12})},
             s8({1, 4, 1, 2}, {0, 1, -1, -2, -1, 0, -1, -2})},
            {"qnn.mul %0, %1 " + mode,
             "(tensor<4x1x!x>, tensor<1x1x!w>) -> tensor<4x1x!y>",
             {x, s8({1, 1}, {1})},
             s8({4, 1}, {0, -1, -1, -1})},
            // 0.5: ties upwards.
            {"qnn.requantize %0 " + mode,
             "(tensor<4x1x!x>) -> tensor<4x1x!y>",
             {x},
             s8({4, 1}, {1, -2, 0, -1})}},
           aliases);
}

/// 6 / 12 = 0.5 is a tie, which ONNX takes to 0 and TFLite to 1.
TEST(QuantizedForms, BoundsAreTflites) {
  std::string types = "(tensor<1x1x!quant.uniform<u8:f32, 12.0>>, "
                      "tensor<1x1x!quant.uniform<i8:f32, 1.0>>) -> "
                      "tensor<1x1x!quant.uniform<i8:f32, 12.0>>";
  std::vector<Tensor> inputs = {u8({1, 1}, {9}), s8({1, 1}, {1})};
  runCases(
      {{"qnn.matmul %0, %1 clamp_max(6.0)", types, inputs, s8({1, 1}, {0})},
       {"qnn.matmul %0, %1 clamp_max(6.0) requantization(tflite_single)", types,
        inputs, s8({1, 1}, {1})}});
}

TEST(QuantizedForms, RefuseWideAccumulators) {
  // 65535 * 32767 = 2147385345 fits, twice that does not.
  std::string types = "(tensor<1x2x!quant.uniform<u16:f32, 1.0>>, "
                      "tensor<2x1x!quant.uniform<i16:f32, 1.0>>) -> "
                      "tensor<1x1x!quant.uniform<i8:f32, 1.0>>";
  expectError(oneOp("qnn.matmul %0, %1 requantization(tflite_double)", types),
              {make<uint16_t>({1, 2}, {65535, 65535}),
               make<int16_t>({2, 1}, {32767, 32767})},
              "accumulator 4294770690 does not fit i32");
}
} // namespace
