// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The summary of a compilation.

#include "qnn/Driver/Summary.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "qnn/Codegen/CPU/Passes.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "qnn/Dialect/QNN/Transforms/Annotations.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>

using namespace mlir;
using namespace qnn;

void qnn::countChoices(ModuleOp annotated, CompileSummary &summary) {
  annotated.walk([&](Operation *op) {
    if (op->hasAttr(annotation::kResultTypes)) {
      ++summary.numQuantized;
      return;
    }
    auto reason = op->getAttrOfType<StringAttr>(annotation::kStaysFloat);
    if (!reason)
      return;
    ++summary.numFloat;
    summary.floatReasons.push_back("node '" + getNodeName(op) + "' (" +
                                   op->getName().getStringRef().str() +
                                   "): " + reason.str());
  });
}

double qnn::measureZeroWeights(ModuleOp quantized) {
  int64_t zeros = 0, all = 0;
  quantized.walk([&](qnn::ConstantOp constant) {
    if (cast<ShapedType>(constant.getType()).getRank() < 2)
      return;
    for (const APInt &code : constant.getCodes().getValues<APInt>())
      zeros += code.isZero();
    all += constant.getCodes().getNumElements();
  });
  return all == 0 ? 0 : double(zeros) / double(all);
}

int64_t qnn::countConstantBytes(ModuleOp module) {
  int64_t bytes = 0;
  auto count = [&](ElementsAttr attribute) {
    auto type = cast<ShapedType>(attribute.getType());
    bytes += type.getNumElements() *
             llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  };
  module.walk([&](Operation *op) {
    if (auto constant = dyn_cast<qnn::ConstantOp>(op))
      count(constant.getCodes());
    else if (auto constant = dyn_cast<arith::ConstantOp>(op))
      if (auto elements = dyn_cast<ElementsAttr>(constant.getValue()))
        count(elements);
  });
  return bytes;
}

std::optional<int64_t> qnn::getArenaLowerBound(ModuleOp module) {
  std::optional<int64_t> bytes;
  for (auto function : module.getOps<func::FuncOp>())
    if (auto bound = function->getAttrOfType<IntegerAttr>(kArenaLowerBoundAttr))
      bytes = std::max(bytes.value_or(0), bound.getInt());
  return bytes;
}

/// Whether the operation writes its input as it is.
static bool isMovement(linalg::LinalgOp op) {
  auto *yielded = op.getBlock()->getTerminator();
  auto argument = dyn_cast<BlockArgument>(yielded->getOperand(0));
  return op.getNumDpsInputs() == 1 && op.getNumDpsInits() == 1 && argument &&
         argument.getArgNumber() == 0 && op.getNumReductionLoops() == 0 &&
         isa<MemRefType>(op.getDpsInputs()[0].getType());
}

/// The same operation is in the body for one row.
static bool isInBlockOfRows(Operation *op) {
  auto rows =
      op->getParentOfType<func::FuncOp>()->getAttrOfType<DenseI64ArrayAttr>(
          kRowBlocksAttr);
  return rows && rows[0] > 1;
}

void qnn::listMovements(ModuleOp lowered, CompileSummary &summary) {
  lowered.walk([&](linalg::LinalgOp op) {
    if (!isMovement(op) || isInBlockOfRows(op))
      return;
    auto type = cast<MemRefType>(op.getDpsInits()[0].getType());
    SmallVector<AffineMap> maps = op.getIndexingMapsArray();
    int64_t bytes = type.getNumElements() *
                    llvm::divideCeil(type.getElementTypeBitWidth(), 8);
    summary.movements.push_back((maps[0] == maps[1] ? "copy" : "transpose") +
                                std::string(" at node '") + getNodeName(op) +
                                "': " + std::to_string(bytes) + " bytes");
  });
}

