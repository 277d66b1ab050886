// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Shuffling by Fisher and Yates. std::shuffle would be another order with
// another standard library.

#include "qnn/Training/RowOrder.h"
#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

using namespace qnn;

SplitMix64::SplitMix64(uint64_t seed, uint64_t stream) : state(seed) {
  state = next() ^ stream;
  state = next();
}

uint64_t SplitMix64::next() {
  state += 0x9e3779b97f4a7c15;
  uint64_t mixed = state;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

uint64_t SplitMix64::below(uint64_t bound) {
  assert(bound > 0 && "no number is below 0");
  // The last incomplete multiple of the bound would favour small numbers.
  uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  uint64_t value = next();
  while (value >= limit)
    value = next();
  return value % bound;
}

static void shuffle(std::vector<int64_t> &rows, SplitMix64 generator) {
  for (size_t i = rows.size(); i > 1; --i)
    std::swap(rows[i - 1], rows[generator.below(i)]);
}

/// The stream that no epoch has.
static constexpr uint64_t kSplitStream = UINT64_MAX;

RowSplit qnn::splitRows(int64_t size, double validationPart, uint64_t seed) {
  assert(validationPart >= 0 && validationPart <= 1 && "expects a part of 1");
  int64_t count = std::llround(validationPart * double(size));
  if (validationPart > 0 && validationPart < 1 && size > 1)
    count = std::clamp<int64_t>(count, 1, size - 1);
  std::vector<int64_t> rows(size);
  std::iota(rows.begin(), rows.end(), 0);
  shuffle(rows, SplitMix64(seed, kSplitStream));
  RowSplit split;
  split.validation.assign(rows.begin(), rows.begin() + count);
  split.training.assign(rows.begin() + count, rows.end());
  std::sort(split.validation.begin(), split.validation.end());
  std::sort(split.training.begin(), split.training.end());
  return split;
}

std::vector<int64_t> qnn::shuffleRows(llvm::ArrayRef<int64_t> rows,
                                      uint64_t seed, int64_t epoch) {
  std::vector<int64_t> result(rows.begin(), rows.end());
  shuffle(result, SplitMix64(seed, uint64_t(epoch)));
  return result;
}
