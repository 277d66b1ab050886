// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// qnn-differentiate against difference quotients, both in double precision: for
// every operation that has an adjoint, and none may be forgotten.

#include "../Reference/TestUtils.h"
#include "mlir/Pass/PassManager.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"
#include <map>
#include <numeric>
#include <random>
#include <set>

using namespace mlir;
using namespace qnn;
using namespace qnn::test;

namespace {
/// A function with the name @f and the gradients beside it.
struct Differentiated {
  OwningOpRef<ModuleOp> module;
  func::FuncOp function, gradient;
};

/// An operation with operands %0, %1, ... and its type.
struct GradientCase {
  std::string op, types;
  /// Added to the arguments: where the function is smooth.
  float offset = 0.0f;
};
} // namespace

static Differentiated differentiate(const std::string &ir,
                                    bool recompute = false) {
  Differentiated result;
  result.module = parseSourceString<ModuleOp>(ir, &getContext());
  if (!result.module)
    return result;
  PassManager passes(&getContext());
  QNNDifferentiatePassOptions options;
  options.function = "f";
  options.recompute = recompute;
  passes.addPass(createQNNDifferentiatePass(options));
  if (failed(passes.run(*result.module)))
    return result;
  result.function = result.module->lookupSymbol<func::FuncOp>("f");
  result.gradient = result.module->lookupSymbol<func::FuncOp>("f_gradient");
  return result;
}

/// Numbers from -1 to 1, so far from each other that no small step changes an
/// order, and none of them at a bound of the tests.
static std::vector<Tensor> makeInputs(TypeRange types, float offset) {
  std::mt19937 random(7);
  std::vector<Tensor> inputs;
  for (Type type : types) {
    Tensor tensor = llvm::cantFail(Tensor::fromType(type));
    std::vector<int> order(tensor.getNumElements());
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), random);
    for (auto [out, rank] : llvm::zip(tensor.data<float>(), order))
      out = (2.0f * rank + 1.013f) / order.size() - 1.0f + offset;
    inputs.push_back(std::move(tensor));
  }
  return inputs;
}

static std::vector<Tensor> toDouble(llvm::ArrayRef<Tensor> tensors) {
  std::vector<Tensor> result;
  for (const Tensor &tensor : tensors)
    result.push_back(tensor.toDouble());
  return result;
}

static SmallVector<Tensor> run(const Interpreter &interpreter,
                               llvm::ArrayRef<Tensor> inputs) {
  auto results = interpreter.run(inputs);
  if (results)
    return *results;
  ADD_FAILURE() << llvm::toString(results.takeError());
  return {};
}

/// The loss whose gradient with respect to the results is `cotangents`.
static double loss(const Interpreter &interpreter,
                   llvm::ArrayRef<Tensor> inputs,
                   llvm::ArrayRef<Tensor> cotangents) {
  SmallVector<Tensor> results = run(interpreter, inputs);
  double sum = 0;
  for (auto [result, cotangent] : llvm::zip(results, cotangents))
    for (auto [value, weight] :
         llvm::zip_equal(result.data<double>(), cotangent.data<double>()))
      sum += value * weight;
  return sum;
}

static double differenceQuotient(const Interpreter &interpreter,
                                 std::vector<Tensor> inputs, size_t input,
                                 size_t element,
                                 llvm::ArrayRef<Tensor> cotangents) {
  constexpr double step = 1e-5;
  double &x = inputs[input].data<double>()[element];
  double center = x;
  x = center + step;
  double above = loss(interpreter, inputs, cotangents);
  x = center - step;
  double below = loss(interpreter, inputs, cotangents);
  return (above - below) / (2 * step);
}

/// f32 is only as good as f32: the same gradients, loosely.
static void expectSameInSingle(func::FuncOp gradient,
                               llvm::ArrayRef<Tensor> inputs,
                               llvm::ArrayRef<Tensor> expected) {
  SmallVector<Tensor> single = run(Interpreter(gradient), inputs);
  ASSERT_EQ(single.size(), expected.size());
  for (auto [got, want] : llvm::zip(single, expected))
    for (auto [a, b] : llvm::zip_equal(got.data<float>(), want.data<double>()))
      EXPECT_NEAR(a, b, 1e-4 * (1 + std::abs(b)));
}

