// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every other operation, compiled, against the reference.

#include "CompareModels.h"
#include "qnn/Quantization/SoftmaxTable.h"
#include "gtest/gtest.h"

using namespace qnn;

/// A function of one argument: `operation` uses %x and has the type `result`.
static void expectSame(const std::string &argument, const std::string &result,
                       const std::string &operation, unsigned seed = 1) {
  expectSameBytes("func.func @model(%x: tensor<" + argument + ">) -> tensor<" +
                      result + "> {\n  %r = " + operation + " : (tensor<" +
                      argument + ">) -> tensor<" + result +
                      ">\n  return %r : tensor<" + result + ">\n}\n",
                  seed);
}

/// Multiples of 1/4: every second one is a tie for the multiplier 2.
TEST(CompiledRescale, RoundsInEveryMode) {
  for (const char *mode :
       {"half_even", "half_away", "half_up", "floor", "toward_zero"})
    for (const char *multiplier : {"2.0", "0.37", "-1.0", "1000.0"})
      expectSame("7x9xf32", "7x9xui8",
                 std::string("qnn.rescale %x multiplier(dense<") + multiplier +
                     "> : tensor<f32>) output_zero_point(128) range(0, 255) "
                     "rounding(" +
                     mode + ")");
}

TEST(CompiledRescale, DividesByChannel) {
  Choices choices(21);
  expectSame("5x9xf32", "5x9xsi8",
             "qnn.rescale %x multiplier(" + randomFloats(choices, {9}) +
                 " : tensor<9xf32>) divide output_zero_point(-7) "
                 "range(-127, 126)");
  expectSame("5x3x9xsi16", "5x3x9xf32",
             "qnn.rescale %x multiplier(" + randomFloats(choices, {3, 1}) +
                 " : tensor<3x1xf32>) input_zero_point(-32768)");
}

TEST(CompiledRescale, TakesWideIntegers) {
  for (const char *type : {"i32", "i64", "ui16"})
    for (const char *zeroPoint : {"0", "100"})
      expectSame("65x" + std::string(type), "65xui8",
                 "qnn.rescale %x multiplier(dense<3.0e-2> : tensor<1xf32>) "
                 "input_zero_point(" +
                     std::string(zeroPoint) + ") range(3, 250)");
}

TEST(CompiledRescale, GivesWideAndNarrowIntegers) {
  expectSame("33xf32", "33xsi16",
             "qnn.rescale %x multiplier(dense<100.0> : tensor<f32>) "
             "range(-32768, 32767)");
  expectSame("33xf32", "33xi32",
             "qnn.rescale %x multiplier(dense<10000.0> : tensor<f32>) "
             "range(-4194304, 4194304)");
  expectSameBytes(R"(func.func @model(%x: tensor<33xf32>) -> tensor<33xui8> {
    %a = qnn.rescale %x multiplier(dense<0.1> : tensor<f32>)
      output_zero_point(8) range(0, 15) : (tensor<33xf32>) -> tensor<33xui4>
    %r = qnn.lookup %a table(dense<[0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33,
      36, 39, 42, -1]> : tensor<16xi8>) : (tensor<33xui4>) -> tensor<33xui8>
    return %r : tensor<33xui8>
  })");
}

TEST(CompiledLookup, OneTableOrOneForEachChannel) {
  Choices choices(22);
  expectSame("3x50xui8", "3x50xsi8",
             "qnn.lookup %x table(" + randomCodes(choices, {256}, 8) +
                 " : tensor<256xi8>)");
  expectSame("70x3xsi8", "70x3xui8",
             "qnn.lookup %x table(" + randomCodes(choices, {3, 256}, 8) +
                 " : tensor<3x256xi8>) offset(-128)");
  expectSame("70xui8", "70xf32",
             "qnn.lookup %x table(" + randomFloats(choices, {256}) +
                 " : tensor<256xf32>)");
}

TEST(CompiledBucketize, CountsBoundaries) {
  expectSame("4x41xf32", "4x41xui8",
             "qnn.bucketize %x boundaries(dense<[-100.0, -1.25, 0.0, 0.25, "
             "7.5]> : tensor<5xf32>) offset(3)");
}

