// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Constants, and operations between floats and codes.

#include "Registry.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace qnn;
using llvm::Expected;

static Expected<Kernel> makeConstantKernel(ElementsAttr elements,
                                           Value result) {
  Expected<Tensor> tensor = Tensor::fromAttr(elements, getKindOf(result));
  if (!tensor)
    return tensor.takeError();
  return Kernel([tensor = std::move(*tensor)](ArrayRef<const Tensor *>)
                    -> Expected<Tensor> { return tensor; });
}

static Expected<Kernel> makeArithConstant(arith::ConstantOp op) {
  return makeConstantKernel(cast<ElementsAttr>(op.getValue()), op.getResult());
}

static Expected<Kernel> makeConstant(ConstantOp op) {
  return makeConstantKernel(op.getCodes(), op.getResult());
}

static Expected<Kernel> makeParameter(ParameterOp op) {
  if (!op.getElements())
    return makeError("parameter '" + op.getName() + "' has no values yet");
  return makeConstantKernel(op.getElements(), op.getResult());
}

static Expected<Kernel> makeQuantize(QuantizeOp op) {
  QuantizedElementType type = getQuantizedElementType(op.getResult().getType());
  RoundingMode rounding = op.getRounding();
  return Kernel([=](ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return reference::quantize(*operands[0], type, rounding);
  });
}

static Expected<Kernel> makeDequantize(DequantizeOp op) {
  QuantizedElementType type = getQuantizedElementType(op.getInput().getType());
  return Kernel([=](ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return reference::dequantize(*operands[0], type);
  });
}

Expected<Kernel>
qnn::makeRequantizeKernel(Value input, Value result,
                          reference::RequantizeStyle style,
                          const reference::FloatClamp &bounds) {
  QuantizedElementType from = getQuantizedElementType(input.getType());
  QuantizedElementType to = getQuantizedElementType(result.getType());
  if (!from.isUniform() || !to.isUniform())
    return makeError("nonlinear type is not supported");
  if (getElementSize(getKindOf(result)) > 2)
    return makeError("result of more than 16 bits is not supported");
  if (style.mode != RequantizationMode::Float &&
      getElementSize(getKindOf(input)) > 2)
    return makeError("input of more than 16 bits is not supported");
  return Kernel([=](ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return reference::requantize(*operands[0], from, to, style, bounds);
  });
}

static Expected<Kernel> makeRequantize(RequantizeOp op) {
  return makeRequantizeKernel(op.getInput(), op.getResult(),
                              {op.getRounding(), op.getRequantization()},
                              /*bounds=*/{});
}

static Expected<Kernel> makeRescale(RescaleOp op) {
  Expected<Tensor> multiplier = Tensor::fromAttr(op.getMultiplier());
  if (!multiplier)
    return multiplier.takeError();
  reference::RescaleParams params;
  params.multiplier = std::move(*multiplier);
  params.divide = op.getDivide();
  params.inputZeroPoint = op.getInputZeroPoint();
  ElementKind kind = getKindOf(op.getResult());
  if (kind != ElementKind::F32) {
    params.output = {1.0f, int64_t(op.getOutputZeroPoint()),
                     int64_t(*op.getMin()), int64_t(*op.getMax()),
                     op.getRounding()};
    if (llvm::Error error = checkRange(params.output, kind))
      return error;
  }
  return Kernel([=](ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return reference::rescale(*operands[0], params, kind);
  });
}

static Expected<Kernel> makeFixedPointRescale(FixedPointRescaleOp op) {
  reference::FixedPointParams params;
  for (auto [mantissa, shift] : llvm::zip(op.getMultiplier(), op.getShift()))
    params.multipliers.push_back({mantissa, shift});
  params.inputZeroPoint = op.getInputZeroPoint();
  params.output = {int64_t(op.getOutputZeroPoint()), int64_t(op.getMin()),
                   int64_t(op.getMax())};
  params.mode = op.getRequantization();
  ElementKind kind = getKindOf(op.getResult());
  return Kernel([=](ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return reference::fixedPointRescale(*operands[0], params, kind);
  });
}

static Expected<Kernel> makeLookup(LookupOp op) {
  Expected<Tensor> table =
      Tensor::fromAttr(op.getTable(), getKindOf(op.getResult()));
  if (!table)
    return table.takeError();
  return Kernel([table = std::move(*table), offset = op.getOffset()](
                    ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return reference::lookup(*operands[0], table, offset);
  });
}

static Expected<Kernel> makeBucketize(BucketizeOp op) {
  Expected<Tensor> boundaries =
      Tensor::fromAttr(op.getBoundaries(), ElementKind::F32);
  if (!boundaries)
    return boundaries.takeError();
  return Kernel([boundaries = std::move(*boundaries), offset = op.getOffset(),
                 kind = getKindOf(op.getResult())](
                    ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return reference::bucketize(*operands[0], boundaries, offset, kind);
  });
}

ArrayRef<KernelRow> qnn::getQuantizationKernels() {
  static const KernelRow rows[] = {
      kernelRow<arith::ConstantOp, makeArithConstant>(),
      kernelRow<BucketizeOp, makeBucketize>(),
      kernelRow<ConstantOp, makeConstant>(),
      kernelRow<ParameterOp, makeParameter>(),
      kernelRow<DequantizeOp, makeDequantize>(),
      kernelRow<FixedPointRescaleOp, makeFixedPointRescale>(),
      kernelRow<LookupOp, makeLookup>(),
      kernelRow<QuantizeOp, makeQuantize>(),
      kernelRow<RequantizeOp, makeRequantize>(),
      kernelRow<RescaleOp, makeRescale>(),
  };
  return rows;
}
