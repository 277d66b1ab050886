// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Look-up of kernels, and what all families ask of types.

#include "Registry.h"

using namespace mlir;
using namespace qnn;
using llvm::Expected;

KernelFactory qnn::lookUpKernel(StringRef operationName) {
  for (ArrayRef<KernelRow> rows :
       {getContractionKernels(), getElementwiseKernels(), getMathKernels(),
        getMovementKernels(), getQuantizationKernels(), getReductionKernels(),
        getSimulationKernels(), getTrainingKernels()})
    for (const KernelRow &row : rows)
      if (row.operationName == operationName)
        return row.factory;
  return nullptr;
}

Expected<QuantizedElementType> qnn::getPerTensorType(Value value,
                                                     StringRef name) {
  QuantizedElementType type = getQuantizedElementType(value.getType());
  assert(type && "verifiers let no other type pass");
  if (!type.isUniform())
    return makeError("nonlinear type of " + name + " is not supported");
  if (type.getGroupAxis() == -2)
    return makeError("blockwise type of " + name + " is not supported");
  if (type.getGroupAxis() != -1)
    return makeError("per-axis type of " + name + " is not supported");
  return type;
}

Expected<RequantizeParams>
qnn::getOutputParams(Value result, RoundingMode rounding,
                     const reference::FloatClamp &bounds,
                     RequantizationMode mode) {
  Expected<QuantizedElementType> type = getPerTensorType(result, "result");
  if (!type)
    return type.takeError();
  RequantizeParams params{1.0f, type->getGroupZeroPoint(0), type->getCodeMin(),
                          type->getCodeMax(), rounding};
  // quantizeValue returns legal codes only.
  if (bounds.min)
    params.min = type->quantizeValue(*bounds.min, 0, getBoundRounding(mode));
  if (bounds.max)
    params.max = type->quantizeValue(*bounds.max, 0, getBoundRounding(mode));
  // Beyond, the bounds of the clamp are not exact in f32.
  constexpr int64_t exact = int64_t(1) << 24;
  if (params.min - params.zeroPoint < -exact ||
      params.max - params.zeroPoint > exact)
    return makeError("result of more than 24 bits is not supported");
  return params;
}

llvm::Error qnn::checkRange(const RequantizeParams &params, ElementKind kind) {
  auto [min, max] = getElementRange(kind);
  if (params.min < min || params.max > max)
    return makeError("expects a range of " + stringifyElementKind(kind) +
                     " codes");
  return llvm::Error::success();
}

ElementKind qnn::getKindOf(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  return llvm::cantFail(getElementKind(type.getElementType()));
}
