// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Functions of several operations, constants, observers and errors.

#include "TestUtils.h"

using namespace qnn;
using namespace qnn::test;

TEST(Interpreter, ConstantsOfAllKinds) {
  const char *ir = R"(
    !w = !quant.uniform<u4:f32, 0.5:8>
    func.func @f() -> (tensor<2x!w>, tensor<2xf32>, tensor<2xi32>,
                       tensor<2xf32>) {
      %0 = qnn.constant dense<[-1, 3]> : tensor<2xi4> as tensor<2x!w>
      %1 = qnn.dequantize %0 : (tensor<2x!w>) -> tensor<2xf32>
      %2 = arith.constant dense<[-1, 3]> : tensor<2xi32>
      %3 = arith.constant dense_resource<blob> : tensor<2xf32>
      return %0, %1, %2, %3
        : tensor<2x!w>, tensor<2xf32>, tensor<2xi32>, tensor<2xf32>
    }
    {-#
      dialect_resources: {
        builtin: { blob: "0x040000000000803F000000C0" }
      }
    #-})";
  auto results = llvm::cantFail(interpret(ir, {}));
  ASSERT_EQ(results.size(), 4u);
  EXPECT_EQ(results[0], u8({2}, {15, 3}));
  EXPECT_EQ(results[1], f32({2}, {3.5f, -2.5f}));
  EXPECT_EQ(results[2], i32({2}, {-1, 3}));
  EXPECT_EQ(results[3], f32({2}, {1, -2}));
}

TEST(Interpreter, ObservesAndReturnsArguments) {
  const char *ir = R"(
    func.func @f(%0: tensor<1xf32>) -> (tensor<1xf32>, tensor<1xf32>,
                                        tensor<1xf32>) {
      qnn.observe %0 "in" : tensor<1xf32>
      %1 = arith.constant dense<2.0> : tensor<1xf32>
      %2 = qnn.mul %0, %1 : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
      %unused = qnn.add %2, %2 : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
      qnn.observe %2 "out" : tensor<1xf32>
      return %2, %0, %2 : tensor<1xf32>, tensor<1xf32>, tensor<1xf32>
    })";
  std::vector<std::pair<std::string, Tensor>> seen;
  auto results = llvm::cantFail(interpret(
      ir, {f32({1}, {3})}, [&](llvm::StringRef name, const Tensor &value) {
        seen.emplace_back(name.str(), value);
      }));
  EXPECT_THAT(results, testing::ElementsAre(f32({1}, {6}), f32({1}, {3}),
                                            f32({1}, {6})));
  EXPECT_THAT(seen, testing::ElementsAre(testing::Pair("in", f32({1}, {3})),
                                         testing::Pair("out", f32({1}, {6}))));
}

TEST(Interpreter, RunsManyRows) {
  auto module = mlir::parseSourceString<mlir::ModuleOp>(
      R"(func.func @f(%0: tensor<1xf32>) -> tensor<1xf32> {
        %1 = qnn.add %0, %0 : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
        %2 = qnn.add %1, %0 : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
        return %2 : tensor<1xf32>
      })",
      &getContext());
  Interpreter interpreter(*module->getOps<mlir::func::FuncOp>().begin());
  for (float x : {1.0f, -2.0f, 0.5f})
    EXPECT_EQ(llvm::cantFail(interpreter.run(f32({1}, {x}))).front(),
              f32({1}, {3 * x}));
}

TEST(Interpreter, ErrorsNameOperationAndNode) {
  expectError(R"(func.func @f(%0: tensor<1xf32>) -> tensor<1xf32> {
                %1 = arith.negf %0 : tensor<1xf32> loc("y"("Neg_7"))
                return %1 : tensor<1xf32>
              })",
              {f32({1}, {1})},
              "arith.negf of node 'Neg_7' has no reference kernel");
  expectError(R"(func.func @f() -> tensor<1xf64> {
                %1 = arith.constant dense<1.0> : tensor<1xf64>
                return %1 : tensor<1xf64>
              })",
              {}, "arith.constant of node 'arith.constant': element type f64");
  expectError(R"(func.func @f(%0: tensor<1xf64>) -> tensor<1xf64> {
                return %0 : tensor<1xf64>
              })",
              {f32({1}, {1})}, "argument 0: element type f64");
  expectError(R"(func.func @f(%0: tensor<?xf32>) -> tensor<?xf32> {
                return %0 : tensor<?xf32>
              })",
              {f32({1}, {1})}, "argument 0: expects a ranked tensor of static");
  expectError("func.func private @f(tensor<1xf32>)", {f32({1}, {1})},
              "expects function 'f' to have one block");
}

TEST(Interpreter, ChecksInputs) {
  std::string ir =
      oneOp("qnn.clamp %0 clamp_min(0.0)", "(tensor<2xf32>) -> tensor<2xf32>");
  expectError(ir, {}, "expects 1 inputs, got 0");
  expectError(ir, {f32({1}, {1})}, "input 0 has the wrong shape");
  expectError(ir, {i32({2}, {1, 2})},
              "input 0 has elements of kind i32, expects f32");
}

static llvm::Expected<llvm::SmallVector<Tensor>>
interpretInDouble(const std::string &ir, llvm::ArrayRef<Tensor> inputs) {
  auto module = mlir::parseSourceString<mlir::ModuleOp>(ir, &getContext());
  auto function = *module->getOps<mlir::func::FuncOp>().begin();
  return Interpreter(function, Precision::Double).run(inputs);
}

TEST(Interpreter, DoublePrecisionKeepsWhatSingleLoses) {
  // 1e8 + 1 - 1e8 is 0 in f32. Constants become doubles, too.
  std::string ir = R"(
    func.func @f(%0: tensor<1xf32>) -> tensor<1xf32> {
      %c = arith.constant dense<1.0e8> : tensor<1xf32>
      %1 = qnn.add %0, %c : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
      %2 = qnn.sub %1, %c : (tensor<1xf32>, tensor<1xf32>) -> tensor<1xf32>
      return %2 : tensor<1xf32>
    })";
  EXPECT_EQ(interpretOne(ir, {f32({1}, {1})}), f32({1}, {0}));
  auto results = interpretInDouble(ir, {f32({1}, {1}).toDouble()});
  ASSERT_TRUE(bool(results)) << llvm::toString(results.takeError());
  EXPECT_EQ(results->front(), make<double>({1}, {1.0}));
}

TEST(Interpreter, DoublePrecisionIsForFloatsOnly) {
  auto results = interpretInDouble(
      oneOp("qnn.quantize %0",
            "(tensor<1xf32>) -> tensor<1x!quant.uniform<u8:f32, 0.5>>"),
      {f32({1}, {1}).toDouble()});
  ASSERT_FALSE(bool(results));
  EXPECT_THAT(llvm::toString(results.takeError()),
              testing::HasSubstr("cannot be run in double precision"));
}
