// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scales, zero points and clips as arguments, and the multipliers and ends that
// they make.

#include "Quantizers.h"
#include "../SharedParameters.h"
#include "Patterns.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "qnn/Dialect/QNN/Transforms/LearnedQuantizers.h"
#include "qnn/Dialect/QNN/Transforms/Roles.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringSwitch.h"
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

std::optional<QuantizerLearning>
qnn::symbolizeQuantizerLearning(StringRef name) {
  return llvm::StringSwitch<std::optional<QuantizerLearning>>(name)
      .Case("lsq", QuantizerLearning::LSQ)
      .Case("lsq+", QuantizerLearning::LSQPlus)
      .Case("pact", QuantizerLearning::PACT)
      .Default(std::nullopt);
}

/// Whether the codes of a value are those of another one.
static bool isMoved(Value value) {
  auto op = value.getDefiningOp<QuantizableOpInterface>();
  return op && op.requiresSameParameters();
}

/// How many elements are rounded with a scale.
static int64_t countElements(ArrayRef<Value> members) {
  int64_t count = 0;
  for (Value value : members) {
    if (isMoved(value))
      continue;
    auto tensor = cast<RankedTensorType>(value.getType());
    auto type = cast<QuantizedElementType>(tensor.getElementType());
    count += tensor.getNumElements() / type.getNumGroups(tensor.getShape());
  }
  return count;
}

static int64_t getLargestCode(QuantizedElementType type) {
  return std::max(type.getCodeMax() - type.getGroupZeroPoint(0), int64_t(1));
}

static int64_t countSteps(QuantizedElementType type) {
  return type.getCodeMax() - type.getCodeMin();
}

/// \p members are all values that have the scale.
static float getGradientFactor(ArrayRef<Value> members, QuantizerLearning how) {
  double largest = double(
      getLargestCode(getQuantizedElementType(members.front().getType())));
  if (how == QuantizerLearning::PACT)
    return float(1.0 / (largest * largest));
  return float(1.0 / std::sqrt(double(countElements(members)) * largest));
}

/// Whether the zero point is one inside of the range: one at its end says that
/// all values have one sign, and moving it would waste codes.
static bool hasFreeZeroPoint(Value value) {
  QuantizedElementType type = getPerTensorType(value.getType());
  return type && type.getCodeType().getWidth() <= 8 && !type.isCodeSigned() &&
         type.getGroupZeroPoint(0) != type.getCodeMin() &&
         type.getGroupZeroPoint(0) != type.getCodeMax();
}

/// Whether the first code stands for 0.
static bool isNotNegative(Value value) {
  QuantizedElementType type = getPerTensorType(value.getType());
  return type && type.getGroupZeroPoint(0) == type.getCodeMin();
}

/// Adds an argument at the end.
static Value addArgument(func::FuncOp function, OpBuilder &builder,
                         ArrayRef<int64_t> shape, StringRef key, StringRef name,
                         ArrayRef<NamedAttribute> others) {
  SmallVector<NamedAttribute> attributes(others);
  StringAttr nameAttr = builder.getStringAttr(name);
  attributes.push_back(builder.getNamedAttr(key, nameAttr));
  unsigned index = function.getNumArguments();
  (void)function.insertArgument(
      index, RankedTensorType::get(shape, builder.getF32Type()),
      builder.getDictionaryAttr(attributes), NameLoc::get(nameAttr));
  return function.getArgument(index);
}

/// The value with its gradient multiplied.
static Value emitScaledGradient(OpBuilder &builder, Value value, float factor) {
  if (factor == 1.0f)
    return value;
  Value scaled = emitScaled(builder, value.getLoc(), value, factor);
  return emitStraightThrough(builder, value.getLoc(), value, scaled);
}

static Value emitInteger(OpBuilder &builder, Location loc, Value value,
                         Type codes, RoundingMode rounding, float margin) {
  return FakeQuantizeOp::create(builder, loc, value.getType(), value,
                                /*scale=*/Value(), codes, /*codes=*/false,
                                rounding, APFloat(margin));
}

/// What has one name and type was calibrated as one value: that of each step of
/// an unrolled network.
static void joinNamesakes(func::FuncOp function, SharedParameters &sharing) {
  DenseMap<std::pair<StringAttr, Type>, Value> firstOf;
  function.walk([&](Operation *op) {
    for (Value value : op->getResults()) {
      StringRef name = getValueName(value);
      QuantizedElementType type = getQuantizedElementType(value.getType());
      if (!type || name.empty())
        continue;
      auto nameAttr = StringAttr::get(op->getContext(), name);
      auto [first, isNew] = firstOf.try_emplace({nameAttr, type}, value);
      if (!isNew)
        sharing.join(first->second, value);
    }
  });
}

