// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// TFLite's requantization, compiled, against the reference: on the numbers
// where roundings and shifts go wrong.

#include "CompareModels.h"
#include "llvm/ADT/StringRef.h"
#include "gtest/gtest.h"

using namespace qnn;

static const char *kModes[] = {"tflite_single", "tflite_double"};

/// Ends of the range, powers of two with their neighbours and the ties half way
/// between them, small numbers, and some that have no pattern.
static std::vector<int32_t> uglyNumbers() {
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
  Choices choices(31);
  for (int i = 0; i < 50; ++i)
    numbers.push_back(int32_t(choices.between(INT32_MIN, INT32_MAX)));
  return numbers;
}

/// Each number in a row of its own, once for each channel.
static Tensor repeatForChannels(const std::vector<int32_t> &numbers,
                                int64_t channels) {
  Tensor tensor({int64_t(numbers.size()), channels}, ElementKind::I32);
  for (int64_t i = 0, e = tensor.getNumElements(); i < e; ++i)
    tensor.data<int32_t>()[i] = numbers[i / channels];
  return tensor;
}

/// A rescale of `input` to `result`, with arrays as text.
static void expectSame(const Tensor &input, const std::string &inputElement,
                       const std::string &multipliers,
                       const std::string &shifts, const std::string &output,
                       const std::string &resultElement, const char *mode) {
  std::string shape =
      "tensor<" + dims({input.getShape().begin(), input.getShape().end()});
  std::string argument = shape + inputElement + ">";
  std::string result = shape + resultElement + ">";
  expectSameBytesOn("func.func @model(%x: " + argument + ") -> " + result +
                        " {\n  %r = qnn.fixed_point_rescale %x multiplier [" +
                        multipliers + "] shift [" + shifts + "] " + output +
                        " requantization(" + mode + ") : (" + argument +
                        ") -> " + result + "\n  return %r : " + result +
                        "\n}\n",
                    input);
}

/// Every shift with the ends of the mantissas, each a channel of its own. With
/// the wide range nearly every bit can be seen.
TEST(CompiledFixedPoint, EveryShiftByChannel) {
  std::string multipliers, shifts;
  int64_t channels = 0;
  for (int shift = -31; shift <= 30; ++shift)
    for (const char *mantissa :
         {"0", "1073741824", "1073741825", "1288490189", "2147483647"}) {
      multipliers += (channels ? ", " : "") + std::string(mantissa);
      shifts += (channels ? ", " : "") + std::to_string(shift);
      ++channels;
    }
  Tensor input = repeatForChannels(uglyNumbers(), channels);
  for (const char *mode : kModes) {
    expectSame(input, "i32", multipliers, shifts,
               "range(-1073741824, 1073741824)", "i32", mode);
    expectSame(input, "i32", multipliers, shifts,
               "output_zero_point(-7) range(-128, 127)", "si8", mode);
  }
}

/// One multiplier is a constant of the code: shifts by 0 disappear.
TEST(CompiledFixedPoint, OneMultiplier) {
  Tensor input = repeatForChannels(uglyNumbers(), 3);
  for (const char *mode : kModes)
    for (const char *shift : {"-31", "-8", "-1", "0", "1", "5", "30"}) {
      expectSame(input, "i32", "1073741824", shift,
                 "range(-1073741824, 1073741824)", "i32", mode);
      expectSame(input, "i32", "1932735283", shift,
                 "output_zero_point(128) range(3, 255)", "ui8", mode);
    }
}

/// Codes as input: qnn.requantize.
TEST(CompiledFixedPoint, Codes) {
  Tensor bytes({256}, ElementKind::U8);
  for (int64_t i = 0; i < 256; ++i)
    bytes.data<uint8_t>()[i] = uint8_t(i);
  Tensor words({6}, ElementKind::S16);
  int16_t ends[] = {-32768, -32767, -1, 0, 1, 32767};
  std::copy(std::begin(ends), std::end(ends), words.data<int16_t>().begin());
  for (const char *mode : kModes)
    for (const char *shift : {"-3", "0", "2"}) {
      expectSame(bytes, "ui8", "1288490189", shift,
                 "input_zero_point(128) output_zero_point(-3) range(-128, 127)",
                 "si8", mode);
      expectSame(words, "si16", "1073741824", shift,
                 "input_zero_point(-32768) range(-32768, 32767)", "si16", mode);
    }
}
