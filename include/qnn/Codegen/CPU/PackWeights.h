// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The order of weights in memory that the kernels read from front to back:
// panels of columns, in each the words of four bytes along the sum, in each the
// vectors of columns. Plain arithmetic, done at compile time.

#ifndef QNN_CODEGEN_CPU_PACKWEIGHTS_H
#define QNN_CODEGEN_CPU_PACKWEIGHTS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>
#include <vector>

namespace qnn {

/// Columns that one tile computes.
struct Panel {
  int64_t firstColumn = 0;
  /// Without the padding up to whole vectors.
  int64_t columns = 0;
  int64_t vectors = 0;
};

/// Splits into panels of at most `maxVectors` vectors and about the same size.
/// All but the last have the same size, in whole vectors.
llvm::SmallVector<Panel> splitColumns(int64_t columns, int64_t lanes,
                                      int64_t maxVectors);

/// How `depth` bytes that lie together are read in words of four. If the last
/// word is not full, it either begins early and overlaps the one before, the
/// weights of bytes that were seen already being zero, or it is all there is.
struct Words {
  explicit Words(int64_t depth) : depth(depth) {}

  int64_t depth;

  int64_t count() const { return (depth + 3) / 4; }
  int64_t numWhole() const { return depth / 4; }
  bool hasRest() const { return depth % 4 != 0; }
  /// First byte of the word.
  int64_t begin(int64_t word) const {
    return word < numWhole() || depth < 4 ? 4 * word : depth - 4;
  }
  /// Whether the byte at `position` is counted in this word.
  bool counts(int64_t word, int64_t position) const {
    return position >= 4 * word && position < depth;
  }
};

/// [tap][depth][column] to [panel][tap][word][vector][lane][4].
std::vector<int16_t> packBytes(llvm::ArrayRef<int16_t> weights, int64_t taps,
                               int64_t depth, int64_t columns,
                               llvm::ArrayRef<Panel> panels, int64_t lanes);

/// [batch][sum][column] to [batch][panel][sum][vector][lane].
std::vector<float> packFloats(llvm::ArrayRef<float> weights, int64_t sums,
                              int64_t columns, llvm::ArrayRef<Panel> panels,
                              int64_t lanes);

/// How `taps` taps along one axis are read in words of four: the bytes of a
/// word that is not full are the highest ones, so that the word of the next
/// place is this one, shifted down, with one new byte.
struct TapGroup {
  int64_t first = 0;
  int64_t count = 0;
};
llvm::SmallVector<TapGroup> groupTaps(int64_t taps);

/// [outer][tap][column] to [panel][outer][group][lane][4] for panels of one
/// vector.
std::vector<int16_t> packDepthwise(llvm::ArrayRef<int16_t> weights,
                                   int64_t taps, int64_t columns,
                                   llvm::ArrayRef<Panel> panels, int64_t lanes);

/// How words of taps of one axis, the vertical one, are packed.
struct VerticalTaps {
  /// Taps along the axis, and along the other one.
  int64_t taps = 1, places = 1;
  /// The bytes of a word in which first taps are: a variant of the weights for
  /// each of them, of as many words as the taps then take.
  llvm::SmallVector<int64_t> firstBytes;
  /// Channels after which the lanes begin with the panel's first one again.
  int64_t period = 0;

  int64_t countWords(int64_t firstByte) const {
    return (firstByte + taps + 3) / 4;
  }
};

/// [tap][place][column] to [panel][place][variant][word][vector][lane][4] with
/// the lanes of a panel's four vectors in interleaved order.
std::vector<int16_t> packVertical(llvm::ArrayRef<int16_t> weights,
                                  const VerticalTaps &taps, int64_t columns,
                                  llvm::ArrayRef<Panel> panels, int64_t lanes);

/// [vector][lane][4] to [vector][part][lane][byte of the part]: `parts` says
/// which bytes of the words each part has.
std::vector<int16_t>
packParts(llvm::ArrayRef<int16_t> weights, int64_t lanes,
          llvm::ArrayRef<llvm::SmallVector<int64_t>> parts);

/// The words of a panel in the order of the vectors that may be multiplied as
/// bytes: step i is the word `words[i]`, and there are `counts[mask]` steps in
/// which bit v of the mask says whether vector v needs 16 bits.
struct MixedSteps {
  llvm::SmallVector<int64_t> words;
  llvm::SmallVector<int64_t> counts;
};

/// Whether pairs of these weights times unsigned bytes, added up, stay in 16
/// bits: [lane][4].
bool fitPairsOfBytes(llvm::ArrayRef<int16_t> weights);

/// Sorts the words of a panel, [word][vector][lane][4]. With `allWide`, all
/// need 16 bits.
MixedSteps sortSteps(llvm::ArrayRef<int16_t> panel, int64_t vectors,
                     int64_t lanes, bool allWide);

/// The number of a lane of one of four vectors in interleaved order: what
/// blocks of 128 bits of bytes become when they are unpacked to words.
inline int64_t interleavedNumber(int64_t vector, int64_t lane) {
  return lane / 4 * 16 + 4 * vector + lane % 4;
}

/// Sum of the weights of each column.
std::vector<int64_t> sumColumns(llvm::ArrayRef<int16_t> weights,
                                int64_t columns);

/// A row of tiles: `count` tiles of `size` from `begin` on.
struct TileRun {
  int64_t begin = 0;
  int64_t count = 0;
  int64_t size = 0;
};

/// Splits into the fewest tiles of at most `maxSize`, of two sizes that differ
/// by one: the larger ones first.
llvm::SmallVector<TileRun> splitRows(int64_t rows, int64_t maxSize);

} // namespace qnn

#endif // QNN_CODEGEN_CPU_PACKWEIGHTS_H
