// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiled convolutions and matrix products of ugly shapes against the
// reference.

#include "CompareModels.h"
#include "gtest/gtest.h"

using namespace qnn;

namespace {

struct ConvShape {
  int64_t batch, height, width, groups, inPerGroup, outPerGroup, kh, kw;
  int64_t strides[2], dilations[2], pad[4];

  int64_t in() const { return groups * inPerGroup; }
  int64_t out() const { return groups * outPerGroup; }
  int64_t outExtent(int axis) const {
    int64_t image = axis ? width : height, kernel = axis ? kw : kh;
    return (image + pad[2 * axis] + pad[2 * axis + 1] -
            dilations[axis] * (kernel - 1) - 1) /
               strides[axis] +
           1;
  }
  std::vector<int64_t> image() const { return {batch, height, width, in()}; }
  std::vector<int64_t> weights() const { return {out(), kh, kw, inPerGroup}; }
  std::vector<int64_t> result() const {
    return {batch, outExtent(0), outExtent(1), out()};
  }
  std::string attributes() const {
    auto list = [](const int64_t *values, int count) {
      std::string text = "[";
      for (int i = 0; i < count; ++i)
        text += (i ? ", " : "") + std::to_string(values[i]);
      return text + "]";
    };
    return " strides " + list(strides, 2) + " pad " + list(pad, 4) +
           " dilations " + list(dilations, 2) + " groups(" +
           std::to_string(groups) + ")";
  }
};

} // namespace

static ConvShape randomShape(Choices &choices) {
  ConvShape shape;
  do {
    shape = {choices.between(1, 2),
             choices.between(1, 7),
             choices.between(1, 7),
             choices.oneOf<int64_t>({1, 1, 2, 3, 5}),
             choices.oneOf<int64_t>({1, 1, 2, 3, 8}),
             choices.oneOf<int64_t>({1, 1, 2, 7, 17}),
             choices.between(1, 3),
             choices.between(1, 3),
             {choices.between(1, 3), choices.between(1, 2)},
             {choices.between(1, 2), choices.between(1, 2)},
             {choices.between(0, 2), choices.between(0, 2),
              choices.between(0, 2), choices.between(0, 2)}};
  } while (shape.height + shape.pad[0] + shape.pad[1] <
               shape.dilations[0] * (shape.kh - 1) + 1 ||
           shape.width + shape.pad[2] + shape.pad[3] <
               shape.dilations[1] * (shape.kw - 1) + 1);
  return shape;
}

static int64_t randomZeroPoint(Choices &choices, const std::string &type) {
  return type == "ui8" ? choices.oneOf<int64_t>({0, 1, 128, 255})
                       : choices.oneOf<int64_t>({0, -128, 127, 3});
}

/// Weights as a constant, or as an argument of the function.
static std::string declareWeights(Choices &choices, bool isConstant,
                                  const std::vector<int64_t> &shape,
                                  const std::string &type) {
  if (!isConstant)
    return "";
  return "  %w = qnn.constant " + randomCodes(choices, shape, 8) +
         " : tensor<" + dims(shape) + "i8> as tensor<" + dims(shape) + type +
         ">\n";
}

static std::string explicitConv(Choices &choices, const ConvShape &shape) {
  auto type = choices.oneOf<std::string>({"ui8", "si8"});
  auto weightsType = choices.oneOf<std::string>({"si8", "si8", "ui8"});
  auto acc = choices.oneOf<std::string>({"i32", "i32", "i64"});
  bool isConstant = choices.between(0, 3), hasBias = choices.between(0, 1);
  std::string image = "tensor<" + dims(shape.image()) + type + ">";
  std::string weights = "tensor<" + dims(shape.weights()) + weightsType + ">";
  std::string bias = "tensor<" + std::to_string(shape.out()) + "xi32>";
  std::string result = "tensor<" + dims(shape.result()) + acc + ">";
  std::string text = "func.func @model(%x: " + image +
                     (isConstant ? "" : ", %w: " + weights) + ") -> " + result +
                     " {\n";
  text += declareWeights(choices, isConstant, shape.weights(), weightsType);
  if (hasBias) {
    // Small enough for i32 sums.
    text += "  %b = arith.constant dense<[";
    for (int64_t i = 0; i < shape.out(); ++i)
      text += (i ? ", " : "") + std::to_string(choices.between(-90000, 90000));
    text += "]> : " + bias + "\n";
  }
  text += "  %r = qnn.conv2d %x, %w" + std::string(hasBias ? " bias(%b)" : "") +
          shape.attributes() + " input_zero_point(" +
          std::to_string(randomZeroPoint(choices, type)) +
          ") weights_zero_point(" +
          std::to_string(randomZeroPoint(choices, weightsType)) + ") : (" +
          image + ", " + weights + (hasBias ? ", " + bias : "") + ") -> " +
          result + "\n  return %r : " + result + "\n}\n";
  return text;
}

