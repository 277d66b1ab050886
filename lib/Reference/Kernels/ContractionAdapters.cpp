// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// qnn.conv2d and qnn.matmul: parameters of their three forms.

#include "Registry.h"

using namespace mlir;
using namespace qnn;
using llvm::Error;
using llvm::Expected;

namespace {
/// What turns exact accumulators into the result.
struct Requantization {
  int64_t inputZeroPoint = 0;
  /// One for all, or one for each output channel.
  SmallVector<int64_t> weightsZeroPoints;
  Tensor multiplier;
  RequantizeParams output;
  /// In place of the two before, unless its mode is Float.
  reference::FixedPointParams fixedPoint;
};

/// Computes the accumulators from operands and zero points.
using Accumulate = std::function<Tensor(ArrayRef<const Tensor *> operands,
                                        int64_t inputZeroPoint,
                                        ArrayRef<int64_t> weightsZeroPoints)>;
} // namespace

static const Tensor *getBias(ArrayRef<const Tensor *> operands) {
  return operands.size() > 2 ? operands[2] : nullptr;
}

static Error checkCodesFit16Bits(Value value, StringRef name) {
  if (getElementSize(getKindOf(value)) > 2)
    return makeError(name + " of more than 16 bits is not supported");
  return Error::success();
}

/// Uniform, with one group or one for each slice along the channel axis.
static Expected<QuantizedElementType> getWeightsType(Value weights,
                                                     int64_t channelAxis) {
  QuantizedElementType type = getQuantizedElementType(weights.getType());
  if (type.isUniform() && type.getGroupAxis() == channelAxis)
    return type;
  return getPerTensorType(weights, "weights");
}

static Error checkBias(Value bias) {
  if (!bias)
    return Error::success();
  QuantizedElementType type = getQuantizedElementType(bias.getType());
  ArrayRef<int64_t> shape = cast<RankedTensorType>(bias.getType()).getShape();
  if (!type.isUniform() || type.getGroupAxis() == -2)
    return makeError("nonlinear or blockwise type of bias is not supported");
  for (int64_t group = 0; group < type.getNumGroups(shape); ++group)
    if (type.getGroupZeroPoint(group) != 0)
      return makeError("expects a bias of zero point 0");
  return Error::success();
}

/// The fixed-point multipliers as TFLite's CONV_2D, or as its FULLY_CONNECTED
/// and BATCH_MATMUL compute them.
static SmallVector<FixedPointMultiplier>
getFixedPointMultipliers(bool isConv, double inputScale,
                         QuantizedElementType weights, int64_t numGroups,
                         double outputScale) {
  // With one weight scale, the latter multiply in float.
  bool inFloat = !isConv && weights.getGroupAxis() == -1;
  SmallVector<FixedPointMultiplier> multipliers;
  for (int64_t group = 0; group < numGroups; ++group) {
    double scale = weights.getGroupScale(group);
    multipliers.push_back(quantizeMultiplier(
        inFloat ? realMultiplierOfFloatProduct(inputScale, scale, outputScale)
                : realMultiplier(inputScale, scale, outputScale)));
  }
  return multipliers;
}

template <typename OpTy>
static Expected<Requantization>
getRequantization(OpTy op, Value input, Value weights, int64_t channelAxis) {
  Expected<QuantizedElementType> in = getPerTensorType(input, "input");
  if (!in)
    return in.takeError();
  Expected<QuantizedElementType> w = getWeightsType(weights, channelAxis);
  if (!w)
    return w.takeError();
  Expected<RequantizeParams> output = getOutputParams(
      op.getResult(), op.getRounding(), getBounds(op), op.getRequantization());
  if (!output)
    return output.takeError();
  if (Error error = checkBias(op.getBias()))
    return error;
  Requantization result;
  result.inputZeroPoint = in->getGroupZeroPoint(0);
  result.output = *output;
  double outputScale =
      getQuantizedElementType(op.getResult().getType()).getGroupScale(0);
  SmallVector<float> multipliers;
  int64_t groups =
      w->getNumGroups(cast<RankedTensorType>(weights.getType()).getShape());
  for (int64_t group = 0; group < groups; ++group) {
    result.weightsZeroPoints.push_back(w->getGroupZeroPoint(group));
    multipliers.push_back(requantizeMultiplier(
        in->getGroupScale(0), w->getGroupScale(group), outputScale));
  }
  result.multiplier =
      Tensor::fromValues<float>({groups}, ArrayRef<float>(multipliers));
  result.fixedPoint.multipliers = getFixedPointMultipliers(
      isa<Conv2DOp>(op), in->getGroupScale(0), *w, groups, outputScale);
  result.fixedPoint.output = getFixedPointOutput(*output);
  result.fixedPoint.mode = op.getRequantization();
  return result;
}

