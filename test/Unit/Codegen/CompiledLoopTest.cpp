// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is not a contraction, of shapes that leave rests in every dimension, on
// every instruction set that this machine has.

#include "CompareModels.h"
#include "gtest/gtest.h"
#include <regex>

using namespace qnn;

/// `operation` uses %x of type `argument` and gives `result`.
static void expectSame(const std::string &argument, const std::string &result,
                       const std::string &operation) {
  std::string in = "tensor<" + argument + ">", out = "tensor<" + result + ">";
  for (const std::string &cpu : runnableCPUs())
    expectSameBytes("func.func @model(%x: " + in + ") -> " + out +
                        " {\n  %r = " + operation + " : (" + in + ") -> " +
                        out + "\n  return %r : " + out + "\n}\n",
                    /*seed=*/1, cpu);
}

/// Fewer elements than a vector has, a vector and one, the widest and one.
static const std::vector<int64_t> kWidths{1, 3, 17, 65};

TEST(CompiledLoop, Rescale) {
  for (int64_t width : kWidths) {
    std::string shape = dims({3, width});
    expectSame(shape + "f32", shape + "ui8",
               "qnn.rescale %x multiplier(dense<0.37> : tensor<f32>) divide "
               "output_zero_point(7) range(0, 255)");
    expectSame(shape + "si8", shape + "f32",
               "qnn.rescale %x multiplier(dense<0.37> : tensor<f32>) "
               "input_zero_point(-5)");
  }
}

TEST(CompiledLoop, TablesOfBytes) {
  Choices choices(51);
  for (int64_t width : kWidths)
    for (int64_t size : {256, 200, 48})
      for (const char *type : {"ui8", "si8"}) {
        // With 48 or 200 entries, codes are clamped to the first ones.
        std::string shape = dims({width}), wide = "tensor<" + shape + "f32>",
                    code = "tensor<" + shape + type + ">";
        int64_t low = type[0] == 'u' ? 0 : -128;
        std::string text =
            "func.func @model(%x: " + wide + ") -> " + code +
            " {\n  %a = qnn.rescale %x multiplier(dense<1.0> : tensor<f32>) "
            "range(" +
            std::to_string(low) + ", " + std::to_string(low + size - 1) +
            ") : (" + wide + ") -> " + code + "\n  %r = qnn.lookup %a table(" +
            randomCodes(choices, {size}, 8) + " : tensor<" +
            std::to_string(size) + "xi8>) offset(" + std::to_string(low) +
            ") : (" + code + ") -> " + code + "\n  return %r : " + code +
            "\n}\n";
        for (const std::string &cpu : runnableCPUs())
          expectSameBytes(text, 1, cpu);
      }
}

TEST(CompiledLoop, OtherTables) {
  Choices choices(52);
  for (int64_t width : kWidths)
    expectSame(dims({2, width}) + "si8", dims({2, width}) + "f32",
               "qnn.lookup %x table(" + randomFloats(choices, {256}) +
                   " : tensor<256xf32>) offset(-128)");
}

TEST(CompiledLoop, Pools) {
  for (int64_t channels : kWidths) {
    std::string image = dims({2, 7, 5, channels});
    std::string pooled = dims({2, 4, 3, channels});
    std::string window = " kernel [3, 2] strides [2, 2] pad [1, 1, 1, 0]";
    for (const char *type : {"ui8", "si8"})
      expectSame(image + type, pooled + type, "qnn.max_pool2d %x" + window);
    expectSame(image + "f32", pooled + "f32", "qnn.avg_pool2d %x" + window);
    expectSame(image + "ui8", pooled + "i32",
               "qnn.sum_pool2d %x" + window + " input_zero_point(9)");
  }
}

TEST(CompiledLoop, SumsAndMeans) {
  for (int64_t width : kWidths)
    for (const char *axes : {"[1]", "[2]", "[0, 1]", "[0, 2]"}) {
      std::vector<int64_t> shape{3, 5, width}, reduced = shape;
      for (int axis = 0; axis < 3; ++axis)
        if (std::string(axes).find('0' + axis) != std::string::npos)
          reduced[axis] = 1;
      expectSame(dims(shape) + "ui8", dims(reduced) + "i32",
                 std::string("qnn.sum %x axes ") + axes +
                     " input_zero_point(3)");
      expectSame(dims(shape) + "f32", dims(reduced) + "f32",
                 std::string("qnn.mean %x axes ") + axes);
    }
}