TEST(CompiledContraction, ExplicitConvolutions) {
  Choices choices(11);
  for (unsigned i = 0; i < 60; ++i)
    expectSameBytes(explicitConv(choices, randomShape(choices)), i);
}

/// Rows and columns of the kernel that meet padding only are not multiplied.
TEST(CompiledContraction, Borders) {
  const ConvShape shapes[] = {
      {1, 9, 12, 1, 8, 20, 3, 3, {1, 1}, {1, 1}, {1, 1, 1, 1}},
      {1, 7, 7, 1, 12, 70, 3, 3, {1, 1}, {1, 1}, {1, 1, 1, 1}},
      {2, 8, 14, 1, 8, 17, 5, 5, {1, 1}, {1, 1}, {2, 2, 2, 2}},
      {1, 6, 12, 1, 8, 70, 3, 7, {1, 1}, {1, 1}, {1, 1, 3, 3}},
      {1, 11, 13, 1, 4, 33, 3, 3, {2, 2}, {1, 1}, {0, 1, 0, 1}},
      {1, 9, 3, 1, 8, 16, 3, 3, {1, 1}, {1, 1}, {1, 1, 1, 1}},
      {1, 6, 9, 1, 16, 5, 2, 4, {1, 1}, {1, 1}, {1, 0, 3, 2}},
  };
  Choices choices(21);
  for (const ConvShape &shape : shapes)
    for (const std::string &cpu : runnableCPUs())
      for (unsigned i = 0; i < 2; ++i)
        expectSameBytes(explicitConv(choices, shape), i, cpu);
}

TEST(CompiledContraction, FloatConvolutions) {
  Choices choices(12);
  for (unsigned i = 0; i < 25; ++i) {
    ConvShape shape = randomShape(choices);
    std::string image = "tensor<" + dims(shape.image()) + "f32>";
    std::string weights = "tensor<" + dims(shape.weights()) + "f32>";
    std::string bias = "tensor<" + std::to_string(shape.out()) + "xf32>";
    std::string result = "tensor<" + dims(shape.result()) + "f32>";
    std::string clamp = choices.oneOf<std::string>(
        {"", " clamp_min(0.0)", " clamp_min(0.0) clamp_max(6.0)"});
    expectSameBytes("func.func @model(%x: " + image + ") -> " + result +
                        " {\n  %w = arith.constant " +
                        randomFloats(choices, shape.weights()) + " : " +
                        weights + "\n  %b = arith.constant " +
                        randomFloats(choices, {shape.out()}) + " : " + bias +
                        "\n  %r = qnn.conv2d %x, %w bias(%b)" +
                        shape.attributes() + clamp + " : (" + image + ", " +
                        weights + ", " + bias + ") -> " + result +
                        "\n  return %r : " + result + "\n}\n",
                    i);
  }
}

