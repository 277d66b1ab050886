// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Integer arithmetic in floats, compiled: bytes of the reference interpreter
// for every kind of type, and numbers at the ends.

#include "CompareModels.h"
#include "gtest/gtest.h"
#include <limits>

using namespace qnn;

static const char *kTypes[] = {
    "!quant.uniform<u8:f32, 0.375:7>",
    "!quant.uniform<i8<-7:7>:f32, 0.1>",
    "!quant.uniform<u8<0:3>:f32, 1.0:1>",
    "!quant.uniform<u16:f32, 0.001:30000>",
    "!quant.uniform<i8:f32:1, {0.5, 0.1, 0.3, 0.25:-3, 1.0}>",
    "!quant.uniform<i8:f32:0, {0.5, 0.1, 0.3:5}>",
    "!quant.uniform<i8:f32:{0:1, 1:5}, {{0.5}, {0.1}, {0.3:2}}>",
    "!qnn.codebook<u2:f32, {-1.0, 0.0, 0.5, 1.75}>",
    "!qnn.pow2<i4:f32, -2:0>",
};

static std::string unary(const std::string &op) {
  return "func.func @model(%x: tensor<3x5xf32>) -> tensor<3x5xf32> {\n  %r = " +
         op +
         " : (tensor<3x5xf32>) -> tensor<3x5xf32>\n"
         "  return %r : tensor<3x5xf32>\n}\n";
}

static Tensor makeExtremes() {
  const float inf = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float values[] = {0,     -0.0f,  0.25f, -0.25f, 0.05f,
                          0.35f, -0.15f, 1e30f, -inf,   inf,
                          nan,   0.5f,   -0.5f, 1.5f,   1e-40f};
  return Tensor::fromValues<float>({3, 5}, values);
}

TEST(CompiledSimulation, FakeQuantize) {
  for (std::string type : kTypes)
    for (std::string rounding :
         {"", " rounding(half_away)", " rounding(half_up)", " rounding(floor)",
          " rounding(toward_zero)"}) {
      std::string op = "qnn.fake_quantize %x as " + type;
      expectSameBytesOn(unary(op + rounding), makeExtremes());
      if (type.find("qnn") == std::string::npos)
        expectSameBytesOn(unary(op + " codes" + rounding), makeExtremes());
    }
}

TEST(CompiledSimulation, WideCodes) {
  for (const char *type :
       {"!quant.uniform<i32:f32, 0.00000762939453125>",
        "!quant.uniform<i32:f32:1, {0.5, 0.00000762939453125, 1.0, "
        "0.00000011920928955078125, 0.0029296875}>"})
    for (const char *part : {"", " codes", " high", " low"}) {
      std::string op = std::string("qnn.fake_quantize %x as ") + type + part;
      expectSameBytesOn(unary(op), makeExtremes());
      expectSameBytes(unary(op));
    }
}

TEST(CompiledSimulation, Gradients) {
  for (std::string type : kTypes) {
    bool isUniform = type.find("qnn") == std::string::npos;
    for (std::string suffix :
         {"", " codes", " codes of_scale", " margin(0.5)"}) {
      if (!isUniform && !suffix.empty())
        continue;
      expectSameBytes("func.func @model(%dy: tensor<3x5xf32>, %x: "
                      "tensor<3x5xf32>) -> tensor<3x5xf32> {\n  %r = "
                      "qnn.fake_quantize_gradient %dy, %x as " +
                      type + suffix +
                      " : (tensor<3x5xf32>, tensor<3x5xf32>) -> "
                      "tensor<3x5xf32>\n  return %r : tensor<3x5xf32>\n}\n");
    }
  }
}

TEST(CompiledSimulation, ScaleOperands) {
  // Random scales may be 0 or negative: divisions by them agree, too.
  for (const char *scale : {"", "1x", "5x", "3x1x"})
    for (const char *op :
         {"qnn.fake_quantize %x scale(%s) as !quant.uniform<i8<-7:7>:f32, "
          "1.0> codes : (tensor<3x5xf32>",
          "qnn.fake_quantize_gradient %x, %x scale(%s) as "
          "!quant.uniform<i8<-7:7>:f32, 1.0> codes of_scale : "
          "(tensor<3x5xf32>, tensor<3x5xf32>"}) {
      std::string type = "tensor<" + std::string(scale) + "f32>";
      expectSameBytes("func.func @model(%x: tensor<3x5xf32>, %s: " + type +
                      ") -> tensor<3x5xf32> {\n  %r = " + op + ", " + type +
                      ") -> tensor<3x5xf32>\n  return %r : "
                      "tensor<3x5xf32>\n}\n");
    }
}

TEST(CompiledSimulation, ExactSums) {
  expectSameBytes("func.func @model(%x: tensor<7x19xf32>, %y: tensor<19xf32>, "
                  "%z: tensor<7x1xf32>) -> tensor<7x19xf32> {\n"
                  "  %r = qnn.exact_sum %x, %y, %z : (tensor<7x19xf32>, "
                  "tensor<19xf32>, tensor<7x1xf32>) -> tensor<7x19xf32>\n"
                  "  return %r : tensor<7x19xf32>\n}\n");
}

TEST(CompiledSimulation, Multipliers) {
  expectSameBytes(R"(
    func.func @model(%x: tensor<f32>, %w: tensor<19xf32>, %y: tensor<f32>,
                     %n: tensor<5x1xf32>) -> (tensor<5x19xf32>, tensor<f32>) {
      %0 = qnn.requantize_multiplier %x weights(%w) to %y count(%n) :
        (tensor<f32>, tensor<19xf32>, tensor<f32>, tensor<5x1xf32>)
        -> tensor<5x19xf32>
      %1 = qnn.requantize_multiplier %x to %y :
        (tensor<f32>, tensor<f32>) -> tensor<f32>
      return %0, %1 : tensor<5x19xf32>, tensor<f32>
    })");
}

/// Accumulator, multiplication, rounding and residual of a simulated layer.
TEST(CompiledSimulation, Epilogue) {
  expectSameBytes(R"(
    func.func @model(%x: tensor<2x5x6x3xf32>, %w: tensor<19x3x3x3xf32>,
                     %m: tensor<19xf32>, %r: tensor<2x5x6x19xf32>)
        -> tensor<2x5x6x19xf32> {
      %0 = qnn.conv2d %x, %w pad [1, 1, 1, 1] :
        (tensor<2x5x6x3xf32>, tensor<19x3x3x3xf32>) -> tensor<2x5x6x19xf32>
      %1 = qnn.mul %0, %m :
        (tensor<2x5x6x19xf32>, tensor<19xf32>) -> tensor<2x5x6x19xf32>
      %2 = qnn.fake_quantize %1 as !quant.uniform<u8<3:255>:f32, 1.0:3> :
        (tensor<2x5x6x19xf32>) -> tensor<2x5x6x19xf32>
      %3 = qnn.add %2, %r :
        (tensor<2x5x6x19xf32>, tensor<2x5x6x19xf32>) -> tensor<2x5x6x19xf32>
      return %3 : tensor<2x5x6x19xf32>
    })");
}