/// All f32 arguments of @f, every element.
static void checkGradients(const std::string &ir, float offset = 0.0f) {
  SCOPED_TRACE(ir);
  Differentiated d = differentiate(ir);
  ASSERT_TRUE(d.gradient);
  size_t numInputs = d.function.getNumArguments();
  std::vector<Tensor> all = makeInputs(d.gradient.getArgumentTypes(), offset);
  std::vector<Tensor> inputs =
      toDouble(llvm::ArrayRef<Tensor>(all).take_front(numInputs));
  std::vector<Tensor> cotangents =
      toDouble(llvm::ArrayRef<Tensor>(all).drop_front(numInputs));
  Interpreter forward(d.function, Precision::Double);
  SmallVector<Tensor> gradients =
      run(Interpreter(d.gradient, Precision::Double), toDouble(all));
  ASSERT_EQ(gradients.size(), numInputs);
  for (size_t i = 0; i < numInputs; ++i) {
    ASSERT_EQ(gradients[i].getShape(), inputs[i].getShape());
    for (auto [element, value] : llvm::enumerate(gradients[i].data<double>())) {
      double expected =
          differenceQuotient(forward, inputs, i, element, cotangents);
      ASSERT_NEAR(value, expected, 1e-6 * (1 + std::abs(expected)))
          << "argument " << i << ", element " << element;
    }
  }
  expectSameInSingle(d.gradient, all, gradients);
  Differentiated again = differentiate(ir, /*recompute=*/true);
  ASSERT_TRUE(again.gradient);
  EXPECT_TRUE(run(Interpreter(again.gradient), all) ==
              run(Interpreter(d.gradient), all));
}

