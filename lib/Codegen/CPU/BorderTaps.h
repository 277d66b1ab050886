// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Taps of a convolution that only meet padding. What is known when code is
// generated is not computed again and again: it is part of the start.

#ifndef QNN_LIB_CODEGEN_CPU_BORDERTAPS_H
#define QNN_LIB_CODEGEN_CPU_BORDERTAPS_H

#include "Contraction.h"

namespace qnn {

/// The taps of a loop of a sum that are left: [begin, end).
struct TapRange {
  int64_t begin = 0, end = 0;

  bool operator==(const TapRange &other) const {
    return begin == other.begin && end == other.end;
  }
};

struct BorderTaps {
  /// The bits of the element that all other taps meet.
  uint32_t padding = 0;
  /// Different ranges of the outermost taps, and which of them each iteration
  /// has.
  llvm::SmallVector<TapRange> ranges;
  llvm::SmallVector<int32_t> rangeOf;
  /// The same of the places of the kernel that lie together, by iteration of
  /// the innermost row loop. The first range is that of all places.
  llvm::SmallVector<TapRange> placeRanges;
  llvm::SmallVector<int32_t> placeRangeOf;

  const TapRange &getPlaces(int64_t iteration) const {
    return placeRanges[placeRangeOf[iteration]];
  }
  /// Whether iterations of the innermost row loop have all places.
  bool haveAllPlaces(int64_t first, int64_t count) const;

  /// The start of the accumulators for ranges of taps and places: that of the
  /// contraction and what is outside of the ranges adds. `shift` is what the
  /// step adds to an activation.
  std::vector<int32_t> computeStart(const Contraction &contraction,
                                    const TapRange &taps,
                                    const TapRange &places,
                                    int64_t shift) const;
};

/// Looks at each iteration of the row loops `outer`, for all iterations of the
/// row loops `inner` together; steps are in the left side first. Nothing if few
/// taps could be left out. Places are if that is worth it for a kernel that
/// could leave them out of `numSteps` vector multiply-adds; 0 if it could not.
std::optional<BorderTaps> findBorderTaps(const Contraction &contraction,
                                         llvm::ArrayRef<Loop> outer,
                                         llvm::ArrayRef<Loop> inner,
                                         int64_t numSteps);

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_BORDERTAPS_H
