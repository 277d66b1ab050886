// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Contractions with requantization, of shapes that leave rests in every
// dimension, on every instruction set that this machine has.

#include "CompareModels.h"
#include "gtest/gtest.h"

using namespace qnn;

static std::string list(const std::vector<int64_t> &values) {
  std::string text = "[";
  for (size_t i = 0; i < values.size(); ++i)
    text += (i ? ", " : "") + std::to_string(values[i]);
  return text + "]";
}

namespace {

/// Emits `@model`: a contraction of %x with constant weights, a bias and what
/// follows.
struct Model {
  explicit Model(Choices &choices) : choices(choices) {}

  Choices &choices;
  std::string type = choices.oneOf<std::string>({"ui8", "si8"});
  std::vector<int64_t> input, weights, result;
  /// "qnn.matmul %x, %w" and what stands behind the bias.
  std::string operation, attributes;

  std::string tensor(const std::vector<int64_t> &shape,
                     const std::string &element) const {
    return "tensor<" + dims(shape) + element + ">";
  }

  std::string zeroPoint() {
    return std::to_string(type == "ui8"
                              ? choices.oneOf<int64_t>({0, 1, 128, 255})
                              : choices.oneOf<int64_t>({0, -128, 127, 3}));
  }

  /// Multipliers for which some results saturate and most do not, or that make
  /// numbers that no integer holds.
  std::string multiplier(int64_t channels) {
    double unit = choices.oneOf({1e-5, 1e-5, 1e-5, 1e9});
    std::string text = "dense<[";
    for (int64_t i = 0; i < channels; ++i)
      text += (i ? ", " : "") +
              std::to_string(double(choices.between(1, 900)) * unit);
    return text + "]> : tensor<" + std::to_string(channels) + "xf32>";
  }

  /// All codes, those of a relu, or those of one with a bound.
  std::string outputCodes(const std::string &out) {
    int64_t smallest = out == "ui8" ? 0 : -128, largest = smallest + 255;
    int64_t zeroPoint = smallest + choices.oneOf<int64_t>({0, 3, 128, 255});
    int64_t low = choices.oneOf({smallest, zeroPoint});
    int64_t high = std::min(largest, low + choices.oneOf<int64_t>({255, 100}));
    return " output_zero_point(" + std::to_string(zeroPoint) + ") range(" +
           std::to_string(low) + ", " + std::to_string(high) + ")";
  }

  std::string print() {
    int64_t channels = result.back();
    std::string acc = tensor(result, "i32");
    auto out = choices.oneOf<std::string>({"ui8", "si8", "i32", "f32"});
    std::string given = out == "i32" ? acc : tensor(result, out);
    std::string residual = tensor(result, "ui8");
    bool adds = out == "ui8" && choices.between(0, 1);
    std::vector<int64_t> bias;
    for (int64_t i = 0; i < channels; ++i)
      bias.push_back(choices.between(-20000, 20000));
    std::string text =
        "func.func @model(%x: " + tensor(input, type) +
        (adds ? ", %y: " + residual : "") + ") -> " + given +
        " {\n  %w = qnn.constant " + randomCodes(choices, weights, 8) + " : " +
        tensor(weights, "i8") + " as " + tensor(weights, "si8") +
        "\n  %b = arith.constant dense<" + list(bias) + "> : tensor<" +
        std::to_string(channels) + "xi32>\n  %a = " + operation + " bias(%b)" +
        attributes + " : (" + tensor(input, type) + ", " +
        tensor(weights, "si8") + ", tensor<" + std::to_string(channels) +
        "xi32>) -> " + acc + "\n";
    if (out == "i32")
      return text + "  return %a : " + acc + "\n}\n";
    std::string range = out == "f32" ? "" : outputCodes(out);
    text += "  %r = qnn.rescale %a multiplier(" + multiplier(channels) + ")" +
            range + " : (" + acc + ") -> " + given + "\n";
    if (!adds)
      return text + "  return %r : " + given + "\n}\n";
    std::string real = tensor(result, "f32");
    auto dequantize = [&](const std::string &name, const std::string &from) {
      return "  %" + name + " = qnn.rescale %" + from +
             " multiplier(dense<0.37> : tensor<f32>) input_zero_point(3) : (" +
             residual + ") -> " + real + "\n";
    };
    return text + dequantize("s", "r") + dequantize("t", "y") +
           "  %u = qnn.add %s, %t : (" + real + ", " + real + ") -> " + real +
           "\n  %v = qnn.rescale %u multiplier(dense<1.7> : tensor<f32>) "
           "range(0, 255) : (" +
           real + ") -> " + residual + "\n  return %v : " + residual + "\n}\n";
  }
};

} // namespace

