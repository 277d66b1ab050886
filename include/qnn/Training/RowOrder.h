// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which rows are trained on, which are held out, and in what order: functions
// of a seed, the same on every machine.

#ifndef QNN_TRAINING_ROWORDER_H
#define QNN_TRAINING_ROWORDER_H

#include "llvm/ADT/ArrayRef.h"
#include <cstdint>
#include <vector>

namespace qnn {

/// The generator SplitMix64 (Steele, Lea, Flood 2014).
class SplitMix64 {
public:
  /// Streams of one seed are independent of each other.
  explicit SplitMix64(uint64_t seed, uint64_t stream = 0);

  uint64_t next();
  /// A number in [0, bound), for a positive bound.
  uint64_t below(uint64_t bound);

private:
  uint64_t state;
};

/// Disjoint row numbers, ascending.
struct RowSplit {
  std::vector<int64_t> training, validation;
};

/// Holds out the given part of `size` rows, rounded to the nearest number, but
/// at least one and not all if the part is in (0, 1) and there are two rows.
RowSplit splitRows(int64_t size, double validationPart, uint64_t seed);

/// The rows in the order of an epoch.
std::vector<int64_t> shuffleRows(llvm::ArrayRef<int64_t> rows, uint64_t seed,
                                 int64_t epoch);

} // namespace qnn

#endif // QNN_TRAINING_ROWORDER_H
