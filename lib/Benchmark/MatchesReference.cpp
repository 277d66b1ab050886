// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Comparison of results with the reference.

#include "MatchesReference.h"
#include "qnn/Codegen/CPU/TargetTable.h"
#include <cmath>
#include <cstring>

using namespace qnn;

bool qnn::isExactOn(llvm::StringRef target, bool isFloat) {
  const TargetRow *row = findTargetRow(target);
  return !isFloat || !row || row->hasFma;
}

/// Differences of 1e-4 of the largest element: sums of thousands of terms whose
/// rounding errors add up.
static bool isClose(llvm::ArrayRef<char> bytes,
                    llvm::ArrayRef<float> reference) {
  float largest = 0;
  for (float value : reference)
    largest = std::max(largest, std::abs(value));
  for (size_t i = 0; i < reference.size(); ++i) {
    float value;
    std::memcpy(&value, bytes.data() + 4 * i, 4);
    if (!(std::abs(value - reference[i]) <= 1e-4f * largest))
      return false;
  }
  return true;
}

bool qnn::matchesReference(llvm::ArrayRef<char> bytes, const Tensor &reference,
                           bool isExact) {
  if (isExact || reference.getKind() != ElementKind::F32)
    return bytes == reference.getBytes();
  return isClose(bytes, reference.data<float>());
}
