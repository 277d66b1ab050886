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
  /// No such step: contractions stay plain loops.
  None,
  /// One instruction on bytes: `intrinsic(acc, activations, weights)`.
  Bytes,
  /// Two multiply-adds of pairs of 16-bit numbers, of the even and of the odd
  /// bytes: `acc + intrinsic(even, even) + intrinsic(odd, odd)`.
  Pairs,
};

/// Which activations the step takes; others are shifted by 128.
enum class Dot4Activations { Unsigned, Signed, Both };

struct TargetRow {
  llvm::StringLiteral name;
  /// What LLVM calls the architecture; empty for any.
  llvm::Triple::ArchType arch;
  /// LLVM features that must all be there, separated by commas.
  llvm::StringLiteral features;
  Dot4Form dot4;
  Dot4Activations activations;
  llvm::StringLiteral intrinsic;
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
  /// The cache that a core has for itself.
  int64_t cacheBytes = 1 << 20;

  /// Whether there are vector instructions to write code for.
  bool hasVectors() const { return dot4 != Dot4Form::None; }

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
