// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The strategy: which values are quantized, and to which types. Only writes
// attributes; qnn-quantize obeys them.

#include "QuantizedTypes.h"
#include "SharedParameters.h"
#include "qnn/Dialect/QNN/Transforms/Annotations.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"
#include "qnn/Quantization/BitWidths.h"
#include "qnn/Quantization/Calibrator.h"
#include "qnn/Quantization/Profile.h"

#define DEBUG_TYPE "qnn-choose-quantization"

namespace qnn {
#define GEN_PASS_DEF_QNNCHOOSEQUANTIZATIONPASS
#include "qnn/Dialect/QNN/Transforms/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

static bool isFinite(DenseFPElementsAttr constant) {
  return llvm::all_of(constant,
                      [](const APFloat &value) { return value.isFinite(); });
}

namespace {
/// Ranges of values, and which values share one.
class Ranges {
public:
  Ranges(const Profile &profile, CalibratorKind kind, double percentile,
         int64_t numLevels)
      : profile(profile), kind(kind), percentile(percentile),
        numLevels(numLevels) {}

  /// Learns what `op` says about its values.
  void visit(QuantizableOpInterface op) {
    if (auto known = op.getKnownResultRange())
      for (Value result : op->getResults()) {
        ranges.try_emplace(result,
                           CalibratedRange{known->first, known->second});
        knownResults.insert(result);
      }
    sharing.visit(op);
  }

  /// The range of a value and of all that share its parameters. The error says
  /// why there is none.
  llvm::Expected<CalibratedRange> get(Value value) {
    std::optional<CalibratedRange> merged;
    for (Value member : sharing.getMembers(value)) {
      llvm::Expected<CalibratedRange> range = getOwn(member);
      if (!range)
        return range;
      merged = merged ? CalibratedRange{std::min(merged->min, range->min),
                                        std::max(merged->max, range->max)}
                      : *range;
    }
    return *merged;
  }

  /// Whether an operation knows the range of the value, or of one that shares
  /// its parameters.
  bool isKnown(Value value) {
    return llvm::any_of(sharing.getMembers(value), [&](Value member) {
      return knownResults.contains(member);
    });
  }

private:
  llvm::Expected<CalibratedRange> getOwn(Value value) {
    if (auto known = ranges.find(value); known != ranges.end())
      return known->second;
    llvm::Expected<CalibratedRange> range = compute(value);
    if (range)
      ranges[value] = *range;
    return range;
  }

  llvm::Expected<CalibratedRange> compute(Value value) {
    if (DenseFPElementsAttr constant = getFloatConstant(value)) {
      if (!isFinite(constant))
        return llvm::createStringError("a constant is NaN or infinite");
      return rangeOfConstant(constant);
    }
    StringRef name = getValueName(value);
    const TensorStatistics *statistics = profile.lookup(name);
    if (!statistics)
      return llvm::createStringError("no statistics of value '" + name + "'");
    llvm::Expected<CalibratedRange> range =
        calibrate(*statistics, kind, percentile, numLevels);
    if (!range)
      return llvm::createStringError("value '" + name +
                                     "': " + llvm::toString(range.takeError()));
    return range;
  }

  static CalibratedRange rangeOfConstant(DenseFPElementsAttr constant) {
    CalibratedRange range{0, 0};
    for (const APFloat &element : constant) {
      range.min = std::min(range.min, element.convertToDouble());
      range.max = std::max(range.max, element.convertToDouble());
    }
    return range;
  }

  const Profile &profile;
  CalibratorKind kind;
  double percentile;
  int64_t numLevels;
  DenseMap<Value, CalibratedRange> ranges;
  /// Results whose range an operation knows.
  DenseSet<Value> knownResults;
  SharedParameters sharing;
};

/// Chooses the types of one function.
class Chooser {
public:
  Chooser(func::FuncOp func, Ranges &ranges, bool perChannel, BitWidths bits,
          RequantizationMode requantization)
      : ranges(ranges), perChannel(perChannel), bits(bits),
        requantization(requantization) {
    func.walk([&](QuantizableOpInterface op) {
      ops.push_back(op);
      ranges.visit(op);
    });
  }

