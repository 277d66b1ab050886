// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "qnn/Benchmark/Problem.h"
#include "gmock/gmock.h"

using namespace qnn;
using testing::ElementsAre;
using testing::HasSubstr;

static Problem parse(const char *line) {
  return llvm::cantFail(Problem::parse(line));
}

TEST(Problem, HasDefaults) {
  Problem problem = parse("gemm  m=3 n=5   k=7");
  EXPECT_EQ(problem.getText(), "gemm m=3 n=5 k=7");
  EXPECT_EQ(problem.getKind(), "gemm");
  EXPECT_EQ(problem.getNumber("batch"), 1);
  EXPECT_EQ(problem.getType("in"), ElementKind::U8);
  EXPECT_EQ(problem.getType("weights"), ElementKind::S8);
  EXPECT_EQ(problem.getNumber("in_zero_point"), 128);
  EXPECT_EQ(problem.getNumber("weights_zero_point"), 0);
}

TEST(Problem, ZeroPointFollowsType) {
  Problem problem = parse("gemm m=3 n=5 k=7 in=s8 weights=u8 out=s8");
  EXPECT_EQ(problem.getNumber("in_zero_point"), 0);
  EXPECT_EQ(problem.getNumber("weights_zero_point"), 128);
  EXPECT_EQ(problem.getNumber("out_zero_point"), 0);
}

TEST(Problem, Shapes) {
  Problem gemm = parse("gemm batch=2 m=3 n=5 k=7 rhs=input scales=tensor");
  EXPECT_THAT(gemm.getInputShape(), ElementsAre(2, 3, 7));
  EXPECT_THAT(gemm.getWeightsShape(), ElementsAre(2, 7, 5));
  EXPECT_THAT(gemm.getResultShape(), ElementsAre(2, 3, 5));

  Problem conv = parse("conv n=2 h=9 w=8 c=6 o=4 kh=3 kw=2 stride=2 pad=1 "
                       "dilation=2 groups=2");
  EXPECT_THAT(conv.getInputShape(), ElementsAre(2, 9, 8, 6));
  EXPECT_THAT(conv.getWeightsShape(), ElementsAre(4, 3, 2, 3));
  // (9 + 2 - 5) / 2 + 1 and (8 + 2 - 3) / 2 + 1.
  EXPECT_THAT(conv.getResultShape(), ElementsAre(2, 4, 4, 4));

  Problem depthwise =
      parse("depthwise h=7 w=5 c=3 multiplier=2 kh=3 kw=3 pad=1");
  EXPECT_THAT(depthwise.getWeightsShape(), ElementsAre(6, 3, 3, 1));
  EXPECT_THAT(depthwise.getResultShape(), ElementsAre(1, 7, 5, 6));
  EXPECT_THAT(parse("mean h=7 w=5 c=3").getResultShape(),
              ElementsAre(1, 1, 1, 3));
  EXPECT_THAT(parse("transpose h=7 w=5 c=3 to=nhwc").getInputShape(),
              ElementsAre(1, 3, 7, 5));
}

TEST(Problem, PaddingOfTheProducerIsPartOfTheInput) {
  Problem problem = parse("depthwise h=7 w=5 c=3 kh=3 kw=3 pad=1 padded=1");
  EXPECT_THAT(problem.getInputShape(), ElementsAre(1, 9, 7, 3));
  EXPECT_THAT(problem.getPad(), ElementsAre(0, 0, 0, 0));
  EXPECT_THAT(problem.getResultShape(), ElementsAre(1, 7, 5, 3));
}

TEST(Problem, NumbersForEachSide) {
  Problem problem = parse(
      "conv h=49 w=10 c=1 o=64 kh=10 kw=4 stride=2,3 pad=4,5,1,2 dilation=1,2");
  EXPECT_THAT(problem.getPad(), ElementsAre(4, 5, 1, 2));
  EXPECT_THAT(problem.getNumbers("stride"), ElementsAre(2, 3));
  // (49 + 9 - 10) / 2 + 1 and (10 + 3 - 7) / 3 + 1.
  EXPECT_THAT(problem.getResultShape(), ElementsAre(1, 25, 3, 64));
  EXPECT_THAT(
      parse("conv h=5 w=5 c=1 o=1 kh=1 kw=1 stride=2").getNumbers("stride"),
      ElementsAre(2, 2));
  EXPECT_THAT(parse("depthwise h=7 w=5 c=3 kh=3 kw=3 pad=0,1,2,3 padded=1")
                  .getInputShape(),
              ElementsAre(1, 8, 10, 3));
}

