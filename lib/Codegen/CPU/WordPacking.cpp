// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Words of four bytes along the sum, one in each lane: rows of bytes are
// interleaved; columns that lie together have words already, which are
// transposed.

#include "WordPacking.h"
#include "FlatAccess.h"
#include "Transpose.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace qnn;

namespace {

class WordPacker : public RuntimePacker {
public:
  WordPacker(ImplicitLocOpBuilder &builder, const BatchContraction &contraction,
             ArrayRef<Panel> panels, const TargetRow &row, Dot4 &dot4)
      : RuntimePacker(builder, contraction, panels, row), dot4(dot4),
        words(contraction.depth) {
    SmallVector<Loop> loops = sumLoops(/*copyStep=*/1);
    sumStep = loops.empty() ? 1 : loops[0].steps[0];
  }

  PackedWords emit() {
    packed.weights = allocate(dot4.weightType(), perVector());
    if (dot4.activationShift() != 0)
      packed.sums = allocate(builder.getI32Type(), lanes);
    emitPanels();
    return packed;
  }

private:
  void emitPanel(const Panel &panel, Value from, Value vector) override;
  void emitWord(const Panel &panel, Value from, Value to, int64_t word,
                SmallVector<Value> &sums);
  SmallVector<Value> emitBlocks(const Panel &panel, Value from, Value to,
                                SmallVector<Value> sums);
  Value interleave(Value base, int64_t width, ArrayRef<int64_t> places);
  Value gather(Value base, int64_t width, ArrayRef<int64_t> places);
  Value gatherWord(Value base, ArrayRef<int64_t> places);
  void store(Value wordsOfLanes, Value to, Value &sum);

  int64_t perVector() const { return words.count() * dot4.weightsPerVector(); }
  VectorType wordType() { return VectorType::get(lanes, builder.getI32Type()); }
  Value zeros(VectorType type) {
    return arith::ConstantOp::create(builder, builder.getZeroAttr(type));
  }

  Dot4 &dot4;
  Words words;
  int64_t sumStep = 1;
  PackedWords packed;
};

} // namespace

/// Blocks of words that are transposed, other whole words in a loop, and a last
/// word of which some bytes are zero.
void WordPacker::emitPanel(const Panel &panel, Value from, Value vector) {
  Value to = emitStep(builder, emitIndex(builder, 0), vector, perVector());
  int64_t perWord = panel.vectors * dot4.weightsPerVector();
  SmallVector<Value> sums(panel.vectors, zeros(wordType()));
  int64_t first = 0;
  if (sumStep == 1 && columnStep != 1) {
    first = words.numWhole() / lanes * lanes;
    sums = emitBlocks(panel, from, to, sums);
  }
  sums = emitLoop(builder, first, words.numWhole(), 1, sums,
                  [&](Value index, ValueRange carried) {
                    SmallVector<Value> next(carried);
                    Value source = emitStep(builder, from, index, 4 * sumStep);
                    Value copy = emitStep(builder, to, index, perWord);
                    emitWord(panel, source, copy, 0, next);
                    return next;
                  });
  if (words.hasRest())
    emitWord(panel, from, emitOffset(builder, to, words.numWhole() * perWord),
             words.numWhole(), sums);
  if (!packed.sums)
    return;
  Value column = emitStep(builder, emitIndex(builder, 0), vector, lanes);
  for (auto [j, sum] : llvm::enumerate(sums))
    vector::StoreOp::create(builder, sum, packed.sums,
                            emitOffset(builder, column, j * lanes));
}

/// The word number `word` from `from` on, of all vectors of a panel.
void WordPacker::emitWord(const Panel &panel, Value from, Value to,
                          int64_t word, SmallVector<Value> &sums) {
  // Where the bytes are in the right side; -1 for zeros.
  SmallVector<int64_t> places;
  for (int64_t byte = 0; byte < 4; ++byte) {
    int64_t position = words.begin(word) + byte;
    places.push_back(words.counts(word, position) ? position * sumStep : -1);
  }
  for (int64_t j = 0; j < panel.vectors; ++j) {
    int64_t width = std::min(lanes, panel.columns - j * lanes);
    Value base = emitOffset(builder, from, j * lanes * columnStep);
    Value all = columnStep == 1 ? interleave(base, width, places)
                                : gather(base, width, places);
    store(all, emitOffset(builder, to, j * dot4.weightsPerVector()), sums[j]);
  }
}