static const std::vector<GradientCase> &getCases() {
  static const std::vector<GradientCase> cases = {
      // Broadcasting, on either side, of axes of extent 1 and missing ones.
      {"qnn.add %0, %1",
       "(tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>"},
      {"qnn.add %0, %1 clamp_min(-0.4) clamp_max(0.3)",
       "(tensor<3x1x5xf32>, tensor<2x1xf32>) -> tensor<3x2x5xf32>"},
      {"qnn.add %0, %1", "(tensor<f32>, tensor<3xf32>) -> tensor<3xf32>"},
      {"qnn.add %0, %0", "(tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>"},
      {"qnn.sub %0, %1", "(tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>"},
      {"qnn.sub %0, %1 clamp_min(0.0)",
       "(tensor<1x3xf32>, tensor<2x1xf32>) -> tensor<2x3xf32>"},
      {"qnn.mul %0, %1",
       "(tensor<2x3xf32>, tensor<2x1xf32>) -> tensor<2x3xf32>"},
      {"qnn.mul %0, %1 clamp_max(0.1)",
       "(tensor<3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>"},
      {"qnn.mul %0, %0", "(tensor<5xf32>, tensor<5xf32>) -> tensor<5xf32>"},
      {"qnn.clamp %0 clamp_min(0.0)", "(tensor<7xf32>) -> tensor<7xf32>"},
      {"qnn.clamp %0 clamp_min(-0.5) clamp_max(0.5)",
       "(tensor<3x5xf32>) -> tensor<3x5xf32>"},
      {"qnn.normalize %0 mean [0.5] scale [2.0]",
       "(tensor<f32>) -> tensor<f32>"},
      {"qnn.normalize %0 mean [0.5] scale [2.0, 3.0, -0.25]",
       "(tensor<2x3xf32>) -> tensor<2x3xf32>"},
      // Elementary functions, quotients, comparisons.
      {"qnn.abs %0", "(tensor<7xf32>) -> tensor<7xf32>"},
      {"qnn.exp %0", "(tensor<2x3xf32>) -> tensor<2x3xf32>"},
      {"qnn.log %0", "(tensor<7xf32>) -> tensor<7xf32>", 1.5f},
      {"qnn.sigmoid %0", "(tensor<2x3xf32>) -> tensor<2x3xf32>"},
      {"qnn.sign %0", "(tensor<5xf32>) -> tensor<5xf32>"},
      {"qnn.sqrt %0", "(tensor<f32>) -> tensor<f32>", 1.5f},
      {"qnn.tanh %0", "(tensor<2x3xf32>) -> tensor<2x3xf32>"},
      {"qnn.div %0, %1",
       "(tensor<2x1x3xf32>, tensor<5x1xf32>) -> tensor<2x5x3xf32>", 1.5f},
      {"qnn.div %0, %0", "(tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>",
       1.5f},
      {"qnn.maximum %0, %1",
       "(tensor<2x3xf32>, tensor<2x1xf32>) -> tensor<2x3xf32>"},
      {"qnn.minimum %0, %1", "(tensor<f32>, tensor<5xf32>) -> tensor<5xf32>"},
      // Both sides of it at once: what it takes from one it gives the other.
      {"qnn.straight_through %0, %0",
       "(tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>"},
      // Reductions.
      {"qnn.sum %0 axes [0, 2]", "(tensor<2x3x5xf32>) -> tensor<1x3x1xf32>"},
      {"qnn.sum %0 axes []", "(tensor<3xf32>) -> tensor<3xf32>"},
      {"qnn.mean %0 axes [1, 2]",
       "(tensor<2x3x5x1xf32>) -> tensor<2x1x1x1xf32>"},
      {"qnn.softmax %0 axis(1)", "(tensor<2x5xf32>) -> tensor<2x5xf32>"},
      {"qnn.softmax %0 axis(0)", "(tensor<3x1x2xf32>) -> tensor<3x1x2xf32>"},
      {"qnn.softmax %0 axis(0)", "(tensor<1xf32>) -> tensor<1xf32>"},
      {"qnn.log_softmax %0 axis(1)", "(tensor<2x5xf32>) -> tensor<2x5xf32>"},
      {"qnn.log_softmax %0 axis(0)",
       "(tensor<3x1x2xf32>) -> tensor<3x1x2xf32>"},
      // Windows that overlap, that leave pixels over, in padding, with holes.
      {"qnn.max_pool2d %0 kernel [2, 3]",
       "(tensor<2x4x5x3xf32>) -> tensor<2x3x3x3xf32>"},
      {"qnn.max_pool2d %0 kernel [3, 2] strides [2, 3] pad [1, 0, 0, 1]",
       "(tensor<1x5x7x2xf32>) -> tensor<1x2x3x2xf32>"},
      {"qnn.max_pool2d %0 kernel [2, 2] dilations [2, 3]",
       "(tensor<1x5x6x1xf32>) -> tensor<1x3x3x1xf32>"},
      {"qnn.avg_pool2d %0 kernel [2, 3]",
       "(tensor<2x4x5x3xf32>) -> tensor<2x3x3x3xf32>"},
      {"qnn.avg_pool2d %0 kernel [3, 2] strides [2, 3] pad [1, 0, 0, 1]",
       "(tensor<1x5x7x2xf32>) -> tensor<1x2x3x2xf32>"},
      {"qnn.avg_pool2d %0 kernel [3, 3] strides [2, 2] pad [1, 1, 1, 1] "
       "dilations [1, 2] count_include_pad",
       "(tensor<1x5x7x2xf32>) -> tensor<1x3x3x2xf32>"},
      // Windows side by side, some pixels left over; one window only.
      {"qnn.avg_pool2d %0 kernel [2, 3] strides [2, 3]",
       "(tensor<2x5x6x2xf32>) -> tensor<2x2x2x2xf32>"},
      {"qnn.avg_pool2d %0 kernel [3, 2]",
       "(tensor<2x3x3x2xf32>) -> tensor<2x1x2x2xf32>"},
      {"qnn.avg_pool2d %0 kernel [3, 2]",
       "(tensor<2x4x2x2xf32>) -> tensor<2x2x1x2xf32>"},
      {"qnn.avg_pool2d %0 kernel [3, 2]",
       "(tensor<2x3x2x3xf32>) -> tensor<2x1x1x3xf32>"},
      // Scales; sums that are rounded once.
      {"qnn.requantize_multiplier %0 weights(%1) to %2 count(%3)",
       "(tensor<2xf32>, tensor<4x1xf32>, tensor<2xf32>, tensor<2xf32>) -> "
       "tensor<4x2xf32>"},
      {"qnn.requantize_multiplier %0 to %1",
       "(tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>"},
      {"qnn.exact_sum %0, %1, %2",
       "(tensor<2x3xf32>, tensor<3xf32>, tensor<2x1xf32>) -> tensor<2x3xf32>"},
      // Movement.
      {"qnn.transpose %0 [2, 0, 1]",
       "(tensor<2x3x5xf32>) -> tensor<5x2x3xf32>"},
      {"qnn.pad %0 low [1, 0] high [0, 2] value(3.0)",
       "(tensor<2x3xf32>) -> tensor<3x5xf32>"},
      {"qnn.reverse %0 axes [0, 2]",
       "(tensor<2x3x5xf32>) -> tensor<2x3x5xf32>"},
      // Contractions.
      {"qnn.matmul %0, %1",
       "(tensor<3x5xf32>, tensor<5x2xf32>) -> tensor<3x2xf32>"},
      {"qnn.matmul %0, %1 bias(%2) clamp_min(-0.5) clamp_max(1.5)",
       "(tensor<1x5xf32>, tensor<5x3xf32>, tensor<3xf32>) -> tensor<1x3xf32>"},
      {"qnn.matmul %0, %1 bias(%2)",
       "(tensor<2x3x5xf32>, tensor<5x2xf32>, tensor<2xf32>) -> "
       "tensor<2x3x2xf32>"},
      {"qnn.matmul %0, %1",
       "(tensor<2x2x3x5xf32>, tensor<2x2x5x1xf32>) -> tensor<2x2x3x1xf32>"},
      {"qnn.matmul %0, %0",
       "(tensor<3x3xf32>, tensor<3x3xf32>) -> tensor<3x3xf32>"},
      {"qnn.conv2d %0, %1",
       "(tensor<2x4x5x3xf32>, tensor<2x3x2x3xf32>) -> tensor<2x2x4x2xf32>"},
      {"qnn.conv2d %0, %1 bias(%2) strides [2, 3] pad [1, 0, 2, 1] "
       "clamp_min(-0.5) clamp_max(1.0)",
       "(tensor<2x5x7x3xf32>, tensor<4x3x2x3xf32>, tensor<4xf32>) -> "
       "tensor<2x2x3x4xf32>"},
      {"qnn.conv2d %0, %1 strides [2, 2] pad [1, 2, 0, 1] dilations [2, 3]",
       "(tensor<1x6x8x2xf32>, tensor<3x2x2x2xf32>) -> tensor<1x4x3x3xf32>"},
      {"qnn.conv2d %0, %1 strides [1, 2] pad [1, 1, 1, 1] groups(2)",
       "(tensor<2x3x5x4xf32>, tensor<6x3x3x2xf32>) -> tensor<2x3x3x6xf32>"},
      {"qnn.conv2d %0, %1 strides [2, 2] pad [0, 1, 1, 0] groups(3)",
       "(tensor<2x5x4x3xf32>, tensor<3x3x2x1xf32>) -> tensor<2x2x2x3xf32>"},
      {"qnn.conv2d %0, %1 dilations [2, 1] groups(2)",
       "(tensor<1x5x3x2xf32>, tensor<4x2x3x1xf32>) -> tensor<1x3x1x4xf32>"},
      // More padding than kernel, and pixels that no window reads.
      {"qnn.conv2d %0, %1 strides [1, 1] pad [2, 3, 1, 2]",
       "(tensor<1x2x2x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x7x5x1xf32>"},
      {"qnn.conv2d %0, %1 strides [3, 4] pad [2, 0, 0, 0]",
       "(tensor<1x5x6x1xf32>, tensor<1x1x2x1xf32>) -> tensor<1x3x2x1xf32>"},
      // The gradients of a convolution, which are linear in both operands.
      {"qnn.conv2d_input_gradient %0, %1 strides [2, 3] pad [1, 0, 2, 1]",
       "(tensor<2x2x3x4xf32>, tensor<4x3x2x3xf32>) -> tensor<2x5x7x3xf32>"},
      {"qnn.conv2d_input_gradient %0, %1 strides [2, 1] dilations [2, 1] "
       "groups(2)",
       "(tensor<1x2x2x4xf32>, tensor<4x2x2x1xf32>) -> tensor<1x5x3x2xf32>"},
      {"qnn.conv2d_weights_gradient %0, %1 strides [2, 3] pad [1, 0, 2, 1]",
       "(tensor<2x2x3x4xf32>, tensor<2x5x7x3xf32>) -> tensor<4x3x2x3xf32>"},
      {"qnn.conv2d_weights_gradient %0, %1 strides [2, 1] dilations [2, 1] "
       "groups(2)",
       "(tensor<1x2x2x4xf32>, tensor<1x5x3x2xf32>) -> tensor<4x2x2x1xf32>"},
      // Upstream.
      {"tensor.collapse_shape %0 [[0, 1], [2]]",
       "tensor<2x3x5xf32> into tensor<6x5xf32>"},
      {"tensor.expand_shape %0 [[0, 1], [2]] output_shape [2, 3, 5]",
       "tensor<6x5xf32> into tensor<2x3x5xf32>"},
      {"tensor.concat dim(1) %0, %1",
       "(tensor<2x3xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>"},
      {"tensor.extract_slice %0[1, 0, 2] [2, 1, 3] [1, 1, 1]",
       "tensor<4x1x5xf32> to tensor<2x3xf32>"},
      {"tensor.extract_slice %0[1, 0] [2, 3] [2, 2]",
       "tensor<4x5xf32> to tensor<2x3xf32>"},
  };
  return cases;
}

