// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Element types from ranges and constants.

#include "QuantizedTypes.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "qnn/Dialect/QNN/IR/Elements.h"
#include "qnn/Quantization/UniformParams.h"

using namespace mlir;
using namespace qnn;

Type qnn::activationType(MLIRContext *context, CalibratedRange range,
                         int64_t bits) {
  int64_t max = (int64_t(1) << bits) - 1;
  UniformParams params = chooseAsymmetric(range.min, range.max, 0, max);
  return quant::UniformQuantizedType::get(
      /*flags=*/0, IntegerType::get(context, bits <= 8 ? 8 : 16),
      Float32Type::get(context), params.scale, params.zeroPoint, 0, max);
}

/// Elements of one slice along `axis` are `stride` apart in the blocks of
/// `stride * extent` elements that repeat through the tensor.
static int64_t sliceOf(int64_t element, int64_t stride, int64_t extent) {
  return element / stride % extent;
}

/// The product of the extents behind `axis`.
static int64_t strideOf(ArrayRef<int64_t> shape, int64_t axis) {
  int64_t stride = 1;
  for (int64_t extent : shape.drop_front(axis + 1))
    stride *= extent;
  return stride;
}

Type qnn::weightsType(DenseFPElementsAttr weights, DenseFPElementsAttr bias,
                      std::optional<int64_t> axis, QuantizedElementType input,
                      int64_t bits) {
  int64_t max = (int64_t(1) << (bits - 1)) - 1;
  ArrayRef<int64_t> shape = weights.getType().getShape();
  int64_t slices = axis ? shape[*axis] : 1;
  int64_t stride = axis ? strideOf(shape, *axis) : 1;
  SmallVector<double> absMax(slices, 0), biasAbs(slices, 0);
  for (auto [i, weight] : llvm::enumerate(weights.getValues<float>())) {
    double &slot = absMax[sliceOf(i, stride, slices)];
    slot = std::max(slot, std::abs(double(weight)));
  }
  if (bias)
    for (auto [i, value] : llvm::enumerate(bias.getValues<float>())) {
      double &slot = biasAbs[i % slices];
      slot = std::max(slot, std::abs(double(value)));
    }
  SmallVector<double> scales;
  for (auto [weight, offset] : llvm::zip(absMax, biasAbs))
    scales.push_back(chooseBiasAwareWeightScale(weight, offset,
                                                input.getGroupScale(0), max));
  MLIRContext *context = weights.getContext();
  auto i8 = IntegerType::get(context, 8);
  auto f32 = Float32Type::get(context);
  if (!axis)
    return quant::UniformQuantizedType::get(quant::QuantizationFlags::Signed,
                                            i8, f32, scales[0], 0, -max, max);
  SmallVector<int64_t> zeroPoints(slices, 0);
  return quant::UniformQuantizedPerAxisType::get(
      quant::QuantizationFlags::Signed, i8, f32, scales, zeroPoints, *axis,
      -max, max);
}

Type qnn::biasType(Type input, Type weights) {
  auto inputType = cast<QuantizedElementType>(input);
  auto weightsType = cast<QuantizedElementType>(weights);
  MLIRContext *context = input.getContext();
  auto i32 = IntegerType::get(context, 32);
  auto f32 = Float32Type::get(context);
  auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(weights);
  int64_t slices = perAxis ? perAxis.getScales().size() : 1;
  SmallVector<double> scales;
  for (int64_t slice = 0; slice < slices; ++slice)
    scales.push_back(biasScale(inputType.getGroupScale(0),
                               weightsType.getGroupScale(slice)));
  constexpr unsigned flags = quant::QuantizationFlags::Signed;
  if (!perAxis)
    return quant::UniformQuantizedType::get(flags, i32, f32, scales[0], 0,
                                            -kMaxBiasCode, kMaxBiasCode);
  SmallVector<int64_t> zeroPoints(slices, 0);
  return quant::UniformQuantizedPerAxisType::get(
      flags, i32, f32, scales, zeroPoints, 0, -kMaxBiasCode, kMaxBiasCode);
}

DenseIntElementsAttr qnn::quantizeConstant(DenseFPElementsAttr constant,
                                           QuantizedElementType type) {
  ArrayRef<int64_t> shape = constant.getType().getShape();
  std::vector<int64_t> groups = listGroups(type, shape);
  SmallVector<APInt> codes;
  codes.reserve(constant.getNumElements());
  unsigned width = type.getCodeType().getWidth();
  for (auto [value, group] :
       llvm::zip_equal(constant.getValues<float>(), groups)) {
    int64_t code = type.quantizeValue(value, group, RoundingMode::HalfEven);
    codes.emplace_back(width, code, /*isSigned=*/true, /*implicitTrunc=*/true);
  }
  return DenseIntElementsAttr::get(
      RankedTensorType::get(shape, type.getCodeType()), codes);
}
