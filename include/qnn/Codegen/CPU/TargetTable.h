// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the code generator knows about instruction sets: one row for each. A
// module names its row in the attribute `qnn.target`, so that passes never look
// at the machine they run on.

#ifndef QNN_CODEGEN_CPU_TARGETTABLE_H
#define QNN_CODEGEN_CPU_TARGETTABLE_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/TargetParser/Triple.h"

namespace qnn {

/// The row of a module; without it the row is `generic`.
inline constexpr llvm::StringLiteral kTargetAttr = "qnn.target";

/// How `acc + sum of four products of bytes` is computed in each 32-bit lane.
/// All forms are exact.
enum class Dot4Form {
  /// One instruction on bytes: `multiply(acc, activations, weights)`.
  Bytes,
  /// Products of bytes in 16 bits, of which neighbours are added:
  /// `acc + addPairs(multiply(low, low) + multiply(high, high))`.
  Products,
  /// Two multiply-adds of pairs of 16-bit numbers:
  /// `acc + multiply(pair, pair) + multiply(pair, pair)`.
  Pairs,
  /// Four multiplications in 32 bits of what was extended from 16, without
  /// intrinsics: what LLVM has a widening multiply-add for on most CPUs.
  Widening,
};

/// An instruction of the step, and the signs of the bytes that it takes.
struct Dot4Instruction {
  bool activationsAreSigned;
  bool weightsAreSigned;
  llvm::StringLiteral multiply;
  /// The weights are the first factor.
  bool weightsComeFirst = false;
  /// Products only: adds neighbours to lanes of 32 bits.
  llvm::StringLiteral addPairs = "";
  /// Pairs only: multiply-add of pairs of unsigned and signed bytes to 16 bits.
  /// It saturates, so it is used where weights are too small for that.
  llvm::StringLiteral multiplyBytes = "";
};

struct TargetRow {
  llvm::StringLiteral name;
  /// What LLVM calls the architecture; unknown for any.
  llvm::Triple::ArchType arch;
  /// LLVM features that must all be there, separated by commas.
  llvm::StringLiteral features;
  Dot4Form dot4;
  /// For each sign of the weights that the CPU has an instruction for. Other
  /// activations are shifted by 128. The 16-bit forms take any operands.
  llvm::ArrayRef<Dot4Instruction> instructions;
  int64_t vectorBits;
  /// Vector registers.
  int64_t registers;
  /// The most vectors of columns in a tile of many rows. Rows follow from
  /// `registers`.
  int64_t tileVectors;
  /// Accumulators that keep the multipliers busy: ports times latency.
  int64_t accumulators;
  /// Whether f32 products are added with one rounding. Without such an
  /// instruction they are rounded first.
  bool hasFma;
  /// Whether bytes of a register can be looked up by their positions.
  bool shufflesBytes = true;
  /// Whether one instruction looks bytes up in two registers of 64 of them.
  bool permutesBytes = false;
  /// The second cache, which a core has for itself, and the first.
  int64_t cacheBytes = 1 << 20, firstCacheBytes = 1 << 15;

  /// Whether there are vector instructions to write code for.
  bool hasVectors() const { return arch != llvm::Triple::UnknownArch; }

  /// Whether weights that are small enough are multiplied as bytes.
  bool hasMixedSteps() const {
    return dot4 == Dot4Form::Pairs && !instructions[0].multiplyBytes.empty();
  }
  /// Whether weights are 16 bits wide, and activations may be.
  bool isWide() const {
    return dot4 == Dot4Form::Pairs || dot4 == Dot4Form::Widening;
  }
  /// 32-bit lanes of a vector.
  int64_t lanes() const { return vectorBits / 32; }
};

/// All rows, the best one of an architecture first, `generic` last.
llvm::ArrayRef<TargetRow> getTargetTable();

/// The row of this name, or null.
const TargetRow *findTargetRow(llvm::StringRef name);

/// Whether code for this row runs where these features are.
bool fitsTarget(const TargetRow &row, llvm::Triple::ArchType arch,
                llvm::function_ref<bool(llvm::StringRef)> hasFeature);

/// The first row that fits.
const TargetRow &
chooseTargetRow(llvm::Triple::ArchType arch,
                llvm::function_ref<bool(llvm::StringRef)> hasFeature);

/// `row` with smaller vectors, down to those with at most `lanes` lanes, if the
/// table has the same step for them: they cost less where columns would not
/// fill large ones.
TargetRow narrowVectors(const TargetRow &row, int64_t lanes);

/// The row that the module names; null, with an error, if there is none of
/// this name.
const TargetRow *getTargetRow(mlir::ModuleOp module);

} // namespace qnn

#endif // QNN_CODEGEN_CPU_TARGETTABLE_H