/// `in into out` and `in to out` as `(in) -> out`.
static std::string functionType(std::string types) {
  for (const char *word : {" into ", " to "}) {
    size_t at = types.find(word);
    if (at != std::string::npos)
      return "(" + types.substr(0, at) + ") -> " +
             types.substr(at + strlen(word));
  }
  return types;
}

/// A function of the case's operation with all f32 operands as arguments.
static std::string functionOf(const GradientCase &c) {
  std::string type = functionType(c.types);
  std::string ir = oneOp(c.op, type);
  // The arguments keep their order; only the operation has its own syntax.
  size_t at = ir.find(c.op) + c.op.size();
  return ir.substr(0, at) + " : " + c.types + ir.substr(ir.find('\n', at));
}

static std::string nameOf(const GradientCase &c) {
  return c.op.substr(0, c.op.find_first_of(" "));
}

TEST(Gradient, OfEveryOperationIsTheLimitOfDifferenceQuotients) {
  for (const GradientCase &c : getCases())
    checkGradients(functionOf(c), c.offset);
}

/// Operations that have no adjoint, and why none is missing.
static const std::map<std::string, std::string> kWithoutAdjoint = {
    {"qnn.bucketize", "results are codes"},
    {"qnn.clamp_gradient", "gradients are not differentiated again"},
    {"qnn.constant", "has no operands"},
    {"qnn.dequantize", "operands are codes"},
    {"qnn.fake_quantize_gradient", "gradients are not differentiated again"},
    {"qnn.fixed_point_rescale", "explicit form"},
    {"qnn.gru", "is unrolled before"},
    {"qnn.integer_softmax", "explicit form"},
    {"qnn.lookup", "operands are codes"},
    {"qnn.lstm", "is unrolled before"},
    {"qnn.max_pool2d_gradient", "gradients are not differentiated again"},
    {"qnn.observe", "has no result"},
    {"qnn.one_hot", "operands are integers"},
    {"qnn.parameter", "has no operands"},
    {"qnn.quantize", "a staircase: its simulation in floats has a gradient"},
    {"qnn.random_uniform", "operands are integers"},
    {"qnn.requantize", "operands are codes"},
    {"qnn.rescale", "explicit form"},
    {"qnn.sum_pool2d", "explicit form"},
};

