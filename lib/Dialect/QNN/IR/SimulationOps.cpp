// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Verifiers, folders and gradients of the operations that simulate integer
// arithmetic.

#include "AdjointEmitter.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "qnn/Dialect/QNN/IR/Elements.h"
#include "qnn/Quantization/FakeQuantization.h"

using namespace mlir;
using namespace qnn;

//===----------------------------------------------------------------------===//
// Verifiers
//===----------------------------------------------------------------------===//

static bool isWide(QuantizedElementType type) {
  return type.getCodeType().getWidth() > 16;
}

/// Whether a type per axis or of blocks has parameters for every element.
static bool fitsShape(QuantizedElementType type, ArrayRef<int64_t> shape) {
  int64_t axis = type.getGroupAxis();
  if (axis >= 0)
    return axis < int64_t(shape.size()) &&
           shape[axis] == type.getNumGroups(shape);
  auto blocks = dyn_cast<quant::UniformQuantizedSubChannelType>(type);
  if (!blocks)
    return true;
  SmallVector<int64_t> sizes(shape);
  for (auto [blockAxis, size] : blocks.getBlockSizeInfo()) {
    if (blockAxis >= int64_t(shape.size()))
      return false;
    sizes[blockAxis] = size;
  }
  ArrayRef<int64_t> scales = blocks.getScales().getType().getShape();
  if (scales.size() != shape.size())
    return false;
  for (auto [extent, size, count] : llvm::zip(shape, sizes, scales))
    if (extent != size * count)
      return false;
  return true;
}

/// Rounding in f32 is exact near the zero point only.
static LogicalResult checkCodes(Operation *op, QuantizedElementType type,
                                ArrayRef<int64_t> shape,
                                RoundingMode rounding) {
  constexpr int64_t exact = int64_t(1) << 22;
  for (int64_t group = 0; group < type.getNumGroups(shape); ++group) {
    int64_t zeroPoint = type.getGroupZeroPoint(group);
    if (isWide(type) && (zeroPoint != 0 || rounding != RoundingMode::HalfEven))
      return op->emitOpError("expects zero point 0 and rounding(half_even) for "
                             "codes of more than 16 bits");
    if (!isWide(type) && (type.getCodeMin() - zeroPoint < -exact ||
                          type.getCodeMax() - zeroPoint > exact))
      return op->emitOpError("expects codes within 2^22 of the zero point");
  }
  return success();
}

/// Compiled code has scales as f32. Narrow types round theirs to that anyway;
/// wide ones compute in double, where the rest would count.
static LogicalResult checkWideScales(Operation *op, QuantizedElementType type,
                                     ArrayRef<int64_t> shape) {
  for (int64_t group = 0; group < type.getNumGroups(shape); ++group) {
    double scale = type.getGroupScale(group);
    if (isWide(type) && double(float(scale)) != scale)
      return op->emitOpError("expects scales that are f32 numbers for codes of "
                             "more than 16 bits, got ")
             << scale;
  }
  return success();
}

/// What both operations demand of type, codes, margin and scale.
template <typename OpTy>
static LogicalResult verifyFakeQuantization(OpTy op, bool asCodes) {
  for (Value value : op->getOperands())
    if (!isFloatTensor(value.getType()))
      return op.emitOpError("expects f32 operands and result");
  if (op.getInput().getType() != op.getType())
    return op.emitOpError("expects f32 input and result of one shape");
  auto type = dyn_cast<QuantizedElementType>(op.getQuantizedType());
  ArrayRef<int64_t> shape = shapeOf(op.getInput());
  if (!type || !fitsShape(type, shape))
    return op.emitOpError("expects a quantized element type that fits the "
                          "shape of the input, got ")
           << op.getQuantizedType();
  if (asCodes && !type.isUniform())
    return op.emitOpError("expects a uniform type for codes");
  float margin = op.getMargin().convertToFloat();
  if (!(margin >= 0 && margin <= (type.isUniform() ? 0.5f : 0.0f)))
    return op.emitOpError("expects a margin from 0 to 1/2, and 0 for nonlinear "
                          "types");
  if (type.isUniform() && failed(checkCodes(op, type, shape, op.getRounding())))
    return failure();
  if (!op.getScale())
    return type.isUniform() ? checkWideScales(op, type, shape) : success();
  if (!asCodes || type.getGroupAxis() == -2)
    return op.emitOpError("expects a scale with codes, and without blocks");
  auto broadcast = inferBroadcastShape(shape, shapeOf(op.getScale()));
  if (broadcast && ArrayRef<int64_t>(*broadcast) == shape)
    return success();
  llvm::consumeError(broadcast.takeError());
  return op.emitOpError("expects a scale that broadcasts to the input");
}

LogicalResult FakeQuantizeOp::verify() {
  if (getCodes() + getHigh() + getLow() > 1)
    return emitOpError("expects at most one of codes, high and low");
  bool isPart = getHigh() || getLow();
  if (failed(verifyFakeQuantization(*this, getCodes() || isPart)))
    return failure();
  if (isPart && !isWide(cast<QuantizedElementType>(getQuantizedType())))
    return emitOpError("expects codes of more than 16 bits for high and low");
  return success();
}

LogicalResult FakeQuantizeGradientOp::verify() {
  if (getCotangent().getType() != getType())
    return emitOpError("expects cotangent, input and result of one shape");
  if (getOfScale() && !getCodes())
    return emitOpError("expects codes with of_scale");
  return verifyFakeQuantization(*this, getCodes());
}

