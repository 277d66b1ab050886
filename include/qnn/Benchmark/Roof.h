// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a machine can do at most: a loop of multiply-adds on registers.

#ifndef QNN_BENCHMARK_ROOF_H
#define QNN_BENCHMARK_ROOF_H

#include "qnn/Benchmark/Contestant.h"
#include "llvm/TargetParser/Triple.h"

namespace llvm {
class LLVMContext;
class Module;
namespace orc {
class LLJIT;
} // namespace orc
} // namespace llvm

namespace qnn {

/// The multiply-add of one instruction set.
struct RoofRow {
  llvm::StringLiteral name;
  llvm::Triple::ArchType arch;
  /// LLVM features that must all be there, separated by commas.
  llvm::StringLiteral features;
  /// One multiply-add, in assembly: {d} is the number of the accumulator, {a}
  /// and {b} those of the factors, {t} that of a register for a result between.
  llvm::StringLiteral step;
  /// Sets register {d} to zero.
  llvm::StringLiteral clear;
  /// What a clobber list calls a register, without its number.
  llvm::StringLiteral registerPrefix;
  int64_t registers;
  /// Operations of a step; two for each product.
  int64_t operations;
};

/// All rows, the widest of an architecture first.
llvm::ArrayRef<RoofRow> getRoofTable();

/// The rows that this machine has.
std::vector<const RoofRow *> getHostRoofs();

/// Accumulators of the loop: 24, or what registers allow.
int64_t countAccumulators(const RoofRow &row);

/// `void roof(i64 n)`, n times a step for each accumulator.
std::unique_ptr<llvm::Module> buildRoofLoop(llvm::LLVMContext &context,
                                            const RoofRow &row);

/// The loop as machine code. A call is some microseconds long.
class RoofLoop : public Contestant {
public:
  static llvm::Expected<std::unique_ptr<RoofLoop>> create(const RoofRow &row);
  ~RoofLoop() override;

  const RoofRow &getRow() const { return row; }
  llvm::Expected<double> takeTurn(const TimingOptions &options) override;
  /// Operations of a call.
  double countOperations() const;

private:
  explicit RoofLoop(const RoofRow &row);

  const RoofRow &row;
  std::unique_ptr<llvm::orc::LLJIT> jit;
  std::unique_ptr<FunctionContestant> loop;
};

} // namespace qnn

#endif // QNN_BENCHMARK_ROOF_H