/// Staircases, which have no difference quotients: their gradients are those of
/// a surrogate.
static const std::vector<std::pair<GradientCase, std::string>> &
getSurrogateCases() {
  const std::string types = "(tensor<3x5xf32>) -> tensor<3x5xf32>";
  static const std::vector<std::pair<GradientCase, std::string>> cases = {
      {{"qnn.fake_quantize %0 as !quant.uniform<u8<0:15>:f32, 0.05:7>", types},
       "qnn.clamp %0 clamp_min(-0.35) clamp_max(0.4)"},
      {{"qnn.fake_quantize %0 as !quant.uniform<i8<-7:7>:f32, 0.0625> "
        "margin(0.5)",
        types},
       "qnn.clamp %0 clamp_min(-0.46875) clamp_max(0.46875)"},
      {{"qnn.fake_quantize %0 as !qnn.codebook<u2:f32, {-0.75, 0.0, 0.25, "
        "0.5}>",
        types},
       "qnn.clamp %0 clamp_min(-0.75) clamp_max(0.5)"},
      {{"qnn.fake_quantize %0 as !qnn.pow2<i4:f32, -3:-1>", types},
       "qnn.clamp %0 clamp_min(-0.5) clamp_max(0.5)"},
      {{"qnn.fake_quantize %0 as !quant.uniform<i8<-7:7>:f32:1, {0.0625, "
        "0.0625, 0.0625, 0.0625, 0.0625}>",
        types},
       "qnn.clamp %0 clamp_min(-0.4375) clamp_max(0.4375)"},
      {{"qnn.fake_quantize %0 as !quant.uniform<i8<-7:7>:f32:{0:3, 1:1}, "
        "{{0.0625, "
        "0.0625, 0.0625, 0.0625, 0.0625}}>",
        types},
       "qnn.clamp %0 clamp_min(-0.4375) clamp_max(0.4375)"}};
  return cases;
}