LogicalResult ExactSumOp::verify() {
  if (getTerms().size() < 2)
    return emitOpError("expects at least two operands");
  for (Value term : getTerms()) {
    if (!isFloatTensor(term.getType()))
      return emitOpError("expects f32 operands and result");
    auto shape = inferBroadcastShape(shapeOf(getResult()), shapeOf(term));
    if (shape && ArrayRef<int64_t>(*shape) == shapeOf(getResult()))
      continue;
    llvm::consumeError(shape.takeError());
    return emitOpError("expects operands that broadcast to the result");
  }
  if (getTerms().front().getType() != getType())
    return emitOpError("expects a result of the type of the first operand");
  return success();
}

LogicalResult RequantizeMultiplierOp::verify() {
  Shape shape;
  for (Value operand : getOperands()) {
    if (!isFloatTensor(operand.getType()))
      return emitOpError("expects f32 operands and result");
    auto broadcast = inferBroadcastShape(shape, shapeOf(operand));
    if (!broadcast)
      return emitOpError() << llvm::toString(broadcast.takeError());
    shape = *broadcast;
  }
  if (!isFloatTensor(getType()) || ArrayRef<int64_t>(shape) != shapeOf(*this))
    return emitOpError("expects an f32 result of shape [") << shape << "]";
  return success();
}

//===----------------------------------------------------------------------===//
// Folders
//===----------------------------------------------------------------------===//

OpFoldResult FakeQuantizeOp::fold(FoldAdaptor adaptor) {
  auto input = dyn_cast_or_null<DenseFPElementsAttr>(adaptor.getInput());
  auto tensor = cast<RankedTensorType>(getType());
  if (!input || getScale() || !tensor.hasStaticShape())
    return {};
  auto type = cast<QuantizedElementType>(getQuantizedType());
  CodePart part = getPart();
  std::vector<int64_t> groups = listGroups(type, tensor.getShape());
  SmallVector<float> result;
  for (auto [value, group] :
       llvm::zip_equal(input.getValues<float>(), groups)) {
    int64_t code = type.quantizeValue(value, group, getRounding());
    result.push_back(
        part == CodePart::Value
            ? float(type.dequantizeCode(code, group))
            : selectPart(code - type.getGroupZeroPoint(group), part));
  }
  return DenseElementsAttr::get(tensor, ArrayRef<float>(result));
}

CodePart FakeQuantizeOp::getPart() {
  if (getCodes())
    return CodePart::Code;
  if (getHigh())
    return CodePart::High;
  return getLow() ? CodePart::Low : CodePart::Value;
}

//===----------------------------------------------------------------------===//
// Gradients
//===----------------------------------------------------------------------===//

SmallVector<Value> FakeQuantizeOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                                Value cotangent,
                                                ArrayRef<bool> isActive) {
  SmallVector<Value> gradients(isActive.size());
  if (getLow())
    return gradients;
  auto emitGradient = [&](bool ofScale) -> Value {
    return FakeQuantizeGradientOp::create(
        builder, getType(), cotangent, getInput(), getScale(),
        getQuantizedType(), /*codes=*/getPart() != CodePart::Value,
        getRounding(), getMargin(), ofScale);
  };
  if (isActive[0])
    gradients[0] = emitGradient(/*ofScale=*/false);
  if (getScale() && isActive[1]) {
    Value elements = emitGradient(/*ofScale=*/true);
    gradients[1] = emitSumToShape(builder, elements, shapeOf(getScale()));
  }
  return gradients;
}

SmallVector<Value> ExactSumOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                            Value cotangent,
                                            ArrayRef<bool> isActive) {
  SmallVector<Value> gradients(isActive.size());
  for (auto [i, term] : llvm::enumerate(getTerms()))
    if (isActive[i])
      gradients[i] = emitSumToShape(builder, cotangent, shapeOf(term));
  return gradients;
}

/// Each scale s has the gradient m / s, or -m / s if it divides.
SmallVector<Value>
RequantizeMultiplierOp::buildAdjoint(ImplicitLocOpBuilder &builder,
                                     Value cotangent, ArrayRef<bool> isActive) {
  SmallVector<Value> gradients(isActive.size());
  Value product = emitProduct(builder, cotangent, getResult());
  for (auto [i, scale] : llvm::enumerate(getOperands())) {
    if (!isActive[i])
      continue;
    bool divides = i > bool(getWeights());
    Value factor = product;
    if (divides)
      factor = emitProduct(builder, product, emitSplat(builder, {}, -1.0f));
    Value quotient = DivOp::create(builder, getType(), factor, scale);
    gradients[i] = emitSumToShape(builder, quotient, shapeOf(scale));
  }
  return gradients;
}

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

template <typename OpTy>
static std::string getReasonNotRows(OpTy op, ArrayRef<bool> isBatched) {
  int64_t axis =
      cast<QuantizedElementType>(op.getQuantizedType()).getGroupAxis();
  if (axis == 0 || axis == -2)
    return "its type has parameters that differ along axis 0";
  return getReasonNotElementwise(op, isBatched);
}

std::string FakeQuantizeOp::getReasonNotBatchable(ArrayRef<bool> isBatched) {
  return getReasonNotRows(*this, isBatched);
}

std::string
FakeQuantizeGradientOp::getReasonNotBatchable(ArrayRef<bool> isBatched) {
  return getReasonNotRows(*this, isBatched);
}
