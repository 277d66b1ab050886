// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Float contractions of shapes that leave rests in every dimension, with
// constant and computed right sides, on every instruction set that this machine
// has.

#include "CompareModels.h"
#include "gtest/gtest.h"

using namespace qnn;

using Shape = std::vector<int64_t>;

static std::string tensor(const Shape &shape) {
  return "tensor<" + dims(shape) + "f32>";
}

namespace {

/// What is around a contraction of %x with %w.
struct FloatModel {
  Shape input, right, result;
  /// "qnn.matmul %x, %w" and what stands behind the bias.
  std::string operation, attributes;
  /// Written before the contraction; then `right` is the type of %w.
  std::string before;
  bool isConstant = true;

  std::string print(Choices &choices, const std::string &cpu) const {
    Shape channels{result.back()};
    bool hasBias = choices.between(0, 2), adds = choices.between(0, 1);
    bool biasIsConstant = choices.between(0, 2);
    std::string clamp = choices.oneOf<std::string>(
        {"", " clamp_min(0.0)", " clamp_min(-1.5) clamp_max(6.0)"});
    std::string text = "func.func @model(%x: " + tensor(input);
    if (!isConstant)
      text += ", " + (before.empty() ? "%w: " + tensor(right) : before);
    if (hasBias && !biasIsConstant)
      text += ", %b: " + tensor(channels);
    if (adds)
      text += ", %y: " + tensor(result);
    text += ") -> " + tensor(result) + " {\n";
    if (isConstant)
      text += "  %w = arith.constant " + randomFloats(choices, right, cpu) +
              " : " + tensor(right) + "\n";
    if (hasBias && biasIsConstant)
      text += "  %b = arith.constant " + randomFloats(choices, channels, cpu) +
              " : " + tensor(channels) + "\n";
    text += transposed;
    text += "  %r = " + operation + (hasBias ? " bias(%b)" : "") + attributes +
            clamp + " : (" + tensor(input) + ", " + tensor(right) +
            (hasBias ? ", " + tensor(channels) : "") + ") -> " +
            tensor(result) + "\n";
    if (!adds)
      return text + "  return %r : " + tensor(result) + "\n}\n";
    return text + "  %s = qnn.add %r, %y clamp_min(-3.0) : (" + tensor(result) +
           ", " + tensor(result) + ") -> " + tensor(result) +
           "\n  return %s : " + tensor(result) + "\n}\n";
  }

  std::string transposed;
};

} // namespace

static std::string matMul(Choices &choices, const std::string &cpu, int64_t m,
                          int64_t n, int64_t k) {
  FloatModel model;
  model.input = {m, k};
  model.right = {k, n};
  model.result = {m, n};
  model.operation = "qnn.matmul %x, %w";
  return model.print(choices, cpu);
}

TEST(CompiledFloat, MatrixProducts) {
  for (const std::string &cpu : runnableCPUs()) {
    Choices choices(51);
    for (unsigned i = 0; i < 10; ++i) {
      int64_t m = choices.between(1, 9), n = choices.between(1, 70);
      expectSameBytes(matMul(choices, cpu, m, n, choices.between(1, 40)), i,
                      cpu);
    }
  }
}

/// Several panels, tiles of two sizes, one row, one column, short sums.
TEST(CompiledFloat, LargeMatrixProducts) {
  for (const std::string &cpu : runnableCPUs()) {
    Choices choices(52);
    expectSameBytes(matMul(choices, cpu, 1, 333, 515), 1, cpu);
    expectSameBytes(matMul(choices, cpu, 13, 200, 128), 2, cpu);
    expectSameBytes(matMul(choices, cpu, 131, 65, 3), 3, cpu);
    expectSameBytes(matMul(choices, cpu, 29, 16, 1), 4, cpu);
    expectSameBytes(matMul(choices, cpu, 29, 1, 37), 5, cpu);
  }
}

/// A product of two inputs; the right one is read where it is, or turned first.
static std::string batchMatMul(Choices &choices, const std::string &cpu,
                               const Shape &batch, bool transposes) {
  int64_t m = choices.between(1, 13);
  int64_t n = choices.oneOf<int64_t>({1, 2, 3, 15, 16, 17, 33, 64, 70});
  int64_t k = choices.oneOf<int64_t>({1, 2, 3, 15, 16, 18, 35});
  FloatModel model;
  model.isConstant = false;
  model.input = model.right = model.result = batch;
  model.input.insert(model.input.end(), {m, k});
  model.right.insert(model.right.end(), {k, n});
  model.result.insert(model.result.end(), {m, n});
  model.operation = "qnn.matmul %x, %w";
  if (!transposes)
    return model.print(choices, cpu);
  Shape stored = batch;
  stored.insert(stored.end(), {n, k});
  std::string axes = "[";
  for (size_t i = 0; i < batch.size(); ++i)
    axes += std::to_string(i) + ", ";
  axes += std::to_string(batch.size() + 1) + ", " +
          std::to_string(batch.size()) + "]";
  model.before = "%t: " + tensor(stored);
  model.transposed = "  %w = qnn.transpose %t " + axes + " : (" +
                     tensor(stored) + ") -> " + tensor(model.right) + "\n";
  return model.print(choices, cpu);
}

