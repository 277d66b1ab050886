// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arithmetic with broadcasting, clamp and normalize.

#include "Indexing.h"
#include "Registry.h"

using namespace mlir;
using namespace qnn;
using namespace qnn::reference;
using llvm::Expected;

static Shape getBroadcastShape(const Tensor &lhs, const Tensor &rhs) {
  return llvm::cantFail(inferBroadcastShape(lhs.getShape(), rhs.getShape()));
}

template <typename T>
static T compute(BinaryKind kind, T a, T b) {
  switch (kind) {
  case BinaryKind::Add:
    return a + b;
  case BinaryKind::Sub:
    return a - b;
  case BinaryKind::Mul:
    return a * b;
  case BinaryKind::Div:
    return a / b;
  case BinaryKind::Maximum:
    return a > b ? a : b;
  case BinaryKind::Minimum:
    return a < b ? a : b;
  }
  llvm_unreachable("unknown binary operation");
}

Tensor reference::binary(BinaryKind kind, const Tensor &lhs, const Tensor &rhs,
                         const FloatClamp &clamp) {
  Tensor result(getBroadcastShape(lhs, rhs), lhs.getKind());
  Offsets left = broadcastOffsets(lhs.getShape(), result.getShape());
  Offsets right = broadcastOffsets(rhs.getShape(), result.getShape());
  dispatchFloat(lhs.getKind(), [&](auto zero) {
    using T = decltype(zero);
    for (auto [i, out] : llvm::enumerate(result.data<T>()))
      out = clamp.apply(
          compute(kind, lhs.data<T>()[left[i]], rhs.data<T>()[right[i]]));
  });
  return result;
}

Tensor reference::addScaled(BinaryKind kind, const Tensor &lhs,
                            const ScaledOperand &left, const Tensor &rhs,
                            const ScaledOperand &right, RequantizeParams params,
                            ElementKind resultKind) {
  assert((kind == BinaryKind::Add || kind == BinaryKind::Sub) &&
         "expects a sum or a difference");
  params.multiplier = 1.0f;
  Shape shape = getBroadcastShape(lhs, rhs);
  Offsets leftOffsets = broadcastOffsets(lhs.getShape(), shape);
  Offsets rightOffsets = broadcastOffsets(rhs.getShape(), shape);
  std::vector<int64_t> l = lhs.getCodes(), r = rhs.getCodes();
  std::vector<int64_t> codes(leftOffsets.size());
  for (size_t i = 0; i < codes.size(); ++i) {
    float a = float(l[leftOffsets[i]] - left.zeroPoint) * left.multiplier;
    float b = float(r[rightOffsets[i]] - right.zeroPoint) * right.multiplier;
    codes[i] = requantizeFloat(compute(kind, a, b), params);
  }
  return Tensor::fromCodes(shape, resultKind, codes);
}

Expected<Tensor> reference::mulAccumulate(const Tensor &lhs, const Tensor &rhs,
                                          int64_t lhsZeroPoint,
                                          int64_t rhsZeroPoint) {
  Tensor result(getBroadcastShape(lhs, rhs), ElementKind::I64);
  Offsets left = broadcastOffsets(lhs.getShape(), result.getShape());
  Offsets right = broadcastOffsets(rhs.getShape(), result.getShape());
  std::vector<int64_t> l = lhs.getCodes(), r = rhs.getCodes();
  for (auto [i, out] : llvm::enumerate(result.data<int64_t>())) {
    int64_t a, b;
    if (llvm::SubOverflow(l[left[i]], lhsZeroPoint, a) ||
        llvm::SubOverflow(r[right[i]], rhsZeroPoint, b) ||
        llvm::MulOverflow(a, b, out))
      return makeError("product does not fit i64");
  }
  return result;
}

Tensor reference::clamp(const Tensor &input, const FloatClamp &clamp) {
  Tensor result = input;
  dispatchFloat(input.getKind(), [&](auto zero) {
    for (auto &value : result.data<decltype(zero)>())
      value = clamp.apply(value);
  });
  return result;
}

Tensor reference::clampGradient(const Tensor &cotangent, const Tensor &value,
                                const FloatClamp &clamp) {
  Tensor result = cotangent;
  dispatchFloat(value.getKind(), [&](auto zero) {
    using T = decltype(zero);
    for (auto [out, in] : llvm::zip(result.data<T>(), value.data<T>()))
      out = clamp.hasInside(in) ? out : T(0);
  });
  return result;
}

Tensor reference::normalize(const Tensor &input, ArrayRef<float> mean,
                            ArrayRef<float> scale) {
  Tensor result = input;
  if (!isFloatKind(input.getKind())) {
    result = Tensor(input.getShape(), ElementKind::F32);
    llvm::copy(input.getCodes(), result.data<float>().begin());
  }
  size_t channels = input.getRank() ? input.getShape().back() : 1;
  dispatchFloat(result.getKind(), [&](auto zero) {
    using T = decltype(zero);
    for (auto [i, out] : llvm::enumerate(result.data<T>())) {
      size_t c = i % channels;
      T centred = out - T(mean[mean.size() == 1 ? 0 : c]);
      out = centred * T(scale[scale.size() == 1 ? 0 : c]);
    }
  });
  return result;
}

//===----------------------------------------------------------------------===//
// Adapters
//===----------------------------------------------------------------------===//

template <typename OpTy>
static Kernel makeFloatBinary(OpTy op, BinaryKind kind) {
  return [=, bounds = getBounds(op)](
             ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return binary(kind, *operands[0], *operands[1], bounds);
  };
}