LogicalResult Quantizers::addArguments(func::FuncOp function,
                                       QuantizerLearning how,
                                       bool normalizesGradients) {
  for (Type type : function.getArgumentTypes())
    if (getQuantizedElementType(type))
      return function.emitError(
          "expects arguments that are not quantized to learn scales");
  SharedParameters sharing;
  function.walk([&](QuantizableOpInterface op) { sharing.visit(op); });
  joinNamesakes(function, sharing);
  // In the order of the program.
  llvm::MapVector<Value, SmallVector<Value>> groups;
  function.walk([&](Operation *op) {
    for (Value value : op->getResults())
      if (getQuantizedElementType(value.getType()))
        groups[sharing.getLeader(value)].push_back(value);
  });
  OpBuilder builder(function.getBody());
  bool isPact = how == QuantizerLearning::PACT;
  for (auto &[key, members] : groups) {
    Value first = members.front();
    if (!llvm::all_of(members, isFree) || (isPact && !isNotNegative(first)))
      continue;
    float factor = normalizesGradients ? getGradientFactor(members, how) : 1.0f;
    Learned result = addScale(function, builder, members, factor);
    if (isPact)
      stopInside(builder, first, result);
    if (how == QuantizerLearning::LSQPlus && hasFreeZeroPoint(first))
      addZeroPoint(function, builder, first, factor, result);
    for (Value member : members)
      learned[member] = result;
  }
  return success();
}

Quantizers::Learned Quantizers::addScale(func::FuncOp function,
                                         OpBuilder &builder,
                                         ArrayRef<Value> members,
                                         float factor) {
  Value first = members.front();
  auto tensor = cast<RankedTensorType>(first.getType());
  auto type = cast<QuantizedElementType>(tensor.getElementType());
  SmallVector<int64_t> shape;
  if (type.getGroupAxis() >= 0)
    shape.push_back(type.getNumGroups(tensor.getShape()));
  SmallVector<Attribute> names;
  for (Value member : members)
    names.push_back(builder.getStringAttr(getValueName(member)));
  // Values of one name may have several types, and so several scales: those
  // have numbers.
  std::string name = getValueName(first).str() + "/scale" +
                     std::to_string(function.getNumArguments());
  Value scale = addArgument(
      function, builder, shape, kScaleAttr, name,
      {builder.getNamedAttr(kQuantizerTypeAttr, TypeAttr::get(type)),
       builder.getNamedAttr(kQuantizerValuesAttr,
                            builder.getArrayAttr(names))});
  Learned result;
  result.scale = emitScaledGradient(builder, scale, factor);
  return result;
}

/// The gradient of PACT: what is clipped at the end `largest code * scale`
/// moves the end; inside, the scale is a number.
void Quantizers::stopInside(OpBuilder &builder, Value member, Learned &result) {
  Location loc = result.scale.getLoc();
  float largest =
      float(getLargestCode(getQuantizedElementType(member.getType())));
  Value end = emitScaled(builder, loc, result.scale, largest);
  Value number = emitStraightThrough(builder, loc, result.scale,
                                     emitFloats(builder, loc, 0.0f));
  Value quotient = DivOp::create(builder, loc, number.getType(), end, number);
  Value exact = emitFloats(builder, loc, largest);
  result.high = emitStraightThrough(builder, loc, exact, quotient);
  result.low = emitFloats(builder, loc, 0.0f);
  result.scale = number;
}

/// The zero point is a part of the range of codes, so that steps of it are as
/// large as those of the logarithm of a scale.
void Quantizers::addZeroPoint(func::FuncOp function, OpBuilder &builder,
                              Value member, float factor, Learned &result) {
  int64_t steps = countSteps(getQuantizedElementType(member.getType()));
  std::string name = getValueName(member).str() + "/zero_point" +
                     std::to_string(function.getNumArguments());
  Value part = addArgument(function, builder, {}, kZeroPointAttr, name, {});
  Location loc = part.getLoc();
  Value codes = emitScaled(
      builder, loc, emitScaledGradient(builder, part, factor), float(steps));
  Type range = quant::UniformQuantizedType::get(
      /*flags=*/0, builder.getIntegerType(8), builder.getF32Type(),
      /*scale=*/1.0, /*zeroPoint=*/0, 0, steps);
  // With a margin, so that it leaves an end again.
  Value zeroPoint = emitInteger(builder, loc, codes, range,
                                RoundingMode::HalfEven, /*margin=*/0.5f);
  Value none = emitFloats(builder, loc, 0.0f);
  result.low = SubOp::create(builder, loc, none.getType(), none, zeroPoint,
                             FloatAttr(), FloatAttr());
  Value all = emitFloats(builder, loc, float(steps));
  result.high = SubOp::create(builder, loc, none.getType(), all, zeroPoint,
                              FloatAttr(), FloatAttr());
  result.hasZeroPoint = true;
}

