// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers. Each follows the numbered constraints of its description.

#include "Verifiers.h"
#include "mlir/IR/Builders.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "qnn/Dialect/QNN/IR/ShapeInference.h"
#include <cmath>

using namespace mlir;
using namespace qnn;

#define GET_OP_CLASSES
#include "qnn/Dialect/QNN/IR/QNNOps.cpp.inc"

static ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

static Type elementTypeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getElementType();
}

static LogicalResult checkShape(Operation *op, llvm::Expected<Shape> expected) {
  if (!expected)
    return op->emitOpError() << llvm::toString(expected.takeError());
  if (ArrayRef<int64_t>(*expected) != shapeOf(op->getResult(0)))
    return op->emitOpError() << "expects result of shape [" << *expected << "]";
  return success();
}

static LogicalResult checkSameShape(Operation *op) {
  if (shapeOf(op->getOperand(0)) != shapeOf(op->getResult(0)))
    return op->emitOpError("expects input and result of one shape");
  return success();
}

static LogicalResult checkSameElementType(Operation *op) {
  if (elementTypeOf(op->getOperand(0)) != elementTypeOf(op->getResult(0)))
    return op->emitOpError("expects input and result of one element type");
  return success();
}

static bool isQuantizedTensor(Type type) {
  return bool(getQuantizedElementType(type));
}

/// All values are float, or all are quantized, or (if allowed) all are
/// integers.
static LogicalResult checkForm(Operation *op, bool explicitForm) {
  SmallVector<Type> types(op->getOperandTypes());
  llvm::append_range(types, op->getResultTypes());
  if (llvm::all_of(types, isFloatTensor) ||
      llvm::all_of(types, isQuantizedTensor) ||
      (explicitForm && llvm::all_of(types, isIntegerTensor)))
    return success();
  return op->emitOpError("expects operands and results that are all f32 or all "
                         "quantized")
         << (explicitForm ? " or all integers" : "");
}

/// Whether an integer of this type can hold the code. Signless integers are
/// signed.
static bool canHold(IntegerType type, int64_t code) {
  unsigned width = type.getWidth();
  if (width >= 64)
    return true;
  return type.isUnsigned() ? code >= 0 && code < (int64_t(1) << width)
                           : llvm::isIntN(width, code);
}

static LogicalResult checkBounds(Operation *op, std::optional<APFloat> low,
                                 std::optional<APFloat> high) {
  if (low && high && *low > *high)
    return op->emitOpError("expects clamp_min of at most clamp_max");
  return success();
}

static LogicalResult checkBias(Operation *op, Value bias, int64_t channels) {
  if (bias && (shapeOf(bias).size() != 1 || shapeOf(bias)[0] != channels))
    return op->emitOpError("expects a bias of shape [") << channels << "]";
  return success();
}

/// TFLite's fixed point has one rounding, and a scale for each result. Floats
/// may carry it until they are quantized.
template <typename OpTy>
static LogicalResult checkRequantization(OpTy op) {
  if (op.getRequantization() == RequantizationMode::Float)
    return success();
  if (op.getRounding() != RoundingMode::HalfEven)
    return op.emitOpError("expects rounding(half_even) with a requantization "
                          "of TFLite, which rounds in its own way");
  SmallVector<Type> types(op->getOperandTypes());
  llvm::append_range(types, op->getResultTypes());
  for (Type type : types) {
    auto quantized = getQuantizedElementType(type);
    if (!isFloatTensor(type) && !(quantized && quantized.isUniform()))
      return op.emitOpError("expects uniform quantized types with a "
                            "requantization of TFLite, got ")
             << type;
  }
  return success();
}

LogicalResult qnn::checkFloat(Operation *op) {
  if (llvm::all_of(op->getOperandTypes(), isFloatTensor) &&
      llvm::all_of(op->getResultTypes(), isFloatTensor))
    return success();
  return op->emitOpError("expects f32 operands and result");
}

//===----------------------------------------------------------------------===//
// Contractions
//===----------------------------------------------------------------------===//

