// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Four rows of bytes, unpacked twice, are four vectors of words: a word has a
// channel's bytes of four rows. It serves all output rows that have taps in it,
// with weights moved by as many bytes, and along the rows it serves each place
// of the kernel in turn: a loop carries the words of a kernel's width. Channels
// that are fewer than a vector's bytes leave room for groups of further rows.

#include "VerticalKernel.h"
#include "FlatAccess.h"
#include "Interleave.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include <numeric>
#include <tuple>

using namespace mlir;
using namespace qnn;

namespace {

/// Vectors that hold the words of four vectors of bytes.
constexpr int64_t kVectors = 4;

/// A loop over outputs and the one over taps that goes the same way.
struct Axis {
  Loop outputs;
  int64_t taps = 1, tapStep = 0;
  /// Taps from an output to the next one; 0 if they have no tap in common.
  int64_t stride = 0;
};

/// A word of all channels: each of its vectors as the step wants it.
using Word = SmallVector<SmallVector<Value, 2>, kVectors>;
/// The words of one place of the kernel.
using PlaceWords = SmallVector<Word>;

class VerticalKernel : public TileKernel {
public:
  VerticalKernel(ImplicitLocOpBuilder &builder, SymbolTable &symbols,
                 const TargetRow &row, const Contraction &contraction,
                 const Epilogue *epilogue)
      : TileKernel(builder, symbols, row, contraction, epilogue) {
    isInterleaved = true;
  }

private:
  void chooseTile() override;
  DenseElementsAttr packWeights() override;
  void emitTile(const Tile &tile) override;
  std::optional<int64_t> columnOf(const Panel &panel,
                                  int64_t lane) const override;
  SmallVector<Place> listPlaces(const Tile &tile) const override;

  void chooseAxes();
  int64_t chooseSlots() const;
  int64_t costOf(int64_t numSlots) const;
  bool carriesWords(int64_t numSlots) const;
  /// Rows of taps that `numOutputs` outputs need.
  int64_t countTapRows(int64_t numOutputs) const {
    return (numOutputs - 1) * vertical.stride + vertical.taps;
  }
  int64_t countWords(int64_t numSlots) const {
    return llvm::divideCeil(countTapRows(numSlots), 4);
  }
  /// The first word with a tap of a slot, the tap's byte in it, and the number
  /// of words with taps.
  int64_t firstWord(int64_t slot) const { return slot * vertical.stride / 4; }
  int64_t firstByte(int64_t slot) const { return slot * vertical.stride % 4; }
  int64_t countWordsAt(int64_t byte) const {
    return llvm::divideCeil(byte + vertical.taps, 4);
  }

  int64_t channelsPerSegment() const {
    return kVectors * row.lanes() / segments;
  }
  /// Output rows of a tile that are in a segment.
  int64_t countOutputs(const Tile &tile, int64_t segment) const {
    return std::clamp<int64_t>(int64_t(tile.rows.size()) - segment * slots, 0,
                               slots);
  }

  Value emitRow(const Tile &tile, int64_t tapRow, int64_t place);
  PlaceWords emitPlace(const Tile &tile, int64_t place);
  void emitPixel(const Tile &tile, SmallVectorImpl<PlaceWords> &places);
  Word emitWord(const Tile &tile, int64_t word, int64_t place);
  void emitSteps(const Tile &tile, int64_t place, int64_t number,
                 const Word &word, MutableArrayRef<Value> accumulators);

  Axis vertical, horizontal;
  /// Output rows that share words.
  int64_t slots = 1;
  /// Groups of rows, each with channels of its own in the vectors.
  int64_t segments = 1;
  /// Among the words of weights for one place, those for slots with their first
  /// tap in byte b of a word.
  SmallVector<int64_t, 4> variantAt{-1, -1, -1, -1};
  int64_t wordsPerPlace = 0;
};

} // namespace

/// The loop that goes along the taps, if neighbouring outputs share some: the
/// axis takes it out of `loops`.
static bool takeSharingLoop(Axis &axis, SmallVectorImpl<Loop> &loops) {
  for (Loop &loop : loops) {
    int64_t step = loop.steps[kLhs];
    if (axis.tapStep == 0 || step % axis.tapStep != 0 ||
        step / axis.tapStep >= axis.taps || step == 0)
      continue;
    axis.outputs = loop;
    axis.stride = step / axis.tapStep;
    loops.erase(&loop);
    return true;
  }
  return false;
}

void VerticalKernel::chooseAxes() {
  ArrayRef<Loop> taps(contraction.taps);
  if (!taps.empty())
    std::tie(vertical.taps, vertical.tapStep) =
        std::pair(taps[0].extent, taps[0].steps[0]);
  if (taps.size() > 1)
    std::tie(horizontal.taps, horizontal.tapStep) =
        std::pair(taps[1].extent, taps[1].steps[0]);
  bool hasRows = takeSharingLoop(vertical, rowLoops);
  bool hasColumns = takeSharingLoop(horizontal, rowLoops);
  Loop single{1, SmallVector<int64_t>(operands.size(), 0)};
  auto takeLast = [&] {
    return rowLoops.empty() ? single : rowLoops.pop_back_val();
  };
  if (!hasColumns)
    horizontal.outputs = takeLast();
  if (!hasRows)
    vertical.outputs = takeLast();
}