int64_t Quantizers::getLargestMagnitude(Value quantized) const {
  QuantizedElementType type = getQuantizedElementType(quantized.getType());
  return learnsZeroPoint(quantized) ? countSteps(type)
                                    : qnn::getLargestMagnitude(type);
}

//===----------------------------------------------------------------------===//
// Multipliers
//===----------------------------------------------------------------------===//

Value Quantizers::lookup(Value quantized) const {
  return quantized ? learned.lookup(quantized).scale : Value();
}

Value Quantizers::getBroadcast(OpBuilder &builder, Location loc,
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
Value Quantizers::getOrNumbers(OpBuilder &builder, Location loc,
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

Value Quantizers::emitProduct(OpBuilder &builder, Location loc, Value input,
                              Value weights) const {
  if (!lookup(input) && !lookup(weights))
    return {};
  Value ofInput = getOrNumbers(builder, loc, input);
  Value ofWeights = getOrNumbers(builder, loc, weights);
  return MulOp::create(builder, loc, ofWeights.getType(), ofInput, ofWeights,
                       FloatAttr(), FloatAttr());
}

Value Quantizers::emitMultiplied(OpBuilder &builder, Location loc, Value value,
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

//===----------------------------------------------------------------------===//
// Rounding
//===----------------------------------------------------------------------===//

static Value emitAtLeast(OpBuilder &builder, Location loc, Value value,
                         Value bound) {
  return MaximumOp::create(builder, loc, value.getType(), value, bound);
}

static Value emitAtMost(OpBuilder &builder, Location loc, Value value,
                        Value bound) {
  return MinimumOp::create(builder, loc, value.getType(), value, bound);
}

Value Quantizers::emitClipped(OpBuilder &builder, Location loc, Value value,
                              const Learned &ends) {
  Value above = emitAtLeast(builder, loc, value, ends.low);
  return emitAtMost(builder, loc, above, ends.high);
}

Value Quantizers::emitCodes(OpBuilder &builder, Location loc, Value clipped,
                            QuantizedElementType type, const Learned &ends,
                            RoundingMode rounding) {
  // Zero points are learned of codes of 8 bits only, whose differences are
  // integers of 16 bits.
  Type codes = ends.hasZeroPoint
                   ? getIntegersType(builder.getContext())
                   : getUnitType(type, type.getCodeMin(), type.getCodeMax());
  // With a margin, so that what is at an end has the gradient of the end.
  return emitInteger(builder, loc, clipped, codes, rounding, /*margin=*/0.5f);
}

Value Quantizers::emitQuantized(OpBuilder &builder, Location loc, Value real,
                                Value quantized, RoundingMode rounding,
                                float margin) const {
  Value scale = getBroadcast(builder, loc, quantized);
  Learned ends = learned.lookup(quantized);
  auto type = getQuantizedElementType(quantized.getType());
  if (!ends.low)
    return FakeQuantizeOp::create(builder, loc, real.getType(), real, scale,
                                  type, /*codes=*/isCarriedByIntegers(type),
                                  rounding, APFloat(margin));
  Value value = DivOp::create(builder, loc, real.getType(), real, scale);
  Value clipped = emitClipped(builder, loc, value, ends);
  return emitCodes(builder, loc, clipped, type, ends, rounding);
}

/// The code of a real bound, minus the zero point.
Value Quantizers::emitBound(OpBuilder &builder, Location loc, FloatAttr bound,
                            Value quantized) const {
  Value real = emitFloats(builder, loc, bound.getValue().convertToFloat());
  return emitQuantized(builder, loc, real, quantized, RoundingMode::HalfEven);
}

static bool isZero(FloatAttr bound) {
  return !bound || bound.getValue().isZero();
}

Value Quantizers::emitResult(OpBuilder &builder, Operation *op, Value scaled,
                             RoundingMode rounding, FloatAttr clampMin,
                             FloatAttr clampMax) const {
  Location loc = op->getLoc();
  Value result = op->getResult(0);
  QuantizedElementType type = getPerTensorType(result.getType());
  Learned ends = learned.lookup(result);
  if (ends.low)
    scaled = emitClipped(builder, loc, scaled, ends);
  // The codes of real bounds depend on what is learned; that of 0 depends on a
  // learned zero point only.
  bool moves = ends.scale != nullptr;
  if (clampMin && moves && (ends.low || !isZero(clampMin))) {
    Value bound = emitBound(builder, loc, clampMin, result);
    scaled = emitAtLeast(builder, loc, scaled, bound);
    clampMin = {};
  }
  if (clampMax && moves && (ends.low || !isZero(clampMax))) {
    Value bound = emitBound(builder, loc, clampMax, result);
    scaled = emitAtMost(builder, loc, scaled, bound);
    clampMax = {};
  }
  if (ends.low)
    return emitCodes(builder, loc, scaled, type, ends, rounding);
  return emitRounded(builder, loc, scaled,
                     getRequantization(type, clampMin, clampMax, rounding));
}
