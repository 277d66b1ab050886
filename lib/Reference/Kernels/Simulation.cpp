// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Integer arithmetic in floats: fake quantization and exact sums.

#include "Indexing.h"
#include "Registry.h"
#include "qnn/Quantization/UniformParams.h"

using namespace mlir;
using namespace qnn;
using namespace qnn::reference;
using llvm::Expected;

/// The scale of each element.
static std::vector<double> scalesOf(const Tensor &input, const Tensor *scale,
                                    QuantizedElementType type,
                                    ArrayRef<int64_t> groups) {
  std::vector<double> scales(groups.size());
  if (!scale) {
    for (auto [out, group] : llvm::zip(scales, groups))
      out = type.getGroupScale(group);
    return scales;
  }
  Offsets offsets = broadcastOffsets(scale->getShape(), input.getShape());
  dispatchFloat(scale->getKind(), [&](auto zero) {
    for (auto [out, offset] : llvm::zip(scales, offsets))
      out = scale->data<decltype(zero)>()[offset];
  });
  return scales;
}

Tensor reference::fakeQuantize(const Tensor &input, const Tensor *scale,
                               const FakeQuantization &how) {
  QuantizedElementType type = how.type;
  Offsets groups = groupsOf(type, input.getShape());
  std::vector<double> scales = scalesOf(input, scale, type, groups);
  Tensor result(input.getShape(), input.getKind());
  dispatchFloat(input.getKind(), [&](auto zero) {
    using T = decltype(zero);
    for (auto [i, out] : llvm::enumerate(result.data<T>())) {
      double x = input.data<T>()[i];
      int64_t zeroPoint = type.getGroupZeroPoint(groups[i]);
      UniformParams params{scales[i], zeroPoint, type.getCodeMin(),
                           type.getCodeMax()};
      int64_t code = scale ? params.quantize(x, how.rounding)
                           : type.quantizeValue(x, groups[i], how.rounding);
      out = how.part == CodePart::Value
                ? T(type.dequantizeCode(code, groups[i]))
                : T(selectPart(code - zeroPoint, how.part));
    }
  });
  return result;
}

/// Where quantization passes a gradient on.
static std::pair<double, double> openRange(const FakeQuantization &how,
                                           int64_t group) {
  QuantizedElementType type = how.type;
  if (!type.isUniform()) {
    SmallVector<float> levels = type.getCodeValues();
    return {levels.front(), levels.back()};
  }
  int64_t zeroPoint = type.getGroupZeroPoint(group);
  return {type.getCodeMin() - zeroPoint - double(how.margin),
          type.getCodeMax() - zeroPoint + double(how.margin)};
}

Tensor reference::fakeQuantizeGradient(const Tensor &cotangent,
                                       const Tensor &input, const Tensor *scale,
                                       const FakeQuantization &how,
                                       bool ofScale) {
  Offsets groups = groupsOf(how.type, input.getShape());
  std::vector<double> scales = scalesOf(input, scale, how.type, groups);
  bool isUniform = how.type.isUniform();
  Tensor result(input.getShape(), input.getKind());
  dispatchFloat(input.getKind(), [&](auto zero) {
    using T = decltype(zero);
    for (auto [i, out] : llvm::enumerate(result.data<T>())) {
      auto [low, high] = openRange(how, groups[i]);
      T s = T(scales[i]), gradient = cotangent.data<T>()[i];
      T v = isUniform ? input.data<T>()[i] / s : input.data<T>()[i];
      if (how.part != CodePart::Value)
        gradient = gradient / s;
      if (ofScale)
        gradient = -(gradient * v);
      out = v > T(low) && v < T(high) ? gradient : T(0);
    }
  });
  return result;
}

Tensor reference::exactSum(ArrayRef<const Tensor *> terms) {
  Tensor result(terms[0]->getShape(), terms[0]->getKind());
  dispatchFloat(result.getKind(), [&](auto zero) {
    using T = decltype(zero);
    std::vector<double> sums(result.getNumElements(), 0);
    for (auto [number, term] : llvm::enumerate(terms)) {
      Offsets offsets = broadcastOffsets(term->getShape(), result.getShape());
      for (auto [sum, offset] : llvm::zip(sums, offsets)) {
        double value = term->template data<T>()[offset];
        sum = number == 0 ? value : sum + value;
      }
    }
    llvm::copy(sums, result.data<T>().begin());
  });
  return result;
}

Tensor reference::requantizeMultiplier(ArrayRef<const Tensor *> factors,
                                       ArrayRef<const Tensor *> divisors,
                                       ArrayRef<int64_t> shape) {
  Tensor result(shape, factors[0]->getKind());
  auto productOf = [&](ArrayRef<const Tensor *> operands) {
    std::vector<double> product(result.getNumElements(), 1);
    for (const Tensor *operand : operands) {
      Offsets offsets = broadcastOffsets(operand->getShape(), shape);
      dispatchFloat(operand->getKind(), [&](auto zero) {
        for (auto [out, offset] : llvm::zip(product, offsets))
          out *= operand->data<decltype(zero)>()[offset];
      });
    }
    return product;
  };
  std::vector<double> above = productOf(factors), below = productOf(divisors);
  dispatchFloat(result.getKind(), [&](auto zero) {
    using T = decltype(zero);
    for (auto [i, out] : llvm::enumerate(result.data<T>()))
      out = T(above[i] / below[i]);
  });
  return result;
}

//===----------------------------------------------------------------------===//
// Adapters
//===----------------------------------------------------------------------===//

template <typename OpTy>
static FakeQuantization describe(OpTy op, CodePart part) {
  return {cast<QuantizedElementType>(op.getQuantizedType()), op.getRounding(),
          part, op.getMargin().convertToFloat()};
}

static Expected<Kernel> makeFakeQuantize(FakeQuantizeOp op) {
  FakeQuantization how = describe(op, op.getPart());
  return Kernel([=](ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return fakeQuantize(*operands[0],
                        operands.size() == 2 ? operands[1] : nullptr, how);
  });
}

static Expected<Kernel> makeFakeQuantizeGradient(FakeQuantizeGradientOp op) {
  FakeQuantization how =
      describe(op, op.getCodes() ? CodePart::Code : CodePart::Value);
  bool ofScale = op.getOfScale();
  return Kernel([=](ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return fakeQuantizeGradient(*operands[0], *operands[1],
                                operands.size() == 3 ? operands[2] : nullptr,
                                how, ofScale);
  });
}

static Expected<Kernel> makeExactSum(ExactSumOp) {
  return Kernel([](ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return exactSum(operands);
  });
}

static Expected<Kernel> makeRequantizeMultiplier(RequantizeMultiplierOp op) {
  SmallVector<int64_t> shape(cast<RankedTensorType>(op.getType()).getShape());
  size_t numFactors = op.getWeights() ? 2 : 1;
  return Kernel([=](ArrayRef<const Tensor *> operands) -> Expected<Tensor> {
    return requantizeMultiplier(operands.take_front(numFactors),
                                operands.drop_front(numFactors), shape);
  });
}

ArrayRef<KernelRow> qnn::getSimulationKernels() {
  static const KernelRow rows[] = {
      kernelRow<ExactSumOp, makeExactSum>(),
      kernelRow<FakeQuantizeGradientOp, makeFakeQuantizeGradient>(),
      kernelRow<FakeQuantizeOp, makeFakeQuantize>(),
      kernelRow<RequantizeMultiplierOp, makeRequantizeMultiplier>(),
  };
  return rows;
}