/// "NAME x -> y" of what was measured.
static void printChange(StringRef name, Metric metric,
                        const std::optional<Score> &before,
                        const std::optional<Score> &after,
                        SmallVector<std::string> &changes) {
  SmallVector<std::string> values;
  for (const std::optional<Score> &score : {before, after})
    if (score)
      values.push_back(formatValue(metric, score->value));
  if (!values.empty())
    changes.push_back((name + " " + llvm::join(values, " -> ")).str());
}

static std::string describe(const TuningSources &sources) {
  bool hasFeatures = sources.featureLimit.empty();
  std::string text = "logits";
  if (hasFeatures)
    text += ", features";
  if (sources.hasLabels && sources.labelsHelped)
    text += ", labels";
  if (!hasFeatures)
    text += "; no features, because " + sources.featureLimit;
  if (!sources.labelsHelped)
    text += "; no labels, because they did not clearly help held-out rows";
  return text;
}

void LearningSummary::print(llvm::raw_ostream &os) const {
  os << "learned  " << progress.step << " steps, the best weights after "
     << progress.bestStep << ": " << describeStop(reason) << "\n";
  if (sources)
    os << "  learned from: " << describe(*sources) << "\n";
  if (sources && !sources->quantizerLimit.empty())
    os << "  scales stay as they were calibrated: " << sources->quantizerLimit
       << "\n";
  for (StringRef output : untrainedOutputs)
    os << "  not learned: output '" << output
       << "', labels are for the first\n";
  for (StringRef weights : denseWeights)
    os << "  not pruned: '" << weights << "', too small for the pattern\n";
  for (const LearningScores &score : scores) {
    SmallVector<std::string> changes;
    printChange("float", score.metric, score.floatBefore, score.floatAfter,
                changes);
    printChange("integer", score.metric, score.integerBefore,
                score.integerAfter, changes);
    os << "score    " << score.rows << " " << getMetricName(score.metric)
       << ": " << llvm::join(changes, ", ") << "\n";
  }
}

/// "int8", or what the columns of a table would say, such as "W4A8".
static std::string describeBits(const BitWidths &bits) {
  if (bits.weights == 8 && bits.activations == 8)
    return "int8";
  return llvm::formatv("W{0}A{1}", bits.weights, bits.activations).str();
}

void CompileSummary::print(llvm::raw_ostream &os) const {
  os << "model    " << model << " for " << target;
  if (!variants.empty())
    os << ": " << llvm::join(variants, ", ");
  os << "\n";
  if (floatModel)
    os << "ops      all in float\n";
  else if (numQuantized + numFloat != 0)
    os << "ops      " << numQuantized << " in " << describeBits(bits) << ", "
       << numFloat << " in float\n";
  for (const std::string &reason : floatReasons)
    os << "  float: " << reason << "\n";
  if (objectBytes) {
    os << "bytes    weights " << weightBytes << ", arena " << arenaBytes;
    if (arenaLowerBound)
      os << " (at least " << *arenaLowerBound << ")";
    os << ", object " << objectBytes << "\n";
  }
  if (!rowBlocks.empty()) {
    os << "rows     any number, in blocks of ";
    llvm::interleaveComma(rowBlocks, os);
    os << "\n";
  }
  for (const std::string &movement : movements)
    os << "  " << movement << "\n";
  if (calibrationSamples)
    os << "profile  from " << calibrationSamples << " samples\n";
  if (learning)
    learning->print(os);
  if (sparsity)
    os << "sparsity " << llvm::format("%.1f", 100 * *sparsity)
       << " % of the weights are zero\n";
  for (const OutputQuality &output : outputs) {
    os << "output   '" << output.name << "': ";
    if (std::isnan(output.decibels))
      os << "NaN or infinite on the calibration data\n";
    else if (std::isinf(output.decibels) && output.decibels > 0)
      os << "equal to float on the calibration data\n";
    else
      os << "SQNR " << llvm::format("%.1f", output.decibels)
         << " dB on the calibration data\n";
  }
  for (const std::string &file : files)
    os << "wrote    " << file << "\n";
}
