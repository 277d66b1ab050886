// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scalar bodies to vectors.

#include "VectorBody.h"
#include "TableLookup.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace qnn;

/// A conversion to index that only tables are read with.
static bool isTablePosition(Operation *op) {
  return isa<arith::IndexCastOp, arith::IndexCastUIOp>(op) &&
         llvm::all_of(op->getUsers(), isTableLookup);
}

bool qnn::canVectorizeBody(linalg::GenericOp op) {
  for (Type type : op.getBody()->getArgumentTypes())
    if (!type.isIntOrFloat())
      return false;
  return llvm::all_of(op.getBody()->without_terminator(), [](Operation &op) {
    return op.hasTrait<OpTrait::ConstantLike>() || isTableLookup(&op) ||
           isTablePosition(&op) ||
           (op.getNumResults() == 1 &&
            OpTrait::hasElementwiseMappableTraits(&op));
  });
}

namespace {

class VectorBodyEmitter {
public:
  VectorBodyEmitter(ImplicitLocOpBuilder &builder, const TargetRow &row,
                    int64_t width)
      : builder(builder), row(row), width(width) {}

  SmallVector<Value> emit(Block &body, ValueRange arguments,
                          ValueRange results) {
    for (auto [argument, value] : llvm::zip(body.getArguments(), arguments))
      mapping.map(argument, value);
    for (Operation &scalar : body.without_terminator())
      if (!scalar.hasTrait<OpTrait::ConstantLike>())
        mapping.map(scalar.getResult(0), emit(scalar));
    return llvm::map_to_vector(results,
                               [&](Value result) { return vectorOf(result); });
  }

private:
  Value emit(Operation &scalar) {
    if (auto load = dyn_cast<memref::LoadOp>(scalar))
      return emitTableLookup(builder, row, load,
                             vectorOf(load.getIndices()[0]));
    // The position stays an integer.
    if (isTablePosition(&scalar))
      return vectorOf(scalar.getOperand(0));
    for (Value operand : scalar.getOperands())
      vectorOf(operand);
    Operation *vector = builder.clone(scalar, mapping);
    Type type = scalar.getResult(0).getType();
    vector->getResult(0).setType(VectorType::get(width, type));
    return vector->getResult(0);
  }

  /// A value that is no vector is a constant, or the same in every lane.
  Value vectorOf(Value value) {
    if (Value mapped = mapping.lookupOrNull(value))
      return mapped;
    auto type = VectorType::get(width, value.getType());
    Attribute constant;
    Value vector;
    if (matchPattern(value, m_Constant(&constant)))
      vector = arith::ConstantOp::create(
          builder, DenseElementsAttr::get(type, constant));
    else
      vector = vector::BroadcastOp::create(builder, type, value);
    mapping.map(value, vector);
    return vector;
  }

  ImplicitLocOpBuilder &builder;
  const TargetRow &row;
  int64_t width;
  IRMapping mapping;
};

} // namespace

Value qnn::emitVectorBody(ImplicitLocOpBuilder &builder, const TargetRow &row,
                          linalg::GenericOp op, ValueRange arguments,
                          int64_t width, Value result) {
  if (!result)
    result = op.getBody()->getTerminator()->getOperand(0);
  return VectorBodyEmitter(builder, row, width)
      .emit(*op.getBody(), arguments, result)[0];
}

SmallVector<Value> qnn::emitVectorResults(ImplicitLocOpBuilder &builder,
                                          const TargetRow &row,
                                          linalg::GenericOp op,
                                          ValueRange arguments, int64_t width) {
  return VectorBodyEmitter(builder, row, width)
      .emit(*op.getBody(), arguments,
            op.getBody()->getTerminator()->getOperands());
}
