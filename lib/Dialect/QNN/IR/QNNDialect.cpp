// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registration of the dialect, and small queries on its values.

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/Matchers.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace qnn;

#include "qnn/Dialect/QNN/IR/QNNDialect.cpp.inc"

#include "qnn/Dialect/QNN/IR/QNNOpInterfaces.cpp.inc"

#include "qnn/Dialect/QNN/IR/Initializer.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "qnn/Dialect/QNN/IR/QNNAttrs.cpp.inc"

void QNNDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "qnn/Dialect/QNN/IR/QNNOps.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "qnn/Dialect/QNN/IR/QNNAttrs.cpp.inc"
      >();
  registerTypes();
}

/// Folded values become constants of arith; without this the driver would throw
/// away what a folder returns.
Operation *QNNDialect::materializeConstant(OpBuilder &builder, Attribute value,
                                           Type type, Location loc) {
  return arith::ConstantOp::materialize(builder, value, type, loc);
}

static Type elementType(Type tensorType) {
  auto shaped = dyn_cast<ShapedType>(tensorType);
  return shaped ? shaped.getElementType() : Type();
}

QuantizedElementType qnn::getQuantizedElementType(Type tensorType) {
  return dyn_cast_or_null<QuantizedElementType>(elementType(tensorType));
}

DenseFPElementsAttr qnn::getFloatConstant(Value value) {
  if (!isFloatTensor(value.getType()))
    return {};
  if (auto parameter = value.getDefiningOp<ParameterOp>())
    return dyn_cast<DenseFPElementsAttr>(parameter.getValue());
  DenseFPElementsAttr elements;
  if (!matchPattern(value, m_Constant(&elements)))
    return {};
  return elements;
}

bool qnn::isFloatTensor(Type tensorType) {
  Type type = elementType(tensorType);
  return type && type.isF32();
}

bool qnn::isIntegerTensor(Type tensorType) {
  return isa_and_nonnull<IntegerType>(elementType(tensorType));
}

static NameLoc getNameLoc(Location loc) {
  if (auto name = dyn_cast<NameLoc>(loc))
    return name;
  if (auto fused = dyn_cast<FusedLoc>(loc))
    for (Location part : llvm::reverse(fused.getLocations()))
      if (NameLoc name = getNameLoc(part))
        return name;
  return NameLoc();
}

StringRef qnn::getValueName(Value value) {
  NameLoc name = getNameLoc(value.getLoc());
  return name ? name.getName().getValue() : StringRef();
}

std::string qnn::getNodeName(Operation *op) {
  NameLoc name = getNameLoc(op->getLoc());
  if (!name)
    return op->getName().getStringRef().str();
  if (auto node = dyn_cast<NameLoc>(name.getChildLoc()))
    return node.getName().str();
  return name.getName().str();
}