  void run() {
    for (QuantizableOpInterface op : ops) {
      std::string reason = getReason(op);
      if (reason.empty())
        quantized.insert(op);
      else
        reasons[op] = reason;
    }
    keepMovementOfFloats();
    for (QuantizableOpInterface op : ops)
      if (quantized.contains(op))
        annotate(op);
      else
        op->setAttr(annotation::kStaysFloat,
                    StringAttr::get(op->getContext(), reasons[op]));
  }

private:
  std::string getReason(QuantizableOpInterface op) {
    std::string reason = op.getReasonToStayFloat();
    if (!reason.empty())
      return reason;
    if (bits.activations > op.getMaxActivationBits())
      return "it has no integer form of " + std::to_string(bits.activations) +
             " bits (activation-bits)";
    for (OpOperand &operand : op->getOpOperands())
      if (reason.empty())
        reason = getReason(operand.get(),
                           op.getOperandRole(operand.getOperandNumber()));
    for (Value result : op->getResults())
      reason = reason.empty() ? getReason(result) : reason;
    return reason;
  }

  std::string getReason(Value operand, OperandRole role) {
    if (role == OperandRole::NotQuantized)
      return "";
    if (role == OperandRole::Activation)
      return getReason(operand);
    DenseFPElementsAttr constant = getFloatConstant(operand);
    if (!constant)
      return "a constant has no f32 values to read";
    return isFinite(constant) ? "" : "a constant is NaN or infinite";
  }

  std::string getReason(Value value) {
    if (!isFloatTensor(value.getType()))
      return "a value is not f32";
    llvm::Expected<CalibratedRange> range = ranges.get(value);
    return range ? "" : llvm::toString(range.takeError());
  }

  /// Data that is float before and after a movement is not worth rounding: an
  /// operation that only moves data is quantized if a neighbour is that
  /// computes.
  void keepMovementOfFloats() {
    bool changed = true;
    while (changed) {
      changed = false;
      for (QuantizableOpInterface op : ops)
        if (quantized.contains(op) && op.requiresSameParameters() &&
            !anchored.contains(op) && hasQuantizedNeighbour(op)) {
          anchored.insert(op);
          changed = true;
        }
    }
    for (QuantizableOpInterface op : ops)
      if (op.requiresSameParameters() && quantized.contains(op) &&
          !anchored.contains(op)) {
        quantized.erase(op);
        reasons[op] = "it moves values that stay float";
      }
  }

  bool hasQuantizedNeighbour(QuantizableOpInterface op) {
    auto counts = [&](Operation *neighbour) {
      auto other = dyn_cast_or_null<QuantizableOpInterface>(neighbour);
      return other && quantized.contains(other) &&
             (!other.requiresSameParameters() || anchored.contains(other));
    };
    for (Value operand : op->getOperands())
      if (counts(operand.getDefiningOp()))
        return true;
    return llvm::any_of(op->getResult(0).getUsers(), counts);
  }

  void annotate(QuantizableOpInterface op) {
    SmallVector<Type> operandTypes(op->getNumOperands());
    for (OpOperand &operand : op->getOpOperands()) {
      unsigned number = operand.getOperandNumber();
      switch (op.getOperandRole(number)) {
      case OperandRole::Activation:
        operandTypes[number] = chooseActivation(operand.get());
        break;
      case OperandRole::Weights:
        operandTypes[number] = chooseWeights(op, operand, operandTypes[0]);
        break;
      case OperandRole::Bias:
        operandTypes[number] = biasType(operandTypes[0], operandTypes[1]);
        break;
      case OperandRole::NotQuantized:
        break;
      }
    }
    SmallVector<Type> resultTypes;
    for (Value result : op->getResults())
      resultTypes.push_back(chooseActivation(result));
    op->setAttr(annotation::kOperandTypes, typeArray(op, operandTypes));
    op->setAttr(annotation::kResultTypes, typeArray(op, resultTypes));
    op.requestRequantization(requantization);
  }

