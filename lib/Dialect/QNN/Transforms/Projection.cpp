// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rounding of new parameters onto the grid of their codes.

#include "Projection.h"
#include "../IR/AdjointEmitter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "qnn/Dialect/QNN/IR/Elements.h"

using namespace mlir;
using namespace qnn;

/// Codes of more bits, as biases have them, are as close as floats are.
static constexpr unsigned kMaxGridBits = 16;

static QuantizedElementType getType(FakeQuantizeOp grid) {
  return cast<QuantizedElementType>(grid.getQuantizedType());
}

FakeQuantizeOp qnn::findGrid(Value parameter) {
  for (Operation *user : parameter.getUsers())
    if (auto op = dyn_cast<FakeQuantizeOp>(user))
      if (op.getInput() == parameter &&
          getType(op).getCodeType().getWidth() <= kMaxGridBits)
        return op;
  return {};
}

std::string qnn::getReasonNotProjected(FakeQuantizeOp grid, bool isStochastic) {
  if (grid.getScale())
    return "its scale is learned, too, so that the grid moves";
  if (isStochastic && !getType(grid).isUniform())
    return "stochastic rounding needs steps of one size, and its type is not "
           "uniform";
  return "";
}

Value qnn::emitNearest(ImplicitLocOpBuilder &builder, FakeQuantizeOp grid,
                       Value value) {
  return FakeQuantizeOp::create(builder, value.getType(), value,
                                /*scale=*/Value(), grid.getQuantizedType(),
                                /*codes=*/false, grid.getRounding(),
                                APFloat(0.0f));
}

/// The scale of each element, as a constant that broadcasts to the shape.
static Value emitScales(ImplicitLocOpBuilder &builder,
                        QuantizedElementType type, ArrayRef<int64_t> shape) {
  Shape extents(shape.size(), 1);
  if (type.getGroupAxis() >= 0)
    extents[type.getGroupAxis()] = shape[type.getGroupAxis()];
  else if (type.getGroupAxis() == -2)
    extents.assign(shape.begin(), shape.end());
  auto tensor = RankedTensorType::get(extents, builder.getF32Type());
  SmallVector<float> scales;
  for (int64_t group : listGroups(type, extents))
    scales.push_back(float(type.getGroupScale(group)));
  return arith::ConstantOp::create(
      builder, DenseElementsAttr::get(tensor, ArrayRef<float>(scales)));
}

/// Nearest to the value moved by less than half a step to either side.
Value qnn::emitStochastic(ImplicitLocOpBuilder &builder, FakeQuantizeOp grid,
                          Value value, Value random) {
  FloatExpressions emit(builder);
  Value scales = emitScales(builder, getType(grid), shapeOf(value));
  Value steps = emit.sub(random, emit.number(0.5));
  Value moved = emit.add(value, emit.mul(steps, scales));
  return emitNearest(builder, grid, moved);
}
