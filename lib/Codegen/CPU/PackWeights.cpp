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

std::vector<int8_t> qnn::packBytes(ArrayRef<int8_t> weights, int64_t taps,
                                   int64_t depth, int64_t columns,
                                   ArrayRef<Panel> panels, int64_t lanes) {
  Words words(depth);
  std::vector<int8_t> packed;
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

std::vector<int8_t> qnn::packDepthwise(ArrayRef<int8_t> weights, int64_t taps,
                                       int64_t columns, ArrayRef<Panel> panels,
                                       int64_t lanes) {
  std::vector<int8_t> packed;
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

std::vector<int8_t> qnn::packVertical(ArrayRef<int8_t> weights,
                                      const VerticalTaps &taps, int64_t columns,
                                      ArrayRef<Panel> panels, int64_t lanes) {
  std::vector<int8_t> packed;
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

std::vector<int16_t> qnn::packPairs(ArrayRef<int8_t> bytes, int64_t lanes) {
  std::vector<int16_t> packed;
  packed.reserve(bytes.size());
  for (size_t vector = 0; vector < bytes.size(); vector += 4 * lanes)
    for (int64_t odd : {0, 1})
      for (int64_t lane = 0; lane < lanes; ++lane)
        for (int64_t pair : {0, 2})
          packed.push_back(bytes[vector + 4 * lane + pair + odd]);
  return packed;
}

std::vector<int64_t> qnn::sumColumns(ArrayRef<int8_t> weights,
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
