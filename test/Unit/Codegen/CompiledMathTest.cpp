// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Elementary functions, comparisons, labels and random numbers, compiled: bytes
// of the reference interpreter on every instruction set that this machine has,
// over shapes that leave rests.

#include "CompareModels.h"
#include "gtest/gtest.h"
#include <cmath>
#include <limits>

using namespace qnn;

/// A model of operations on %x, %y, ... whose last one defines %r.
static std::string model(const std::string &arguments,
                         const std::string &result, const std::string &body) {
  return "func.func @model(" + arguments + ") -> " + result + " {\n" + body +
         " -> " + result + "\n  return %r : " + result + "\n}\n";
}

static std::string unary(const std::string &name, const std::string &type) {
  return model("%x: " + type, type,
               "  %r = qnn." + name + " %x : (" + type + ")");
}

static const char *const kFunctions[] = {"abs",  "exp",  "log", "sigmoid",
                                         "sign", "sqrt", "tanh"};

TEST(CompiledMath, FunctionsOfOneElement) {
  for (const std::string &cpu : runnableCPUs())
    for (const char *name : kFunctions)
      for (const char *type : {"tensor<3x37xf32>", "tensor<1xf32>"})
        expectSameBytes(unary(name, type), 1, cpu);
}

/// Every exponent, and what is no number.
TEST(CompiledMath, FunctionsOfExtremeNumbers) {
  const float inf = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  std::vector<float> values = {0.0f, -0.0f, inf, -inf, nan, -nan};
  for (int exponent = -149; exponent < 128; ++exponent)
    for (float mantissa : {1.0f, 1.37f, 1.9999999f})
      for (float sign : {1.0f, -1.0f})
        values.push_back(sign * std::ldexp(mantissa, exponent));
  int64_t size = values.size();
  std::string type = "tensor<" + std::to_string(size) + "xf32>";
  for (const char *name : kFunctions)
    expectSameBytesOn(unary(name, type),
                      {Tensor::fromValues<float>({size}, values)});
}

TEST(CompiledMath, FunctionsOfTwoElements) {
  const char *shapes[][3] = {
      {"3x37", "3x37", "3x37"}, {"2x1x19", "5x1", "2x5x19"}, {"", "17", "17"}};
  for (const std::string &cpu : runnableCPUs())
    for (const char *name : {"div", "maximum", "minimum"})
      for (auto [left, right, out] : shapes) {
        auto tensor = [](const char *shape) {
          return "tensor<" + std::string(shape) + (*shape ? "x" : "") + "f32>";
        };
        std::string x = tensor(left), y = tensor(right);
        expectSameBytes(model("%x: " + x + ", %y: " + y, tensor(out),
                              "  %r = qnn." + std::string(name) +
                                  " %x, %y : (" + x + ", " + y + ")"),
                        1, cpu);
      }
}

TEST(CompiledMath, LogSoftmax) {
  for (const std::string &cpu : runnableCPUs()) {
    std::string rows = "tensor<5x19xf32>", columns = "tensor<2x3x17xf32>";
    expectSameBytes(model("%x: " + rows, rows,
                          "  %r = qnn.log_softmax %x axis(1) : (" + rows + ")"),
                    1, cpu);
    expectSameBytes(
        model("%x: " + columns, columns,
              "  %r = qnn.log_softmax %x axis(1) : (" + columns + ")"),
        1, cpu);
  }
}

TEST(CompiledMath, OneHot) {
  int32_t labels[] = {0, 18, 19, -1, 7, std::numeric_limits<int32_t>::min()};
  expectSameBytesOn(
      model("%x: tensor<2x3xi32>", "tensor<2x3x19xf32>",
            "  %r = qnn.one_hot %x depth(19) : (tensor<2x3xi32>)"),
      {Tensor::fromValues<int32_t>({2, 3}, labels)});
  expectSameBytesOn(model("%x: tensor<i32>", "tensor<1xf32>",
                          "  %r = qnn.one_hot %x depth(1) : (tensor<i32>)"),
                    {Tensor::fromValues<int32_t>({}, 0)});
  // Bytes are not signed.
  uint8_t bytes[] = {0, 127, 128, 199, 200, 255};
  expectSameBytesOn(
      model("%x: tensor<2x3xui8>", "tensor<2x3x200xf32>",
            "  %r = qnn.one_hot %x depth(200) : (tensor<2x3xui8>)"),
      {Tensor::fromValues<uint8_t>({2, 3}, bytes)});
}

TEST(CompiledMath, RandomUniform) {
  for (const std::string &cpu : runnableCPUs()) {
    expectSameBytes(
        model("%x: tensor<i32>", "tensor<3x5x7xf32>",
              "  %r = qnn.random_uniform %x stream(4) : (tensor<i32>)"),
        1, cpu);
    expectSameBytes(model("%x: tensor<2xi32>", "tensor<133xf32>",
                          "  %r = qnn.random_uniform %x stream(2147483647) : "
                          "(tensor<2xi32>)"),
                    2, cpu);
    expectSameBytes(
        model("%x: tensor<i32>", "tensor<f32>",
              "  %r = qnn.random_uniform %x stream(0) : (tensor<i32>)"),
        3, cpu);
  }
}

TEST(CompiledMath, StraightThrough) {
  std::string type = "tensor<3x7xf32>";
  expectSameBytes(model("%x: " + type + ", %y: " + type, type,
                        "  %r = qnn.straight_through %x, %y : (" + type + ", " +
                            type + ")"));
}
