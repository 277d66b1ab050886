// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Roles of arguments and results.

#include "qnn/Training/StepPorts.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace qnn;

namespace {
class StepPortsTest : public testing::Test {
protected:
  StepPortsTest() { context.loadDialect<func::FuncDialect>(); }

  llvm::Expected<StepPorts> read(StringRef function) {
    module = parseSourceString<ModuleOp>(function, &context);
    return readStepPorts(*module->getOps<func::FuncOp>().begin());
  }

  MLIRContext context{MLIRContext::Threading::DISABLED};
  OwningOpRef<ModuleOp> module;
};

TEST_F(StepPortsTest, AreNumberedByRole) {
  StepPorts ports = llvm::cantFail(read(R"(
    func.func private @f(tensor<2xf32>,
        tensor<f32> {qnn.role = "parameter", qnn.name = "w"},
        tensor<3xf32>) -> (tensor<f32> {qnn.role = "loss"}, tensor<2xf32>)
  )"));
  ASSERT_EQ(ports.arguments.size(), 3u);
  EXPECT_EQ(ports.arguments[0].role, StepRole::Input);
  EXPECT_EQ(ports.arguments[1].role, StepRole::Parameter);
  EXPECT_EQ(ports.arguments[1].name, "w");
  EXPECT_EQ(ports.arguments[1].number, 0u);
  EXPECT_EQ(ports.arguments[2].number, 1u);
  EXPECT_EQ(ports.results[0].role, StepRole::Loss);
  EXPECT_EQ(ports.results[1].role, StepRole::Output);
}

TEST_F(StepPortsTest, RefusesAnUnknownRole) {
  auto ports = read(R"(func.func private @f(
    tensor<f32> {qnn.role = "weight", qnn.name = "w"}))");
  ASSERT_FALSE(bool(ports));
  EXPECT_EQ(llvm::toString(ports.takeError()),
            "'w' has the unknown role 'weight'");
}

TEST_F(StepPortsTest, MasksSayWhatTheyAreOf) {
  StepPorts ports = llvm::cantFail(read(R"(func.func private @f(
    tensor<f32> {qnn.role = "mask", qnn.name = "m", qnn.mask_of = "w"}))"));
  EXPECT_EQ(ports.arguments[0].maskOf, "w");
  auto none = read(R"(func.func private @f(
    tensor<f32> {qnn.role = "mask", qnn.name = "m"}))");
  ASSERT_FALSE(bool(none));
  EXPECT_EQ(llvm::toString(none.takeError()), "'m' is a mask of nothing");
}
} // namespace
