// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Products of bytes where weights are too small to saturate, products of 16-bit
// numbers elsewhere. Which it is depends on the word and on the panel, so the
// words of a panel are sorted: one loop for each set of vectors that need 16
// bits, in each of them tap by tap. Tables say which words a range of taps of a
// panel has in each loop, and where their activations are. The order of the sum
// does not matter modulo 2^32.

#include "MixedKernel.h"
#include "FlatAccess.h"
#include "MixedStep.h"
#include "TileKernel.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace qnn;

namespace {

class MixedKernel : public TileKernel {
public:
  MixedKernel(ImplicitLocOpBuilder &builder, SymbolTable &symbols,
              const TargetRow &row, const Contraction &contraction,
              const Epilogue *epilogue)
      : TileKernel(builder, symbols, row, contraction, epilogue),
        mixed(builder, row) {}

  StepCounts stepCounts;

private:
  void chooseTile() override;
  DenseElementsAttr packWeights() override;
  void emitTile(const Tile &tile) override {
    Value offset = borders ? loadRange(tile, kStartOffset) : Value();
    emitResults(tile, emitSums(tile, offset,
                               emitStart(tile, tile.rows.size(), offset)));
  }
  /// `offset` is that of a range of taps in the tables; null if there is one
  /// range.
  SmallVector<Value> emitSums(const Tile &tile, Value offset,
                              SmallVector<Value> accumulators);
  SmallVector<TapRange> listRanges() const;
  int64_t bytesPerStep(const Panel &panel, int64_t mask) const;
  std::vector<int32_t> listDistances() const;
  Value emitTable(StringRef name, ArrayRef<int32_t> entries);
  Value loadIndex(Value table, Value position);
  SmallVector<Value> emitWord(const Tile &tile, int64_t mask, Value distance,
                              Value weights, ValueRange accumulators);

  static bool isWide(int64_t mask, int64_t vector) {
    return mask >> vector & 1;
  }
  /// What the table has for each loop of a panel: first packed byte, first step
  /// and number of steps.
  enum PanelEntry {
    kFirstByte = 0,
    kFirstStep = 1,
    kCount = 2,
    kEntriesPerLoop = 3
  };
  /// The entries of a panel begin where its lanes do, times this. So there is
  /// room for those of up to four loops.
  static constexpr int64_t kEntriesPerLane = 2;
  Value panelTable, distanceTable;
  MixedStep mixed;
};

} // namespace

/// As many rows as registers allow besides weights and activations in two parts
/// each and a product. The sums wait for an addition only, so that few of them
/// are enough.
void MixedKernel::chooseTile() {
  panels = splitColumns(contraction.columns, row.lanes(), row.tileVectors);
  int64_t vectors = panels.front().vectors;
  int64_t others = 2 * vectors + 3;
  cutTiles(std::clamp<int64_t>((row.registers - others) / vectors, 1, 8));
  findBorders(/*numSteps=*/0);
}

SmallVector<TapRange> MixedKernel::listRanges() const {
  if (borders)
    return borders->ranges;
  return {{0, contraction.taps.empty() ? 1 : contraction.taps[0].extent}};
}

/// Distance of the activations of each word, taps included.
std::vector<int32_t> MixedKernel::listDistances() const {
  std::vector<int32_t> distances{0};
  for (const Loop &tap : contraction.taps) {
    std::vector<int32_t> next;
    for (int32_t distance : distances)
      for (int64_t i = 0; i < tap.extent; ++i)
        next.push_back(distance + i * tap.steps[0]);
    distances = next;
  }
  Words words(contraction.depth);
  std::vector<int32_t> all;
  for (int32_t distance : distances)
    for (int64_t word = 0; word < words.count(); ++word)
      all.push_back(distance + words.begin(word));
  return all;
}

DenseElementsAttr MixedKernel::packWeights() {
  std::vector<int16_t> weights =
      packBytes(contraction.weights, contraction.numTaps(), contraction.depth,
                contraction.columns, panels, row.lanes());
  std::vector<int32_t> distances = listDistances(), sortedDistances;
  std::vector<int8_t> bytes;
  SmallVector<TapRange> ranges = listRanges();
  int64_t numTaps = contraction.taps.empty() ? 1 : contraction.taps[0].extent;
  int64_t wordsPerTap = distances.size() / numTaps;
  int64_t numLanes = countLanes();
  std::vector<int32_t> entries(ranges.size() * numLanes * kEntriesPerLane, 0);
  ArrayRef<int16_t> rest(weights);
  for (const Panel &panel : panels) {
    int64_t perVector = dot4.weightsPerVector();
    int64_t perWord = panel.vectors * perVector;
    ArrayRef<int16_t> words = rest.take_front(perWord * distances.size());
    rest = rest.drop_front(words.size());
    // Fewer than four bytes are only there in the wide copy.
    MixedSteps steps = sortSteps(words, panel.vectors, row.lanes(),
                                 /*allWide=*/contraction.depth < 4);
    size_t next = 0;
    for (auto [mask, count] : llvm::enumerate(steps.counts)) {
      ArrayRef<int64_t> loop = ArrayRef(steps.words).slice(next, count);
      next += count;
      for (auto [i, range] : llvm::enumerate(ranges)) {
        auto countBefore = [&](int64_t tap) {
          return llvm::lower_bound(loop, tap * wordsPerTap) - loop.begin();
        };
        int64_t first = countBefore(range.begin);
        int32_t *entry =
            &entries[(i * numLanes + panel.firstColumn) * kEntriesPerLane +
                     mask * kEntriesPerLoop];
        entry[kFirstByte] = bytes.size() + first * bytesPerStep(panel, mask);
        entry[kFirstStep] = sortedDistances.size() + first;
        entry[kCount] = countBefore(range.end) - first;
      }
      for (int64_t word : loop) {
        sortedDistances.push_back(distances[word]);
        for (int64_t j = 0; j < panel.vectors; ++j) {
          ++(isWide(mask, j) ? stepCounts.wide : stepCounts.bytes);
          mixed.append(words.slice(word * perWord + j * perVector, perVector),
                       isWide(mask, j), bytes);
        }
      }
    }
  }
  panelTable = emitTable("packed_panels", entries);
  distanceTable = emitTable("packed_distances", sortedDistances);
  auto type = RankedTensorType::get(bytes.size(), builder.getI8Type());
  return DenseElementsAttr::get(type, ArrayRef<int8_t>(bytes));
}

