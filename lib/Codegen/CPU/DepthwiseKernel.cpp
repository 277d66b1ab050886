// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Depthwise convolutions. A lane is a channel and holds a word of four places
// along the innermost axis of the kernel; the word of the next place is this
// one, shifted, with one byte more. A tile is several rows and columns of the
// image, because a word serves every output row that it is a tap of.

#include "DepthwiseKernel.h"
#include "FlatAccess.h"
#include "TileKernel.h"
#include "VerticalKernel.h"
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
  DenseElementsAttr packWeights() override {
    return dot4.pack(packDepthwise(contraction.weights, numInnerTaps(),
                                   contraction.columns, panels, row.lanes()));
  }
  void emitTile(const Tile &tile) override {
    emitResults(tile, emitSums(tile, emitStart(tile, tile.rows.size())));
  }
  SmallVector<Value> emitSums(const Tile &tile,
                              SmallVector<Value> accumulators);
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
  auto type = VectorType::get(row.lanes(), builder.getI8Type());
  Value bytes = emitLoadPart(builder, type, views[kLhs], address, count);
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

/// A constant of `count` elements from `offset` on, `times` times.
static Value repeatConstant(ImplicitLocOpBuilder &builder, SymbolTable &symbols,
                            DenseElementsAttr constant, int64_t offset,
                            int64_t count, int64_t times) {
  auto values = constant.getValues<Attribute>();
  SmallVector<Attribute> elements;
  for (int64_t i = 0; i < times * count; ++i)
    elements.push_back(values[offset + i % count]);
  auto type = RankedTensorType::get(times * count, constant.getElementType());
  return emitConstant(builder, symbols, "packed_input",
                      DenseElementsAttr::get(type, elements));
}

template <typename T>
static void repeatRows(std::vector<T> &rows, int64_t width, int64_t times) {
  std::vector<T> repeated;
  for (auto row = rows.begin(); row != rows.end(); row += width)
    for (int64_t i = 0; i < times; ++i)
      repeated.insert(repeated.end(), row, row + width);
  rows = std::move(repeated);
}

namespace {

/// Pixels that lie together, without a stride, as columns: few channels then
/// fill vectors.
class PixelFolder {
public:
  PixelFolder(ImplicitLocOpBuilder &builder, SymbolTable &symbols,
              Contraction &contraction, Epilogue *epilogue)
      : builder(builder), symbols(symbols), contraction(contraction),
        epilogue(epilogue) {}

  /// Folds a loop over rows into the columns, if there is one that can be.
  void fold() {
    auto loop = llvm::find_if(contraction.rowLoops,
                              [&](unsigned loop) { return canFold(loop); });
    if (loop != contraction.rowLoops.end())
      fold(*loop);
  }

private:
  bool goesOn(const FlatOperand &operand, unsigned loop) const {
    return operand.steps[loop] == contraction.columns &&
           operand.steps[contraction.columnLoop] == 1;
  }
  bool isConstantRow(const FlatOperand &operand) const {
    for (auto [loop, step] : llvm::enumerate(operand.steps))
      if (step != (loop == contraction.columnLoop))
        return false;
    return bool(getConstant(operand.memref));
  }
  bool canFold(unsigned loop) const {
    if (!goesOn(contraction.lhs, loop))
      return false;
    if (!epilogue)
      return goesOn(contraction.result, loop);
    if (!goesOn(epilogue->output, loop))
      return false;
    for (auto [i, input] : llvm::enumerate(epilogue->inputs))
      if (i != epilogue->accumulator && !goesOn(input, loop) &&
          !isConstantRow(input) &&
          (input.steps[loop] != 0 || input.steps[contraction.columnLoop] != 0))
        return false;
    return true;
  }
  void fold(unsigned loop) {
    linalg::GenericOp op = contraction.op;
    int64_t times = op.getStaticLoopRanges()[loop];
    int64_t columns = contraction.columns;
    repeatRows(contraction.weights, columns, times);
    repeatRows(contraction.start, columns, times);
    llvm::erase(contraction.rowLoops, loop);
    contraction.columns *= times;
    if (!epilogue)
      return;
    for (FlatOperand &input : epilogue->inputs)
      if (isConstantRow(input)) {
        input.memref =
            repeatConstant(builder, symbols, getConstant(input.memref),
                           input.offset, columns, times);
        input.offset = 0;
      }
  }

  ImplicitLocOpBuilder &builder;
  SymbolTable &symbols;
  Contraction &contraction;
  Epilogue *epilogue;
};

} // namespace

/// Columns of one kernel, from column `first` on: all whole vectors of bytes;
/// of what is left, the largest part of a vector's bytes that is filled, and
/// what is smaller than a vector's lanes.
static int64_t countKernelColumns(const TargetRow &row, int64_t columns) {
  int64_t bytes = row.vectorBits / 8;
  if (columns >= bytes)
    return columns / bytes * bytes;
  while (bytes > columns)
    bytes /= 2;
  return bytes >= row.lanes() ? bytes : columns;
}

void qnn::emitDepthwiseKernel(ImplicitLocOpBuilder &builder,
                              SymbolTable &symbols, const TargetRow &row,
                              const Contraction &contraction,
                              const Epilogue *epilogue) {
  Contraction whole = contraction;
  std::optional<Epilogue> wholeEpilogue;
  if (epilogue)
    wholeEpilogue = *epilogue;
  int64_t columns = contraction.columns;
  if (columns % row.lanes() != 0 && columns < row.vectorBits / 8)
    PixelFolder(builder, symbols, whole,
                wholeEpilogue ? &*wholeEpilogue : nullptr)
        .fold();
  for (int64_t first = 0, count; first < whole.columns; first += count) {
    int64_t rest = whole.columns - first;
    TargetRow fitting = narrowVectors(row, rest);
    count = countKernelColumns(fitting, rest);
    Contraction slice = sliceColumns(whole, first, count);
    std::optional<Epilogue> sliceEpilogue;
    if (epilogue)
      sliceEpilogue = sliceColumns(whole, *wholeEpilogue, first);
    const Epilogue *sliced = epilogue ? &*sliceEpilogue : nullptr;
    if (fitsVerticalKernel(fitting, slice))
      emitVerticalKernel(builder, symbols, fitting, slice, sliced);
    else
      DepthwiseKernel(builder, symbols, fitting, slice, sliced).emit();
  }
}
