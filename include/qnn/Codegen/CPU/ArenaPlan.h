// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Static memory planning: buffers with known sizes and lifetimes get places in
// one arena.

#ifndef QNN_CODEGEN_CPU_ARENAPLAN_H
#define QNN_CODEGEN_CPU_ARENAPLAN_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>

namespace qnn {

/// A buffer of `size` bytes that is live at all times of [begin, end].
struct Lifetime {
  int64_t size = 0;
  int64_t begin = 0;
  int64_t end = 0;
};

struct ArenaPlan {
  /// Where each buffer begins, in the order of the lifetimes.
  llvm::SmallVector<int64_t> offsets;
  int64_t totalBytes = 0;
  /// The most bytes (rounded up to the alignment) live at any one time: no
  /// plan can need less.
  int64_t lowerBound = 0;
};

/// Places the largest buffer first, each one into the tightest gap between the
/// buffers placed before that it must not meet. Where that takes more than the
/// lower bound, tries again with the highest buffer placed first, a limited
/// number of times, and keeps the best plan. Offsets are multiples of
/// `alignment`. Deterministic: ties are broken by the order of the lifetimes.
ArenaPlan planArena(llvm::ArrayRef<Lifetime> lifetimes, int64_t alignment);

} // namespace qnn

#endif // QNN_CODEGEN_CPU_ARENAPLAN_H