static std::string window(Choices &choices, int64_t &oh, int64_t &ow) {
  int64_t k[2], s[2], p[4], d[2];
  int64_t image[2] = {6, 5}, out[2];
  for (int axis = 0; axis < 2; ++axis) {
    k[axis] = choices.between(1, 3);
    s[axis] = choices.between(1, 3);
    d[axis] = choices.between(1, 2);
    int64_t extent = d[axis] * (k[axis] - 1) + 1;
    p[2 * axis] = choices.between(0, std::min<int64_t>(2, extent - 1));
    p[2 * axis + 1] = choices.between(0, std::min<int64_t>(2, extent - 1));
    out[axis] =
        (image[axis] + p[2 * axis] + p[2 * axis + 1] - extent) / s[axis] + 1;
  }
  oh = out[0];
  ow = out[1];
  auto pair = [](const int64_t *v) {
    return "[" + std::to_string(v[0]) + ", " + std::to_string(v[1]) + "]";
  };
  return " kernel " + pair(k) + " strides " + pair(s) + " pad [" +
         std::to_string(p[0]) + ", " + std::to_string(p[1]) + ", " +
         std::to_string(p[2]) + ", " + std::to_string(p[3]) + "] dilations " +
         pair(d);
}

TEST(CompiledPool, AllKindsOfWindows) {
  Choices choices(23);
  for (unsigned i = 0; i < 8; ++i) {
    int64_t oh, ow;
    std::string attributes = window(choices, oh, ow);
    std::string out =
        "2x" + std::to_string(oh) + "x" + std::to_string(ow) + "x3x";
    for (std::string type : {"ui8", "si8", "f32"})
      expectSame("2x6x5x3x" + type, out + type,
                 "qnn.max_pool2d %x" + attributes, i);
    expectSame("2x6x5x3xf32", out + "f32", "qnn.avg_pool2d %x" + attributes, i);
    expectSame("2x6x5x3xf32", out + "f32",
               "qnn.avg_pool2d %x" + attributes + " count_include_pad", i);
    expectSame("2x6x5x3xui8", out + "i32",
               "qnn.sum_pool2d %x" + attributes + " input_zero_point(255)", i);
  }
}

TEST(CompiledReduction, MeanAndSum) {
  expectSame("2x3x4x5xf32", "2x1x1x5xf32", "qnn.mean %x axes [1, 2]");
  expectSame("2x3x4x5xf32", "1x3x4x1xf32", "qnn.mean %x axes [0, 3]");
  expectSame("2x7xf32", "1x1xf32", "qnn.mean %x axes [0, 1]");
  expectSame("2x3x4x5xsi8", "2x3x1x5xi32",
             "qnn.sum %x axes [2] input_zero_point(-128)");
}

TEST(CompiledSoftmax, Float) {
  expectSame("3x11xf32", "3x11xf32", "qnn.softmax %x axis(1)");
  expectSame("3x5x2xf32", "3x5x2xf32", "qnn.softmax %x axis(1)");
  // Small distances, where every step of the exponential counts.
  expectSameBytes(R"(func.func @model(%x: tensor<9x40xf32>)
      -> tensor<9x40xf32> {
    %a = qnn.rescale %x multiplier(dense<0.03> : tensor<f32>)
      : (tensor<9x40xf32>) -> tensor<9x40xf32>
    %r = qnn.softmax %a axis(1) : (tensor<9x40xf32>) -> tensor<9x40xf32>
    return %r : tensor<9x40xf32>
  })");
}

static std::string makeIntegerSoftmax(double inputScale,
                                      const std::string &axis) {
  std::string entries;
  for (int32_t entry : SoftmaxTable::create(inputScale).entries)
    entries += (entries.empty() ? "" : ", ") + std::to_string(entry);
  return "qnn.integer_softmax %x axis(" + axis + ") table(dense<[" + entries +
         "]> : tensor<256xi32>) multiplier(2.56e2) range(0, 255)";
}

TEST(CompiledSoftmax, Integer) {
  for (std::string type : {"ui8", "si8"})
    for (const char *axis : {"0", "1"})
      expectSame("3x270x" + type, "3x270xui8", makeIntegerSoftmax(0.05, axis));
}