static SmallVector<Tensor> runGradient(const std::string &op,
                                       const std::string &types) {
  Differentiated d = differentiate(oneOp(op, types));
  if (!d.gradient) {
    ADD_FAILURE() << op;
    return {};
  }
  return run(Interpreter(d.gradient, Precision::Double),
             toDouble(makeInputs(d.gradient.getArgumentTypes(), 0)));
}

TEST(Gradient, OfAStaircaseIsThatOfItsSurrogate) {
  for (const auto &[staircase, surrogate] : getSurrogateCases())
    EXPECT_EQ(runGradient(staircase.op, staircase.types),
              runGradient(surrogate, staircase.types))
        << staircase.op;
}

TEST(Gradient, NoOperationIsForgotten) {
  std::set<std::string> tested;
  for (const auto &[c, surrogate] : getSurrogateCases())
    tested.insert(nameOf(c));
  for (const GradientCase &c : getCases())
    tested.insert(nameOf(c));
  getContext().loadAllAvailableDialects();
  for (RegisteredOperationName name : getContext().getRegisteredOperations()) {
    std::string text = name.getStringRef().str();
    bool hasAdjoint = name.hasInterface<DifferentiableOpInterface>();
    EXPECT_EQ(hasAdjoint, tested.count(text) == 1) << text;
    if (name.hasInterface<QuantizableOpInterface>() ||
        name.getDialectNamespace() == "qnn") {
      EXPECT_NE(hasAdjoint, kWithoutAdjoint.count(text) == 1) << text;
    }
  }
}

