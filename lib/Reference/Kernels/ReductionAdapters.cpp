// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pools, means and softmax: parameters of their forms.

#include "Registry.h"

using namespace mlir;
using namespace qnn;
using llvm::Expected;

template <typename OpTy>
static Window getWindow(OpTy op) {
  return {op.getKernel(), op.getStrides(), op.getDilations(), op.getPad()};
}

namespace {
/// From a sum of codes to the code of the mean.
struct MeanRequantization {
  int64_t inputZeroPoint = 0;
  /// One for each count, of the shape of the counts.
  Tensor multiplier;
  RequantizeParams output;
};
} // namespace

static Expected<MeanRequantization>
getMeanRequantization(Value input, Value result, const Tensor &counts,
                      RoundingMode rounding) {
  Expected<QuantizedElementType> in = getPerTensorType(input, "input");
  if (!in)
    return in.takeError();
  Expected<RequantizeParams> output = getOutputParams(result, rounding);
  if (!output)
    return output.takeError();
  double outputScale =
      getQuantizedElementType(result.getType()).getGroupScale(0);
  Tensor multiplier(counts.getShape(), ElementKind::F32);
  for (auto [out, count] :
       llvm::zip(multiplier.data<float>(), counts.data<int64_t>()))
    out = float(in->getGroupScale(0) / (outputScale * double(count)));
  return MeanRequantization{in->getGroupZeroPoint(0), multiplier, *output};
}

static Expected<Kernel> makeMaxPool2D(MaxPool2DOp op) {
  return Kernel([window = getWindow(op)](
                    ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return reference::maxPool2D(*operands[0], window);
  });
}

static Expected<Kernel> makeMaxPool2DGradient(MaxPool2DGradientOp op) {
  return Kernel([window = getWindow(op)](
                    ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return reference::maxPool2DGradient(*operands[0], *operands[1], window);
  });
}

static Expected<Kernel> makeAvgPool2D(AvgPool2DOp op) {
  Window window = getWindow(op);
  bool includePad = op.getCountIncludePad();
  if (isFloatTensor(op.getResult().getType()))
    return Kernel([=](ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
      return reference::avgPool2D(*operands[0], window, includePad);
    });
  Tensor counts = reference::countPoolElements(
      shapeOf(op.getInput()).slice(1, 2), window, includePad);
  Expected<MeanRequantization> requantization = getMeanRequantization(
      op.getInput(), op.getResult(), counts, op.getRounding());
  if (!requantization)
    return requantization.takeError();
  ElementKind kind = getKindOf(op.getResult());
  return Kernel([=, r = std::move(*requantization)](
                    ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return reference::requantizeAccumulators(
        reference::sumPool2D(*operands[0], window, r.inputZeroPoint),
        r.multiplier, r.output, kind);
  });
}

static Expected<Kernel> makeSumPool2D(SumPool2DOp op) {
  return Kernel([window = getWindow(op), zeroPoint = op.getInputZeroPoint()](
                    ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return reference::narrow(
        reference::sumPool2D(*operands[0], window, zeroPoint),
        ElementKind::I32);
  });
}

static Expected<Kernel> makeMean(MeanOp op) {
  SmallVector<int64_t> axes(op.getAxes());
  if (isFloatTensor(op.getResult().getType()))
    return Kernel([=](ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
      return reference::mean(*operands[0], axes);
    });
  int64_t count = 1;
  for (int64_t axis : axes)
    count *= shapeOf(op.getInput())[axis];
  Expected<MeanRequantization> requantization = getMeanRequantization(
      op.getInput(), op.getResult(), Tensor::fromValues<int64_t>({}, count),
      op.getRounding());
  if (!requantization)
    return requantization.takeError();
  ElementKind kind = getKindOf(op.getResult());
  return Kernel([=, r = std::move(*requantization)](
                    ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return reference::requantizeAccumulators(
        reference::sum(*operands[0], axes, r.inputZeroPoint), r.multiplier,
        r.output, kind);
  });
}

static Expected<Kernel> makeSum(SumOp op) {
  SmallVector<int64_t> axes(op.getAxes());
  if (isFloatTensor(op.getResult().getType()))
    return Kernel([=](ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
      return reference::sum(*operands[0], axes);
    });
  int64_t zeroPoint = op.getInputZeroPoint();
  return Kernel([=](ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return reference::narrow(reference::sum(*operands[0], axes, zeroPoint),
                             ElementKind::I32);
  });
}

static Kernel makeTableSoftmax(int64_t axis, const SoftmaxTable &table,
                               const RequantizeParams &params,
                               ElementKind kind) {
  return [=](ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return reference::integerSoftmax(*operands[0], axis, table, params, kind);
  };
}

static Expected<Kernel> makeSoftmax(SoftmaxOp op) {
  int64_t axis = op.getAxis();
  if (isFloatTensor(op.getResult().getType()))
    return Kernel([=](ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
      return reference::softmax(*operands[0], axis);
    });
  Expected<QuantizedElementType> in = getPerTensorType(op.getInput(), "input");
  if (!in)
    return in.takeError();
  if (in->getCodeType().getWidth() > 8)
    return makeError("input of more than 8 bits is not supported");
  Expected<RequantizeParams> params =
      getOutputParams(op.getResult(), op.getRounding());
  if (!params)
    return params.takeError();
  double outputScale =
      getQuantizedElementType(op.getResult().getType()).getGroupScale(0);
  params->multiplier = softmaxOutputParams(outputScale, params->zeroPoint,
                                           params->min, params->max)
                           .multiplier;
  return makeTableSoftmax(axis, SoftmaxTable::create(in->getGroupScale(0)),
                          *params, getKindOf(op.getResult()));
}

static Expected<Kernel> makeLogSoftmax(LogSoftmaxOp op) {
  return Kernel([axis = op.getAxis()](
                    ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return reference::logSoftmax(*operands[0], axis);
  });
}

static Expected<Kernel> makeIntegerSoftmax(IntegerSoftmaxOp op) {
  Expected<Tensor> entries = Tensor::fromAttr(op.getTable());
  if (!entries)
    return entries.takeError();
  SoftmaxTable table;
  llvm::copy(entries->data<int32_t>(), table.entries.begin());
  RequantizeParams params{
      op.getMultiplier().convertToFloat(), int64_t(op.getOutputZeroPoint()),
      int64_t(op.getMin()), int64_t(op.getMax()), op.getRounding()};
  ElementKind kind = getKindOf(op.getResult());
  if (llvm::Error error = checkRange(params, kind))
    return error;
  return makeTableSoftmax(op.getAxis(), table, params, kind);
}

ArrayRef<KernelRow> qnn::getReductionKernels() {
  static const KernelRow rows[] = {
      kernelRow<AvgPool2DOp, makeAvgPool2D>(),
      kernelRow<IntegerSoftmaxOp, makeIntegerSoftmax>(),
      kernelRow<LogSoftmaxOp, makeLogSoftmax>(),
      kernelRow<MaxPool2DOp, makeMaxPool2D>(),
      kernelRow<MaxPool2DGradientOp, makeMaxPool2DGradient>(),
      kernelRow<MeanOp, makeMean>(),
      kernelRow<SoftmaxOp, makeSoftmax>(),
      kernelRow<SumOp, makeSum>(),
      kernelRow<SumPool2DOp, makeSumPool2D>(),
  };
  return rows;
}