/// The words of a kernel's width stay in registers if half of those hold them.
bool VerticalKernel::carriesWords(int64_t numSlots) const {
  int64_t kept = horizontal.taps - horizontal.stride;
  return horizontal.stride > 0 &&
         kVectors * countWords(numSlots) * kept <= row.registers / 2;
}

/// Steps for all rows of a place of the output, with what reading a word costs:
/// four loads and eight shuffles are about three steps on four vectors.
int64_t VerticalKernel::costOf(int64_t numSlots) const {
  constexpr int64_t wordCost = 3;
  int64_t newPlaces =
      carriesWords(numSlots) ? horizontal.stride : horizontal.taps;
  int64_t cost = wordCost * countWords(numSlots) * newPlaces;
  for (int64_t slot = 0; slot < numSlots; ++slot)
    cost += horizontal.taps * countWordsAt(firstByte(slot));
  return cost * llvm::divideCeil(vertical.outputs.extent, numSlots * segments);
}

/// More rows need more registers, for accumulators and weights: they have to be
/// worth a tenth.
int64_t VerticalKernel::chooseSlots() const {
  if (vertical.stride == 0)
    return 1;
  int64_t best = 1;
  for (int64_t count = 2; count <= row.registers / 2 / kVectors; ++count)
    if (costOf(count) * 10 < costOf(best) * 9)
      best = count;
  return best;
}

void VerticalKernel::chooseTile() {
  int64_t width = kVectors * row.lanes();
  for (int64_t first = 0; first < contraction.columns; first += width)
    panels.push_back(
        {first, std::min(width, contraction.columns - first), kVectors});
  while (segments < kVectors && contraction.columns * 2 * segments <= width)
    segments *= 2;
  chooseAxes();
  slots = chooseSlots();
  tiledLoops = {{vertical.outputs, slots * segments}};
}

DenseElementsAttr VerticalKernel::packWeights() {
  VerticalTaps taps{vertical.taps, horizontal.taps, {}, channelsPerSegment()};
  for (int64_t slot = 0; slot < slots; ++slot) {
    int64_t byte = firstByte(slot);
    if (variantAt[byte] >= 0)
      continue;
    variantAt[byte] = wordsPerPlace;
    wordsPerPlace += taps.countWords(byte);
    taps.firstBytes.push_back(byte);
  }
  return dot4.pack(packVertical(contraction.weights, taps, contraction.columns,
                                panels, row.lanes()));
}

std::optional<int64_t> VerticalKernel::columnOf(const Panel &panel,
                                                int64_t lane) const {
  int64_t number = interleavedNumber(lane / row.lanes(), lane % row.lanes());
  return TileKernel::columnOf(panel, number % channelsPerSegment());
}

/// Slot by slot, the segments one after the other.
SmallVector<Place> VerticalKernel::listPlaces(const Tile &tile) const {
  SmallVector<Place> places;
  for (int64_t slot = 0; slot < countOutputs(tile, 0); ++slot)
    for (int64_t first = 0; first < kVectors * row.lanes();
         first += row.lanes()) {
      int64_t segment = first / channelsPerSegment();
      int64_t column = first % channelsPerSegment();
      Place &place = places.emplace_back();
      if (slot < countOutputs(tile, segment))
        place = {
            segment * slots + slot, column,
            std::clamp<int64_t>(tile.panel->columns - column, 0, row.lanes())};
    }
  return places;
}

/// A vector of bytes: in each segment, the channels of a row of taps. Rows that
/// a segment does not need repeat its last one, because nothing behind it may
/// be there to read.
Value VerticalKernel::emitRow(const Tile &tile, int64_t tapRow, int64_t place) {
  int64_t width = channelsPerSegment();
  auto type = VectorType::get(width, builder.getI8Type());
  SmallVector<Value> parts;
  for (int64_t segment = 0; segment < segments; ++segment) {
    int64_t numOutputs = countOutputs(tile, segment);
    if (numOutputs == 0) {
      parts.push_back(parts.back());
      continue;
    }
    int64_t tap = std::min(tapRow, countTapRows(numOutputs) - 1);
    int64_t distance = tile.rows[segment * slots][kLhs] +
                       tap * vertical.tapStep + place * horizontal.tapStep;
    Value address = emitOffset(builder, tile.bases[kLhs], distance);
    address = builder.createOrFold<arith::AddIOp>(address, tile.column);
    parts.push_back(emitLoadPart(builder, type, views[kLhs], address,
                                 std::min(width, tile.panel->columns)));
  }
  while (parts.size() > 1) {
    SmallVector<int64_t> both(2 * width);
    std::iota(both.begin(), both.end(), 0);
    SmallVector<Value> joined;
    for (size_t i = 0; i < parts.size(); i += 2)
      joined.push_back(
          vector::ShuffleOp::create(builder, parts[i], parts[i + 1], both));
    parts = joined;
    width *= 2;
  }
  return parts[0];
}

