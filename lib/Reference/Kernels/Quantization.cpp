// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Borders between floats and codes, and their explicit forms.

#include "Indexing.h"
#include "qnn/Quantization/LevelTable.h"
#include "qnn/Reference/Kernels.h"

using namespace mlir;
using namespace qnn;
using namespace qnn::reference;
using llvm::Expected;

Offsets reference::groupsOf(QuantizedElementType type,
                            ArrayRef<int64_t> shape) {
  int64_t axis = type.getGroupAxis();
  if (axis >= -1) {
    SmallVector<int64_t> strides(shape.size(), 0);
    if (axis >= 0)
      strides[axis] = 1;
    return offsetsOf(shape, strides);
  }
  Offsets groups;
  SmallVector<int64_t> strides = rowMajorStrides(shape), index(shape.size());
  for (int64_t i = 0, e = ShapedType::getNumElements(shape); i < e; ++i) {
    for (size_t d = 0; d < shape.size(); ++d)
      index[d] = i / strides[d] % shape[d];
    groups.push_back(type.getGroup(shape, index));
  }
  return groups;
}

static ElementKind kindOf(QuantizedElementType type) {
  return llvm::cantFail(getElementKind(type));
}

Tensor reference::quantize(const Tensor &input, QuantizedElementType type,
                           RoundingMode rounding) {
  Offsets groups = groupsOf(type, input.getShape());
  std::vector<int64_t> codes(groups.size());
  for (size_t i = 0; i < codes.size(); ++i)
    codes[i] = type.quantizeValue(input.data<float>()[i], groups[i], rounding);
  return Tensor::fromCodes(input.getShape(), kindOf(type), codes);
}

Tensor reference::dequantize(const Tensor &input, QuantizedElementType type) {
  Offsets groups = groupsOf(type, input.getShape());
  std::vector<int64_t> codes = input.getCodes();
  // Nonlinear types make their table anew for each code; once is enough.
  SmallVector<float> levels;
  if (!type.isUniform())
    levels = type.getCodeValues();
  Tensor result(input.getShape(), ElementKind::F32);
  for (auto [i, out] : llvm::enumerate(result.data<float>()))
    out = levels.empty() ? float(type.dequantizeCode(codes[i], groups[i]))
                         : levels[codes[i] - type.getCodeMin()];
  return result;
}

Tensor reference::requantize(const Tensor &input,
                             QuantizedElementType inputType,
                             QuantizedElementType resultType,
                             RequantizeStyle style, const FloatClamp &bounds) {
  Offsets from = groupsOf(inputType, input.getShape());
  Offsets to = groupsOf(resultType, input.getShape());
  std::vector<int64_t> codes = input.getCodes();
  for (size_t i = 0; i < codes.size(); ++i) {
    RequantizeParams params;
    double real = realMultiplier(inputType.getGroupScale(from[i]), 1.0,
                                 resultType.getGroupScale(to[i]));
    params.multiplier = float(real);
    params.zeroPoint = resultType.getGroupZeroPoint(to[i]);
    auto boundCode = [&](std::optional<float> bound, int64_t otherwise) {
      return bound ? resultType.quantizeValue(*bound, to[i],
                                              getBoundRounding(style.mode))
                   : otherwise;
    };
    params.min = boundCode(bounds.min, resultType.getCodeMin());
    params.max = boundCode(bounds.max, resultType.getCodeMax());
    params.rounding = style.rounding;
    int64_t acc = codes[i] - inputType.getGroupZeroPoint(from[i]);
    if (style.mode == RequantizationMode::Float)
      codes[i] = qnn::requantize(acc, params);
    else
      codes[i] = requantizeFixedPoint(
          int32_t(acc), quantizeMultiplier(real),
          {params.zeroPoint, params.min, params.max}, style.mode);
  }
  return Tensor::fromCodes(input.getShape(), kindOf(resultType), codes);
}

Tensor reference::rescale(const Tensor &input, const RescaleParams &params,
                          ElementKind kind) {
  Tensor values(input.getShape(), ElementKind::F32);
  MutableArrayRef<float> v = values.data<float>();
  if (input.getKind() == ElementKind::F32)
    llvm::copy(input.data<float>(), v.begin());
  else
    for (auto [i, code] : llvm::enumerate(input.getCodes()))
      v[i] = float(code - params.inputZeroPoint);

  Offsets offsets =
      broadcastOffsets(params.multiplier.getShape(), input.getShape());
  for (size_t i = 0; i < v.size(); ++i) {
    float multiplier = params.multiplier.data<float>()[offsets[i]];
    v[i] = params.divide ? v[i] / multiplier : v[i] * multiplier;
  }
  if (kind == ElementKind::F32)
    return values;
  RequantizeParams output = params.output;
  output.multiplier = 1.0f;
  std::vector<int64_t> codes(v.size());
  for (size_t i = 0; i < v.size(); ++i)
    codes[i] = requantizeFloat(v[i], output);
  return Tensor::fromCodes(input.getShape(), kind, codes);
}

Expected<Tensor> reference::fixedPointRescale(const Tensor &input,
                                              const FixedPointParams &params,
                                              ElementKind kind) {
  std::vector<int64_t> codes = input.getCodes();
  for (size_t i = 0; i < codes.size(); ++i) {
    int64_t acc = codes[i] - params.inputZeroPoint;
    if (!llvm::isInt<32>(acc))
      return makeError("accumulator " + Twine(acc) + " does not fit i32");
    codes[i] = requantizeFixedPoint(
        int32_t(acc), params.multipliers[i % params.multipliers.size()],
        params.output, params.mode);
  }
  return Tensor::fromCodes(input.getShape(), kind, codes);
}

Expected<Tensor> reference::lookup(const Tensor &input, const Tensor &table,
                                   int64_t offset) {
  Tensor result(input.getShape(), table.getKind());
  size_t size = getElementSize(table.getKind());
  int64_t entries = table.getShape().back();
  int64_t rows = table.getRank() == 2 ? table.getShape()[0] : 1;
  char *out = result.getBytes().data();
  for (auto [i, code] : llvm::enumerate(input.getCodes())) {
    int64_t entry = code - offset;
    if (entry < 0 || entry >= entries)
      return makeError("table has no entry for code " + Twine(code));
    const char *in =
        table.getBytes().data() + (int64_t(i) % rows * entries + entry) * size;
    out = std::copy(in, in + size, out);
  }
  return result;
}

Tensor reference::bucketize(const Tensor &input, const Tensor &boundaries,
                            int64_t offset, ElementKind kind) {
  std::vector<int64_t> codes;
  for (float value : input.data<float>())
    codes.push_back(offset + qnn::bucketize(value, boundaries.data<float>()));
  return Tensor::fromCodes(input.getShape(), kind, codes);
}
