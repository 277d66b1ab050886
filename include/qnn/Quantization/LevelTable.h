// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nonlinear quantization of one value: the nearest entry of a table.

#ifndef QNN_QUANTIZATION_LEVELTABLE_H
#define QNN_QUANTIZATION_LEVELTABLE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>

namespace qnn {

/// Boundary i is the midpoint of levels i and i + 1, computed in double and
/// rounded to f32. `levels` are in strictly increasing order.
llvm::SmallVector<float> levelBoundaries(llvm::ArrayRef<float> levels);

/// How many boundaries are less than `x`: the index of the level nearest to x,
/// the lower one on a tie. NaN gives 0.
int64_t bucketize(float x, llvm::ArrayRef<float> boundaries);

/// The levels of signed powers of two: -2^max ... -2^min, 0, 2^min ... 2^max.
llvm::SmallVector<float> powerOfTwoLevels(int64_t minExponent,
                                          int64_t maxExponent);

} // namespace qnn

#endif // QNN_QUANTIZATION_LEVELTABLE_H