TEST(CompiledFloat, ProductsOfTwoInputs) {
  for (const std::string &cpu : runnableCPUs()) {
    Choices choices(53);
    for (unsigned i = 0; i < 10; ++i) {
      Shape batch;
      for (int64_t axes = choices.between(0, 2); axes > 0; --axes)
        batch.push_back(choices.between(1, 3));
      expectSameBytes(batchMatMul(choices, cpu, batch, i % 2), i, cpu);
    }
  }
}

static std::string list(const Shape &values) {
  std::string text = "[";
  for (size_t i = 0; i < values.size(); ++i)
    text += (i ? ", " : "") + std::to_string(values[i]);
  return text + "]";
}

/// A convolution with `groups` groups of `inputs` channels that become
/// `outputs`.
static std::string conv(Choices &choices, const std::string &cpu,
                        int64_t groups, int64_t inputs, int64_t outputs,
                        bool isConstant) {
  Shape kernel, strides, dilations, pad, image, out;
  for (int axis = 0; axis < 2; ++axis) {
    kernel.push_back(choices.between(1, 4));
    strides.push_back(choices.between(1, 2));
    dilations.push_back(choices.oneOf<int64_t>({1, 1, 2}));
    pad.push_back(choices.between(0, 2));
    pad.push_back(choices.between(0, 2));
    int64_t extent = dilations.back() * (kernel.back() - 1) + 1;
    image.push_back(extent + choices.between(0, 9));
    out.push_back((image.back() + pad[2 * axis] + pad[2 * axis + 1] - extent) /
                      strides.back() +
                  1);
  }
  FloatModel model;
  model.isConstant = isConstant;
  model.input = {choices.between(1, 2), image[0], image[1], groups * inputs};
  model.right = {groups * outputs, kernel[0], kernel[1], inputs};
  model.result = {model.input[0], out[0], out[1], groups * outputs};
  model.operation = "qnn.conv2d %x, %w";
  model.attributes = " strides " + list(strides) + " pad " + list(pad) +
                     " dilations " + list(dilations) + " groups(" +
                     std::to_string(groups) + ")";
  return model.print(choices, cpu);
}

TEST(CompiledFloat, Convolutions) {
  for (const std::string &cpu : runnableCPUs()) {
    Choices choices(54);
    for (unsigned i = 0; i < 10; ++i) {
      int64_t inputs = choices.oneOf<int64_t>({1, 2, 3, 4, 5, 8, 17});
      int64_t outputs = choices.oneOf<int64_t>({1, 8, 15, 16, 17, 40, 70});
      expectSameBytes(conv(choices, cpu, 1, inputs, outputs, i % 4 != 0), i,
                      cpu);
    }
  }
}

TEST(CompiledFloat, DepthwiseConvolutions) {
  for (const std::string &cpu : runnableCPUs()) {
    Choices choices(55);
    for (unsigned i = 0; i < 10; ++i) {
      int64_t channels = choices.oneOf<int64_t>({2, 3, 8, 16, 17, 40, 64, 70});
      expectSameBytes(conv(choices, cpu, channels, 1, 1, i % 4 != 0), i, cpu);
    }
  }
}

TEST(CompiledFloat, GroupedConvolutions) {
  for (const std::string &cpu : runnableCPUs()) {
    Choices choices(56);
    for (unsigned i = 0; i < 8; ++i) {
      int64_t groups = choices.between(2, 5), inputs = choices.between(1, 4);
      int64_t outputs = choices.oneOf<int64_t>({1, 2, 3, 16, 19});
      expectSameBytes(conv(choices, cpu, groups, inputs, outputs, i % 4 != 0),
                      i, cpu);
    }
  }
}

/// Sums that underflow to -0, and taps behind them that meet padding only: they
/// make 0 of it, unless their weights have a sign.
TEST(CompiledFloat, PaddingBehindNegativeZeros) {
  for (bool hasSign : {false, true}) {
    std::string weights;
    for (int column = 0; column < 17; ++column) {
      std::string last = hasSign && column == 3 ? "-1.0e-30" : "1.0e-30";
      weights += std::string(column ? ", " : "") +
                 "[[[1.0e-30], [1.0e-30]], [[1.0e-30], [1.0e-30]], [[" + last +
                 "], [" + last + "]]]";
    }
    std::vector<float> image(6 * 31, -1.0e-30f);
    expectSameBytesOn("func.func @model(%x: tensor<1x6x31x1xf32>) -> "
                      "tensor<1x6x31x17xf32> {\n"
                      "  %w = arith.constant dense<[" +
                          weights +
                          "]> : tensor<17x3x2x1xf32>\n"
                          "  %r = qnn.conv2d %x, %w pad [1, 1, 1, 0] : "
                          "(tensor<1x6x31x1xf32>, "
                          "tensor<17x3x2x1xf32>) -> tensor<1x6x31x17xf32>\n"
                          "  return %r : tensor<1x6x31x17xf32>\n}\n",
                      {Tensor::fromValues<float>({1, 6, 31, 1}, image)});
  }
}

/// Rows of the kernel that meet padding only are not multiplied.
TEST(CompiledFloat, Borders) {
  for (const std::string &cpu : runnableCPUs()) {
    Choices choices(57);
    for (int64_t outputs : {1, 17, 70}) {
      FloatModel model;
      model.input = {2, 5, 31, 3};
      model.right = {outputs, 3, 3, 3};
      model.result = {2, 5, 31, outputs};
      model.operation = "qnn.conv2d %x, %w";
      model.attributes = " pad [1, 1, 1, 1]";
      expectSameBytes(model.print(choices, cpu), outputs, cpu);
    }
  }
}
