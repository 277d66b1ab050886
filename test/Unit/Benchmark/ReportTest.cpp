// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "qnn/Benchmark/Report.h"
#include "gmock/gmock.h"

using namespace qnn;
using testing::HasSubstr;

static ReportRow makeRow(std::optional<double> us, std::optional<double> peer) {
  ReportRow row;
  row.problem = "gemm m=1 n=1 k=1";
  row.us = us;
  row.checked = us.has_value();
  if (peer)
    row.peers.push_back({"other", *peer});
  return row;
}

TEST(Report, MeanRatioIsGeometric) {
  ReportRow rows[] = {makeRow(1, 2), makeRow(1, 8), makeRow(1, std::nullopt),
                      makeRow(std::nullopt, 5)};
  EXPECT_DOUBLE_EQ(*getMeanRatio(rows, "other"), 4);
  EXPECT_FALSE(getMeanRatio(rows, "nobody").has_value());
}

TEST(Report, TableSaysWhatIsWrong) {
  std::string text;
  llvm::raw_string_ostream os(text);
  TableWriter table(os, {"other"});
  table.writeRow(makeRow(2, 5));
  EXPECT_THAT(text, HasSubstr("2.00"));
  EXPECT_THAT(text, HasSubstr("2.50  gemm m=1 n=1 k=1\n"));
  text.clear();
  table.writeRow(makeRow(std::nullopt, std::nullopt));
  EXPECT_THAT(text, HasSubstr("NO"));
}
