// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scales as arguments, and the multipliers that they make.

#include "Scales.h"
#include "Patterns.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "qnn/Dialect/QNN/Transforms/LearnedScales.h"
#include "qnn/Dialect/QNN/Transforms/Roles.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringSet.h"
#include <cmath>

using namespace mlir;
using namespace qnn;

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

/// Whether the integer program can have any scale here.
static bool isFree(Value value) {
  auto type = getQuantizedElementType(value.getType());
  if (!isCarriedByIntegers(type) || type.getCodeType().getWidth() > 16)
    return false;
  Operation *op = value.getDefiningOp();
  // Codes that are given, and tables made of the scale.
  if (!op || isa<ConstantOp, SoftmaxOp, NormalizeOp>(op))
    return false;
  auto pad = dyn_cast<PadOp>(op);
  if (pad && !pad.getValue().isZero())
    return false;
  return llvm::none_of(value.getUsers(), llvm::IsaPred<SoftmaxOp>);
}

/// Joins values that must share parameters.
void Scales::groupValues(func::FuncOp function) {
  function.walk([&](QuantizableOpInterface op) {
    if (!op.requiresSameParameters() ||
        !getQuantizedElementType(op->getResult(0).getType()))
      return;
    for (OpOperand &operand : op->getOpOperands())
      if (op.getOperandRole(operand.getOperandNumber()) ==
          OperandRole::Activation)
        sharing.unionSets(operand.get().getAsOpaquePointer(),
                          op->getResult(0).getAsOpaquePointer());
  });
}

LogicalResult Scales::addArguments(func::FuncOp function,
                                   bool normalizesGradients) {
  for (Type type : function.getArgumentTypes())
    if (getQuantizedElementType(type))
      return function.emitError(
          "expects arguments that are not quantized to learn scales");
  groupValues(function);
  // In the order of the program.
  llvm::MapVector<const void *, SmallVector<Value>> groups;
  function.walk([&](Operation *op) {
    for (Value value : op->getResults())
      if (getQuantizedElementType(value.getType())) {
        const void *key = value.getAsOpaquePointer();
        auto leader = sharing.findLeader(key);
        groups[leader == sharing.member_end() ? key : *leader].push_back(value);
      }
  });
  OpBuilder builder(function.getBody());
  for (auto &[key, members] : groups)
    if (llvm::all_of(members, isFree))
      addArgument(function, builder, members, normalizesGradients);
  return success();
}

/// How many elements a scale has an effect on.
static int64_t countElements(Value value) {
  auto tensor = cast<RankedTensorType>(value.getType());
  auto type = cast<QuantizedElementType>(tensor.getElementType());
  return tensor.getNumElements() / type.getNumGroups(tensor.getShape());
}

/// 1 / sqrt(n * largest code).
static float getGradientFactor(Value value) {
  auto type = getQuantizedElementType(value.getType());
  int64_t largest =
      std::max(type.getCodeMax() - type.getGroupZeroPoint(0), int64_t(1));
  return float(1.0 / std::sqrt(double(countElements(value)) * double(largest)));
}

void Scales::addArgument(func::FuncOp function, OpBuilder &builder,
                         ArrayRef<Value> members, bool normalizesGradients) {
  Value first = members.front();
  auto tensor = cast<RankedTensorType>(first.getType());
  auto type = cast<QuantizedElementType>(tensor.getElementType());
  SmallVector<int64_t> shape;
  if (type.getGroupAxis() >= 0)
    shape.push_back(type.getNumGroups(tensor.getShape()));
  SmallVector<Attribute> names;
  for (Value member : members)
    names.push_back(builder.getStringAttr(getValueName(member)));
  unsigned index = function.getNumArguments();
  // Names of values need not be unique: arguments have numbers.
  std::string name =
      getValueName(first).str() + "/scale" + std::to_string(index);
  auto attributes = builder.getDictionaryAttr(
      {builder.getNamedAttr(kScaleAttr, builder.getStringAttr(name)),
       builder.getNamedAttr(kScaleTypeAttr, TypeAttr::get(type)),
       builder.getNamedAttr(kScaleValuesAttr, builder.getArrayAttr(names))});
  Location loc = NameLoc::get(builder.getStringAttr(name));
  (void)function.insertArgument(
      index, RankedTensorType::get(shape, builder.getF32Type()), attributes,
      loc);
  Value scale = function.getArgument(index);
  if (normalizesGradients) {
    Value scaled = emitScaled(builder, loc, scale, getGradientFactor(first));
    scale = emitStraightThrough(builder, loc, scale, scaled);
  }
  for (Value member : members)
    learned[member] = scale;
}

//===----------------------------------------------------------------------===//
// Multipliers
//===----------------------------------------------------------------------===//

