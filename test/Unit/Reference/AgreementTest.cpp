// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two ways to compute one thing must agree, on many numbers.

#include "TestUtils.h"
#include "qnn/Quantization/Requantize.h"
#include "qnn/Quantization/SoftmaxTable.h"
#include "qnn/Reference/Kernels.h"
#include "llvm/Support/FormatVariadic.h"
#include <random>

using namespace qnn;
using namespace qnn::test;
using llvm::formatv;

/// The same numbers in every run.
static std::mt19937 &getRandom() {
  static std::mt19937 random(20);
  return random;
}

template <typename T>
static Tensor randomCodes(llvm::ArrayRef<int64_t> shape, int64_t min,
                          int64_t max) {
  Tensor tensor(shape, elementKindOf<T>());
  std::uniform_int_distribution<int64_t> distribution(min, max);
  for (T &code : tensor.data<T>())
    code = T(distribution(getRandom()));
  return tensor;
}

static Tensor randomFloats(llvm::ArrayRef<int64_t> shape) {
  Tensor tensor(shape, ElementKind::F32);
  std::normal_distribution<float> distribution;
  for (float &value : tensor.data<float>())
    value = distribution(getRandom());
  return tensor;
}

/// An f32 constant, bit by bit.
static std::string hexFloats(llvm::ArrayRef<float> values) {
  std::string text;
  for (float value : values)
    text += (text.empty() ? "" : ", ") +
            formatv("0x{0:X-8}", llvm::bit_cast<uint32_t>(value)).str();
  return formatv("dense<[{0}]> : tensor<{1}xf32>", text, values.size());
}

/// Runs the quantized operation, and the explicit one followed by a rescale.
static void expectSame(const std::string &quantizedIr,
                       const std::string &explicitIr,
                       llvm::ArrayRef<Tensor> inputs) {
  EXPECT_EQ(interpretOne(quantizedIr, inputs), interpretOne(explicitIr, inputs))
      << quantizedIr << explicitIr;
}

/// `op` on integers to i32, then a rescale by `multiplier` to u8 with zero
/// point 7.
static std::string thenRescale(const std::string &op, const std::string &types,
                               const std::string &sums,
                               const std::string &multiplier,
                               const std::string &result) {
  std::string ir = oneOp(op, types + " -> " + sums);
  std::string rescale =
      formatv("  %s = qnn.rescale %r multiplier({0}) output_zero_point(7) "
              "range(0, 255) : ({1}) -> {2}\n  return %s : {2}\n}\n",
              multiplier, sums, result);
  ir = ir.substr(0, ir.find("  return"));
  ir.replace(ir.find(") -> " + sums + " {"), 5 + sums.size() + 2,
             ") -> " + result + " {");
  return ir + rescale;
}

namespace {
struct ConvCase {
  const char *attributes;
  int64_t groups;
  const char *resultShape;
};
} // namespace

static const ConvCase kConvCases[] = {
    {"strides [2, 1] pad [1, 0, 2, 1]", 1, "1x2x6x6"},
    {"pad [1, 1, 1, 1] dilations [2, 2] groups(2)", 2, "1x3x3x6"},
    {"pad [1, 1, 1, 1] groups(6)", 6, "1x5x5x6"}};