TEST(CompiledSoftmax, IntegerSumAroundTheLargestI32) {
  // All entries are about 2^23.
  for (const char *shape : {"2x254x", "2x255x", "2x256x", "2x257x"})
    expectSame(std::string(shape) + "ui8", std::string(shape) + "ui8",
               makeIntegerSoftmax(1e-9, "1"));
}

TEST(CompiledElementwise, FloatWithBroadcasting) {
  for (std::string op : {"add", "sub", "mul"})
    expectSameBytes("func.func @model(%x: tensor<2x1x5xf32>, %y: "
                    "tensor<3x1xf32>) -> tensor<2x3x5xf32> {\n  %r = qnn." +
                    op +
                    " %x, %y clamp_min(-50.0) clamp_max(1.0e3) : "
                    "(tensor<2x1x5xf32>, tensor<3x1xf32>) -> "
                    "tensor<2x3x5xf32>\n  return %r : tensor<2x3x5xf32>\n}\n");
}

TEST(CompiledElementwise, IntegerProduct) {
  expectSameBytes(R"(func.func @model(%x: tensor<4x5xui8>, %y: tensor<5xsi8>)
      -> tensor<4x5xi32> {
    %r = qnn.mul %x, %y lhs_zero_point(255) rhs_zero_point(-128)
      : (tensor<4x5xui8>, tensor<5xsi8>) -> tensor<4x5xi32>
    return %r : tensor<4x5xi32>
  })");
}

TEST(CompiledElementwise, ClampAndNormalize) {
  expectSame("37xf32", "37xf32", "qnn.clamp %x clamp_max(6.0)");
  expectSame("4x3xui8", "4x3xf32",
             "qnn.normalize %x mean [1.5, 2.0, 127.0] scale [0.5, 0.01, 3.0]");
  expectSame("4x3xf32", "4x3xf32", "qnn.normalize %x mean [1.5] scale [0.1]");
}

TEST(CompiledMovement, TransposePadConcatReshape) {
  expectSame("2x3x4xui8", "4x2x3xui8", "qnn.transpose %x [2, 0, 1]");
  expectSame("2x3xui8", "4x3xui8",
             "qnn.pad %x low [1, 0] high [1, 0] value(200.0)");
  expectSame("2x3xf32", "2x6xf32", "qnn.pad %x low [0, 2] high [0, 1]");
  expectSameBytes(R"(func.func @model(%x: tensor<2x3xsi8>, %y: tensor<2x1xsi8>)
      -> tensor<8xsi8> {
    %c = tensor.concat dim(1) %x, %y
      : (tensor<2x3xsi8>, tensor<2x1xsi8>) -> tensor<2x4xsi8>
    %r = tensor.collapse_shape %c [[0, 1]] : tensor<2x4xsi8> into tensor<8xsi8>
    return %r : tensor<8xsi8>
  })");
}

TEST(CompiledEntry, ReturnsInputsConstantsAndTheSameTwice) {
  expectSameBytes(R"(func.func @model(%x: tensor<5xf32>)
      -> (tensor<5xf32>, tensor<2xf32>, tensor<5xf32>, tensor<5xf32>) {
    %c = arith.constant dense<[1.0, 2.0]> : tensor<2xf32>
    %r = qnn.clamp %x clamp_min(0.0) : (tensor<5xf32>) -> tensor<5xf32>
    return %x, %c, %r, %r
      : tensor<5xf32>, tensor<2xf32>, tensor<5xf32>, tensor<5xf32>
  })");
}

/// A residual: the second use of %a must see it as it was.
TEST(CompiledEntry, KeepsValuesUntilTheirLastUse) {
  expectSameBytes(R"(func.func @model(%x: tensor<6xf32>) -> tensor<6xf32> {
    %a = qnn.clamp %x clamp_min(0.0) : (tensor<6xf32>) -> tensor<6xf32>
    %b = qnn.softmax %a axis(0) : (tensor<6xf32>) -> tensor<6xf32>
    %c = qnn.softmax %b axis(0) : (tensor<6xf32>) -> tensor<6xf32>
    %r = qnn.add %a, %c : (tensor<6xf32>, tensor<6xf32>) -> tensor<6xf32>
    return %r : tensor<6xf32>
  })");
}