static std::string matMul(Choices &choices, int64_t m, int64_t n, int64_t k) {
  Model model(choices);
  model.input = {m, k};
  model.weights = {k, n};
  model.result = {m, n};
  model.operation = "qnn.matmul %x, %w";
  model.attributes = " lhs_zero_point(" + model.zeroPoint() + ")";
  return model.print();
}

TEST(CompiledKernel, MatrixProducts) {
  for (const std::string &cpu : runnableCPUs()) {
    Choices choices(31);
    for (unsigned i = 0; i < 24; ++i) {
      int64_t m = choices.between(1, 9), n = choices.between(1, 70);
      expectSameBytes(matMul(choices, m, n, choices.between(1, 70)), i, cpu);
    }
  }
}

/// Several panels, tiles of two sizes, many words.
TEST(CompiledKernel, LargeMatrixProducts) {
  for (const std::string &cpu : runnableCPUs()) {
    Choices choices(32);
    expectSameBytes(matMul(choices, 1, 333, 515), 1, cpu);
    expectSameBytes(matMul(choices, 13, 200, 128), 2, cpu);
    expectSameBytes(matMul(choices, 131, 65, 3), 3, cpu);
    expectSameBytes(matMul(choices, 29, 16, 1), 4, cpu);
  }
}

static std::string conv(Choices &choices, bool isDepthwise) {
  Model model(choices);
  std::vector<int64_t> kernel, strides, dilations, pad, image, out;
  for (int axis = 0; axis < 2; ++axis) {
    kernel.push_back(isDepthwise ? choices.oneOf<int64_t>({1, 2, 3, 3, 5, 7})
                                 : choices.between(1, 4));
    strides.push_back(choices.oneOf<int64_t>({1, 1, 2, 3}));
    dilations.push_back(choices.oneOf<int64_t>({1, 1, 2}));
    pad.push_back(choices.between(0, 2));
    pad.push_back(choices.between(0, 2));
    int64_t extent = dilations.back() * (kernel.back() - 1) + 1;
    image.push_back(extent + choices.between(0, 9));
    out.push_back((image.back() + pad[2 * axis] + pad[2 * axis + 1] - extent) /
                      strides.back() +
                  1);
  }
  int64_t channels = choices.oneOf<int64_t>({1, 1, 2, 3, 4, 5, 8, 16, 33});
  int64_t outputs = choices.oneOf<int64_t>({1, 8, 16, 17, 40, 64, 70});
  if (isDepthwise)
    outputs = channels = choices.oneOf<int64_t>(
        {1, 2, 3, 7, 8, 12, 16, 17, 24, 40, 64, 80, 139});
  model.input = {choices.between(1, 2), image[0], image[1], channels};
  model.weights = {outputs, kernel[0], kernel[1], isDepthwise ? 1 : channels};
  model.result = {model.input[0], out[0], out[1], outputs};
  model.operation = "qnn.conv2d %x, %w";
  model.attributes = " strides " + list(strides) + " pad " + list(pad) +
                     " dilations " + list(dilations) + " groups(" +
                     std::to_string(isDepthwise ? channels : 1) +
                     ") input_zero_point(" + model.zeroPoint() + ")";
  return model.print();
}

TEST(CompiledKernel, DepthwiseConvolutions) {
  for (const std::string &cpu : runnableCPUs()) {
    Choices choices(34);
    for (unsigned i = 0; i < 30; ++i)
      expectSameBytes(conv(choices, /*isDepthwise=*/true), i, cpu);
  }
}

TEST(CompiledKernel, Convolutions) {
  for (const std::string &cpu : runnableCPUs()) {
    Choices choices(33);
    for (unsigned i = 0; i < 24; ++i)
      expectSameBytes(conv(choices, /*isDepthwise=*/false), i, cpu);
  }
}