LogicalResult Conv2DOp::verify() {
  Window window{{}, getStrides(), getDilations(), getPad()};
  if (failed(checkShape(*this, inferConv2DShape(shapeOf(getInput()),
                                                shapeOf(getWeights()), window,
                                                getGroups()))) ||
      failed(checkBias(*this, getBias(), shapeOf(getWeights())[0])) ||
      failed(checkRequantization(*this)) ||
      failed(checkBounds(*this, getClampMin(), getClampMax())))
    return failure();
  return checkForm(*this, /*explicitForm=*/true);
}

LogicalResult MatMulOp::verify() {
  if (failed(checkShape(
          *this, inferMatMulShape(shapeOf(getLhs()), shapeOf(getRhs())))) ||
      failed(checkBias(*this, getBias(), shapeOf(getRhs()).back())) ||
      failed(checkRequantization(*this)) ||
      failed(checkBounds(*this, getClampMin(), getClampMax())))
    return failure();
  return checkForm(*this, /*explicitForm=*/true);
}

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

template <typename OpTy>
static LogicalResult verifyBinary(OpTy op, bool explicitForm) {
  if (failed(checkShape(op, inferBroadcastShape(shapeOf(op.getLhs()),
                                                shapeOf(op.getRhs())))) ||
      failed(checkBounds(op, op.getClampMin(), op.getClampMax())))
    return failure();
  return checkForm(op, explicitForm);
}

LogicalResult AddOp::verify() { return verifyBinary(*this, false); }
LogicalResult SubOp::verify() { return verifyBinary(*this, false); }
LogicalResult MulOp::verify() {
  if (failed(checkRequantization(*this)))
    return failure();
  return verifyBinary(*this, true);
}

LogicalResult ClampOp::verify() {
  if (!getClampMin() && !getClampMax())
    return emitOpError("expects clamp_min or clamp_max");
  if (failed(checkBounds(*this, getClampMin(), getClampMax())) ||
      failed(checkSameShape(*this)))
    return failure();
  return checkForm(*this, /*explicitForm=*/false);
}

LogicalResult ClampGradientOp::verify() {
  if (!getClampMin() && !getClampMax())
    return emitOpError("expects clamp_min or clamp_max");
  if (failed(checkBounds(*this, getClampMin(), getClampMax())))
    return failure();
  if (shapeOf(getCotangent()) != shapeOf(getResult()) ||
      shapeOf(getValue()) != shapeOf(getResult()))
    return emitOpError("expects cotangent, value and result of one shape");
  return checkFloat(*this);
}

LogicalResult NormalizeOp::verify() {
  if (failed(checkSameShape(*this)))
    return failure();
  ArrayRef<int64_t> shape = shapeOf(getInput());
  size_t channels = shape.empty() ? 1 : shape.back();
  for (size_t size : {getMean().size(), getScale().size()})
    if (size != 1 && size != channels)
      return emitOpError("expects mean and scale of 1 or ")
             << channels << " elements, got " << size;
  for (float scale : getScale())
    if (!std::isfinite(scale) || scale == 0)
      return emitOpError("expects scales that are finite and not 0");
  if (!isFloatTensor(getInput().getType()) &&
      !elementTypeOf(getInput()).isUnsignedInteger(8))
    return emitOpError("expects input of element type ui8 or f32");
  if (isIntegerTensor(getResult().getType()))
    return emitOpError("expects a float or quantized result");
  return success();
}

//===----------------------------------------------------------------------===//
// Elementary functions and comparisons
//===----------------------------------------------------------------------===//

static LogicalResult verifyUnary(Operation *op) {
  if (failed(checkSameShape(op)))
    return failure();
  return checkForm(op, /*explicitForm=*/false);
}

LogicalResult AbsOp::verify() { return verifyUnary(*this); }
LogicalResult ExpOp::verify() { return verifyUnary(*this); }
LogicalResult LogOp::verify() { return verifyUnary(*this); }
LogicalResult SigmoidOp::verify() { return verifyUnary(*this); }
LogicalResult SignOp::verify() { return verifyUnary(*this); }
LogicalResult SqrtOp::verify() { return verifyUnary(*this); }
LogicalResult TanhOp::verify() { return verifyUnary(*this); }

