// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Gives values the element types that annotations ask for.

#include "QuantizedTypes.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/Matchers.h"
#include "qnn/Dialect/QNN/Transforms/Annotations.h"
#include "qnn/Dialect/QNN/Transforms/Passes.h"

#define DEBUG_TYPE "qnn-quantize"

namespace qnn {
#define GEN_PASS_DEF_QNNQUANTIZEPASS
#include "qnn/Dialect/QNN/Transforms/Passes.h.inc"
} // namespace qnn

using namespace mlir;
using namespace qnn;

static Type withElementType(Type tensorType, Type elementType) {
  return cast<RankedTensorType>(tensorType).clone(elementType);
}

namespace {
/// Rewrites one function. Every value is float in the source; `twins` holds the
/// quantized value that replaces it.
class Quantizer {
public:
  explicit Quantizer(func::FuncOp func) : func(func) {}

  LogicalResult run() {
    if (func.isExternal())
      return success();
    if (failed(checkStructure()))
      return failure();
    SmallVector<Operation *> replaced;
    for (Operation &op : llvm::make_early_inc_range(func.getBody().front())) {
      if (!op.hasAttr(annotation::kResultTypes)) {
        useFloats(op);
        continue;
      }
      if (failed(quantize(op)))
        return failure();
      replaced.push_back(&op);
    }
    for (Operation *op : llvm::reverse(replaced))
      op->erase();
    func.walk([](Operation *op) { op->removeAttr(annotation::kStaysFloat); });
    func->removeAttr(annotation::kRequantization);
    return success();
  }

private:
  /// Values are replaced in the order of one block; other structure would need
  /// conversions where control flow meets.
  LogicalResult checkStructure() {
    if (!func.getBody().hasOneBlock())
      return func.emitError("expects a function of one block to quantize");
    for (Operation &op : func.getBody().front())
      if (op.getNumRegions() != 0)
        return op.emitError("expects operations without regions to quantize");
    return success();
  }

  /// Whether a type per axis has a scale for each slice of the tensor.
  static bool fits(Type elementType, Type tensorType) {
    auto type = dyn_cast<quant::UniformQuantizedPerAxisType>(elementType);
    auto tensor = cast<RankedTensorType>(tensorType);
    if (!type)
      return true;
    int64_t axis = type.getQuantizedDimension();
    return axis < tensor.getRank() &&
           tensor.getDimSize(axis) == int64_t(type.getScales().size());
  }

  /// The element types that an annotation lists for values of `valueTypes`;
  /// null for a unit attribute.
  static FailureOr<SmallVector<Type>> getTypes(Operation &op, StringRef name,
                                               TypeRange valueTypes) {
    auto array = op.getAttrOfType<ArrayAttr>(name);
    if (!array || array.size() != valueTypes.size())
      return op.emitError() << "expects " << name << " of " << valueTypes.size()
                            << " elements";
    SmallVector<Type> types;
    for (auto [attribute, valueType] : llvm::zip(array, valueTypes)) {
      auto type = dyn_cast<TypeAttr>(attribute);
      if (type ? !isa<QuantizedElementType>(type.getValue())
               : !isa<UnitAttr>(attribute))
        return op.emitError()
               << "expects quantized element types or units in " << name;
      if (type && !fits(type.getValue(), valueType))
        return op.emitError() << "expects a scale for each slice of "
                              << valueType << " in " << name;
      types.push_back(type ? type.getValue() : Type());
    }
    return types;
  }

  LogicalResult quantize(Operation &op) {
    auto operandTypes =
        getTypes(op, annotation::kOperandTypes, op.getOperandTypes());
    auto resultTypes =
        getTypes(op, annotation::kResultTypes, op.getResultTypes());
    if (failed(operandTypes) || failed(resultTypes))
      return failure();
    OpBuilder builder(&op);
    OperationState state(op.getLoc(), op.getName());
    for (auto [operand, type] : llvm::zip(op.getOperands(), *operandTypes))
      state.operands.push_back(type ? getAs(builder, operand, type)
                                    : getFloat(builder, operand));
    for (auto [result, type] : llvm::zip(op.getResults(), *resultTypes))
      state.types.push_back(type ? withElementType(result.getType(), type)
                                 : result.getType());
    for (NamedAttribute attribute : op.getAttrs())
      if (attribute.getName() != annotation::kOperandTypes &&
          attribute.getName() != annotation::kResultTypes)
        state.attributes.append(attribute);
    Operation *quantized = builder.create(state);
    for (auto [result, twin] :
         llvm::zip(op.getResults(), quantized->getResults()))
      twins[result] = twin;
    return success();
  }

  /// The value with this quantized element type.
  Value getAs(OpBuilder &builder, Value value, Type elementType) {
    Value &cached = converted[{value, elementType}];
    if (cached)
      return cached;
    Type type = withElementType(value.getType(), elementType);
    Value twin = twins.lookup(value);
    DenseFPElementsAttr constant;
    if (twin && twin.getType() == type)
      cached = twin;
    else if (twin && getQuantizedElementType(twin.getType()))
      cached =
          RequantizeOp::create(builder, value.getLoc(), type, twin,
                               RoundingMode::HalfEven, getRequantization());
    else if (matchPattern(value, m_Constant(&constant)))
      cached = ConstantOp::create(
          builder, value.getLoc(), type,
          quantizeConstant(constant, cast<QuantizedElementType>(elementType)));
    else
      cached = QuantizeOp::create(builder, value.getLoc(), type,
                                  twin ? twin : value);
    return cached;
  }

  /// The arithmetic of inserted requantizations.
  RequantizationMode getRequantization() {
    auto mode = func->getAttrOfType<RequantizationModeAttr>(
        annotation::kRequantization);
    return mode ? mode.getValue() : RequantizationMode::Float;
  }

  /// The value as a float.
  Value getFloat(OpBuilder &builder, Value value) {
    Value twin = twins.lookup(value);
    if (!twin)
      return value;
    if (!getQuantizedElementType(twin.getType()))
      return twin;
    Value &cached = converted[{value, Type()}];
    if (!cached)
      cached =
          DequantizeOp::create(builder, value.getLoc(), value.getType(), twin);
    return cached;
  }

  void useFloats(Operation &op) {
    OpBuilder builder(&op);
    for (OpOperand &operand : op.getOpOperands())
      operand.set(getFloat(builder, operand.get()));
  }

  func::FuncOp func;
  DenseMap<Value, Value> twins;
  DenseMap<std::pair<Value, Type>, Value> converted;
};

struct QuantizePass : qnn::impl::QNNQuantizePassBase<QuantizePass> {
  using Base::Base;

  void runOnOperation() override {
    if (failed(Quantizer(getOperation()).run()))
      signalPassFailure();
  }
};
} // namespace
