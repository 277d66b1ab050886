// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which row a set of features gives.

#include "qnn/Codegen/CPU/TargetTable.h"
#include "gtest/gtest.h"

using namespace qnn;

static llvm::StringRef choose(llvm::Triple::ArchType arch,
                              std::vector<llvm::StringRef> features) {
  return chooseTargetRow(arch,
                         [&](llvm::StringRef feature) {
                           return llvm::is_contained(features, feature);
                         })
      .name;
}

TEST(TargetTable, TakesTheFirstRowThatFits) {
  auto x86 = llvm::Triple::x86_64;
  EXPECT_EQ(choose(x86, {}), "generic");
  EXPECT_EQ(choose(x86, {"sse2"}), "sse2");
  EXPECT_EQ(choose(x86, {"sse4.1"}), "sse4.1");
  EXPECT_EQ(choose(x86, {"sse4.1", "avx2"}), "sse4.1");
  EXPECT_EQ(choose(x86, {"sse4.1", "avx2", "fma"}), "avx2");
  EXPECT_EQ(choose(x86, {"avx2", "fma", "avxvnni"}), "avxvnni");
  EXPECT_EQ(choose(x86, {"avx2", "fma", "avx512bw"}), "avx2");
  EXPECT_EQ(choose(x86, {"avx2", "avx512bw", "avx512vl"}), "avx512bw");
  EXPECT_EQ(choose(x86, {"avx2", "avx512bw", "avx512vl", "avx512vnni"}),
            "avx512vnni");
  EXPECT_EQ(choose(x86, {"avx512bw", "avx512vl", "avx512vnni", "avx512vbmi"}),
            "avx512vbmi");
  auto arm = llvm::Triple::aarch64;
  EXPECT_EQ(choose(arm, {"neon"}), "neon");
  EXPECT_EQ(choose(arm, {"neon", "dotprod"}), "neon+dotprod");
  EXPECT_EQ(choose(arm, {"neon", "dotprod", "i8mm"}), "neon+i8mm");
  EXPECT_EQ(choose(arm, {}), "neon");
  EXPECT_EQ(choose(llvm::Triple::riscv64, {"v"}), "rvv");
  EXPECT_EQ(choose(llvm::Triple::riscv64, {"sse4.1"}), "generic");
}

/// A tile of one row must leave a register for each of its parts.
TEST(TargetTable, TilesFitIntoRegisters) {
  for (const TargetRow &row : getTargetTable()) {
    EXPECT_EQ(findTargetRow(row.name), &row);
    bool hasParts =
        row.dot4 == Dot4Form::Pairs || row.dot4 == Dot4Form::Products;
    int64_t perValue = hasParts ? 2 : 1;
    EXPECT_LE(row.tileVectors + (row.tileVectors + 1) * perValue,
              row.registers);
  }
  EXPECT_EQ(getTargetTable().back().name, "generic");
  EXPECT_EQ(findTargetRow("i486"), nullptr);
}

/// Fewer columns take smaller vectors of the same step, as far as the table has
/// them, but all registers of the CPU.
TEST(TargetTable, VectorsAreNarrowed) {
  const TargetRow &vnni = *findTargetRow("avx512vnni");
  EXPECT_EQ(narrowVectors(vnni, 16).vectorBits, 512);
  EXPECT_EQ(narrowVectors(vnni, 8).vectorBits, 256);
  EXPECT_EQ(narrowVectors(vnni, 1).vectorBits, 256);
  EXPECT_EQ(narrowVectors(vnni, 1).registers, 32);
  EXPECT_EQ(narrowVectors(*findTargetRow("avx512bw"), 4).vectorBits, 128);
}