TEST(Agreement, QuantizedConvIsExplicitConvAndRescale) {
  // Floats with few digits; dividing by 3 gives multipliers of 24 bits.
  double scales[] = {0.013671875, 0.1015625, 0.0068359375, 0.5, 0.0625, 0.25};
  const char *aliases =
      "!x = !quant.uniform<u8:f32, 0.125:200>\n"
      "!w = !quant.uniform<i8:f32:0, "
      "{0.013671875, 0.1015625, 0.0068359375, 0.5, 0.0625, 0.25}>\n"
      "!b = !quant.uniform<i32:f32, 1.0>\n"
      "!y = !quant.uniform<u8:f32, 3.0:7>\n";
  std::vector<float> multipliers;
  for (double scale : scales)
    multipliers.push_back(requantizeMultiplier(0.125, scale, 3.0));
  for (const ConvCase &conv : kConvCases) {
    int64_t groupChannels = 12 / conv.groups;
    auto type = [&](const char *x, const char *w, const char *b) {
      return formatv("(tensor<1x5x5x12x{0}>, tensor<6x3x3x{1}x{2}>, "
                     "tensor<6x{3}>)",
                     x, groupChannels, w, b)
          .str();
    };
    std::string op = formatv("qnn.conv2d %0, %1 bias(%2) {0}", conv.attributes);
    expectSame(oneOp(op,
                     type("!x", "!w", "!b") +
                         formatv(" -> tensor<{0}x!y>", conv.resultShape).str(),
                     aliases),
               thenRescale(op + " input_zero_point(200)",
                           type("ui8", "si8", "i32"),
                           formatv("tensor<{0}xi32>", conv.resultShape),
                           hexFloats(multipliers),
                           formatv("tensor<{0}xui8>", conv.resultShape)),
               {randomCodes<uint8_t>({1, 5, 5, 12}, 0, 255),
                randomCodes<int8_t>({6, 3, 3, groupChannels}, -127, 127),
                randomCodes<int32_t>({6}, -50000, 50000)});
  }
}

TEST(Agreement, QuantizedProductIsExplicitProductAndRescale) {
  expectSame(
      oneOp("qnn.mul %0, %1", "(tensor<8x8x!quant.uniform<u8:f32, 0.1:200>>, "
                              "tensor<8x!quant.uniform<i8:f32, 0.3:-5>>) -> "
                              "tensor<8x8x!quant.uniform<u8:f32, 3.0:7>>"),
      thenRescale("qnn.mul %0, %1 lhs_zero_point(200) rhs_zero_point(-5)",
                  "(tensor<8x8xui8>, tensor<8xsi8>)", "tensor<8x8xi32>",
                  hexFloats(float(0.1 * 0.3 / 3.0)), "tensor<8x8xui8>"),
      {randomCodes<uint8_t>({8, 8}, 0, 255),
       randomCodes<int8_t>({8}, -128, 127)});
}

TEST(Agreement, QuantizedMeansAreSumsAndRescale) {
  Tensor input = randomCodes<uint8_t>({1, 6, 6, 5}, 0, 255);
  std::string x = "(tensor<1x6x6x5x!quant.uniform<u8:f32, 0.1:200>>)";
  std::string y = "!quant.uniform<u8:f32, 0.3:7>>";
  expectSame(oneOp("qnn.mean %0 axes [1, 2]", x + " -> tensor<1x1x1x5x" + y),
             thenRescale("qnn.sum %0 axes [1, 2] input_zero_point(200)",
                         "(tensor<1x6x6x5xui8>)", "tensor<1x1x1x5xi32>",
                         hexFloats(float(0.1 / (0.3 * 36))),
                         "tensor<1x1x1x5xui8>"),
             {input});
  std::string window = " kernel [3, 3] strides [3, 3]";
  expectSame(
      oneOp("qnn.avg_pool2d %0" + window, x + " -> tensor<1x2x2x5x" + y),
      thenRescale("qnn.sum_pool2d %0" + window + " input_zero_point(200)",
                  "(tensor<1x6x6x5xui8>)", "tensor<1x2x2x5xi32>",
                  hexFloats(float(0.1 / (0.3 * 9))), "tensor<1x2x2x5xui8>"),
      {input});
}

