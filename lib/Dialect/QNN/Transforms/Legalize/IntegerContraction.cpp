// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Types, weights and bounds of quantized contractions.

#include "IntegerContraction.h"
#include "Patterns.h"
#include "qnn/Quantization/Requantize.h"
#include <cmath>

using namespace mlir;
using namespace qnn;

/// Codes of a quantized constant as integers; empty if it is none.
static SmallVector<int64_t> constantCodes(Value value) {
  SmallVector<int64_t> codes;
  auto op = value ? value.getDefiningOp<ConstantOp>() : ConstantOp();
  if (!op)
    return codes;
  bool isSigned = getQuantizedElementType(value.getType()).isCodeSigned();
  for (const APInt &code : op.getCodes().getValues<APInt>())
    codes.push_back(isSigned ? code.getSExtValue()
                             : int64_t(code.getZExtValue()));
  return codes;
}

/// The zero point that all groups of the type share.
static std::optional<int64_t> sharedZeroPoint(QuantizedElementType type,
                                              int64_t numGroups) {
  for (int64_t group = 1; group < numGroups; ++group)
    if (type.getGroupZeroPoint(group) != type.getGroupZeroPoint(0))
      return std::nullopt;
  return type.getGroupZeroPoint(0);
}

static void splitWeights(IntegerContraction &contraction) {
  SmallVector<int64_t> codes = constantCodes(contraction.weights);
  if (codes.empty())
    return;
  auto shape = cast<RankedTensorType>(contraction.weights.getType()).getShape();
  int64_t stride = 1;
  for (int64_t extent : shape.drop_front(contraction.channelAxis + 1))
    stride *= extent;
  contraction.weightsByChannel.resize(contraction.numChannels);
  for (auto [i, code] : llvm::enumerate(codes))
    contraction.weightsByChannel[i / stride % contraction.numChannels]
        .push_back(code - contraction.weightsZeroPoint);
}

/// Whether the bias has zero point 0 and the scale of the accumulator, up to
/// the rounding of the product. Else it could not be added as it is.
static bool isAccumulatorScaled(const IntegerContraction &contraction) {
  if (!contraction.bias)
    return true;
  auto type = getQuantizedElementType(contraction.bias.getType());
  if (!type.isUniform() || type.getGroupAxis() == -2)
    return false;
  for (int64_t channel = 0; channel < contraction.numChannels; ++channel) {
    auto scaleOf = [&](QuantizedElementType groups) {
      return groups.getGroupScale(groups.getGroupAxis() == -1 ? 0 : channel);
    };
    int64_t group = type.getGroupAxis() == -1 ? 0 : channel;
    double expected = contraction.inputType.getGroupScale(0) *
                      scaleOf(contraction.weightsType);
    // A product of two floats that was rounded to float is off by 2^-24.
    if (type.getGroupZeroPoint(group) != 0 ||
        std::abs(scaleOf(type) - expected) > std::ldexp(expected, -20))
      return false;
  }
  return true;
}

/// Checks the types, and reads what is constant.
static LogicalResult complete(Operation *op, IntegerContraction &contraction) {
  contraction.inputType = getPerTensorType(op->getOperand(0).getType());
  contraction.weightsType =
      getQuantizedElementType(contraction.weights.getType());
  contraction.resultType = getPerTensorType(op->getResult(0).getType());
  if (!contraction.inputType || !contraction.resultType)
    return op->emitError(
        "expects activations of one scale and zero point to legalize");
  QuantizedElementType weights = contraction.weightsType;
  int64_t axis = weights.getGroupAxis();
  if (!weights.isUniform() || (axis != -1 && axis != contraction.channelAxis))
    return op->emitError("expects weights of one scale for all or for each "
                         "output channel to legalize");
  contraction.numScales = axis == -1 ? 1 : contraction.numChannels;
  std::optional<int64_t> zeroPoint =
      sharedZeroPoint(weights, contraction.numScales);
  if (!zeroPoint)
    return op->emitError(
        "expects weights of one zero point for all channels to legalize");
  contraction.weightsZeroPoint = *zeroPoint;
  if (!isAccumulatorScaled(contraction))
    return op->emitError("expects a bias of zero point 0 and the scale of "
                         "input times weights to legalize");
  splitWeights(contraction);
  contraction.biasCodes = constantCodes(contraction.bias);
  return success();
}

