// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Depthwise convolutions. A lane is a channel and holds a word of four places
// along the innermost axis of the kernel; the word of the next place is this
// one, shifted, with one byte more. A tile is several rows and columns of the
// image, because a word serves every output row that it is a tap of.

#include "DepthwiseKernel.h"
#include "FlatAccess.h"
#include "TileKernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace qnn;

namespace {

class DepthwiseKernel : public TileKernel {
public:
  using TileKernel::TileKernel;

private:
  /// Taps along the innermost axis, which share words.
  int64_t numInnerTaps() const {
    return contraction.taps.empty() ? 1 : contraction.taps.back().extent;
  }
  int64_t innerStep() const {
    return contraction.taps.empty() ? 0 : contraction.taps.back().steps[0];
  }

  void chooseTile() override;
  std::vector<int8_t> packWeights() override {
    return packDepthwise(contraction.weights, numInnerTaps(),
                         contraction.columns, panels, row.lanes());
  }
  SmallVector<Value> emitSums(const Tile &tile,
                              SmallVector<Value> accumulators) override;
  SmallVector<int64_t> outerDistances() const;

  /// What a tile has read: by distance from its first address.
  struct Reads {
    explicit Reads(const Tile &tile) : tile(tile) {}

    const Tile &tile;
    DenseMap<int64_t, Value> bytes;
    /// Words by the distance of their highest byte, for each size of groups.
    DenseMap<std::pair<int64_t, int64_t>, Value> words;
  };
  Value readBytes(Reads &reads, int64_t distance);
  Value readWord(Reads &reads, int64_t distance, int64_t count);
  Value shift(Value words, int64_t bits, bool left);
};

} // namespace

/// Four output columns, and as many output rows as leave half of the registers
/// to words and weights: more rows share more words.
void DepthwiseKernel::chooseTile() {
  panels = splitColumns(contraction.columns, row.lanes(), /*maxVectors=*/1);
  SmallVector<int64_t, 2> sizes{row.registers / 8, 4};
  while (!sizes.empty() && !rowLoops.empty())
    tiledLoops.insert(tiledLoops.begin(),
                      {rowLoops.pop_back_val(), sizes.pop_back_val()});
}

/// Distances of all taps but the innermost axis.
SmallVector<int64_t> DepthwiseKernel::outerDistances() const {
  SmallVector<int64_t> distances{0};
  ArrayRef<Loop> taps(contraction.taps);
  for (const Loop &loop : taps.empty() ? taps : taps.drop_back()) {
    SmallVector<int64_t> next;
    for (int64_t distance : distances)
      for (int64_t i = 0; i < loop.extent; ++i)
        next.push_back(distance + i * loop.steps[0]);
    distances = next;
  }
  return distances;
}

/// One byte of each channel at `distance`, zero-extended.
Value DepthwiseKernel::readBytes(Reads &reads, int64_t distance) {
  Value &wide = reads.bytes[distance];
  if (wide)
    return wide;
  int64_t count = std::min(row.lanes(), reads.tile.panel->columns);
  Value address = builder.createOrFold<arith::AddIOp>(
      emitOffset(builder, reads.tile.bases[kLhs], distance), reads.tile.column);
  auto type = VectorType::get(count, builder.getI8Type());
  Value bytes = vector::LoadOp::create(builder, type, views[kLhs], address);
  if (count < row.lanes()) {
    auto whole = VectorType::get(row.lanes(), builder.getI8Type());
    Value zero = arith::ConstantOp::create(builder, builder.getZeroAttr(whole));
    bytes = vector::InsertStridedSliceOp::create(
        builder, bytes, zero, ArrayRef<int64_t>{0}, ArrayRef<int64_t>{1});
  }
  wide = arith::ExtUIOp::create(builder, accumulatorType(), bytes);
  return wide;
}

Value DepthwiseKernel::shift(Value words, int64_t bits, bool left) {
  if (bits == 0)
    return words;
  Value amount = arith::ConstantOp::create(
      builder, DenseElementsAttr::get(accumulatorType(), int32_t(bits)));
  if (left)
    return arith::ShLIOp::create(builder, words, amount);
  return arith::ShRUIOp::create(builder, words, amount);
}

/// The word with `count` bytes of which the last one is at `distance`.
Value DepthwiseKernel::readWord(Reads &reads, int64_t distance, int64_t count) {
  Value &word = reads.words[{distance, count}];
  if (word)
    return word;
  Value newest = shift(readBytes(reads, distance), 24, /*left=*/true);
  Value previous = reads.words.lookup({distance - innerStep(), count});
  if (previous && count > 1) {
    word = arith::OrIOp::create(builder, shift(previous, 8, /*left=*/false),
                                newest);
    return word;
  }
  word = newest;
  for (int64_t i = 1; i < count; ++i) {
    Value older = readBytes(reads, distance - i * innerStep());
    word = arith::OrIOp::create(builder, word,
                                shift(older, 24 - 8 * i, /*left=*/true));
  }
  return word;
}

SmallVector<Value> DepthwiseKernel::emitSums(const Tile &tile,
                                             SmallVector<Value> accumulators) {
  Reads reads(tile);
  DenseMap<Value, SmallVector<Value, 2>> prepared;
  int64_t position = 0;
  for (int64_t outer : outerDistances())
    for (TapGroup group : groupTaps(numInnerTaps())) {
      auto weights =
          dot4.loadWeights(packed, emitOffset(builder, tile.weights, position));
      position += dot4.weightsPerVector();
      int64_t last = outer + (group.first + group.count - 1) * innerStep();
      for (auto [accumulator, distances] :
           llvm::zip_equal(accumulators, tile.rows)) {
        Value word = readWord(reads, distances[kLhs] + last, group.count);
        SmallVector<Value, 2> &activations = prepared[word];
        if (activations.empty())
          activations = dot4.prepare(word);
        accumulator = dot4.emit(accumulator, activations, weights);
      }
    }
  return accumulators;
}

void qnn::emitDepthwiseKernel(ImplicitLocOpBuilder &builder,
                              SymbolTable &symbols, const TargetRow &row,
                              const Contraction &contraction,
                              const Epilogue *epilogue) {
  DepthwiseKernel(builder, symbols, row, contraction, epilogue).emit();
}