TEST(Problem, CountsOperations) {
  EXPECT_EQ(parse("gemm batch=2 m=3 n=5 k=7").countOperations(),
            2 * 2 * 3 * 5 * 7);
  EXPECT_EQ(
      parse("conv h=4 w=4 c=6 o=4 kh=3 kw=3 pad=1 groups=2").countOperations(),
      2 * 4 * 4 * 4 * 9 * 3);
  EXPECT_EQ(parse("pool op=max h=4 w=4 c=3 kh=2 kw=2").countOperations(),
            3 * 3 * 3 * 4);
  EXPECT_EQ(parse("mean h=4 w=5 c=3").countOperations(), 60);
  EXPECT_EQ(parse("eltwise op=add size=9").countOperations(), 9);
}

TEST(Problem, SaysWhatIsExpected) {
  std::pair<const char *, const char *> cases[] = {
      {"matmul m=1", "unknown problem 'matmul', expects gemm, conv, "},
      {"gemm m=1 n=1", "gemm: key 'k' is missing"},
      {"gemm m=1 n=1 k=1 o=1", "gemm: unknown key 'o', expects batch, m, n, k"},
      {"gemm m=1 n=1 k", "gemm: unknown key 'k', expects"},
      {"gemm m=1 n=1 k=1 k=2", "gemm: key 'k' is given twice"},
      {"gemm m=1 n=x k=1", "key 'n' expects an integer from 1 to 16777216, "
                           "got 'x'"},
      {"gemm m=1 n=99999999 k=1", "key 'n' expects an integer from 1 to"},
      {"gemm m=16777216 n=1 k=16777216",
       "gemm: expects tensors of at most 2^30 elements"},
      {"gemm m=1 n=1 k=1 in=s16", "key 'in' expects one of u8, s8, f32, got"},
      {"gemm m=1 n=1 k=1 in=f32", "expects f32 for both of in and out"},
      {"gemm m=1 n=1 k=1 in=f32 out=f32", "for both of in and weights"},
      {"gemm m=1 n=1 k=1 out=s32 epilogue=relu",
       "gemm: accumulators (out=s32 of in=u8) expect epilogue=none"},
      {"gemm m=1 n=1 k=1 rhs=input", "gemm: rhs=input expects scales=tensor"},
      {"gemm m=1 n=1 k=1 in_zero_point=-1",
       "key 'in_zero_point' expects 0 to 255 for u8, got '-1'"},
      {"conv h=2 w=2 c=3 o=2 kh=1 kw=1 groups=2",
       "conv: key 'groups' expects a divisor of c and o, got '2'"},
      {"conv h=2 w=2 c=1 o=1 kh=3 kw=1", "conv: "},
      {"conv h=2 w=2 c=1 o=1 kh=1 kw=1 pad=1,1",
       "key 'pad' expects 1 or 4 integers from 0 to 16777216, got '1,1'"},
      {"gemm m=1,1 n=1 k=1", "key 'm' expects an integer from 1"},
      {"pool op=max h=2 w=2 c=1 kh=1 kw=1 out=s8",
       "expects the same type for in and out"},
      {"pool op=min h=2 w=2 c=1 kh=1 kw=1", "expects one of max, avg"},
      {"eltwise op=quantize size=1",
       "eltwise: op=quantize expects in=f32 and out=u8 or out=s8"},
      {"eltwise op=dequantize size=1",
       "eltwise: op=dequantize expects in=u8 or in=s8, and out=f32"},
      {"eltwise op=lookup size=1 in=f32 out=f32",
       "eltwise: op=lookup expects in=u8 or in=s8"},
      {"eltwise op=add size=1 in=f32", "expects f32 for both"}};
  for (auto [line, message] : cases) {
    auto problem = Problem::parse(line);
    ASSERT_FALSE(bool(problem)) << line;
    EXPECT_THAT(llvm::toString(problem.takeError()), HasSubstr(message));
  }
}
