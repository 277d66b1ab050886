// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Panels, words, tiles.

#include "qnn/Codegen/CPU/PackWeights.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace qnn;

SmallVector<Panel> qnn::splitColumns(int64_t columns, int64_t lanes,
                                     int64_t maxVectors) {
  int64_t vectors = divideCeil(columns, lanes);
  int64_t size = divideCeil(vectors, divideCeil(vectors, maxVectors));
  SmallVector<Panel> panels;
  for (int64_t first = 0; first < columns; first += size * lanes) {
    int64_t count = std::min(size * lanes, columns - first);
    panels.push_back({first, count, int64_t(divideCeil(count, lanes))});
  }
  return panels;
}

std::vector<int16_t> qnn::packBytes(ArrayRef<int16_t> weights, int64_t taps,
                                    int64_t depth, int64_t columns,
                                    ArrayRef<Panel> panels, int64_t lanes) {
  Words words(depth);
  std::vector<int16_t> packed;
  for (const Panel &panel : panels)
    for (int64_t tap = 0; tap < taps; ++tap)
      for (int64_t word = 0; word < words.count(); ++word)
        for (int64_t lane = 0; lane < panel.vectors * lanes; ++lane)
          for (int64_t byte = 0; byte < 4; ++byte) {
            int64_t position = words.begin(word) + byte;
            bool isWeight =
                lane < panel.columns && words.counts(word, position);
            packed.push_back(isWeight
                                 ? weights[(tap * depth + position) * columns +
                                           panel.firstColumn + lane]
                                 : 0);
          }
  return packed;
}

std::vector<float> qnn::packFloats(ArrayRef<float> weights, int64_t sums,
                                   int64_t columns, ArrayRef<Panel> panels,
                                   int64_t lanes) {
  std::vector<float> packed;
  int64_t perBatch = sums * columns;
  for (int64_t batch = 0; batch < int64_t(weights.size()); batch += perBatch)
    for (const Panel &panel : panels)
      for (int64_t sum = 0; sum < sums; ++sum) {
        int64_t first = batch + sum * columns + panel.firstColumn;
        for (int64_t i = 0; i < panel.vectors * lanes; ++i)
          packed.push_back(i < panel.columns ? weights[first + i] : 0.0f);
      }
  return packed;
}

SmallVector<TapGroup> qnn::groupTaps(int64_t taps) {
  SmallVector<TapGroup> groups;
  for (int64_t first = 0; first < taps; first += 4)
    groups.push_back({first, std::min<int64_t>(4, taps - first)});
  return groups;
}

std::vector<int16_t> qnn::packDepthwise(ArrayRef<int16_t> weights, int64_t taps,
                                        int64_t columns, ArrayRef<Panel> panels,
                                        int64_t lanes) {
  std::vector<int16_t> packed;
  int64_t perOuter = taps * columns;
  for (const Panel &panel : panels)
    for (int64_t outer = 0; outer < int64_t(weights.size()); outer += perOuter)
      for (TapGroup group : groupTaps(taps))
        for (int64_t lane = 0; lane < lanes; ++lane)
          for (int64_t byte = 0; byte < 4; ++byte) {
            int64_t tap = group.first + byte - (4 - group.count);
            bool isWeight = lane < panel.columns && tap >= group.first;
            packed.push_back(
                isWeight
                    ? weights[outer + tap * columns + panel.firstColumn + lane]
                    : 0);
          }
  return packed;
}

std::vector<int16_t> qnn::packVertical(ArrayRef<int16_t> weights,
                                       const VerticalTaps &taps,
                                       int64_t columns, ArrayRef<Panel> panels,
                                       int64_t lanes) {
  std::vector<int16_t> packed;
  auto packWord = [&](const Panel &panel, int64_t place, int64_t firstTap) {
    for (int64_t lane = 0; lane < 4 * lanes; ++lane)
      for (int64_t tap = firstTap; tap < firstTap + 4; ++tap) {
        int64_t column =
            interleavedNumber(lane / lanes, lane % lanes) % taps.period;
        bool isWeight = column < panel.columns && tap >= 0 && tap < taps.taps;
        packed.push_back(isWeight
                             ? weights[(tap * taps.places + place) * columns +
                                       panel.firstColumn + column]
                             : 0);
      }
  };
  for (const Panel &panel : panels)
    for (int64_t place = 0; place < taps.places; ++place)
      for (int64_t firstByte : taps.firstBytes)
        for (int64_t word = 0; word < taps.countWords(firstByte); ++word)
          packWord(panel, place, 4 * word - firstByte);
  return packed;
}

std::vector<int16_t> qnn::packParts(ArrayRef<int16_t> weights, int64_t lanes,
                                    ArrayRef<SmallVector<int64_t>> parts) {
  std::vector<int16_t> packed;
  packed.reserve(weights.size());
  for (size_t vector = 0; vector < weights.size(); vector += 4 * lanes)
    for (ArrayRef<int64_t> part : parts)
      for (int64_t lane = 0; lane < lanes; ++lane)
        for (int64_t byte : part)
          packed.push_back(weights[vector + 4 * lane + byte]);
  return packed;
}

bool qnn::fitPairsOfBytes(ArrayRef<int16_t> weights) {
  for (size_t i = 0; i < weights.size(); i += 2) {
    int64_t positive = 0, negative = 0;
    for (int64_t weight : weights.slice(i, 2))
      (weight > 0 ? positive : negative) += weight;
    if (255 * positive > 32767 || 255 * negative < -32768)
      return false;
  }
  return true;
}

/// Steps that are worth a loop of their own: the end of a loop of a number of
/// iterations that varies costs as much as some steps.
static constexpr int64_t kMinSteps = 4;

MixedSteps qnn::sortSteps(ArrayRef<int16_t> panel, int64_t vectors,
                          int64_t lanes, bool allWide) {
  int64_t perVector = 4 * lanes, all = (int64_t(1) << vectors) - 1;
  SmallVector<int64_t> masks;
  for (size_t word = 0; word < panel.size(); word += perVector * vectors) {
    int64_t &mask = masks.emplace_back(0);
    for (int64_t vector = 0; vector < vectors; ++vector) {
      auto weights = panel.slice(word + vector * perVector, perVector);
      if (allWide || !fitPairsOfBytes(weights))
        mask |= int64_t(1) << vector;
    }
  }
  MixedSteps steps;
  for (int64_t mask = 0; mask <= all; ++mask) {
    if (mask != all && llvm::count(masks, mask) < kMinSteps)
      llvm::replace(masks, mask, all);
    steps.counts.push_back(llvm::count(masks, mask));
    for (auto [word, other] : llvm::enumerate(masks))
      if (other == mask)
        steps.words.push_back(word);
  }
  return steps;
}

std::vector<int64_t> qnn::sumColumns(ArrayRef<int16_t> weights,
                                     int64_t columns) {
  std::vector<int64_t> sums(columns, 0);
  for (size_t i = 0; i < weights.size(); ++i)
    sums[i % columns] += weights[i];
  return sums;
}

SmallVector<TileRun> qnn::splitRows(int64_t rows, int64_t maxSize) {
  int64_t tiles = divideCeil(rows, maxSize);
  int64_t size = divideCeil(rows, tiles);
  int64_t numSmaller = size * tiles - rows;
  SmallVector<TileRun> runs{{0, tiles - numSmaller, size}};
  if (numSmaller > 0)
    runs.push_back({(tiles - numSmaller) * size, numSmaller, size - 1});
  return runs;
}
