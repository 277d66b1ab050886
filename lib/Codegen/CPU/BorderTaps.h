// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Taps of a convolution that only meet padding. What is known when code is
// generated is not computed again and again: it is part of the start.

#ifndef QNN_LIB_CODEGEN_CPU_BORDERTAPS_H
#define QNN_LIB_CODEGEN_CPU_BORDERTAPS_H

#include "Contraction.h"

namespace qnn {

/// The taps of the outermost loop of a sum that are left: [begin, end).
struct TapRange {
  int64_t begin = 0, end = 0;

  bool operator==(const TapRange &other) const {
    return begin == other.begin && end == other.end;
  }
};

struct BorderTaps {
  /// The byte that all other taps meet.
  uint8_t padding = 0;
  /// Different ranges of taps, and which of them each iteration has.
  llvm::SmallVector<TapRange> ranges;
  llvm::SmallVector<int32_t> rangeOf;

  /// The start of the accumulators for a range: that of the contraction and
  /// what taps outside of the range add. `shift` is what the step adds to an
  /// activation.
  std::vector<int32_t> computeStart(const Contraction &contraction,
                                    const TapRange &range, int64_t shift) const;
};

/// Looks at each iteration of the row loops `outer`, for all iterations of the
/// row loops `inner` together; steps are in the left side first. Nothing if few
/// taps could be left out.
std::optional<BorderTaps> findBorderTaps(const Contraction &contraction,
                                         llvm::ArrayRef<Loop> outer,
                                         llvm::ArrayRef<Loop> inner);

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_BORDERTAPS_H
