// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Products of two inputs of bytes, of shapes that leave rests in every
// dimension, on every instruction set that this machine has.

#include "CompareModels.h"
#include "gtest/gtest.h"

using namespace qnn;

using Shape = std::vector<int64_t>;

static std::string tensor(const Shape &shape, const std::string &element) {
  return "tensor<" + dims(shape) + element + ">";
}

static std::string zeroPoint(Choices &choices, const std::string &type) {
  return std::to_string(type == "ui8"
                            ? choices.oneOf<int64_t>({0, 1, 128, 255})
                            : choices.oneOf<int64_t>({0, -128, 127, 3}));
}

/// An operand of the product, which may be the transpose of an argument.
static std::string operand(Choices &choices, const std::string &name,
                           const Shape &shape, const std::string &type,
                           std::string &arguments) {
  Shape stored = shape;
  size_t last = shape.size() - 1;
  bool transposes = choices.between(0, 1);
  if (transposes)
    std::swap(stored[last], stored[last - 1]);
  arguments += (arguments.empty() ? "%" : ", %") + name +
               (transposes ? "_stored: " : ": ") + tensor(stored, type);
  if (!transposes)
    return "";
  std::string axes;
  for (size_t i = 0; i + 1 < last; ++i)
    axes += std::to_string(i) + ", ";
  axes += std::to_string(last) + ", " + std::to_string(last - 1);
  return "  %" + name + " = qnn.transpose %" + name + "_stored [" + axes +
         "] : (" + tensor(stored, type) + ") -> " + tensor(shape, type) + "\n";
}

static std::string product(Choices &choices, const Shape &batch, int64_t m,
                           int64_t n, int64_t k) {
  Shape left = batch, right = batch, result = batch;
  if (choices.between(0, 3) == 0)
    right.clear();
  left.insert(left.end(), {m, k});
  right.insert(right.end(), {k, n});
  result.insert(result.end(), {m, n});
  auto leftType = choices.oneOf<std::string>({"ui8", "si8"});
  auto rightType = choices.oneOf<std::string>({"ui8", "si8"});
  std::string arguments;
  std::string body = operand(choices, "x", left, leftType, arguments);
  body += operand(choices, "w", right, rightType, arguments);
  std::string out = choices.oneOf<std::string>({"i32", "ui8"});
  body += "  %a = qnn.matmul %x, %w lhs_zero_point(" +
          zeroPoint(choices, leftType) + ") rhs_zero_point(" +
          zeroPoint(choices, rightType) + ") : (" + tensor(left, leftType) +
          ", " + tensor(right, rightType) + ") -> " + tensor(result, "i32") +
          "\n";
  if (out == "ui8")
    body += "  %r = qnn.rescale %a multiplier(dense<0.003> : tensor<f32>) "
            "output_zero_point(3) range(0, 255) : (" +
            tensor(result, "i32") + ") -> " + tensor(result, out) + "\n";
  return "func.func @model(" + arguments + ") -> " + tensor(result, out) +
         " {\n" + body + "  return " + (out == "ui8" ? "%r" : "%a") + " : " +
         tensor(result, out) + "\n}\n";
}

TEST(CompiledProduct, OfTwoInputs) {
  for (const std::string &cpu : runnableCPUs()) {
    Choices choices(61);
    for (unsigned i = 0; i < 16; ++i) {
      Shape batch;
      for (int64_t axes = choices.between(0, 2); axes > 0; --axes)
        batch.push_back(choices.between(1, 3));
      int64_t m = choices.between(1, 13);
      int64_t n = choices.oneOf<int64_t>({1, 2, 3, 15, 17, 33, 64, 70});
      int64_t k = choices.oneOf<int64_t>({1, 2, 3, 4, 6, 16, 31, 66, 130});
      expectSameBytes(product(choices, batch, m, n, k), i, cpu);
    }
  }
}
