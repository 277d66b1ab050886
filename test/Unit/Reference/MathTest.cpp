// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Elementary functions, quotients and comparisons.

#include "TestUtils.h"
#include "qnn/Quantization/ElementaryFunctions.h"
#include "qnn/Quantization/Exp.h"
#include <limits>

using namespace qnn;
using namespace qnn::test;

static const float kNaN = std::numeric_limits<float>::quiet_NaN();
static const float kInf = std::numeric_limits<float>::infinity();

TEST(Math, FunctionsOfOneElement) {
  const char *types = "(tensor<3xf32>) -> tensor<3xf32>";
  auto of = [](float (*function)(float), std::vector<float> values) {
    for (float &value : values)
      value = function(value);
    return f32({3}, values);
  };
  runCases(
      {{"qnn.exp %0",
        types,
        {f32({3}, {0, 1, 2})},
        of(expReference, {0, 1, 2})},
       {"qnn.log %0",
        types,
        {f32({3}, {1, 2, 0})},
        of(logReference, {1, 2, 0})},
       {"qnn.tanh %0",
        types,
        {f32({3}, {-0.5f, 1, 3})},
        of(tanhReference, {-0.5f, 1, 3})},
       {"qnn.sigmoid %0",
        types,
        {f32({3}, {-1, 0, 3})},
        of(sigmoidReference, {-1, 0, 3})},
       {"qnn.sqrt %0",
        types,
        {f32({3}, {0, 2.25f, 16})},
        f32({3}, {0, 1.5f, 4})},
       {"qnn.abs %0", types, {f32({3}, {-2, -0.0f, 3})}, f32({3}, {2, 0, 3})},
       {"qnn.sign %0",
        types,
        {f32({3}, {-0.1f, 0, kInf})},
        f32({3}, {-1, 0, 1})},
       {"qnn.sign %0",
        types,
        {f32({3}, {kNaN, -0.0f, -kInf})},
        f32({3}, {0, 0, -1})}});
}

TEST(Math, FunctionsOfTwoElements) {
  Tensor column = f32({2, 1}, {10, 20}), row = f32({3}, {4, 10, 16});
  const char *types = "(tensor<2x1xf32>, tensor<3xf32>) -> tensor<2x3xf32>";
  runCases({{"qnn.div %0, %1",
             types,
             {column, row},
             f32({2, 3}, {2.5f, 1, 0.625f, 5, 2, 1.25f})},
            {"qnn.maximum %0, %1",
             types,
             {column, row},
             f32({2, 3}, {10, 10, 16, 20, 20, 20})},
            {"qnn.minimum %0, %1",
             types,
             {column, row},
             f32({2, 3}, {4, 10, 10, 4, 10, 16})}});
}

TEST(Math, ComparisonsWithNaNTakeTheSecond) {
  const char *types = "(tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>";
  std::vector<Tensor> inputs = {f32({2}, {kNaN, 1}), f32({2}, {1, kNaN})};
  runCases({{"qnn.maximum %0, %1", types, inputs, f32({2}, {1, kNaN})},
            {"qnn.minimum %0, %1", types, inputs, f32({2}, {1, kNaN})}});
}

TEST(Math, LogSoftmax) {
  float shift = logReference(1.0f + expReference(-1.0f));
  runCases({{"qnn.log_softmax %0 axis(0)",
             "(tensor<2x2xf32>) -> tensor<2x2xf32>",
             {f32({2, 2}, {2, -200, 1, 100})},
             f32({2, 2}, {0 - shift, -300, -1 - shift, 0})}});
}

TEST(Math, FunctionsOfCodes) {
  // -2, 0, 2 and 4: 0.12, 0.5, 0.88 and 0.98; a root of -2 is NaN.
  const char *aliases = "!x = !quant.uniform<i8:f32, 2.0:-1>\n"
                        "!y = !quant.uniform<u8:f32, 0.25:3>\n";
  const char *types = "(tensor<4x!x>) -> tensor<4x!y>";
  std::vector<Tensor> inputs = {s8({4}, {-2, -1, 0, 1})};
  runCases({{"qnn.sigmoid %0", types, inputs, u8({4}, {3, 5, 7, 7})},
            {"qnn.abs %0", types, inputs, u8({4}, {11, 3, 11, 19})},
            {"qnn.sqrt %0", types, inputs, u8({4}, {0, 3, 9, 11})}},
           aliases);
}
