// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Matrix products and convolutions: loops over taps and words that carry the
// accumulators.

#include "ContractionKernel.h"
#include "DepthwiseKernel.h"
#include "FlatAccess.h"
#include "MixedKernel.h"
#include "TileKernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include <map>

using namespace mlir;
using namespace qnn;

namespace {

class ProductKernel : public TileKernel {
public:
  using TileKernel::TileKernel;

private:
  void chooseTile() override;
  DenseElementsAttr packWeights() override {
    std::vector<int16_t> weights;
    for (int64_t group = 0; group < contraction.groups; ++group)
      llvm::append_range(weights,
                         packBytes(contraction.getGroupWeights(group),
                                   contraction.numTaps(), contraction.depth,
                                   contraction.columns, panels, row.lanes()));
    return dot4.pack(weights);
  }
  void emitTile(const Tile &tile) override;
  SmallVector<Value> emitSums(const Tile &tile,
                              SmallVector<Value> accumulators);
  SmallVector<Value> emitTaps(const Tile &tile, ArrayRef<Loop> taps, Value lhs,
                              Value tapIndex, ValueRange accumulators);
  SmallVector<Value> emitWords(const Tile &tile, Value lhs, Value weights,
                               ValueRange accumulators);
  SmallVector<Value> emitWordLoop(const Tile &tile, const TapRange &range,
                                  ArrayRef<int64_t> rows, Value lhs,
                                  Value weights, ValueRange accumulators);
  void emitWord(const Tile &tile, ArrayRef<int64_t> rows, Value lhs,
                Value weights, int64_t copy, int64_t wordBytes,
                SmallVectorImpl<Value> &accumulators);
  SmallVector<Value, 2> emitActivations(Value address, int64_t numBytes);
  SmallVector<Value> emitSharedWords(const Tile &tile, Value lhs, Value weights,
                                     ValueRange accumulators);
  Tile withPrefetches(Tile tile);
  void emitPrefetch(const Tile &tile, Value word);
  int64_t countIterationsPerLine(int64_t count) const;
  int64_t countTileRows(int64_t vectors, int64_t numPlaces) const;
  /// Packed weights of one word of a panel.
  int64_t weightsPerWord(const Panel &panel) const {
    return panel.vectors * dot4.weightsPerVector();
  }

