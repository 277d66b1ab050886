// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Follows the writes to a buffer to learn which elements are constants.

#include "BorderTaps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace qnn;

/// Calls `visit` with the distance of each combination of iterations.
static void forEachDistance(ArrayRef<Loop> loops, int64_t distance,
                            llvm::function_ref<void(int64_t)> visit) {
  if (loops.empty())
    return visit(distance);
  for (int64_t i = 0; i < loops[0].extent; ++i)
    forEachDistance(loops.drop_front(), distance + i * loops[0].steps[0],
                    visit);
}

namespace {

constexpr int64_t kUnknown = -1;

/// The bits of a constant; nothing for other values.
std::optional<int64_t> matchBits(Value value) {
  if (APInt code; matchPattern(value, m_ConstantInt(&code)))
    return code.getZExtValue();
  if (APFloat number(0.0f); matchPattern(value, m_ConstantFloat(&number)))
    return number.bitcastToAPInt().getZExtValue();
  return std::nullopt;
}

/// The elements of a buffer when an operation reads it.
class KnownElements {
public:
  /// False if the buffer is accessed in ways that are not understood.
  bool collect(const Contraction &contraction) {
    auto alloc =
        getRoot(contraction.lhs.memref).getDefiningOp<memref::AllocOp>();
    if (!alloc || !alloc.getType().hasStaticShape())
      return false;
    Type element = alloc.getType().getElementType();
    if (!element.isInteger(8) && !element.isF32())
      return false;
    Operation *reader = contraction.op;
    elements.assign(alloc.getType().getNumElements(), kUnknown);
    SmallVector<Operation *> writers;
    for (Operation *access : getAccesses(alloc)) {
      if (access->getBlock() != reader->getBlock())
        return false;
      if (access->isBeforeInBlock(reader))
        writers.push_back(access);
    }
    llvm::sort(writers, [](Operation *a, Operation *b) {
      return a->isBeforeInBlock(b);
    });
    return llvm::all_of(
        writers, [&](Operation *op) { return write(op, alloc.getResult()); });
  }

  /// The bits of `count` elements, if they are known and the same.
  int64_t lookup(int64_t first, int64_t count) const {
    ArrayRef<int64_t> part = ArrayRef(elements).slice(first, count);
    return llvm::all_equal(part) ? part[0] : kUnknown;
  }

private:
  bool write(Operation *op, Value buffer) {
    auto writer = dyn_cast<linalg::LinalgOp>(op);
    if (!writer)
      return false;
    std::optional<int64_t> bits;
    if (isa<linalg::FillOp>(op))
      bits = matchBits(op->getOperand(0));
    return llvm::all_of(writer.getDpsInits(), [&](Value target) {
      return getRoot(target) != buffer || fill(target, bits.value_or(kUnknown));
    });
  }

  bool fill(Value target, int64_t bits) {
    auto type = cast<MemRefType>(target.getType());
    SmallVector<int64_t> strides;
    int64_t offset = 0;
    if (!type.hasStaticShape() ||
        failed(type.getStridesAndOffset(strides, offset)) ||
        ShapedType::isDynamic(offset) ||
        llvm::any_of(strides, ShapedType::isDynamic))
      return false;
    SmallVector<Loop> loops;
    for (auto [extent, stride] : llvm::zip_equal(type.getShape(), strides))
      loops.push_back({extent, {stride}});
    forEachDistance(loops, offset,
                    [&](int64_t position) { elements[position] = bits; });
    return true;
  }

  std::vector<int64_t> elements;
};

/// Which part of the taps is left out.
double getPartLeftOut(ArrayRef<TapRange> ranges, ArrayRef<int32_t> rangeOf,
                      int64_t extent) {
  int64_t all = extent * rangeOf.size(), left = 0;
  for (int32_t range : rangeOf)
    left += ranges[range].end - ranges[range].begin;
  return double(all - left) / double(all);
}

/// Tells taps that meet padding only.
class BorderFinder {
public:
  explicit BorderFinder(const Contraction &contraction)
      : contraction(contraction) {}

  /// False if nothing can be known.
  bool collect() { return known.collect(contraction); }

  BorderTaps findTaps(ArrayRef<Loop> outer, ArrayRef<Loop> inner) {
    const Loop &taps = contraction.taps[0];
    SmallVector<Loop> elements(inner);
    llvm::append_range(elements, ArrayRef(contraction.taps).drop_front());
    BorderTaps result;
    forEachDistance(outer, contraction.lhs.offset, [&](int64_t distance) {
      TapRange range = shrink({0, taps.extent}, [&](int64_t tap) {
        return isPadding(elements, distance + tap * taps.steps[0],
                         contraction.depth);
      });
      append(range, result.ranges, result.rangeOf);
    });
    result.placeRanges = {TapRange{0, contraction.numPlaces()}};
    result.placeRangeOf.assign(inner.back().extent, 0);
    result.padding = padding;
    return result;
  }

