// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Data that test something: results that differ, and are rarely clipped.

#include "qnn/Benchmark/BuildProblem.h"
#include "qnn/Benchmark/CompiledProblem.h"
#include "qnn/Execution/ExecutableModel.h"
#include "qnn/InitAll.h"
#include "gtest/gtest.h"
#include <set>

using namespace mlir;
using namespace qnn;

static mlir::DialectRegistry getRegistry() {
  DialectRegistry registry;
  registerAllDialects(registry);
  return registry;
}

/// The result of the reference for random inputs.
static Tensor interpret(const char *line, unsigned seed = 1) {
  MLIRContext context(getRegistry(), MLIRContext::Threading::DISABLED);
  Problem problem = llvm::cantFail(Problem::parse(line));
  auto module = buildProblem(context, problem, seed);
  auto model = llvm::cantFail(interpretModule(*module));
  std::mt19937_64 random(2);
  SmallVector<Tensor> inputs;
  for (const Port &port : model->getInputs()) {
    inputs.emplace_back(port.shape, port.kind);
    fillRandomly(inputs.back(), random);
  }
  auto results = llvm::cantFail(model->run(inputs));
  EXPECT_EQ(results[0].getShape(),
            llvm::ArrayRef<int64_t>(problem.getResultShape()));
  EXPECT_EQ(results[0].getKind(), problem.getType("out"));
  return results[0];
}

TEST(BuildProblem, ResultsSpread) {
  const char *lines[] = {
      "gemm m=20 n=40 k=64",
      "gemm m=20 n=40 k=64 in=s8 weights=u8 out=s8",
      "gemm m=20 n=40 k=64 in_zero_point=0 weights_zero_point=-128",
      "gemm m=20 n=40 k=64 rhs=input scales=tensor",
      "conv h=9 w=9 c=8 o=24 kh=3 kw=3",
      "depthwise h=9 w=9 c=24 kh=3 kw=3",
      "pool op=avg h=20 w=20 c=4 kh=3 kw=3",
      "mean h=4 w=4 c=1000",
      "eltwise op=add size=1000",
      "eltwise op=mul size=1000"};
  for (const char *line : lines) {
    SCOPED_TRACE(line);
    Tensor result = interpret(line);
    auto [min, max] = getElementRange(result.getKind());
    std::vector<int64_t> codes = result.getCodes();
    double clipped = 0;
    std::set<int64_t> distinct(codes.begin(), codes.end());
    for (int64_t code : codes)
      clipped += code == min || code == max;
    EXPECT_LT(clipped / double(codes.size()), 0.1);
    EXPECT_GT(distinct.size(), 100u);
  }
}

TEST(BuildProblem, SeedDecides) {
  const char *line = "gemm m=3 n=5 k=7";
  EXPECT_TRUE(interpret(line) == interpret(line));
  EXPECT_FALSE(interpret(line) == interpret(line, /*seed=*/2));
}

TEST(CompiledProblem, ChecksEveryByte) {
  auto problem = llvm::cantFail(Problem::parse("gemm m=3 n=5 k=7"));
  auto compiled = llvm::cantFail(CompiledProblem::create(
      getRegistry(), {"", problem, ""}, {}, /*threads=*/1, /*seed=*/1));
  EXPECT_TRUE(llvm::cantFail(compiled->check()));
  // 21 bytes in, 35 of weights, 4 * 5 of the bias, 15 out.
  EXPECT_EQ(compiled->countBytes(), 21 + 35 + 20 + 15);
}