  Words words{contraction.depth};
  /// Copies of the accumulators of a tile that take turns, so that enough of
  /// them are independent of each other.
  int64_t copies = 1;
  /// Weights of the next panel that are prefetched with each word.
  int64_t prefetchedPerWord = 0;
  /// Whether a word is read once for all rows and places of the kernel that
  /// meet there.
  bool sharesWords = false;
};

/// Rows for which accumulators, weights of all places and a word of activations
/// fit into the registers.
int64_t ProductKernel::countTileRows(int64_t vectors, int64_t numPlaces) const {
  // More rows than enough only lengthen the code: a layer runs once per call,
  // and its code is not in the cache.
  int64_t enough =
      std::max<int64_t>(8, llvm::divideCeil(row.accumulators + 2, vectors));
  int64_t others = vectors * numPlaces + 1;
  // Two parts each, and the products that are added.
  if (row.dot4 == Dot4Form::Pairs)
    others = 2 * others + 1;
  else if (row.dot4 == Dot4Form::Products)
    others = 2 * others + vectors;
  else if (row.dot4 == Dot4Form::Widening)
    others = 4 * others;
  return std::clamp<int64_t>((row.registers - others) / vectors, 1, enough);
}

/// Each tile reads all weights of its panel, of which the large ones are not in
/// the first cache: with two multiply-adds a cycle, tiles of so many rows leave
/// half of what the second one can deliver.
static constexpr int64_t kEnoughRows = 5;

/// Of a prefetch: not into the first cache, which has the weights of this
/// panel.
static constexpr int64_t kSecondCache = 2;

/// Tiles have as many rows as registers allow.
void ProductKernel::chooseTile() {
  int64_t numRows = countRows();
  panels = splitColumns(contraction.columns, row.lanes(),
                        countTileVectors(numRows, /*hasConstantWeights=*/true));
  int64_t vectors = panels.front().vectors;
  int64_t maxRows = countTileRows(vectors, /*numPlaces=*/1);
  int64_t numPlaces = contraction.numPlaces();
  int64_t rowsWithPlaces = countTileRows(vectors, numPlaces);
  if (contraction.innerDepth % 4 == 0 && numPlaces > 1 &&
      rowsWithPlaces >= std::min(kEnoughRows, maxRows) &&
      rowsWithPlaces * vectors >= row.accumulators &&
      numRows * vectors >= row.accumulators) {
    sharesWords = true;
    maxRows = rowsWithPlaces;
  }

  cutTiles(maxRows);
  // Of several groups, each would need ranges of its own.
  if (contraction.groups == 1)
    findBorders(countSteps());
}

/// The part of the next panel that belongs to a word of this tile.
void ProductKernel::emitPrefetch(const Tile &tile, Value word) {
  if (prefetchedPerWord == 0)
    return;
  memref::PrefetchOp::create(
      builder, packed,
      emitStep(builder, tile.nextWeights, word, prefetchedPerWord),
      /*isWrite=*/false, kSecondCache, /*isDataCache=*/true);
}

Tile ProductKernel::withPrefetches(Tile tile) {
  prefetchedPerWord = countPrefetched(weightsPerWord(*tile.panel));
  int64_t perTile = contraction.numTaps() * words.count() * prefetchedPerWord;
  if (perTile != 0)
    tile.nextWeights =
        emitStep(builder, tile.nextWeights, tile.number, perTile);
  return tile;
}

void ProductKernel::emitTile(const Tile &tile) {
  Value offset = borders ? loadRange(tile, kStartOffset) : Value();
  SmallVector<Value> first = emitStart(tile, tile.rows.size(), offset);
  for (int64_t i = 0; borders && i < int64_t(tile.rows.size()); ++i)
    if (int64_t distance = getStartDistance(tile, i))
      llvm::copy(emitStart(tile, 1, emitOffset(builder, offset, distance)),
                 first.begin() + i * tile.panel->vectors);
  emitResults(tile, emitSums(withPrefetches(tile), first));
}

SmallVector<Value> ProductKernel::emitSums(const Tile &tile,
                                           SmallVector<Value> accumulators) {
  int64_t count = tile.numAccumulators();
  copies = 1;
  while (!sharesWords && copies * 2 * count <= row.accumulators &&
         copies * 2 <= words.numWhole())
    copies *= 2;
  if (copies > 1) {
    Value zero = arith::ConstantOp::create(
        builder, builder.getZeroAttr(accumulatorType()));
    accumulators.resize(copies * count, zero);
  }
  accumulators = emitTaps(tile, contraction.taps, tile.bases[kLhs],
                          emitIndex(builder, 0), accumulators);
  for (int64_t width = copies / 2; width > 0; width /= 2)
    for (int64_t i = 0; i < width * count; ++i)
      accumulators[i] = arith::AddIOp::create(builder, accumulators[i],
                                              accumulators[i + width * count]);
  accumulators.resize(count);
  return accumulators;
}

SmallVector<Value> ProductKernel::emitTaps(const Tile &tile,
                                           ArrayRef<Loop> taps, Value lhs,
                                           Value tapIndex,
                                           ValueRange accumulators) {
  if (taps.empty()) {
    int64_t perTap = words.count() * weightsPerWord(*tile.panel);
    Value begin = emitStep(builder, tile.weights, tapIndex, perTap);
    Tile ofTap = tile;
    ofTap.nextWeights = emitStep(builder, tile.nextWeights, tapIndex,
                                 words.count() * prefetchedPerWord);
    if (sharesWords)
      return emitSharedWords(ofTap, lhs, begin, accumulators);
    return emitWords(ofTap, lhs, begin, accumulators);
  }
  int64_t perIteration = 1;
  for (const Loop &tap : taps.drop_front())
    perIteration *= tap.extent;
  auto emitTap = [&](Value index, ValueRange carried) {
    Value left = emitStep(builder, lhs, index, taps[0].steps[0]);
    Value inner = emitStep(builder, tapIndex, index, perIteration);
    return emitTaps(tile, taps.drop_front(), left, inner, carried);
  };
  bool isOutermost = taps.size() == contraction.taps.size();
  if (!borders || !isOutermost)
    return emitLoop(builder, 0, taps[0].extent, 1, accumulators, emitTap);
  Value begin = loadRange(tile, kBegin);
  Value end = loadRange(tile, kEnd);
  return emitLoop(builder, begin, end, 1, accumulators, emitTap);
}

/// How many of the `count` iterations of a loop share a line that is
/// prefetched: as many as divide it evenly.
int64_t ProductKernel::countIterationsPerLine(int64_t count) const {
  if (prefetchedPerWord == 0)
    return 1;
  int64_t result =
      std::clamp<int64_t>(kCacheLine / (copies * prefetchedPerWord), 1, count);
  while (count % result != 0)
    --result;
  return result;
}

/// Words of places of the kernel that the same rows have are in one loop.
SmallVector<Value> ProductKernel::emitWords(const Tile &tile, Value lhs,
                                            Value weights,
                                            ValueRange accumulators) {
  if (!borders ||
      borders->haveAllPlaces(tile.firstIteration, tile.numIterations))
    return emitWordLoop(tile, {0, words.count()},
                        llvm::to_vector(llvm::seq<int64_t>(tile.rows.size())),
                        lhs, weights, accumulators);
  auto listRows = [&](int64_t place) {
    return llvm::filter_to_vector(
        llvm::seq<int64_t>(tile.rows.size()), [&](int64_t row) {
          TapRange places = getPlaces(tile, row);
          return place >= places.begin && place < places.end;
        });
  };
  int64_t numPlaces = contraction.numPlaces();
  int64_t wordsPerPlace = words.count() / numPlaces;
  SmallVector<Value> values(accumulators);
  for (int64_t begin = 0, end = 0; begin < numPlaces; begin = end) {
    SmallVector<int64_t> rows = listRows(begin);
    while (++end < numPlaces && listRows(end) == rows)
      ;
    values = emitWordLoop(tile, {begin * wordsPerPlace, end * wordsPerPlace},
                          rows, lhs, weights, values);
  }
  return values;
}

/// Whole words in a loop, then those that are left and the rest.
SmallVector<Value> ProductKernel::emitWordLoop(const Tile &tile,
                                               const TapRange &range,
                                               ArrayRef<int64_t> rows,
                                               Value lhs, Value weights,
                                               ValueRange accumulators) {
  int64_t perWord = weightsPerWord(*tile.panel);
  int64_t whole = std::min(range.end, words.numWhole()) - range.begin;
  int64_t looped = range.begin + whole / copies * copies;
  auto emitWhole = [&](Value index, ValueRange carried) {
    SmallVector<Value> next(carried);
    for (int64_t copy = 0; copy < copies; ++copy) {
      Value word = emitOffset(builder, index, copy);
      Value left = emitStep(builder, lhs, word, 4);
      Value right = emitStep(builder, weights, word, perWord);
      emitWord(tile, rows, left, right, copy, 4, next);
    }
    return next;
  };
  int64_t iterations = (looped - range.begin) / copies;
  int64_t perLine =
      copies * countIterationsPerLine(std::max<int64_t>(1, iterations));
  SmallVector<Value> values = emitLoop(
      builder, range.begin, looped, perLine, accumulators,
      [&](Value index, ValueRange carried) {
        emitPrefetch(tile, index);
        if (perLine == copies)
          return emitWhole(index, carried);
        return emitLoop(builder, index, emitOffset(builder, index, perLine),
                        copies, carried, emitWhole);
      });
  for (int64_t word = looped; word < range.end; ++word) {
    Value left = emitOffset(builder, lhs, words.begin(word));
    Value right = emitOffset(builder, weights, word * perWord);
    emitWord(tile, rows, left, right, word - looped,
             std::min<int64_t>(4, contraction.depth), values);
  }
  return values;
}

/// A loop over the words of the channels. The place of row r under column k of
/// the kernel is that of row r + 1 under column k - 1: with the weights of all
/// columns in registers, each word is read once.
SmallVector<Value> ProductKernel::emitSharedWords(const Tile &tile, Value lhs,
                                                  Value weights,
                                                  ValueRange accumulators) {
  int64_t perWord = weightsPerWord(*tile.panel);
  int64_t numWords = contraction.innerDepth / 4;
  int64_t vectors = tile.panel->vectors;
  /// By distance: the rows and places of the kernel that meet there.
  std::map<int64_t, SmallVector<std::pair<int64_t, int64_t>>> meetings;
  for (auto [i, distances] : llvm::enumerate(tile.rows)) {
    TapRange places = getPlaces(tile, i);
    for (int64_t place = places.begin; place < places.end; ++place)
      meetings[distances[kLhs] + place * contraction.innerDepth].push_back(
          {i, place});
  }
  return emitLoop(
      builder, 0, numWords, 1, accumulators,
      [&](Value index, ValueRange carried) {
        SmallVector<Value> next(carried);
        SmallVector<SmallVector<Value, 2>> columns;
        Value first = emitStep(builder, weights, index, perWord);
        for (int64_t place = 0; place < contraction.numPlaces(); ++place) {
          Value ofPlace =
              emitOffset(builder, first, place * numWords * perWord);
          emitPrefetch(tile, emitOffset(builder, index, place * numWords));
          for (int64_t j = 0; j < vectors; ++j)
            columns.push_back(dot4.loadWeights(
                packed,
                emitOffset(builder, ofPlace, j * dot4.weightsPerVector())));
        }
        Value base = emitStep(builder, lhs, index, 4);
        for (const auto &[distance, pairs] : meetings) {
          Value address = emitOffset(builder, base, distance);
          auto word = emitActivations(address, 4);
          for (auto [i, place] : pairs)
            for (int64_t j = 0; j < vectors; ++j)
              next[i * vectors + j] = dot4.emit(next[i * vectors + j], word,
                                                columns[place * vectors + j]);
        }
        return next;
      });
}

void ProductKernel::emitWord(const Tile &tile, ArrayRef<int64_t> rows,
                             Value lhs, Value weights, int64_t copy,
                             int64_t wordBytes,
                             SmallVectorImpl<Value> &accumulators) {
  SmallVector<SmallVector<Value, 2>> columns;
  for (int64_t j = 0; j < tile.panel->vectors; ++j)
    columns.push_back(dot4.loadWeights(
        packed, emitOffset(builder, weights, j * dot4.weightsPerVector())));
  int64_t first = copy % copies * tile.numAccumulators();
  for (int64_t i : rows) {
    Value address = emitOffset(builder, lhs, tile.rows[i][kLhs]);
    auto activations = emitActivations(address, wordBytes);
    int64_t next = first + i * tile.panel->vectors;
    for (ArrayRef<Value> column : columns) {
      accumulators[next] = dot4.emit(accumulators[next], activations, column);
      ++next;
    }
  }
}

SmallVector<Value, 2> ProductKernel::emitActivations(Value address,
                                                     int64_t numBytes) {
  // A copy has room for whole words.
  if (numBytes == 4 || dot4.activationsAreWide())
    return dot4.broadcastAt(views[kLhs], address);
  return dot4.broadcast(emitLoadWord(builder, views[kLhs], address, numBytes));
}

} // namespace

StepCounts qnn::emitContractionKernel(ImplicitLocOpBuilder &builder,
                                      SymbolTable &symbols,
                                      const TargetRow &row,
                                      const Contraction &contraction,
                                      const Epilogue *epilogue) {
  TargetRow fitting =
      narrowVectors(row, llvm::PowerOf2Ceil(contraction.columns));
  if (contraction.wideLhs)
    return emitMixedKernel(builder, symbols, fitting, contraction, epilogue);
  if (contraction.isDepthwise)
    emitDepthwiseKernel(builder, symbols, row, contraction, epilogue);
  else
    ProductKernel(builder, symbols, fitting, contraction, epilogue).emit();
  return {};
}
