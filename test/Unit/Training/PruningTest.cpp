// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Masks worked by hand, the schedule of the paper, and zeros that stay zeros.

#include "qnn/Training/Pruning.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "qnn/Dialect/QNN/Transforms/Parameters.h"
#include "qnn/InitAll.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace mlir;
using namespace qnn;
using testing::ElementsAre;

static SparsityPattern parse(StringRef text) {
  return llvm::cantFail(SparsityPattern::parse(text));
}

/// Rows are output channels, columns input channels.
static WeightsLayout rows(int64_t outputs, int64_t inputs) {
  return {{outputs, inputs}, 0, 1};
}

TEST(Pruning, Schedule) {
  PruningSchedule schedule{0.25, 0.75, 100, 500, 100};
  EXPECT_FALSE(schedule.isPruningStep(99));
  EXPECT_TRUE(schedule.isPruningStep(100));
  EXPECT_FALSE(schedule.isPruningStep(150));
  EXPECT_TRUE(schedule.isPruningStep(500));
  EXPECT_FALSE(schedule.isPruningStep(600));
  EXPECT_EQ(schedule.getSparsity(99), 0);
  EXPECT_EQ(schedule.getSparsity(100), 0.25);
  // 0.75 - 0.5 * (1 / 2)^3
  EXPECT_EQ(schedule.getSparsity(300), 0.6875);
  EXPECT_EQ(schedule.getSparsity(500), 0.75);
  EXPECT_EQ(schedule.getSparsity(1000), 0.75);
  // All at once.
  EXPECT_EQ((PruningSchedule{0, 0.5, 10, 10, 1}).getSparsity(10), 0.5);
}

TEST(Pruning, Patterns) {
  EXPECT_EQ(parse("unstructured").blockInputs, 1);
  EXPECT_EQ(parse("2:4").kept, 2);
  EXPECT_EQ(parse("2:4").group, 4);
  EXPECT_EQ(parse("4x1").blockOutputs, 4);
  EXPECT_EQ(parse("1x16").blockInputs, 16);
  for (const char *text : {"", "dense", "4:2", "0:4", "4x", "0x4", "-1x4"}) {
    auto pattern = SparsityPattern::parse(text);
    ASSERT_FALSE(bool(pattern)) << text;
    EXPECT_THAT(llvm::toString(pattern.takeError()),
                testing::HasSubstr("unknown sparsity pattern"));
  }
}

TEST(Pruning, Unstructured) {
  const float weights[] = {1, -0.5f, 0.25f, -4, 0.5f, 3, 0, 2};
  EXPECT_THAT(makeMask(weights, rows(2, 4), parse("unstructured"), 0.5),
              // Of the two of magnitude 0.5 the first and then the other.
              ElementsAre(1, 0, 0, 1, 0, 1, 0, 1));
  EXPECT_THAT(makeMask(weights, rows(2, 4), parse("unstructured"), 0.45),
              ElementsAre(1, 0, 0, 1, 1, 1, 0, 1));
  EXPECT_THAT(makeMask(weights, rows(2, 4), parse("unstructured"), 0),
              testing::Each(1));
  EXPECT_THAT(makeMask(weights, rows(2, 4), parse("unstructured"), 1),
              testing::Each(0));
}

TEST(Pruning, TwoOfFour) {
  // Two rows of six: a group of four and one of two, which may stay.
  const float weights[] = {1, 2, 3, 4, 0.5f, 0.25f, 4, 3, 2, 2, 1, 1};
  EXPECT_THAT(makeMask(weights, rows(2, 6), parse("2:4"), 0.5),
              ElementsAre(0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1));
  // On the way there, one of each group.
  EXPECT_THAT(makeMask(weights, rows(2, 6), parse("2:4"), 0.25),
              ElementsAre(0, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1));
  // No more than the pattern asks for.
  EXPECT_THAT(makeMask(weights, rows(2, 6), parse("2:4"), 1),
              ElementsAre(0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1));
}

TEST(Pruning, TwoOfFourAlongColumns) {
  // [inputs, outputs], as the right side of a product.
  const float weights[] = {1, 8, 2, 7, 3, 6, 4, 5};
  EXPECT_THAT(makeMask(weights, {{4, 2}, 1, 0}, parse("2:4"), 0.5),
              ElementsAre(0, 1, 0, 1, 1, 0, 1, 0));
}

