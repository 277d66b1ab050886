// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Matching of epilogues.

#include "Epilogue.h"
#include "KernelFunction.h"
#include "VectorBody.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace qnn;

namespace {

class EpilogueMatcher {
public:
  EpilogueMatcher(const Contraction &contraction, StringRef &reason)
      : contraction(contraction), op(contraction.op), init(contraction.init),
        reason(reason) {}

  std::optional<Epilogue> match() {
    if (!findReader() || !checkBody() || !mapLoops() || !flattenOperands() ||
        !checkOrder())
      return std::nullopt;
    return std::move(result);
  }

private:
  bool refuse(StringRef why) {
    reason = why;
    return false;
  }

  /// The accumulators are a buffer that only the contraction, its start and
  /// one elementwise operation see.
  bool findReader() {
    Value buffer = contraction.result.memref;
    if (!buffer.getDefiningOp<memref::AllocOp>())
      return refuse("expects the accumulators in a buffer of their own");
    for (Operation *user : buffer.getUsers()) {
      if (user == op || user == init)
        continue;
      auto reader = dyn_cast<linalg::GenericOp>(user);
      if (!reader || result.op)
        return refuse("expects one reader of the accumulators");
      result.op = reader;
    }
    if (!result.op || result.op->getBlock() != op->getBlock())
      return refuse("expects a reader of the accumulators in the same block");
    unsigned numReads = 0;
    for (OpOperand *operand : result.op.getDpsInputOperands())
      if (operand->get() == buffer) {
        result.accumulator = operand->getOperandNumber();
        ++numReads;
      }
    if (numReads != 1 || result.op.getNumDpsInits() != 1 ||
        result.op.getNumReductionLoops() != 0)
      return refuse("expects an elementwise reader of the accumulators");
    return true;
  }

  bool checkBody() {
    Block &body = *result.op.getBody();
    if (!body.getArguments().back().use_empty())
      return refuse("expects an epilogue that only writes its result");
    if (!canVectorizeBody(result.op))
      return refuse("expects an epilogue of elementwise operations");
    // Lanes without a column compute on zeros.
    if (!llvm::all_of(body.without_terminator(), [](Operation &op) {
          return isa<memref::LoadOp>(op) || isSpeculatable(&op);
        }))
      return refuse("expects an epilogue that cannot trap");
    return true;
  }

  /// How an epilogue loop goes on in each loop of the contraction, through the
  /// subscripts of the buffer between.
  bool mapLoops() {
    OpOperand *read = result.op.getDpsInputOperand(result.accumulator);
    AffineMap written = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
    AffineMap reading = result.op.getMatchingIndexingMap(read);
    loopOf.assign(written.getNumDims(), {});
    unsigned numMapped = 0;
    for (auto [from, to] :
         llvm::zip_equal(written.getResults(), reading.getResults())) {
      auto epilogueLoop = dyn_cast<AffineDimExpr>(to);
      if (!epilogueLoop)
        return refuse("expects an epilogue that reads every accumulator");
      if (!mapSubscript(from, epilogueLoop.getPosition()))
        return refuse("expects an epilogue that reads every accumulator");
      ++numMapped;
    }
    if (numMapped != result.op.getNumLoops() || !reading.isPermutation())
      return refuse("expects an epilogue that reads each accumulator once");
    return true;
  }

  /// Maps the loops of a linear subscript, which must count through all
  /// iterations of the epilogue loop.
  bool mapSubscript(AffineExpr subscript, unsigned epilogueLoop) {
    SmallVector<int64_t> loops(loopOf.size(), 0);
    auto evaluate = [&] {
      return AffineMap::get(loops.size(), 0, subscript).compose(loops)[0];
    };
    int64_t origin = evaluate();
    SmallVector<int64_t> extents = op.getStaticLoopRanges();
    SmallVector<std::pair<int64_t, int64_t>> stepsAndExtents;
    for (auto [i, loop] : llvm::enumerate(loops)) {
      loop = 1;
      int64_t step = evaluate() - origin;
      loop = 0;
      if (step == 0)
        continue;
      loopOf[i] = {epilogueLoop, step};
      if (extents[i] > 1)
        stepsAndExtents.push_back({step, extents[i]});
    }
    llvm::sort(stepsAndExtents);
    int64_t counted = 1;
    for (auto [step, extent] : stepsAndExtents) {
      if (step != counted)
        return false;
      counted *= extent;
    }
    return origin == 0 &&
           counted == result.op.getStaticLoopRanges()[epilogueLoop];
  }

  bool flattenOperands() {
    for (OpOperand &operand : result.op->getOpOperands()) {
      std::optional<FlatOperand> flat = flatten(result.op, operand);
      if (!flat)
        return refuse("expects static strides in the epilogue");
      FlatOperand mapped{flat->memref, flat->offset, {}};
      for (EpilogueLoop loop : loopOf)
        mapped.steps.push_back(loop.step ? loop.step * flat->steps[loop.index]
                                         : 0);
      int64_t columnStep = mapped.steps[contraction.columnLoop];
      bool isOutput = result.op.isDpsInit(&operand);
      if (columnStep != 1 && (isOutput || columnStep != 0))
        return refuse("expects columns that lie together in the epilogue");
      if (isOutput)
        result.output = mapped;
      else
        result.inputs.push_back(mapped);
    }
    return true;
  }

  /// The contraction moves down to the epilogue: nothing between may write what
  /// it reads, and the epilogue must not write it itself.
  bool checkOrder() {
    SmallVector<Value> sources;
    for (Value input : op.getDpsInputs())
      sources.push_back(getRoot(input));
    if (llvm::is_contained(sources, getRoot(result.output.memref)))
      return refuse("expects an epilogue that does not overwrite the input");
    for (Operation *next = op->getNextNode(); next != result.op.getOperation();
         next = next->getNextNode()) {
      if (!next)
        return refuse("expects the epilogue after the contraction");
      if (isMemoryEffectFree(next) ||
          isa<memref::AllocOp, ViewLikeOpInterface>(next))
        continue;
      auto other = dyn_cast<linalg::LinalgOp>(next);
      auto kernel = dyn_cast<func::CallOp>(next);
      if (!other && !kernel)
        return refuse("expects nothing unknown before the epilogue");
      auto isWritten = [&](Value source) {
        return other
                   ? llvm::is_contained(
                         llvm::map_range(other.getDpsInits(), getRoot), source)
                   : writesTo(kernel, source);
      };
      if (llvm::any_of(sources, isWritten))
        return refuse("expects the input unchanged until the epilogue");
    }
    return true;
  }

  const Contraction &contraction;
  linalg::GenericOp op;
  Operation *init;
  StringRef &reason;
  Epilogue result;
  /// One iteration of a loop of the contraction is `step` of this loop of the
  /// epilogue.
  struct EpilogueLoop {
    unsigned index = 0;
    int64_t step = 0;
  };
  SmallVector<EpilogueLoop> loopOf;
};

} // namespace

std::optional<Epilogue> qnn::matchEpilogue(const Contraction &contraction,
                                           StringRef &reason) {
  return EpilogueMatcher(contraction, reason).match();
}

Epilogue qnn::sliceColumns(const Contraction &contraction,
                           const Epilogue &epilogue, int64_t first) {
  Epilogue slice = epilogue;
  for (FlatOperand &input : slice.inputs)
    input.offset += first * input.steps[contraction.columnLoop];
  slice.output.offset += first * slice.output.steps[contraction.columnLoop];
  return slice;
}