/// The quantized form of both operations.
template <typename OpTy>
static Expected<Kernel> makeQuantized(OpTy op, Value input, Value weights,
                                      int64_t channelAxis,
                                      Accumulate accumulate) {
  Expected<Requantization> requantization =
      getRequantization(op, input, weights, channelAxis);
  if (!requantization)
    return requantization.takeError();
  ElementKind kind = getKindOf(op.getResult());
  return Kernel([=, r = std::move(*requantization)](
                    ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    Tensor accumulators =
        accumulate(operands, r.inputZeroPoint, r.weightsZeroPoints);
    if (r.fixedPoint.mode != RequantizationMode::Float)
      return reference::fixedPointRescale(accumulators, r.fixedPoint, kind);
    return reference::requantizeAccumulators(accumulators, r.multiplier,
                                             r.output, kind);
  });
}

/// The explicit form of both operations.
static Kernel makeExplicit(int64_t inputZeroPoint, int64_t weightsZeroPoint,
                           ElementKind kind, Accumulate accumulate) {
  return [=](ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return reference::narrow(
        accumulate(operands, inputZeroPoint, weightsZeroPoint), kind);
  };
}

static Expected<Kernel> makeConv2D(Conv2DOp op) {
  Window window{{}, op.getStrides(), op.getDilations(), op.getPad()};
  int64_t groups = op.getGroups();
  if (isFloatTensor(op.getInput().getType()))
    return Kernel([=, clamp = getBounds(op)](
                      ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
      return reference::conv2d(*operands[0], *operands[1], getBias(operands),
                               window, groups, clamp);
    });
  if (Error error = checkCodesFit16Bits(op.getInput(), "input"))
    return error;
  if (Error error = checkCodesFit16Bits(op.getWeights(), "weights"))
    return error;
  Accumulate accumulate = [=](ArrayRef<const Tensor *> operands, int64_t zx,
                              ArrayRef<int64_t> zw) {
    return reference::conv2dAccumulate(
        *operands[0], *operands[1], getBias(operands), window, groups, zx, zw);
  };
  if (getQuantizedElementType(op.getInput().getType()))
    return makeQuantized(op, op.getInput(), op.getWeights(), /*channelAxis=*/0,
                         accumulate);
  return makeExplicit(op.getInputZeroPoint(), op.getWeightsZeroPoint(),
                      getKindOf(op.getResult()), accumulate);
}

static Expected<Kernel> makeMatMul(MatMulOp op) {
  if (isFloatTensor(op.getLhs().getType()))
    return Kernel([clamp = getBounds(op)](
                      ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
      return reference::matmul(*operands[0], *operands[1], getBias(operands),
                               clamp);
    });
  if (Error error = checkCodesFit16Bits(op.getLhs(), "lhs"))
    return error;
  if (Error error = checkCodesFit16Bits(op.getRhs(), "rhs"))
    return error;
  Accumulate accumulate = [](ArrayRef<const Tensor *> operands, int64_t zl,
                             ArrayRef<int64_t> zr) {
    return reference::matmulAccumulate(*operands[0], *operands[1],
                                       getBias(operands), zl, zr);
  };
  int64_t rank = cast<RankedTensorType>(op.getRhs().getType()).getRank();
  if (getQuantizedElementType(op.getLhs().getType()))
    return makeQuantized(op, op.getLhs(), op.getRhs(), rank - 1, accumulate);
  return makeExplicit(op.getLhsZeroPoint(), op.getRhsZeroPoint(),
                      getKindOf(op.getResult()), accumulate);
}

static Expected<Kernel> makeConv2DInputGradient(Conv2DInputGradientOp op) {
  Window window{{}, op.getStrides(), op.getDilations(), op.getPad()};
  return Kernel([=, groups = op.getGroups(), shape = shapeOf(op.getResult())](
                    ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return reference::conv2dInputGradient(*operands[0], *operands[1], shape,
                                          window, groups);
  });
}

static Expected<Kernel> makeConv2DWeightsGradient(Conv2DWeightsGradientOp op) {
  Window window{{}, op.getStrides(), op.getDilations(), op.getPad()};
  return Kernel([=, groups = op.getGroups(), shape = shapeOf(op.getResult())](
                    ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return reference::conv2dWeightsGradient(*operands[0], *operands[1], shape,
                                            window, groups);
  });
}

ArrayRef<KernelRow> qnn::getContractionKernels() {
  static const KernelRow rows[] = {
      kernelRow<Conv2DOp, makeConv2D>(),
      kernelRow<Conv2DInputGradientOp, makeConv2DInputGradient>(),
      kernelRow<Conv2DWeightsGradientOp, makeConv2DWeightsGradient>(),
      kernelRow<MatMulOp, makeMatMul>(),
  };
  return rows;
}