static LogicalResult verifyFloatBinary(Operation *op) {
  if (failed(checkShape(op, inferBroadcastShape(shapeOf(op->getOperand(0)),
                                                shapeOf(op->getOperand(1))))))
    return failure();
  return checkFloat(op);
}

LogicalResult DivOp::verify() { return verifyFloatBinary(*this); }
LogicalResult MaximumOp::verify() { return verifyFloatBinary(*this); }
LogicalResult MinimumOp::verify() { return verifyFloatBinary(*this); }

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

template <typename OpTy>
static LogicalResult verifyPool(OpTy op) {
  Window window{op.getKernel(), op.getStrides(), op.getDilations(),
                op.getPad()};
  return checkShape(op, inferPool2DShape(shapeOf(op.getInput()), window));
}

static bool isExplicitSum(Value input, Value result) {
  return isIntegerTensor(input.getType()) &&
         elementTypeOf(result).isSignlessInteger(32);
}

LogicalResult MaxPool2DOp::verify() {
  if (failed(verifyPool(*this)))
    return failure();
  return checkSameElementType(*this);
}

LogicalResult MaxPool2DGradientOp::verify() {
  Window window{getKernel(), getStrides(), getDilations(), getPad()};
  llvm::Expected<Shape> pooled = inferPool2DShape(shapeOf(getInput()), window);
  if (!pooled)
    return emitOpError() << llvm::toString(pooled.takeError());
  if (ArrayRef<int64_t>(*pooled) != shapeOf(getCotangent()))
    return emitOpError() << "expects cotangent of shape [" << *pooled << "]";
  if (shapeOf(getInput()) != shapeOf(getResult()))
    return emitOpError("expects input and result of one shape");
  return checkFloat(*this);
}

LogicalResult AvgPool2DOp::verify() {
  if (failed(verifyPool(*this)))
    return failure();
  return checkForm(*this, /*explicitForm=*/false);
}

LogicalResult SumPool2DOp::verify() {
  if (failed(verifyPool(*this)))
    return failure();
  if (!isExplicitSum(getInput(), getResult()))
    return emitOpError("expects integer input and i32 result");
  return success();
}

LogicalResult MeanOp::verify() {
  if (failed(
          checkShape(*this, inferReducedShape(shapeOf(getInput()), getAxes()))))
    return failure();
  return checkForm(*this, /*explicitForm=*/false);
}

LogicalResult SumOp::verify() {
  if (failed(
          checkShape(*this, inferReducedShape(shapeOf(getInput()), getAxes()))))
    return failure();
  if (isFloatTensor(getInput().getType()) &&
      isFloatTensor(getResult().getType()) && getInputZeroPoint() == 0)
    return success();
  if (!isExplicitSum(getInput(), getResult()))
    return emitOpError("expects f32 input and result without zero point, or "
                       "integer input and i32 result");
  return success();
}

static LogicalResult checkAxis(Operation *op, int64_t axis) {
  int64_t rank = shapeOf(op->getOperand(0)).size();
  if (axis < 0 || axis >= rank)
    return op->emitOpError("expects axis below ") << rank << ", got " << axis;
  return checkSameShape(op);
}

LogicalResult SoftmaxOp::verify() {
  if (failed(checkAxis(*this, getAxis())))
    return failure();
  return checkForm(*this, /*explicitForm=*/false);
}

LogicalResult LogSoftmaxOp::verify() {
  if (failed(checkAxis(*this, getAxis())))
    return failure();
  return checkFloat(*this);
}

LogicalResult IntegerSoftmaxOp::verify() {
  if (failed(checkAxis(*this, getAxis())))
    return failure();
  auto table = cast<ShapedType>(getTable().getType());
  if (!table.getElementType().isSignlessInteger(32) || table.getRank() != 1 ||
      table.getNumElements() != 256)
    return emitOpError("expects a table of 256 i32 elements");
  auto input = dyn_cast<IntegerType>(elementTypeOf(getInput()));
  auto result = dyn_cast<IntegerType>(elementTypeOf(getResult()));
  if (!input || input.getWidth() > 8 || !result)
    return emitOpError("expects 8-bit integer input and an integer result");
  int64_t min = getMin(), max = getMax();
  if (min > max || !canHold(result, min) || !canHold(result, max))
    return emitOpError("expects a range of codes of ") << result;
  return success();
}