  /// What comes as bytes, and a range that no input can leave, keep 8 bits.
  Type chooseActivation(Value value) {
    return activationType(value.getContext(), llvm::cantFail(ranges.get(value)),
                          ranges.isKnown(value) ? 8 : bits.activations);
  }

  Type chooseWeights(QuantizableOpInterface op, OpOperand &weights,
                     Type inputType) {
    std::optional<int64_t> axis;
    if (perChannel)
      axis = op.getWeightsChannelAxis();
    DenseFPElementsAttr bias;
    for (OpOperand &operand : op->getOpOperands())
      if (op.getOperandRole(operand.getOperandNumber()) == OperandRole::Bias)
        bias = getFloatConstant(operand.get());
    return weightsType(getFloatConstant(weights.get()), bias, axis,
                       cast<QuantizedElementType>(inputType), bits.weights);
  }

  static ArrayAttr typeArray(Operation *op, ArrayRef<Type> types) {
    Builder builder(op->getContext());
    SmallVector<Attribute> attributes;
    for (Type type : types)
      attributes.push_back(type ? Attribute(TypeAttr::get(type))
                                : Attribute(builder.getUnitAttr()));
    return builder.getArrayAttr(attributes);
  }

  Ranges &ranges;
  bool perChannel;
  BitWidths bits;
  RequantizationMode requantization;
  SmallVector<QuantizableOpInterface> ops;
  DenseSet<Operation *> quantized, anchored;
  DenseMap<Operation *, std::string> reasons;
};

struct ChooseQuantizationPass
    : qnn::impl::QNNChooseQuantizationPassBase<ChooseQuantizationPass> {
  using Base::Base;

  ChooseQuantizationPass(const QNNChooseQuantizationPassOptions &options,
                         std::shared_ptr<const Profile> statistics)
      : Base(options), statistics(std::move(statistics)) {}

  void runOnOperation() override {
    func::FuncOp func = getOperation();
    llvm::Expected<CalibratorKind> kind =
        readCalibrator(calibrator, percentile);
    if (!kind) {
      func.emitError() << llvm::toString(kind.takeError());
      return signalPassFailure();
    }
    std::optional<RequantizationMode> mode =
        symbolizeRequantizationMode(requantization);
    if (!mode) {
      func.emitError() << "unknown requantization '" << requantization
                       << "': expects float, tflite_single or tflite_double";
      return signalPassFailure();
    }
    BitWidths bits{weightBits, activationBits};
    if (llvm::Error error = bits.check()) {
      func.emitError() << llvm::toString(std::move(error));
      return signalPassFailure();
    }
    if (failed(loadStatistics()))
      return signalPassFailure();
    Ranges ranges(*statistics, *kind, percentile,
                  int64_t(1) << bits.activations);
    Chooser(func, ranges, perChannel, bits, *mode).run();
    if (*mode != RequantizationMode::Float)
      func->setAttr(annotation::kRequantization,
                    RequantizationModeAttr::get(func.getContext(), *mode));
  }

private:
  LogicalResult loadStatistics() {
    if (statistics)
      return success();
    llvm::Expected<Profile> loaded = Profile::load(profile);
    if (!loaded)
      return getOperation().emitError() << llvm::toString(loaded.takeError());
    statistics = std::make_shared<const Profile>(std::move(*loaded));
    return success();
  }

  std::shared_ptr<const Profile> statistics;
};
} // namespace

std::unique_ptr<Pass> qnn::createChooseQuantizationPass(
    const QNNChooseQuantizationPassOptions &options,
    std::shared_ptr<const Profile> statistics) {
  return std::make_unique<ChooseQuantizationPass>(options,
                                                  std::move(statistics));
}