Value MixedKernel::emitTable(StringRef name, ArrayRef<int32_t> entries) {
  auto type = RankedTensorType::get(entries.size(), builder.getI32Type());
  return emitConstant(builder, symbols, name,
                      DenseElementsAttr::get(type, entries));
}

Value MixedKernel::loadIndex(Value table, Value position) {
  Value entry = memref::LoadOp::create(builder, table, position);
  return arith::IndexCastOp::create(builder, builder.getIndexType(), entry);
}

int64_t MixedKernel::bytesPerStep(const Panel &panel, int64_t mask) const {
  int64_t bytes = 0;
  for (int64_t j = 0; j < panel.vectors; ++j)
    bytes += mixed.bytesPerVector(isWide(mask, j));
  return bytes;
}

SmallVector<Value> MixedKernel::emitSums(const Tile &tile, Value offset,
                                         SmallVector<Value> accumulators) {
  Value zero = emitIndex(builder, 0), one = emitIndex(builder, 1);
  Value lane = tile.column;
  if (offset)
    lane = builder.createOrFold<arith::AddIOp>(lane, offset);
  Value first = emitStep(builder, zero, lane, kEntriesPerLane);
  for (int64_t mask = 0; mask < int64_t(1) << tile.panel->vectors; ++mask) {
    auto entry = [&](PanelEntry field) {
      return loadIndex(panelTable, emitOffset(builder, first,
                                              mask * kEntriesPerLoop + field));
    };
    Value weights = entry(kFirstByte);
    Value step = entry(kFirstStep);
    Value count = entry(kCount);
    auto loop = scf::ForOp::create(
        builder, zero, count, one, accumulators,
        [&](OpBuilder &, Location, Value index, ValueRange carried) {
          OpBuilder::InsertionGuard guard(builder);
          builder.setInsertionPointToEnd(index.getParentBlock());
          Value position = builder.createOrFold<arith::AddIOp>(step, index);
          Value distance = loadIndex(distanceTable, position);
          Value begin = emitStep(builder, weights, index,
                                 bytesPerStep(*tile.panel, mask));
          scf::YieldOp::create(builder,
                               emitWord(tile, mask, distance, begin, carried));
        });
    accumulators = llvm::to_vector_of<Value>(loop.getResults());
  }
  return accumulators;
}

SmallVector<Value> MixedKernel::emitWord(const Tile &tile, int64_t mask,
                                         Value distance, Value weights,
                                         ValueRange accumulators) {
  SmallVector<Value> next(accumulators);
  SmallVector<SmallVector<Value, 2>> columns;
  bool anyBytes = false, anyWide = false;
  for (int64_t j = 0; j < tile.panel->vectors; ++j) {
    bool wide = isWide(mask, j);
    (wide ? anyWide : anyBytes) = true;
    columns.push_back(mixed.loadWeights(packed, weights, wide));
    weights = emitOffset(builder, weights, mixed.bytesPerVector(wide));
  }
  Value base = builder.createOrFold<arith::AddIOp>(tile.bases[kLhs], distance);
  int64_t position = 0;
  for (ArrayRef<int64_t> distances : tile.rows) {
    Value address = emitOffset(builder, base, distances[kLhs]);
    Value bytes;
    SmallVector<Value, 2> wide;
    if (anyBytes)
      bytes = mixed.broadcastBytes(views[kLhs], address);
    if (anyWide)
      wide = dot4.broadcastAt(views.back(), address);
    for (ArrayRef<Value> weights : columns) {
      Value &sum = next[position++];
      sum = weights.size() == 1 ? mixed.addBytes(sum, bytes, weights[0])
                                : dot4.emit(sum, wide, weights);
    }
  }
  return next;
}

StepCounts qnn::emitMixedKernel(ImplicitLocOpBuilder &builder,
                                SymbolTable &symbols, const TargetRow &row,
                                const Contraction &contraction,
                                const Epilogue *epilogue) {
  MixedKernel kernel(builder, symbols, row, contraction, epilogue);
  kernel.emit();
  return kernel.stepCounts;
}
