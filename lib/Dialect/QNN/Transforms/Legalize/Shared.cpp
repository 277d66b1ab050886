// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the families of legalization patterns share.

#include "Patterns.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Func/Transforms/FuncConversions.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace qnn;

IntegerType qnn::getExplicitType(QuantizedElementType type) {
  IntegerType code = type.getCodeType();
  if (code.getWidth() > 16)
    return IntegerType::get(type.getContext(), 32);
  unsigned width = code.getWidth() <= 8 ? 8 : 16;
  return IntegerType::get(type.getContext(), width,
                          type.isCodeSigned() ? IntegerType::Signed
                                              : IntegerType::Unsigned);
}

QuantizedElementType qnn::getPerTensorType(Type tensorType) {
  QuantizedElementType type = getQuantizedElementType(tensorType);
  if (!type || !type.isUniform() || type.getGroupAxis() != -1)
    return {};
  return type;
}

int64_t qnn::getLargestMagnitude(QuantizedElementType type) {
  int64_t zeroPoint = type.getGroupZeroPoint(0);
  return std::max(std::abs(type.getCodeMin() - zeroPoint),
                  std::abs(type.getCodeMax() - zeroPoint));
}

FailureOr<UnaryTypes> qnn::getPerTensorTypes(Operation *op) {
  UnaryTypes types{getPerTensorType(op->getOperand(0).getType()),
                   getPerTensorType(op->getResult(0).getType())};
  if (!types.input || !types.result)
    return op->emitError("expects input and result of one scale and zero "
                         "point");
  return types;
}

FailureOr<BinaryTypes> qnn::getBinaryPerTensorTypes(Operation *op) {
  BinaryTypes types{getPerTensorType(op->getOperand(0).getType()),
                    getPerTensorType(op->getOperand(1).getType()),
                    getPerTensorType(op->getResult(0).getType())};
  if (!types.lhs || !types.rhs || !types.result)
    return op->emitError("expects operands and result of one scale and zero "
                         "point");
  return types;
}

FailureOr<QuantizedElementType> qnn::getPerTensorResult(Operation *op) {
  auto type = getPerTensorType(op->getResult(0).getType());
  if (!type)
    return op->emitError("expects a result of one scale and zero point");
  return type;
}

Requantization qnn::getRequantization(QuantizedElementType type,
                                      FloatAttr clampMin, FloatAttr clampMax,
                                      RoundingMode rounding,
                                      RequantizationMode mode) {
  Requantization result{type, type.getCodeMin(), type.getCodeMax(), rounding,
                        mode};
  RoundingMode boundRounding = getBoundRounding(mode);
  auto codeOf = [&](FloatAttr bound) {
    return type.quantizeValue(bound.getValueAsDouble(), /*group=*/0,
                              boundRounding);
  };
  if (clampMin)
    result.min = std::max(result.min, codeOf(clampMin));
  if (clampMax)
    result.max = std::min(result.max, codeOf(clampMax));
  return result;
}

Value qnn::createRescale(OpBuilder &builder, Location loc, Value value,
                         ArrayRef<float> multipliers, ArrayRef<int64_t> shape,
                         int64_t inputZeroPoint,
                         const Requantization &requantization) {
  auto type = cast<RankedTensorType>(value.getType());
  auto multiplier = DenseElementsAttr::get(
      RankedTensorType::get(shape, builder.getF32Type()), multipliers);
  return RescaleOp::create(
      builder, loc, type.clone(getExplicitType(requantization.type)), value,
      multiplier, /*divide=*/false, inputZeroPoint,
      requantization.type.getGroupZeroPoint(0),
      builder.getI64IntegerAttr(requantization.min),
      builder.getI64IntegerAttr(requantization.max), requantization.rounding);
}

Value qnn::createFixedPointRescale(OpBuilder &builder, Location loc,
                                   Value value,
                                   ArrayRef<FixedPointMultiplier> multipliers,
                                   int64_t inputZeroPoint,
                                   const Requantization &requantization) {
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<int32_t> mantissas, shifts;
  for (FixedPointMultiplier multiplier : multipliers) {
    mantissas.push_back(multiplier.mantissa);
    shifts.push_back(multiplier.shift);
  }
  return FixedPointRescaleOp::create(
      builder, loc, type.clone(getExplicitType(requantization.type)), value,
      mantissas, shifts, inputZeroPoint,
      requantization.type.getGroupZeroPoint(0), requantization.min,
      requantization.max, requantization.mode);
}

Value qnn::createRescaleToFloat(OpBuilder &builder, Location loc, Value value,
                                float multiplier, int64_t inputZeroPoint) {
  auto type = cast<RankedTensorType>(value.getType());
  auto attribute = DenseElementsAttr::get(
      RankedTensorType::get({}, builder.getF32Type()), multiplier);
  return RescaleOp::create(builder, loc, type.clone(builder.getF32Type()),
                           value, attribute, /*divide=*/false, inputZeroPoint,
                           /*output_zero_point=*/0, IntegerAttr(),
                           IntegerAttr(), RoundingMode::HalfEven);
}

LogicalResult qnn::convertTypes(ModuleOp module, TypeConverter &converter,
                                RewritePatternSet patterns) {
  populateFunctionOpInterfaceTypeConversionPattern<func::FuncOp>(patterns,
                                                                 converter);
  populateReturnOpTypeConversionPattern(patterns, converter);
  ConversionTarget target(*module.getContext());
  target.markUnknownOpDynamicallyLegal([&](Operation *op) {
    if (auto func = dyn_cast<func::FuncOp>(op))
      return converter.isSignatureLegal(func.getFunctionType());
    return converter.isLegal(op);
  });
  return applyPartialConversion(module, target, std::move(patterns));
}