TEST(Agreement, QuantizedSoftmaxIsIntegerSoftmax) {
  SoftmaxTable table = SoftmaxTable::create(0.1);
  std::string entries =
      llvm::join(llvm::map_range(table.entries,
                                 [](int32_t e) { return std::to_string(e); }),
                 ", ");
  Tensor input = randomCodes<int8_t>({4, 10}, -128, 127);
  Tensor quantized =
      interpretOne(oneOp("qnn.softmax %0 axis(1)",
                         "(tensor<4x10x!quant.uniform<i8:f32, 0.1:-3>>) -> "
                         "tensor<4x10x!quant.uniform<u8:f32, 0.005:7>>"),
                   {input});
  std::string op =
      formatv("qnn.integer_softmax %0 axis(1) table(dense<[{0}]> : "
              "tensor<256xi32>) multiplier(0x{1:X-8}) output_zero_point(7) "
              "range(0, 255)",
              entries, llvm::bit_cast<uint32_t>(float(1 / 0.005)));
  EXPECT_EQ(quantized,
            interpretOne(oneOp(op, "(tensor<4x10xsi8>) -> tensor<4x10xui8>"),
                         {input}));
}

/// The patches that a 3x3 window with stride 2 and padding 1 sees, as a matrix
/// of a row for each pixel of the result.
template <typename T>
static Tensor imageToColumns(const Tensor &image, T padding) {
  int64_t extent = image.getShape()[1], channels = image.getShape()[3];
  int64_t out = (extent - 1) / 2 + 1;
  std::vector<T> columns;
  for (int64_t y = 0; y < out; ++y)
    for (int64_t x = 0; x < out; ++x)
      for (int64_t k = 0; k < 9 * channels; ++k) {
        int64_t row = 2 * y - 1 + k / channels / 3;
        int64_t column = 2 * x - 1 + k / channels % 3;
        bool inside =
            row >= 0 && row < extent && column >= 0 && column < extent;
        columns.push_back(
            inside ? image.data<T>()[(row * extent + column) * channels +
                                     k % channels]
                   : padding);
      }
  return make<T>({out * out, 9 * channels}, columns);
}

TEST(Agreement, ConvIsMatMulOfPatches) {
  int64_t ones[] = {1, 1}, strides[] = {2, 2}, pad[] = {1, 1, 1, 1};
  Window window{{}, strides, ones, pad};
  Tensor image = randomFloats({1, 7, 7, 3}),
         weights = randomFloats({4, 3, 3, 3});
  Tensor bias = randomFloats({4});
  Tensor conv = reference::conv2d(image, weights, &bias, window, 1, {});
  Tensor product = reference::matmul(
      imageToColumns<float>(image, 0.0f),
      reference::transpose(weights.reshaped({4, 27}), {1, 0}), &bias, {});
  EXPECT_EQ(conv, product.reshaped({1, 4, 4, 4}));

  Tensor codes = randomCodes<uint8_t>({1, 7, 7, 3}, 0, 255);
  Tensor codeWeights = randomCodes<int8_t>({4, 3, 3, 3}, -128, 127);
  int64_t zeroPoints[] = {0, 3, -128, 127};
  EXPECT_EQ(reference::conv2dAccumulate(codes, codeWeights, nullptr, window, 1,
                                        99, zeroPoints),
            reference::matmulAccumulate(
                imageToColumns<uint8_t>(codes, 99),
                reference::transpose(codeWeights.reshaped({4, 27}), {1, 0}),
                nullptr, 99, zeroPoints)
                .reshaped({1, 4, 4, 4}));
}

TEST(Agreement, RoundTripStaysWithinHalfAStep) {
  Tensor input = randomFloats({1000});
  std::string q = "tensor<1000x!quant.uniform<u8:f32, 0.05:128>>";
  std::string ir = "func.func @f(%0: tensor<1000xf32>) -> tensor<1000xf32> {\n"
                   "  %1 = qnn.quantize %0 : (tensor<1000xf32>) -> " +
                   q + "\n  %2 = qnn.dequantize %1 : (" + q +
                   ") -> tensor<1000xf32>\n  return %2 : tensor<1000xf32>\n}\n";
  Tensor output = interpretOne(ir, {input});
  for (auto [x, y] : llvm::zip(input.data<float>(), output.data<float>()))
    EXPECT_NEAR(x, y, 0.025f * 1.0001f);
}