TEST(CompiledLoop, Softmax) {
  for (int64_t width : kWidths)
    for (const char *axis : {"0", "1"})
      expectSame(dims({9, width}) + "f32", dims({9, width}) + "f32",
                 std::string("qnn.softmax %x axis(") + axis + ")");
}

TEST(CompiledLoop, Transposes) {
  for (int64_t rows : kWidths)
    for (int64_t columns : {3, 33})
      expectSame(dims({2, rows, columns}) + "ui8",
                 dims({2, columns, rows}) + "ui8",
                 "qnn.transpose %x [0, 2, 1]");
  expectSame("18x37xf32", "37x18xf32", "qnn.transpose %x [1, 0]");
}

/// The transpose is fused with the operation before it.
TEST(CompiledLoop, QuantizedTransposes) {
  for (int64_t channels : {2, 3, 4, 17}) {
    std::string in = "tensor<" + dims({2, channels, 5, 7}) + "f32>",
                codes = "tensor<" + dims({2, channels, 5, 7}) + "ui8>",
                out = "tensor<" + dims({2, 5, 7, channels}) + "ui8>";
    for (const std::string &cpu : runnableCPUs())
      expectSameBytes(
          "func.func @model(%x: " + in + ") -> " + out +
              " {\n  %a = qnn.rescale %x multiplier(dense<2.1> : tensor<f32>) "
              "divide output_zero_point(100) range(0, 255) : (" +
              in + ") -> " + codes +
              "\n  %r = qnn.transpose %a [0, 2, 3, 1] : (" + codes + ") -> " +
              out + "\n  return %r : " + out + "\n}\n",
          1, cpu);
  }
}

/// Readers of a slice, whose rows are not together.
TEST(CompiledLoop, Slices) {
  const std::pair<const char *, const char *> readers[] = {
      {"qnn.max_pool2d %s kernel [1, 1] : (P) -> ", "1x3x2xW"},
      {"qnn.pad %s low [0, 1, 0, 0] high [0, 0, 0, 0] : (P) -> ", "1x4x2xW"},
      {"qnn.transpose %s [0, 3, 1, 2] : (P) -> ", "1xWx3x2"},
      {"tensor.collapse_shape %s [[0, 1, 2], [3]] : P into ", "6xW"},
      {"tensor.concat dim(1) %s, %s : (P, P) -> ", "1x6x2xW"}};
  for (int64_t width : kWidths)
    for (auto [reader, shape] : readers) {
      std::string type = "tensor<" + std::string(shape) + "xsi8>";
      std::string text =
          "!P = tensor<1x3x2xWxsi8>\n!X = tensor<1x5x4xVxsi8>\n"
          "func.func @model(%x: !X) -> " +
          type +
          " {\n  %s = tensor.extract_slice %x[0, 1, 2, 1] [1, 3, 2, W] "
          "[1, 1, 1, 1] : !X to !P\n  %r = " +
          reader + type + "\n  return %r : " + type + "\n}\n";
      text = std::regex_replace(text, std::regex("([( ])P"), "$1!P");
      text = std::regex_replace(text, std::regex("W"), std::to_string(width));
      text =
          std::regex_replace(text, std::regex("V"), std::to_string(width + 2));
      for (const std::string &cpu : runnableCPUs())
        expectSameBytes(text, 1, cpu);
    }
}

TEST(CompiledLoop, PadsAndConcatenations) {
  for (int64_t width : kWidths) {
    std::string in = "tensor<" + dims({3, 4, width}) + "si8>",
                padded = "tensor<" + dims({3, 7, width + 5}) + "si8>",
                out = "tensor<" + dims({3, 14, width + 5}) + "si8>";
    for (const std::string &cpu : runnableCPUs())
      expectSameBytes("func.func @model(%x: " + in + ") -> " + out +
                          " {\n  %p = qnn.pad %x low [0, 1, 2] high [0, 2, 3] "
                          "value(-7.0) : (" +
                          in + ") -> " + padded +
                          "\n  %r = tensor.concat dim(1) %p, %p : (" + padded +
                          ", " + padded + ") -> " + out +
                          "\n  return %r : " + out + "\n}\n",
                      1, cpu);
  }
}