/// Random matrix product of codes; batches, weights as constants or arguments.
static std::string explicitMatMul(Choices &choices) {
  int64_t m = choices.between(1, 5), k = choices.between(1, 33);
  int64_t n = choices.oneOf<int64_t>({1, 2, 7, 16, 33});
  bool batched = choices.between(0, 1);
  bool sharedRhs = !batched || choices.between(0, 1);
  bool isConstant = choices.between(0, 2);
  auto lhsType = choices.oneOf<std::string>({"ui8", "si8"});
  auto rhsType = choices.oneOf<std::string>({"si8", "ui8"});
  auto acc = choices.oneOf<std::string>({"i32", "i64"});
  std::vector<int64_t> lhs{m, k}, rhs{k, n}, out{m, n};
  if (batched) {
    lhs.insert(lhs.begin(), 3);
    out.insert(out.begin(), 3);
  }
  if (!sharedRhs)
    rhs.insert(rhs.begin(), 3);
  std::string lhsText = "tensor<" + dims(lhs) + lhsType + ">";
  std::string rhsText = "tensor<" + dims(rhs) + rhsType + ">";
  std::string outText = "tensor<" + dims(out) + acc + ">";
  return "func.func @model(%x: " + lhsText +
         (isConstant ? "" : ", %w: " + rhsText) + ") -> " + outText + " {\n" +
         declareWeights(choices, isConstant, rhs, rhsType) +
         "  %r = qnn.matmul %x, %w lhs_zero_point(" +
         std::to_string(randomZeroPoint(choices, lhsType)) +
         ") rhs_zero_point(" +
         std::to_string(randomZeroPoint(choices, rhsType)) + ") : (" + lhsText +
         ", " + rhsText + ") -> " + outText + "\n  return %r : " + outText +
         "\n}\n";
}

TEST(CompiledContraction, ExplicitMatrixProducts) {
  Choices choices(13);
  for (unsigned i = 0; i < 40; ++i)
    expectSameBytes(explicitMatMul(choices), i);
}

/// The table is fused into the kernel.
TEST(CompiledContraction, TablesBehindMatrixProducts) {
  Choices choices(16);
  for (int64_t columns : {1, 7, 33})
    for (const char *entry : {"ui8", "f32"}) {
      std::string n = std::to_string(columns);
      std::string table =
          entry == std::string("f32")
              ? randomFloats(choices, {256}) + " : tensor<256xf32>"
              : randomCodes(choices, {256}, 8) + " : tensor<256xi8>";
      expectSameBytes(
          "func.func @model(%x: tensor<3x65xui8>) -> tensor<3x" + n + "x" +
          entry + "> {\n  %w = qnn.constant " +
          randomCodes(choices, {65, columns}, 8) + " : tensor<65x" + n +
          "xi8> as tensor<65x" + n +
          "xsi8>\n  %a = qnn.matmul %x, %w lhs_zero_point(3) : "
          "(tensor<3x65xui8>, tensor<65x" +
          n + "xsi8>) -> tensor<3x" + n +
          "xi32>\n  %c = qnn.rescale %a multiplier(dense<2.0e-3> : "
          "tensor<1xf32>) output_zero_point(132) range(0, 255) : (tensor<3x" +
          n + "xi32>) -> tensor<3x" + n + "xui8>\n  %r = qnn.lookup %c table(" +
          table + ") : (tensor<3x" + n + "xui8>) -> tensor<3x" + n + "x" +
          entry + ">\n  return %r : tensor<3x" + n + "x" + entry + ">\n}\n");
    }
}

TEST(CompiledContraction, SixteenBitActivations) {
  Choices choices(14);
  expectSameBytes("func.func @model(%x: tensor<3x65xsi16>) -> tensor<3x9xi64> "
                  "{\n  %w = qnn.constant " +
                  randomCodes(choices, {65, 9}, 8) +
                  " : tensor<65x9xi8> as tensor<65x9xsi8>\n"
                  "  %r = qnn.matmul %x, %w lhs_zero_point(-32768) : "
                  "(tensor<3x65xsi16>, tensor<65x9xsi8>) -> tensor<3x9xi64>\n"
                  "  return %r : tensor<3x9xi64>\n}\n");
}

TEST(CompiledContraction, FloatMatrixProducts) {
  Choices choices(15);
  expectSameBytes(
      "func.func @model(%x: tensor<2x3x19xf32>, %y: tensor<2x19x5xf32>) -> "
      "tensor<2x3x5xf32> {\n  %b = arith.constant " +
      randomFloats(choices, {5}) +
      " : tensor<5xf32>\n  %r = qnn.matmul %x, %y bias(%b) clamp_min(-10.0) : "
      "(tensor<2x3x19xf32>, tensor<2x19x5xf32>, tensor<5xf32>) -> "
      "tensor<2x3x5xf32>\n  return %r : tensor<2x3x5xf32>\n}\n");
}