  /// Replaces the places of `result` if enough of them could be left out.
  void findPlaces(ArrayRef<Loop> outer, ArrayRef<Loop> inner, int64_t numSteps,
                  BorderTaps &result) {
    SmallVector<Loop> elements(outer);
    llvm::append_range(elements, inner.drop_back());
    llvm::append_range(elements, contraction.taps);
    const Loop &innermost = inner.back();
    SmallVector<TapRange> ranges(result.placeRanges);
    SmallVector<int32_t> rangeOf;
    for (int64_t i = 0; i < innermost.extent; ++i) {
      int64_t distance = contraction.lhs.offset + i * innermost.steps[0];
      TapRange range = shrink(ranges[0], [&](int64_t place) {
        return isPadding(elements, distance + place * contraction.innerDepth,
                         contraction.innerDepth);
      });
      append(range, ranges, rangeOf);
    }
    double part = getPartLeftOut(ranges, rangeOf, contraction.numPlaces());
    // Tiles at borders have code of their own, which a large layer is worth.
    constexpr double largePart = 1.0 / 32, manySteps = 4096;
    if (part < largePart && part * double(numSteps) < manySteps)
      return;
    result.placeRanges = ranges;
    result.placeRangeOf = rangeOf;
  }

private:
  /// Takes what can be left out off both ends, but for one that stays.
  static TapRange shrink(TapRange range,
                         llvm::function_ref<bool(int64_t)> isLeftOut) {
    while (range.end > range.begin + 1 && isLeftOut(range.end - 1))
      --range.end;
    while (range.end > range.begin + 1 && isLeftOut(range.begin))
      ++range.begin;
    return range;
  }

  static void append(const TapRange &range, SmallVectorImpl<TapRange> &ranges,
                     SmallVectorImpl<int32_t> &rangeOf) {
    auto *place = llvm::find(ranges, range);
    rangeOf.push_back(place - ranges.begin());
    if (place == ranges.end())
      ranges.push_back(range);
  }

  /// Whether all that is met is the one element that padding is made of.
  bool isPadding(ArrayRef<Loop> elements, int64_t first, int64_t count) {
    bool isKnown = true;
    forEachDistance(elements, first, [&](int64_t position) {
      int64_t bits = known.lookup(position, count);
      if (padding == kUnknown)
        padding = bits;
      isKnown &= bits != kUnknown && bits == padding;
    });
    return isKnown;
  }

  const Contraction &contraction;
  KnownElements known;
  int64_t padding = kUnknown;
};

} // namespace

bool BorderTaps::haveAllPlaces(int64_t first, int64_t count) const {
  return llvm::all_of(ArrayRef(placeRangeOf).slice(first, count),
                      [](int32_t range) { return range == 0; });
}

std::vector<int32_t> BorderTaps::computeStart(const Contraction &contraction,
                                              const TapRange &taps,
                                              const TapRange &places,
                                              int64_t shift) const {
  int64_t value =
      contraction.lhsIsSigned ? int64_t(int8_t(padding)) : int64_t(padding);
  std::vector<int32_t> start = contraction.start;
  auto has = [](const TapRange &range, int64_t i) {
    return i >= range.begin && i < range.end;
  };
  int64_t perTap = contraction.weights.size() / contraction.taps[0].extent;
  for (size_t i = 0; i < contraction.weights.size(); ++i) {
    int64_t byte = i / contraction.columns % contraction.depth;
    if (has(taps, i / perTap) && has(places, byte / contraction.innerDepth))
      continue;
    int32_t &sum = start[i % contraction.columns];
    int64_t product = (value + shift) * contraction.weights[i];
    sum = int32_t(uint32_t(sum) + uint32_t(product));
  }
  return start;
}

std::optional<BorderTaps> qnn::findBorderTaps(const Contraction &contraction,
                                              ArrayRef<Loop> outer,
                                              ArrayRef<Loop> inner,
                                              int64_t numSteps) {
  BorderFinder finder(contraction);
  if (contraction.taps.empty() || outer.empty() || inner.empty() ||
      !finder.collect())
    return std::nullopt;
  BorderTaps result = finder.findTaps(outer, inner);
  // A loop of variable length is worth some products.
  if (getPartLeftOut(result.ranges, result.rangeOf,
                     contraction.taps[0].extent) < 1.0 / 128)
    return std::nullopt;
  // Places end where words do.
  if (numSteps > 0 && contraction.innerDepth % 4 == 0)
    finder.findPlaces(outer, inner, numSteps, result);
  return result;
}
