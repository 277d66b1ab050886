// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Products of two computed sides of bytes: a loop over words that carries the
// accumulators.

#include "ComputedKernel.h"
#include "BatchKernel.h"
#include "FlatAccess.h"
#include "WordPacking.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace qnn;

namespace {

class ComputedKernel : public BatchKernel {
public:
  ComputedKernel(ImplicitLocOpBuilder &builder, SymbolTable &symbols,
                 const TargetRow &row, const BatchContraction &contraction,
                 const Epilogue *epilogue)
      : BatchKernel(builder, symbols, row, contraction, epilogue),
        words(contraction.depth) {}

private:
  int64_t packedPerVector() const override {
    return words.count() * dot4.weightsPerVector();
  }
  int64_t otherRegisters(int64_t vectors) const override {
    // Two parts each, and the product that is added.
    return row.dot4 == Dot4Form::Bytes ? vectors + 1 : 2 * vectors + 3;
  }
  void addOperands() override;
  void packOperands() override;
  SmallVector<Value> emitFirst(const Tile &tile) override;
  SmallVector<Value> emitSums(const Tile &tile,
                              SmallVector<Value> accumulators) override;
  void emitWord(const Tile &tile, Value lhs, Value rhs,
                SmallVectorImpl<Value> &accumulators);

  Words words;
  /// Position among the operands, if the step shifts activations.
  std::optional<unsigned> sumsOperand;
};

} // namespace

void ComputedKernel::addOperands() {
  BatchKernel::addOperands();
  if (dot4.activationShift() == 0)
    return;
  sumsOperand = operands.size();
  operands.push_back(batchOperand(countVectors() * row.lanes()));
}

void ComputedKernel::packOperands() {
  PackedWords packedWords =
      emitPackedWords(builder, contraction, panels, row, dot4);
  operands[rhsOperand].memref = packedWords.weights;
  views[rhsOperand] = packedWords.weights;
  if (!sumsOperand)
    return;
  operands[*sumsOperand].memref = packedWords.sums;
  views[*sumsOperand] = packedWords.sums;
}

/// Takes off what the step adds because it shifts activations.
SmallVector<Value> ComputedKernel::emitFirst(const Tile &tile) {
  SmallVector<Value> accumulators = BatchKernel::emitFirst(tile);
  if (!sumsOperand)
    return accumulators;
  Value first = builder.createOrFold<arith::AddIOp>(tile.bases[*sumsOperand],
                                                    tile.column);
  int64_t vectors = tile.panel->vectors;
  SmallVector<Value> sums;
  for (int64_t j = 0; j < vectors; ++j)
    sums.push_back(
        vector::LoadOp::create(builder, accumulatorType(), views[*sumsOperand],
                               emitOffset(builder, first, j * row.lanes())));
  for (auto [i, accumulator] : llvm::enumerate(accumulators))
    accumulator =
        arith::SubIOp::create(builder, accumulator, sums[i % vectors]);
  return accumulators;
}

SmallVector<Value> ComputedKernel::emitSums(const Tile &tile,
                                            SmallVector<Value> accumulators) {
  Value rhs = rhsBase(tile), lhs = tile.bases[kLhs];
  int64_t perWord = tile.panel->vectors * dot4.weightsPerVector();
  accumulators = emitLoop(builder, 0, words.numWhole(), 1, accumulators,
                          [&](Value index, ValueRange carried) {
                            SmallVector<Value> next(carried);
                            Value left = emitStep(builder, lhs, index, 4);
                            Value right =
                                emitStep(builder, rhs, index, perWord);
                            emitWord(tile, left, right, next);
                            return next;
                          });
  if (!words.hasRest())
    return accumulators;
  lhs = emitOffset(builder, lhs, words.begin(words.numWhole()));
  rhs = emitOffset(builder, rhs, words.numWhole() * perWord);
  emitWord(tile, lhs, rhs, accumulators);
  return accumulators;
}

void ComputedKernel::emitWord(const Tile &tile, Value lhs, Value rhs,
                              SmallVectorImpl<Value> &accumulators) {
  SmallVector<SmallVector<Value, 2>> columns;
  for (int64_t j = 0; j < tile.panel->vectors; ++j)
    columns.push_back(dot4.loadWeights(
        packed, emitOffset(builder, rhs, j * dot4.weightsPerVector())));
  int64_t numBytes = std::min<int64_t>(4, contraction.depth), next = 0;
  for (ArrayRef<int64_t> distances : tile.rows) {
    Value address = emitOffset(builder, lhs, distances[kLhs]);
    auto activations =
        dot4.broadcast(emitLoadWord(builder, views[kLhs], address, numBytes));
    for (ArrayRef<Value> column : columns) {
      accumulators[next] = dot4.emit(accumulators[next], activations, column);
      ++next;
    }
  }
}

void qnn::emitComputedKernel(ImplicitLocOpBuilder &builder,
                             SymbolTable &symbols, const TargetRow &row,
                             const BatchContraction &contraction,
                             const Epilogue *epilogue) {
  ComputedKernel(builder, symbols, row, contraction, epilogue).emit();
}