//===----------------------------------------------------------------------===//
// Movement
//===----------------------------------------------------------------------===//

LogicalResult TransposeOp::verify() {
  if (failed(checkShape(
          *this, inferTransposedShape(shapeOf(getInput()), getPermutation()))))
    return failure();
  auto type = getQuantizedElementType(getType());
  if (type && type.isUniform() && type.getGroupAxis() != -1)
    return emitOpError("expects one scale and zero point for the whole tensor");
  return checkSameElementType(*this);
}

LogicalResult PadOp::verify() {
  Shape shape(shapeOf(getInput()));
  if (getLow().size() != shape.size() || getHigh().size() != shape.size())
    return emitOpError("expects low and high of ")
           << shape.size() << " elements";
  for (auto [extent, low, high] : llvm::zip(shape, getLow(), getHigh())) {
    if (low < 0 || high < 0)
      return emitOpError("expects padding that is not negative");
    extent += low + high;
  }
  if (failed(checkShape(*this, shape)))
    return failure();
  return checkSameElementType(*this);
}

LogicalResult ReverseOp::verify() {
  // The shape of a reduction would be checked by the same rule for axes.
  llvm::Expected<Shape> reduced =
      inferReducedShape(shapeOf(getInput()), getAxes());
  if (!reduced)
    return emitOpError() << llvm::toString(reduced.takeError());
  if (isQuantizedTensor(getInput().getType()))
    return emitOpError("expects a type that is not quantized");
  if (failed(checkSameShape(*this)))
    return failure();
  return checkSameElementType(*this);
}

//===----------------------------------------------------------------------===//
// Quantization
//===----------------------------------------------------------------------===//

LogicalResult ConstantOp::verify() {
  auto codes = cast<ShapedType>(getCodes().getType());
  auto type = getQuantizedElementType(getResult().getType());
  auto integer = dyn_cast<IntegerType>(elementTypeOf(getResult()));
  if (!type && !integer)
    return emitOpError("expects a quantized or integer result");
  Type codeType = type ? type.getCodeType()
                       : IntegerType::get(getContext(), integer.getWidth());
  if (codes.getShape() != shapeOf(getResult()) ||
      codes.getElementType() != codeType)
    return emitOpError("expects codes of the result's shape and of type ")
           << codeType;
  if (!type)
    return success();
  auto dense = dyn_cast<DenseIntElementsAttr>(getCodes());
  if (!dense)
    return success();
  for (const APInt &code : dense) {
    int64_t value = type.isCodeSigned() ? code.getSExtValue()
                                        : int64_t(code.getZExtValue());
    if (value < type.getCodeMin() || value > type.getCodeMax())
      return emitOpError("expects codes from ")
             << type.getCodeMin() << " to " << type.getCodeMax() << ", got "
             << value;
  }
  return success();
}

LogicalResult QuantizeOp::verify() {
  if (!isFloatTensor(getInput().getType()) ||
      !isQuantizedTensor(getResult().getType()))
    return emitOpError("expects f32 input and quantized result");
  return checkSameShape(*this);
}

LogicalResult DequantizeOp::verify() {
  if (!isQuantizedTensor(getInput().getType()) ||
      !isFloatTensor(getResult().getType()))
    return emitOpError("expects quantized input and f32 result");
  return checkSameShape(*this);
}

LogicalResult RequantizeOp::verify() {
  for (Type type : {getInput().getType(), getResult().getType()}) {
    auto quantized = getQuantizedElementType(type);
    if (!quantized || !quantized.isUniform())
      return emitOpError("expects uniform quantized input and result");
  }
  if (failed(checkRequantization(*this)))
    return failure();
  return checkSameShape(*this);
}

