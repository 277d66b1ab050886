// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is no training function.

#include "qnn/Training/TrainingFunction.h"
#include "gtest/gtest.h"

using namespace qnn;

namespace {
/// Without inputs and outputs.
class EmptyModel : public ExecutableModel {
public:
  llvm::Error runInto(llvm::ArrayRef<const Tensor *>,
                      llvm::ArrayRef<Tensor *>) override {
    return llvm::Error::success();
  }
  llvm::Error useThreads(unsigned) override { return llvm::Error::success(); }
};

std::string errorOf(StepPorts ports) {
  return llvm::toString(
      TrainingFunction::create(std::make_unique<EmptyModel>(), std::move(ports))
          .takeError());
}

TEST(TrainingFunction, HasPortsOfTheModelAndALoss) {
  StepPorts more;
  more.arguments.emplace_back();
  EXPECT_EQ(errorOf(more), "the ports are of another function");
  EXPECT_EQ(errorOf({}), "the first result must be the loss");
}
} // namespace