PlaceWords VerticalKernel::emitPlace(const Tile &tile, int64_t place) {
  PlaceWords words;
  for (int64_t word = 0; word < countWords(countOutputs(tile, 0)); ++word)
    words.push_back(emitWord(tile, word, place));
  return words;
}

Word VerticalKernel::emitWord(const Tile &tile, int64_t word, int64_t place) {
  SmallVector<Value> bytes;
  for (int64_t byte = 0; byte < 4; ++byte)
    bytes.push_back(emitRow(tile, 4 * word + byte, place));
  Word vectors;
  for (Value vector : emitInterleavedWords(builder, bytes))
    vectors.push_back(dot4.prepare(vector));
  return vectors;
}

/// Adds the products with a word of one place of the kernel to the accumulators
/// of all slots that have taps in it.
void VerticalKernel::emitSteps(const Tile &tile, int64_t place, int64_t number,
                               const Word &word,
                               MutableArrayRef<Value> accumulators) {
  for (int64_t slot = 0; slot < countOutputs(tile, 0); ++slot) {
    int64_t byte = firstByte(slot);
    int64_t part = number - firstWord(slot);
    if (part < 0 || part >= countWordsAt(byte))
      continue;
    for (int64_t j = 0; j < kVectors; ++j) {
      int64_t vector =
          (place * wordsPerPlace + variantAt[byte] + part) * kVectors + j;
      auto weights = dot4.loadWeights(
          packed,
          emitOffset(builder, tile.weights, vector * dot4.weightsPerVector()));
      Value &accumulator = accumulators[slot * kVectors + j];
      accumulator = dot4.emit(accumulator, word[j], weights);
    }
  }
}

static SmallVector<Value> flattenWords(ArrayRef<PlaceWords> places) {
  SmallVector<Value> values;
  for (const PlaceWords &words : places)
    for (const Word &word : words)
      for (ArrayRef<Value> parts : word)
        llvm::append_range(values, parts);
  return values;
}

/// Words of the same form as `places`, of other values.
static SmallVector<PlaceWords> unflattenWords(ArrayRef<PlaceWords> places,
                                              ValueRange values) {
  SmallVector<PlaceWords> result(places);
  for (PlaceWords &words : result)
    for (Word &word : words)
      for (SmallVector<Value, 2> &parts : word)
        for (Value &part : parts) {
          part = values.front();
          values = values.drop_front();
        }
  return result;
}

/// Along the rows, a loop carries the words that the next output shares.
void VerticalKernel::emitTile(const Tile &tile) {
  int64_t numKept =
      carriesWords(slots) ? horizontal.taps - horizontal.stride : 0;
  SmallVector<PlaceWords> kept;
  if (horizontal.outputs.extent > 1)
    for (int64_t place = 0; place < numKept; ++place)
      kept.push_back(emitPlace(tile, place));
  emitLoop(builder, 0, horizontal.outputs.extent, 1, flattenWords(kept),
           [&](Value index, ValueRange carried) {
             Tile inner = tile;
             for (auto [base, step] :
                  llvm::zip_equal(inner.bases, horizontal.outputs.steps))
               base = emitStep(builder, base, index, step);
             SmallVector<PlaceWords> places = unflattenWords(kept, carried);
             emitPixel(inner, places);
             return flattenWords(ArrayRef(places).take_back(kept.size()));
           });
}

/// The output at one place of the loop. `places` has the words of those places
/// of the kernel that are carried, and gets the others.
void VerticalKernel::emitPixel(const Tile &tile,
                               SmallVectorImpl<PlaceWords> &places) {
  int64_t numSlots = countOutputs(tile, 0);
  SmallVector<Value> accumulators = emitStart(tile, numSlots);
  int64_t numCarried = places.size();
  for (int64_t place = 0; place < horizontal.taps; ++place) {
    if (place >= numCarried)
      places.emplace_back();
    for (int64_t word = 0; word < countWords(numSlots); ++word) {
      // Words are used where they are read, because few fit into registers.
      if (place >= numCarried)
        places[place].push_back(emitWord(tile, word, place));
      emitSteps(tile, place, word, places[place][word], accumulators);
    }
  }
  emitResults(tile, accumulators);
}

bool qnn::fitsVerticalKernel(const TargetRow &row,
                             const Contraction &contraction) {
  return contraction.taps.size() <= 2 && contraction.columns >= row.lanes();
}

void qnn::emitVerticalKernel(ImplicitLocOpBuilder &builder,
                             SymbolTable &symbols, const TargetRow &row,
                             const Contraction &contraction,
                             const Epilogue *epilogue) {
  VerticalKernel(builder, symbols, row, contraction, epilogue).emit();
}