TEST(Gradient, OfValuesWithManyUses) {
  // A residual, a value that is squared, one that is returned twice.
  checkGradients(R"(
    func.func @f(%x: tensor<2x3xf32>, %w: tensor<3x3xf32>)
        -> (tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>) {
      %0 = qnn.matmul %x, %w clamp_min(-0.5) :
        (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x3xf32>
      %1 = qnn.matmul %0, %w :
        (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x3xf32>
      %2 = qnn.add %1, %0 :
        (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
      %3 = qnn.mul %2, %2 :
        (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
      return %3, %2, %3 : tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x3xf32>
    })");
}

TEST(Gradient, OfUnusedAndReturnedArguments) {
  // %y is not used, %z is a result itself, %0 leads nowhere.
  checkGradients(R"(
    func.func @f(%x: tensor<3xf32>, %y: tensor<2x2xf32>, %z: tensor<2xf32>)
        -> (tensor<1xf32>, tensor<2xf32>) {
      %0 = qnn.add %x, %x : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
      %1 = qnn.mean %x axes [0] : (tensor<3xf32>) -> tensor<1xf32>
      return %1, %z : tensor<1xf32>, tensor<2xf32>
    })");
}

TEST(Gradient, OfABatchNormalizationAndAConvolutionalNetwork) {
  checkGradients(R"(
    func.func @f(%x: tensor<2x6x5x2xf32>, %w: tensor<4x3x3x2xf32>,
                 %b: tensor<4xf32>, %scale: tensor<4xf32>,
                 %shift: tensor<4xf32>, %v: tensor<8x3xf32>)
                 -> tensor<2x3xf32> {
      %0 = qnn.conv2d %x, %w bias(%b) pad [1, 1, 1, 1] :
        (tensor<2x6x5x2xf32>, tensor<4x3x3x2xf32>, tensor<4xf32>)
        -> tensor<2x6x5x4xf32>
      %1 = qnn.mul %0, %scale :
        (tensor<2x6x5x4xf32>, tensor<4xf32>) -> tensor<2x6x5x4xf32>
      %2 = qnn.add %1, %shift clamp_min(0.0) :
        (tensor<2x6x5x4xf32>, tensor<4xf32>) -> tensor<2x6x5x4xf32>
      %3 = qnn.max_pool2d %2 kernel [3, 2] strides [3, 2] :
        (tensor<2x6x5x4xf32>) -> tensor<2x2x2x4xf32>
      %4 = qnn.mean %3 axes [2] : (tensor<2x2x2x4xf32>) -> tensor<2x2x1x4xf32>
      %5 = tensor.collapse_shape %4 [[0], [1, 2, 3]] :
        tensor<2x2x1x4xf32> into tensor<2x8xf32>
      %6 = qnn.matmul %5, %v :
        (tensor<2x8xf32>, tensor<8x3xf32>) -> tensor<2x3xf32>
      %7 = qnn.softmax %6 axis(1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
      return %7 : tensor<2x3xf32>
    })");
}

TEST(Gradient, AtABoundIsZero) {
  Differentiated d = differentiate(
      oneOp("qnn.clamp %0 clamp_min(0.0)", "(tensor<3xf32>) -> tensor<3xf32>"));
  SmallVector<Tensor> gradients =
      run(Interpreter(d.gradient), {f32({3}, {-1, 0, 1}), f32({3}, {5, 5, 5})});
  EXPECT_EQ(gradients.front(), f32({3}, {0, 0, 5}));
}

TEST(Gradient, OfATieGoesToTheFirstMaximum) {
  Differentiated d =
      differentiate(oneOp("qnn.max_pool2d %0 kernel [1, 2]",
                          "(tensor<1x1x4x1xf32>) -> tensor<1x1x3x1xf32>"));
  SmallVector<Tensor> gradients =
      run(Interpreter(d.gradient),
          {f32({1, 1, 4, 1}, {2, 2, 2, 1}), f32({1, 1, 3, 1}, {1, 10, 100})});
  EXPECT_EQ(gradients.front(), f32({1, 1, 4, 1}, {1, 10, 100, 0}));
}

TEST(Gradient, OfAStraightThroughIsTheSurrogates) {
  Differentiated d = differentiate(R"(
    func.func @f(%x: tensor<2xf32>, %y: tensor<2xf32>) -> tensor<2xf32> {
      %0 = qnn.sign %x : (tensor<2xf32>) -> tensor<2xf32>
      %1 = qnn.mul %x, %y :
        (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
      %2 = qnn.straight_through %0, %1 :
        (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
      return %2 : tensor<2xf32>
    })");
  std::vector<Tensor> inputs = {f32({2}, {3, -5}), f32({2}, {7, 11})};
  EXPECT_EQ(run(Interpreter(d.function), inputs).front(), f32({2}, {1, -1}));
  inputs.push_back(f32({2}, {1, 2}));
  SmallVector<Tensor> gradients = run(Interpreter(d.gradient), inputs);
  EXPECT_EQ(gradients[0], f32({2}, {7, 22}));
  EXPECT_EQ(gradients[1], f32({2}, {3, -10}));
}

TEST(Gradient, OfATieOfTwoGoesToTheSecond) {
  for (const char *op : {"qnn.maximum", "qnn.minimum"}) {
    Differentiated d =
        differentiate(oneOp(std::string(op) + " %0, %1",
                            "(tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>"));
    SmallVector<Tensor> gradients = run(
        Interpreter(d.gradient), {f32({1}, {2}), f32({1}, {2}), f32({1}, {5})});
    EXPECT_EQ(gradients[0], f32({1}, {0}));
    EXPECT_EQ(gradients[1], f32({1}, {5}));
  }
}