Value Scales::lookup(Value quantized) const {
  return quantized ? learned.lookup(quantized) : Value();
}

Value Scales::getBroadcast(OpBuilder &builder, Location loc,
                           Value quantized) const {
  Value scale = lookup(quantized);
  if (!scale)
    return {};
  auto tensor = cast<RankedTensorType>(quantized.getType());
  int64_t axis =
      cast<QuantizedElementType>(tensor.getElementType()).getGroupAxis();
  if (axis < 0 || axis == tensor.getRank() - 1)
    return scale;
  SmallVector<int64_t> shape(tensor.getRank() - axis, 1);
  shape[0] = tensor.getDimSize(axis);
  SmallVector<ReassociationIndices> groups = {
      llvm::to_vector<2>(llvm::seq<int64_t>(0, shape.size()))};
  return tensor::ExpandShapeOp::create(
      builder, loc, RankedTensorType::get(shape, builder.getF32Type()), scale,
      groups);
}

/// The learned scale, or the numbers of the type as a constant.
Value Scales::getOrNumbers(OpBuilder &builder, Location loc,
                           Value quantized) const {
  if (Value scale = lookup(quantized))
    return scale;
  if (!quantized)
    return emitFloats(builder, loc, 1.0f);
  auto tensor = cast<RankedTensorType>(quantized.getType());
  auto type = cast<QuantizedElementType>(tensor.getElementType());
  SmallVector<float> numbers;
  for (int64_t group = 0; group < type.getNumGroups(tensor.getShape()); ++group)
    numbers.push_back(float(type.getGroupScale(group)));
  SmallVector<int64_t> shape;
  if (type.getGroupAxis() >= 0)
    shape.push_back(numbers.size());
  return emitFloats(builder, loc, numbers, shape);
}

Value Scales::emitProduct(OpBuilder &builder, Location loc, Value input,
                          Value weights) const {
  if (!lookup(input) && !lookup(weights))
    return {};
  Value ofInput = getOrNumbers(builder, loc, input);
  Value ofWeights = getOrNumbers(builder, loc, weights);
  return MulOp::create(builder, loc, ofWeights.getType(), ofInput, ofWeights,
                       FloatAttr(), FloatAttr());
}

Value Scales::emitMultiplied(OpBuilder &builder, Location loc, Value value,
                             const Multiplier &multiplier) const {
  if (!lookup(multiplier.input) && !lookup(multiplier.weights) &&
      !lookup(multiplier.result))
    return emitScaled(builder, loc, value, multiplier.numbers,
                      multiplier.shape);
  Value input = getOrNumbers(builder, loc, multiplier.input);
  Value result = getOrNumbers(builder, loc, multiplier.result);
  Value weights, count;
  if (multiplier.weights)
    weights = getOrNumbers(builder, loc, multiplier.weights);
  if (!multiplier.counts.empty()) {
    SmallVector<float> counts(multiplier.counts.begin(),
                              multiplier.counts.end());
    count = emitFloats(builder, loc, counts, multiplier.shape);
  }
  Value factor = RequantizeMultiplierOp::create(
      builder, loc,
      RankedTensorType::get(multiplier.shape, builder.getF32Type()), input,
      weights, result, count);
  return MulOp::create(builder, loc, value.getType(), value, factor,
                       FloatAttr(), FloatAttr());
}

static bool isNotZero(FloatAttr bound) {
  return bound && !bound.getValue().isZero();
}

Value Scales::emitResult(OpBuilder &builder, Operation *op, Value scaled,
                         RoundingMode rounding, FloatAttr clampMin,
                         FloatAttr clampMax) const {
  Location loc = op->getLoc();
  Value result = op->getResult(0);
  QuantizedElementType type = getPerTensorType(result.getType());
  if (Value scale = lookup(result)) {
    // The codes of real bounds depend on the scale; that of 0 does not.
    auto codeOf = [&](FloatAttr bound) -> Value {
      Value real = emitFloats(builder, loc, bound.getValue().convertToFloat());
      return FakeQuantizeOp::create(builder, loc, real.getType(), real, scale,
                                    type, /*codes=*/true,
                                    RoundingMode::HalfEven, APFloat(0.0f));
    };
    if (isNotZero(clampMin)) {
      Value bound = codeOf(std::exchange(clampMin, FloatAttr()));
      scaled = MaximumOp::create(builder, loc, scaled.getType(), scaled, bound);
    }
    if (isNotZero(clampMax)) {
      Value bound = codeOf(std::exchange(clampMax, FloatAttr()));
      scaled = MinimumOp::create(builder, loc, scaled.getType(), scaled, bound);
    }
  }
  return emitRounded(builder, loc, scaled,
                     getRequantization(type, clampMin, clampMax, rounding));
}