TEST(Pruning, TwoOfFourOfAKernel) {
  // [1, 1, 2, 4]: groups are along the input channels at each position.
  const float weights[] = {1, 2, 3, 4, 40, 30, 20, 10};
  EXPECT_THAT(makeMask(weights, {{1, 1, 2, 4}, 0, 3}, parse("2:4"), 0.5),
              ElementsAre(0, 0, 1, 1, 1, 1, 0, 0));
}

TEST(Pruning, Blocks) {
  // Blocks of two outputs in three rows: the last one is a row, whose mean
  // counts, not its sum. Column sums of the first block: 4, 2; of the
  // second 1.5 and 3.
  const float weights[] = {1, 1, -3, 1, 1.5f, 3};
  EXPECT_THAT(makeMask(weights, rows(3, 2), parse("2x1"), 0.25),
              ElementsAre(1, 0, 1, 0, 1, 1));
  EXPECT_THAT(makeMask(weights, rows(3, 2), parse("2x1"), 0.5),
              ElementsAre(1, 0, 1, 0, 0, 1));
  const float row[] = {1, 1, 2, 0.5f, 0.5f};
  EXPECT_THAT(makeMask(row, rows(1, 5), parse("1x2"), 0.34),
              ElementsAre(1, 1, 1, 1, 0));
}

TEST(Pruning, MeasuredSparsity) {
  EXPECT_EQ(measureSparsity({}), 0);
  EXPECT_EQ(measureSparsity({0.0f, -0.0f, 1.0f, 1e-30f}), 0.5);
}

static MLIRContext &getTestContext() {
  static MLIRContext *context = [] {
    DialectRegistry registry;
    qnn::registerAllDialects(registry);
    auto *made = new MLIRContext(registry, MLIRContext::Threading::DISABLED);
    made->loadAllAvailableDialects();
    return made;
  }();
  return *context;
}

TEST(Pruning, Layouts) {
  auto module = parseSourceString<ModuleOp>(R"(
    func.func @model(%x: tensor<1x4x4x3xf32>, %y: tensor<1x6xf32>)
        -> (tensor<1x4x4x5xf32>, tensor<1x2xf32>) {
      %0 = qnn.parameter "conv" #qnn.initializer<he> : tensor<5x1x1x3xf32>
      %1 = qnn.parameter "bias" #qnn.initializer<he> : tensor<5xf32>
      %2 = qnn.parameter "dense" #qnn.initializer<he> : tensor<6x2xf32>
      %3 = qnn.conv2d %x, %0 bias(%1)
        : (tensor<1x4x4x3xf32>, tensor<5x1x1x3xf32>, tensor<5xf32>)
        -> tensor<1x4x4x5xf32>
      %4 = qnn.matmul %y, %2
        : (tensor<1x6xf32>, tensor<6x2xf32>) -> tensor<1x2xf32>
      return %3, %4 : tensor<1x4x4x5xf32>, tensor<1x2xf32>
    })",
                                            &getTestContext());
  ASSERT_TRUE(module);
  SmallVector<ParameterOp> parameters = getParameters(*module);
  auto conv = findWeightsLayout(parameters[0]);
  ASSERT_TRUE(conv);
  EXPECT_EQ(conv->outputAxis, 0);
  EXPECT_EQ(conv->inputAxis, 3);
  EXPECT_FALSE(findWeightsLayout(parameters[1]));
  auto dense = findWeightsLayout(parameters[2]);
  ASSERT_TRUE(dense);
  EXPECT_EQ(dense->outputAxis, 1);
  EXPECT_EQ(dense->inputAxis, 0);
}

/// Zero has a code of its own in every type that weights get.
TEST(Pruning, ZerosSurviveQuantization) {
  for (const char *text :
       {"!quant.uniform<i8<-127:127>:f32, 0.3>",
        "!quant.uniform<i8<-7:7>:f32, 0.0137>",
        "!quant.uniform<i8<-1:1>:f32, 1.0e-7>", "!qnn.pow2<i4:f32, -3:0>"}) {
    auto type = cast<QuantizedElementType>(parseType(text, &getTestContext()));
    for (float zero : {0.0f, -0.0f}) {
      int64_t code = type.quantizeValue(zero, 0, RoundingMode::HalfEven);
      EXPECT_EQ(code, 0) << text;
      EXPECT_EQ(type.dequantizeCode(code, 0), 0) << text;
    }
  }
}