FailureOr<IntegerContraction> qnn::describeContraction(Conv2DOp op) {
  auto type = cast<RankedTensorType>(op.getWeights().getType());
  IntegerContraction contraction;
  contraction.weights = op.getWeights();
  contraction.bias = op.getBias();
  contraction.channelAxis = 0;
  contraction.numChannels = type.getDimSize(0);
  contraction.depth = type.getNumElements() / contraction.numChannels;
  if (failed(complete(op, contraction)))
    return failure();
  return contraction;
}

FailureOr<IntegerContraction> qnn::describeContraction(MatMulOp op) {
  auto type = cast<RankedTensorType>(op.getRhs().getType());
  IntegerContraction contraction;
  contraction.weights = op.getRhs();
  contraction.bias = op.getBias();
  contraction.channelAxis = type.getRank() - 1;
  contraction.numChannels = type.getShape().back();
  contraction.depth = type.getDimSize(type.getRank() - 2);
  if (failed(complete(op, contraction)))
    return failure();
  return contraction;
}

AccumulatorBound IntegerContraction::getBound(int64_t channel,
                                              int64_t bias) const {
  if (weightsByChannel.empty()) {
    // Run-time codes: as if every weight had its largest magnitude.
    int64_t largest = getLargestMagnitude(inputType) *
                      getLargestMagnitude(weightsType) * depth;
    return {bias - largest, bias + largest};
  }
  int64_t zeroPoint = inputType.getGroupZeroPoint(0);
  return accumulatorBound(weightsByChannel[channel],
                          inputType.getCodeMin() - zeroPoint,
                          inputType.getCodeMax() - zeroPoint, bias);
}

SmallVector<float> IntegerContraction::getMultipliers() const {
  SmallVector<float> multipliers;
  for (int64_t group = 0; group < numScales; ++group)
    multipliers.push_back(requantizeMultiplier(inputType.getGroupScale(0),
                                               weightsType.getGroupScale(group),
                                               resultType.getGroupScale(0)));
  return multipliers;
}

SmallVector<int64_t> IntegerContraction::getMultiplierShape() const {
  if (weightsType.getGroupAxis() == -1)
    return {};
  return {numScales};
}

/// Names of the zero point attributes, in the order of the operands.
static std::pair<StringAttr, StringAttr> zeroPointNames(Conv2DOp op) {
  return {op.getInputZeroPointAttrName(), op.getWeightsZeroPointAttrName()};
}
static std::pair<StringAttr, StringAttr> zeroPointNames(MatMulOp op) {
  return {op.getLhsZeroPointAttrName(), op.getRhsZeroPointAttrName()};
}

template <typename OpTy>
static Value create(OpBuilder &builder, OpTy op, ValueRange operands, Type type,
                    int64_t inputZeroPoint, int64_t weightsZeroPoint) {
  auto tensor = cast<RankedTensorType>(op.getType());
  OperationState state(op.getLoc(), op->getName(), operands, tensor.clone(type),
                       op->getAttrs());
  auto [inputName, weightsName] = zeroPointNames(op);
  state.attributes.set(inputName, builder.getI64IntegerAttr(inputZeroPoint));
  state.attributes.set(weightsName,
                       builder.getI64IntegerAttr(weightsZeroPoint));
  for (StringAttr name :
       {op.getClampMinAttrName(), op.getClampMaxAttrName(),
        op.getRoundingAttrName(), op.getRequantizationAttrName()})
    state.attributes.erase(name);
  return builder.create(state)->getResult(0);
}

Value qnn::createAccumulator(OpBuilder &builder, Conv2DOp op,
                             ValueRange operands, Type type,
                             int64_t inputZeroPoint, int64_t weightsZeroPoint) {
  return create(builder, op, operands, type, inputZeroPoint, weightsZeroPoint);
}

Value qnn::createAccumulator(OpBuilder &builder, MatMulOp op,
                             ValueRange operands, Type type,
                             int64_t inputZeroPoint, int64_t weightsZeroPoint) {
  return create(builder, op, operands, type, inputZeroPoint, weightsZeroPoint);
}
