// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Follows the writes to a buffer to learn which bytes are constants.

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

constexpr int16_t kUnknown = -1;

/// The bytes of a buffer when an operation reads it.
class KnownBytes {
public:
  /// False if the buffer is accessed in ways that are not understood.
  bool collect(const Contraction &contraction) {
    auto alloc =
        getRoot(contraction.lhs.memref).getDefiningOp<memref::AllocOp>();
    if (!alloc || !alloc.getType().hasStaticShape() ||
        !alloc.getType().getElementType().isInteger(8))
      return false;
    Operation *reader = contraction.op;
    bytes.assign(alloc.getType().getNumElements(), kUnknown);
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

  /// The value of `count` bytes, if it is known and the same.
  int16_t lookup(int64_t first, int64_t count) const {
    ArrayRef<int16_t> part = ArrayRef(bytes).slice(first, count);
    return llvm::all_equal(part) ? part[0] : kUnknown;
  }

private:
  bool write(Operation *op, Value buffer) {
    auto writer = dyn_cast<linalg::LinalgOp>(op);
    if (!writer)
      return false;
    APInt code;
    bool isConstant = isa<linalg::FillOp>(op) &&
                      matchPattern(op->getOperand(0), m_ConstantInt(&code));
    int16_t value = isConstant ? int16_t(code.getZExtValue()) : kUnknown;
    return llvm::all_of(writer.getDpsInits(), [&](Value target) {
      return getRoot(target) != buffer || fill(target, value);
    });
  }

  bool fill(Value target, int16_t value) {
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
                    [&](int64_t position) { bytes[position] = value; });
    return true;
  }

  std::vector<int16_t> bytes;
};

class BorderFinder {
public:
  BorderFinder(const Contraction &contraction, ArrayRef<Loop> inner)
      : contraction(contraction) {
    bytes.assign(inner.begin(), inner.end());
    llvm::append_range(bytes, ArrayRef(contraction.taps).drop_front());
  }

  std::optional<BorderTaps> find(ArrayRef<Loop> outer) {
    if (!known.collect(contraction))
      return std::nullopt;
    BorderTaps result;
    int64_t numTaps = contraction.taps[0].extent, numLeft = 0;
    forEachDistance(outer, contraction.lhs.offset, [&](int64_t distance) {
      TapRange range = findRange(distance);
      numLeft += range.end - range.begin;
      auto *place = llvm::find(result.ranges, range);
      result.rangeOf.push_back(place - result.ranges.begin());
      if (place == result.ranges.end())
        result.ranges.push_back(range);
    });
    // A loop of variable length is worth some products.
    int64_t numAll = numTaps * result.rangeOf.size();
    if ((numAll - numLeft) * 128 < numAll)
      return std::nullopt;
    result.padding = padding;
    return result;
  }

private:
  TapRange findRange(int64_t distance) {
    TapRange range{0, contraction.taps[0].extent};
    while (range.end > range.begin + 1 && isPadding(distance, range.end - 1))
      --range.end;
    while (range.end > range.begin + 1 && isPadding(distance, range.begin))
      ++range.begin;
    return range;
  }

  /// Whether all that a tap meets is the one byte that padding is made of.
  bool isPadding(int64_t distance, int64_t tap) {
    bool isKnown = true;
    int64_t first = distance + tap * contraction.taps[0].steps[0];
    forEachDistance(bytes, first, [&](int64_t position) {
      int16_t value = known.lookup(position, contraction.depth);
      if (padding == kUnknown)
        padding = value;
      isKnown &= value != kUnknown && value == padding;
    });
    return isKnown;
  }

  const Contraction &contraction;
  KnownBytes known;
  /// Loops around the bytes that a tap meets together.
  SmallVector<Loop> bytes;
  int16_t padding = kUnknown;
};

} // namespace

std::vector<int32_t> BorderTaps::computeStart(const Contraction &contraction,
                                              const TapRange &range,
                                              int64_t shift) const {
  int64_t value =
      contraction.lhsIsSigned ? int64_t(int8_t(padding)) : int64_t(padding);
  std::vector<int32_t> start = contraction.start;
  int64_t perTap = contraction.weights.size() / contraction.taps[0].extent;
  for (size_t i = 0; i < contraction.weights.size(); ++i) {
    int64_t tap = i / perTap;
    if (tap >= range.begin && tap < range.end)
      continue;
    int32_t &sum = start[i % contraction.columns];
    int64_t product = (value + shift) * contraction.weights[i];
    sum = int32_t(uint32_t(sum) + uint32_t(product));
  }
  return start;
}

std::optional<BorderTaps> qnn::findBorderTaps(const Contraction &contraction,
                                              ArrayRef<Loop> outer,
                                              ArrayRef<Loop> inner) {
  if (contraction.taps.empty() || outer.empty())
    return std::nullopt;
  return BorderFinder(contraction, inner).find(outer);
}