/// The weights of a matrix, with a mask of ones.
static TensorMap makeState(std::vector<float> weights) {
  TensorMap state;
  SmallVector<int64_t> shape{1, int64_t(weights.size())};
  std::vector<float> ones(weights.size(), 1);
  state.emplace("w", Tensor::fromValues<float>(shape, weights));
  state.emplace("mask", Tensor::fromValues<float>(shape, ones));
  return state;
}

TEST(Pruning, SetsWeightsAndMasks) {
  PruningPlan plan;
  plan.schedule = {0, 0.5, 1, 3, 1};
  plan.weights["w"] = {rows(1, 4), "mask"};
  TensorMap state = makeState({3, -1, 2, 4});
  // 0.5 - 0.5 * (1 / 2)^3 of four weights is one.
  prune(plan, 2, state);
  EXPECT_THAT(state.at("w").data<float>(), ElementsAre(3, 0, 2, 4));
  EXPECT_THAT(state.at("mask").data<float>(), ElementsAre(1, 0, 1, 1));
  prune(plan, 3, state);
  EXPECT_THAT(state.at("w").data<float>(), ElementsAre(3, 0, 0, 4));
  EXPECT_THAT(state.at("mask").data<float>(), ElementsAre(1, 0, 0, 1));
}

/// A mask may have any name, also that of other weights with "/mask" behind it.
TEST(Pruning, PlanHasTheMasksOfArguments) {
  auto module = parseSourceString<ModuleOp>(R"(
    func.func @model(%x: tensor<1x6xf32>) -> tensor<1x2xf32> {
      %0 = qnn.parameter "w" #qnn.initializer<he> : tensor<6x4xf32>
      %1 = qnn.parameter "w/mask" #qnn.initializer<he> : tensor<4x2xf32>
      %2 = qnn.matmul %x, %0
        : (tensor<1x6xf32>, tensor<6x4xf32>) -> tensor<1x4xf32>
      %3 = qnn.matmul %2, %1
        : (tensor<1x4xf32>, tensor<4x2xf32>) -> tensor<1x2xf32>
      return %3 : tensor<1x2xf32>
    })",
                                            &getTestContext());
  ASSERT_TRUE(module);
  SmallVector<StepPort> arguments(2);
  arguments[0].name = "w/mask_1";
  arguments[0].maskOf = "w";
  arguments[1].name = "w/mask/mask";
  arguments[1].maskOf = "w/mask";
  PruningPlan plan = PruningPlan::create(*module, arguments, {}, 0.5, 9);
  ASSERT_EQ(plan.weights.size(), 2u);
  EXPECT_EQ(plan.weights["w"].mask, "w/mask_1");
  EXPECT_EQ(plan.weights["w/mask"].mask, "w/mask/mask");
  // Blocks of 3 outputs fit into the first only.
  plan = PruningPlan::create(*module, arguments, parse("3x1"), 0.5, 9);
  EXPECT_EQ(plan.weights.size(), 1u);
  EXPECT_TRUE(plan.weights.count("w"));
}

TEST(Pruning, RoomForPatterns) {
  EXPECT_TRUE(hasRoomFor(parse("4x2"), rows(4, 2)));
  EXPECT_FALSE(hasRoomFor(parse("4x2"), rows(3, 2)));
  EXPECT_FALSE(hasRoomFor(parse("4x2"), rows(4, 1)));
  EXPECT_TRUE(hasRoomFor(parse("2:4"), rows(1, 3)));
  EXPECT_FALSE(hasRoomFor(parse("2:4"), rows(9, 2)));
  EXPECT_TRUE(hasRoomFor(parse("unstructured"), rows(1, 1)));
}

TEST(Pruning, PlanEndsInTheMiddle) {
  MLIRContext context;
  OwningOpRef<ModuleOp> empty = ModuleOp::create(UnknownLoc::get(&context));
  PruningPlan plan = PruningPlan::create(*empty, {}, {}, 0.5, 300);
  // Every 7 steps, 20 times.
  EXPECT_EQ(plan.schedule.end, 141);
  EXPECT_TRUE(plan.schedule.isPruningStep(141));
  EXPECT_EQ(plan.schedule.getSparsity(141), 0.5);
  EXPECT_EQ(PruningPlan::create(*empty, {}, {}, 0.5, 4).schedule.end, 3);
  EXPECT_EQ(PruningPlan::create(*empty, {}, {}, 0.5, 1).schedule.end, 1);
}