LogicalResult RescaleOp::verify() {
  if (failed(checkSameShape(*this)))
    return failure();
  if (!isFloatTensor(getInput().getType()) &&
      !isIntegerTensor(getInput().getType()))
    return emitOpError("expects f32 or integer input");
  auto multiplier = dyn_cast<DenseFPElementsAttr>(getMultiplier());
  if (!multiplier || !multiplier.getElementType().isF32())
    return emitOpError("expects a multiplier of f32 elements");
  llvm::Expected<Shape> shape =
      inferBroadcastShape(shapeOf(getInput()), multiplier.getType().getShape());
  if (!shape || ArrayRef<int64_t>(*shape) != shapeOf(getInput())) {
    llvm::consumeError(shape.takeError());
    return emitOpError("expects a multiplier that broadcasts to the input");
  }
  for (const APFloat &value : multiplier)
    if (!value.isFinite())
      return emitOpError("expects finite multipliers");
  if (isFloatTensor(getResult().getType()))
    return success();
  if (!isIntegerTensor(getResult().getType()))
    return emitOpError("expects an f32 or integer result");
  // The getters of I64Attr return unsigned numbers.
  int64_t min = getMin().value_or(1), max = getMax().value_or(0);
  if (!getMin() || !getMax() || min > max)
    return emitOpError("expects a range for an integer result");
  auto type = cast<IntegerType>(elementTypeOf(getResult()));
  constexpr int64_t exact = int64_t(1) << 22;
  for (int64_t bound : {min, max}) {
    if (!canHold(type, bound))
      return emitOpError("expects a range of codes of ") << type;
    if (std::abs(bound - int64_t(getOutputZeroPoint())) > exact)
      return emitOpError("expects a range within 2^22 of the zero point");
  }
  return success();
}

/// Codes minus the zero point must fit i32, as 32-bit accumulators do.
static LogicalResult checkFixedPointInput(FixedPointRescaleOp op) {
  auto type = dyn_cast<IntegerType>(elementTypeOf(op.getInput()));
  int64_t zeroPoint = op.getInputZeroPoint();
  constexpr int64_t limit = int64_t(1) << 30;
  bool isAccumulator = type && type.isSignlessInteger(32) && zeroPoint == 0;
  if (!isAccumulator && !(type && type.getWidth() <= 16))
    return op.emitOpError("expects i32 input of zero point 0, or input of at "
                          "most 16 bits");
  if (zeroPoint < -limit || zeroPoint > limit)
    return op.emitOpError("expects an input_zero_point within 2^30 of 0");
  return success();
}

static LogicalResult checkFixedPointMultipliers(FixedPointRescaleOp op) {
  ArrayRef<int32_t> multipliers = op.getMultiplier(), shifts = op.getShift();
  ArrayRef<int64_t> shape = shapeOf(op.getInput());
  size_t channels = shape.empty() ? 1 : shape.back();
  for (size_t size : {multipliers.size(), shifts.size()})
    if (size != multipliers.size() || (size != 1 && size != channels))
      return op.emitOpError("expects multiplier and shift of 1 or ")
             << channels << " elements";
  for (int32_t multiplier : multipliers)
    if (multiplier < 0)
      return op.emitOpError("expects multipliers that are not negative");
  for (int32_t shift : shifts)
    if (shift < -31 || shift > 30)
      return op.emitOpError("expects shifts from -31 to 30, got ") << shift;
  return success();
}

LogicalResult FixedPointRescaleOp::verify() {
  if (failed(checkSameShape(*this)) || failed(checkFixedPointInput(*this)) ||
      failed(checkFixedPointMultipliers(*this)))
    return failure();
  if (getRequantization() == RequantizationMode::Float)
    return emitOpError("expects tflite_single or tflite_double");
  auto type = dyn_cast<IntegerType>(elementTypeOf(getResult()));
  if (!type || type.getWidth() > 32)
    return emitOpError("expects an integer result of at most 32 bits");
  int64_t min = getMin(), max = getMax(), zeroPoint = getOutputZeroPoint();
  if (min > max || !canHold(type, min) || !canHold(type, max))
    return emitOpError("expects a range of codes of ") << type;
  constexpr int64_t limit = int64_t(1) << 30;
  // Codes have at most 32 bits, so a zero point of more is far from them.
  if (!llvm::isInt<34>(zeroPoint) || min - zeroPoint < -limit ||
      max - zeroPoint > limit)
    return emitOpError("expects a range within 2^30 of the zero point");
  return success();
}

