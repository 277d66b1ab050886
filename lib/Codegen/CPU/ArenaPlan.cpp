// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Greedy placement by size, best fit; then again with other orders.

#include "qnn/Codegen/CPU/ArenaPlan.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>
#include <limits>

using namespace qnn;

/// Plans tried where the first one is above the lower bound.
static constexpr int kMaxAttempts = 32;

namespace {

/// Bytes [begin, end) of the arena.
struct Range {
  int64_t begin;
  int64_t end;
};

} // namespace

static bool meet(const Lifetime &a, const Lifetime &b) {
  return a.begin <= b.end && b.begin <= a.end;
}

/// The start of the smallest gap between `taken`, sorted by begin, that holds
/// `size` bytes; behind all of them if there is none.
static int64_t findGap(llvm::ArrayRef<Range> taken, int64_t size) {
  int64_t best = -1, bestGap = std::numeric_limits<int64_t>::max();
  int64_t position = 0;
  for (const Range &range : taken) {
    int64_t gap = range.begin - position;
    if (gap >= size && gap < bestGap) {
      best = position;
      bestGap = gap;
    }
    position = std::max(position, range.end);
  }
  return best >= 0 ? best : position;
}

static int64_t maxLiveBytes(llvm::ArrayRef<Lifetime> lifetimes,
                            llvm::ArrayRef<int64_t> sizes) {
  // The maximum is reached where some buffer begins.
  int64_t result = 0;
  for (const Lifetime &at : lifetimes) {
    int64_t live = 0;
    for (auto [other, size] : llvm::zip_equal(lifetimes, sizes))
      if (other.begin <= at.begin && at.begin <= other.end)
        live += size;
    result = std::max(result, live);
  }
  return result;
}

/// Places one buffer after the other, each into the tightest gap between those
/// before it in `order` that it meets.
static ArenaPlan place(llvm::ArrayRef<Lifetime> lifetimes,
                       llvm::ArrayRef<int64_t> sizes,
                       llvm::ArrayRef<int64_t> order) {
  ArenaPlan plan;
  plan.offsets.assign(lifetimes.size(), 0);
  for (auto [placed, buffer] : llvm::enumerate(order)) {
    llvm::SmallVector<Range> taken;
    for (int64_t other : order.take_front(placed))
      if (meet(lifetimes[buffer], lifetimes[other]))
        taken.push_back(
            {plan.offsets[other], plan.offsets[other] + sizes[other]});
    llvm::sort(taken, [](const Range &a, const Range &b) {
      return a.begin < b.begin;
    });
    int64_t offset = findGap(taken, sizes[buffer]);
    plan.offsets[buffer] = offset;
    plan.totalBytes = std::max(plan.totalBytes, offset + sizes[buffer]);
  }
  return plan;
}

ArenaPlan qnn::planArena(llvm::ArrayRef<Lifetime> lifetimes,
                         int64_t alignment) {
  llvm::SmallVector<int64_t> sizes, order;
  for (const Lifetime &lifetime : lifetimes) {
    order.push_back(sizes.size());
    sizes.push_back(llvm::alignTo(lifetime.size, alignment));
  }
  llvm::sort(order, [&](int64_t a, int64_t b) {
    return sizes[a] != sizes[b] ? sizes[a] > sizes[b] : a < b;
  });
  int64_t lowerBound = maxLiveBytes(lifetimes, sizes);
  ArenaPlan best = place(lifetimes, sizes, order);
  // What ended up highest had to go around the others: it goes first.
  ArenaPlan plan = best;
  for (int attempt = 0; attempt < kMaxAttempts && best.totalBytes > lowerBound;
       ++attempt) {
    auto *highest = llvm::find_if(order, [&](int64_t buffer) {
      return plan.offsets[buffer] + sizes[buffer] == plan.totalBytes;
    });
    std::rotate(order.begin(), highest, highest + 1);
    plan = place(lifetimes, sizes, order);
    if (plan.totalBytes < best.totalBytes)
      best = plan;
  }
  best.lowerBound = lowerBound;
  return best;
}