template <typename OpTy, BinaryKind kind>
static Expected<Kernel> makeSum(OpTy op) {
  if (isFloatTensor(op.getResult().getType()))
    return makeFloatBinary(op, kind);
  Expected<RequantizeParams> params =
      getOutputParams(op.getResult(), op.getRounding(), getBounds(op));
  if (!params)
    return params.takeError();
  double outputScale =
      getQuantizedElementType(op.getResult().getType()).getGroupScale(0);
  ScaledOperand scaled[2];
  for (unsigned i : {0, 1}) {
    Expected<QuantizedElementType> type =
        getPerTensorType(op->getOperand(i), i ? "rhs" : "lhs");
    if (!type)
      return type.takeError();
    scaled[i] = {type->getGroupZeroPoint(0),
                 float(type->getGroupScale(0) / outputScale)};
  }
  return Kernel([=, left = scaled[0], right = scaled[1], params = *params,
                 result = getKindOf(op.getResult())](
                    ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return addScaled(kind, *operands[0], left, *operands[1], right, params,
                     result);
  });
}

static Kernel makeExplicitMul(MulOp op) {
  return [=, zl = op.getLhsZeroPoint(), zr = op.getRhsZeroPoint(),
          kind = getKindOf(op.getResult())](
             ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    Expected<Tensor> products =
        mulAccumulate(*operands[0], *operands[1], zl, zr);
    if (!products)
      return products.takeError();
    return narrow(*products, kind);
  };
}

/// From exact products to codes, in floats or in fixed point.
static Kernel makeProductKernel(MulOp op, int64_t lhsZeroPoint,
                                int64_t rhsZeroPoint,
                                const RequantizeParams &params,
                                const FixedPointParams &fixedPoint) {
  return [=, kind = getKindOf(op.getResult()), mode = op.getRequantization()](
             ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    Expected<Tensor> products =
        mulAccumulate(*operands[0], *operands[1], lhsZeroPoint, rhsZeroPoint);
    if (!products)
      return products.takeError();
    if (mode != RequantizationMode::Float)
      return fixedPointRescale(*products, fixedPoint, kind);
    return requantizeAccumulators(
        *products, Tensor::fromValues<float>({}, params.multiplier), params,
        kind);
  };
}

static Expected<Kernel> makeMul(MulOp op) {
  if (isFloatTensor(op.getResult().getType()))
    return makeFloatBinary(op, BinaryKind::Mul);
  if (isIntegerTensor(op.getResult().getType()))
    return makeExplicitMul(op);
  Expected<QuantizedElementType> lhs = getPerTensorType(op.getLhs(), "lhs");
  if (!lhs)
    return lhs.takeError();
  Expected<QuantizedElementType> rhs = getPerTensorType(op.getRhs(), "rhs");
  if (!rhs)
    return rhs.takeError();
  Expected<RequantizeParams> params = getOutputParams(
      op.getResult(), op.getRounding(), getBounds(op), op.getRequantization());
  if (!params)
    return params.takeError();
  double lhsScale = lhs->getGroupScale(0), rhsScale = rhs->getGroupScale(0);
  double outputScale =
      getQuantizedElementType(op.getResult().getType()).getGroupScale(0);
  params->multiplier = requantizeMultiplier(lhsScale, rhsScale, outputScale);
  FixedPointParams fixedPoint;
  fixedPoint.multipliers = {quantizeMultiplier(
      realMultiplierInFloat(lhsScale, rhsScale, outputScale))};
  fixedPoint.output = getFixedPointOutput(*params);
  fixedPoint.mode = op.getRequantization();
  return makeProductKernel(op, lhs->getGroupZeroPoint(0),
                           rhs->getGroupZeroPoint(0), *params, fixedPoint);
}

template <typename OpTy, BinaryKind kind>
static Expected<Kernel> makeFloatOnlyBinary(OpTy) {
  return Kernel([](ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return binary(kind, *operands[0], *operands[1], /*clamp=*/{});
  });
}

static Expected<Kernel> makeClamp(ClampOp op) {
  FloatClamp bounds = getBounds(op);
  if (isFloatTensor(op.getResult().getType()))
    return Kernel([=](ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
      return reference::clamp(*operands[0], bounds);
    });
  return makeRequantizeKernel(op.getInput(), op.getResult(), {op.getRounding()},
                              bounds);
}

static Expected<Kernel> makeClampGradient(ClampGradientOp op) {
  return Kernel([bounds = getBounds(op)](
                    ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return reference::clampGradient(*operands[0], *operands[1], bounds);
  });
}

static Expected<Kernel> makeNormalize(NormalizeOp op) {
  SmallVector<float> mean(op.getMean()), scale(op.getScale());
  QuantizedElementType type = getQuantizedElementType(op.getResult().getType());
  RoundingMode rounding = op.getRounding();
  return Kernel([=](ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    Tensor values = normalize(*operands[0], mean, scale);
    return type ? reference::quantize(values, type, rounding) : values;
  });
}

ArrayRef<KernelRow> qnn::getElementwiseKernels() {
  static const KernelRow rows[] = {
      kernelRow<AddOp, makeSum<AddOp, BinaryKind::Add>>(),
      kernelRow<SubOp, makeSum<SubOp, BinaryKind::Sub>>(),
      kernelRow<MulOp, makeMul>(),
      kernelRow<DivOp, makeFloatOnlyBinary<DivOp, BinaryKind::Div>>(),
      kernelRow<MaximumOp,
                makeFloatOnlyBinary<MaximumOp, BinaryKind::Maximum>>(),
      kernelRow<MinimumOp,
                makeFloatOnlyBinary<MinimumOp, BinaryKind::Minimum>>(),
      kernelRow<ClampOp, makeClamp>(),
      kernelRow<ClampGradientOp, makeClampGradient>(),
      kernelRow<NormalizeOp, makeNormalize>(),
  };
  return rows;
}