/// Four rows of bytes as words.
Value WordPacker::interleave(Value base, int64_t width,
                             ArrayRef<int64_t> places) {
  auto type = VectorType::get(lanes, builder.getI8Type());
  SmallVector<Value> rows;
  for (int64_t place : places)
    rows.push_back(place < 0
                       ? zeros(type)
                       : emitLoadPart(builder, type, source,
                                      emitOffset(builder, base, place), width));
  return vector::BitCastOp::create(builder, wordType(),
                                   emitInterleaved(builder, rows));
}

Value WordPacker::gather(Value base, int64_t width, ArrayRef<int64_t> places) {
  Value all = zeros(wordType());
  for (int64_t i = 0; i < width; ++i) {
    Value word = gatherWord(emitOffset(builder, base, i * columnStep), places);
    all = vector::InsertOp::create(builder, word, all, i);
  }
  return all;
}

Value WordPacker::gatherWord(Value base, ArrayRef<int64_t> places) {
  auto type = VectorType::get(4, builder.getI8Type());
  Value bytes = zeros(type);
  if (places == ArrayRef<int64_t>{0, 1, 2, 3})
    bytes = vector::LoadOp::create(builder, type, source, base);
  else
    for (auto [i, place] : llvm::enumerate(places)) {
      if (place < 0)
        continue;
      Value byte = memref::LoadOp::create(builder, source,
                                          emitOffset(builder, base, place));
      bytes = vector::InsertOp::create(builder, byte, bytes, int64_t(i));
    }
  Value word = vector::BitCastOp::create(
      builder, VectorType::get(1, builder.getI32Type()), bytes);
  return vector::ExtractOp::create(builder, word, 0);
}

/// As many words as there are lanes, of all columns of a panel.
SmallVector<Value> WordPacker::emitBlocks(const Panel &panel, Value from,
                                          Value to, SmallVector<Value> sums) {
  int64_t perWord = panel.vectors * dot4.weightsPerVector();
  return emitLoop(
      builder, 0, words.numWhole() / lanes * lanes, lanes, sums,
      [&](Value index, ValueRange carried) {
        SmallVector<Value> next(carried);
        Value first = emitStep(builder, from, index, 4);
        Value target = emitStep(builder, to, index, perWord);
        auto type = VectorType::get(4 * lanes, builder.getI8Type());
        for (int64_t j = 0; j < panel.vectors; ++j) {
          SmallVector<Value> columns;
          int64_t width = std::min(lanes, panel.columns - j * lanes);
          for (int64_t i = 0; i < width; ++i) {
            Value bytes = vector::LoadOp::create(
                builder, type, source,
                emitOffset(builder, first, (j * lanes + i) * columnStep));
            columns.push_back(
                vector::BitCastOp::create(builder, wordType(), bytes));
          }
          columns.resize(lanes, zeros(wordType()));
          for (auto [word, all] : llvm::enumerate(emitTransposed(columns)))
            store(all,
                  emitOffset(builder, target,
                             word * perWord + j * dot4.weightsPerVector()),
                  next[j]);
        }
        return next;
      });
}

void WordPacker::store(Value wordsOfLanes, Value to, Value &sum) {
  SmallVector<Value, 2> parts = dot4.prepareWeights(wordsOfLanes);
  int64_t position = 0;
  for (Value part : parts) {
    vector::StoreOp::create(builder, part, packed.weights,
                            emitOffset(builder, to, position));
    position += cast<VectorType>(part.getType()).getNumElements();
  }
  if (packed.sums)
    sum = dot4.emit(sum, dot4.prepare(zeros(wordType())), parts);
}

PackedWords qnn::emitPackedWords(ImplicitLocOpBuilder &builder,
                                 const BatchContraction &contraction,
                                 ArrayRef<Panel> panels, const TargetRow &row,
                                 Dot4 &dot4) {
  return WordPacker(builder, contraction, panels, row, dot4).emit();
}