LogicalResult LookupOp::verify() {
  if (failed(checkSameShape(*this)))
    return failure();
  auto table = cast<ShapedType>(getTable().getType());
  auto input = dyn_cast<IntegerType>(elementTypeOf(getInput()));
  if (!input)
    return emitOpError("expects integer input");
  ArrayRef<int64_t> shape = shapeOf(getInput());
  if (table.getRank() < 1 || table.getRank() > 2 ||
      (table.getRank() == 2 &&
       (shape.empty() || table.getDimSize(0) != shape.back())))
    return emitOpError(
        "expects a table of rank 1, or of a row for each channel");
  Type type = elementTypeOf(getResult());
  if (auto integer = dyn_cast<IntegerType>(type))
    type = IntegerType::get(getContext(), integer.getWidth());
  if (table.getElementType() != type)
    return emitOpError("expects a table of elements of type ") << type;
  return success();
}

LogicalResult BucketizeOp::verify() {
  auto boundaries = dyn_cast<DenseFPElementsAttr>(getBoundaries());
  if (!boundaries || boundaries.getType().getRank() != 1 ||
      !boundaries.getElementType().isF32())
    return emitOpError("expects f32 boundaries of rank 1");
  if (!llvm::is_sorted(boundaries.getValues<float>()))
    return emitOpError("expects boundaries in increasing order");
  if (!isFloatTensor(getInput().getType()) ||
      !isIntegerTensor(getResult().getType()))
    return emitOpError("expects f32 input and integer result");
  auto type = cast<IntegerType>(elementTypeOf(getResult()));
  int64_t first = getOffset(), last = 0;
  if (llvm::AddOverflow(first, boundaries.getNumElements(), last) ||
      !canHold(type, first) || !canHold(type, last))
    return emitOpError("expects codes of ")
           << type << " from the offset to the offset plus the "
           << boundaries.getNumElements() << " boundaries";
  return checkSameShape(*this);
}

//===----------------------------------------------------------------------===//
// Training
//===----------------------------------------------------------------------===//

LogicalResult OneHotOp::verify() {
  Shape shape(shapeOf(getLabels()));
  shape.push_back(getDepth());
  if (failed(checkShape(*this, shape)))
    return failure();
  Type labels = elementTypeOf(getLabels());
  if (!(labels.isSignlessInteger(32) || labels.isUnsignedInteger(8)) ||
      !isFloatTensor(getType()))
    return emitOpError("expects i32 or ui8 labels and an f32 result");
  return success();
}

LogicalResult RandomUniformOp::verify() {
  ArrayRef<int64_t> shape = shapeOf(getSeed());
  bool isPair = shape.size() == 1 && shape[0] == 2;
  if (!elementTypeOf(getSeed()).isSignlessInteger(32) ||
      !(shape.empty() || isPair))
    return emitOpError("expects a seed of type tensor<i32> or tensor<2xi32>");
  if (!llvm::isUInt<31>(getStream()))
    return emitOpError("expects a stream from 0 to 2^31 - 1");
  auto type = cast<RankedTensorType>(getType());
  constexpr int64_t maxElements = int64_t(1) << 31;
  if (!isFloatTensor(type) || !type.hasStaticShape() ||
      type.getNumElements() > maxElements)
    return emitOpError("expects an f32 result of at most 2^31 elements");
  return success();
}

LogicalResult StraightThroughOp::verify() {
  if (shapeOf(getValue()) != shapeOf(getResult()) ||
      shapeOf(getSurrogate()) != shapeOf(getResult()))
    return emitOpError("expects value, surrogate and result of one shape");
  return checkFloat(*this);
}
