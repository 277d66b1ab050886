// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reshapes, and the two ways between channels first and channels last.

#include "Layout.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"
#include "qnn/Dialect/QNN/IR/QNN.h"

using namespace mlir;
using namespace qnn;
using namespace qnn::importer;

static Value reshapeDirectly(OpBuilder &builder, Location loc, Value value,
                             RankedTensorType type,
                             ArrayRef<ReassociationIndices> groups) {
  if (shapeOf(value).size() > type.getShape().size())
    return tensor::CollapseShapeOp::create(builder, loc, type, value, groups);
  return tensor::ExpandShapeOp::create(builder, loc, type, value, groups);
}

Value importer::reshape(OpBuilder &builder, Location loc, Value value,
                        ArrayRef<int64_t> shape) {
  auto from = cast<RankedTensorType>(value.getType());
  auto to = RankedTensorType::get(shape, from.getElementType());
  if (from == to)
    return value;
  if (from.getRank() == 0 || to.getRank() == 0)
    return reshapeDirectly(builder, loc, value, to, {});
  if (from.getRank() != to.getRank())
    if (auto groups = getReassociationIndicesForReshape(from, to))
      return reshapeDirectly(builder, loc, value, to, *groups);
  value = reshape(builder, loc, value, from.getNumElements());
  return reshape(builder, loc, value, shape);
}

Value importer::transpose(OpBuilder &builder, Location loc, Value value,
                          ArrayRef<int64_t> permutation) {
  SmallVector<int64_t> shape;
  for (int64_t axis : permutation)
    shape.push_back(shapeOf(value)[axis]);
  auto type = cast<RankedTensorType>(value.getType()).clone(shape);
  return TransposeOp::create(builder, loc, type, value, permutation);
}

Value importer::slice(OpBuilder &builder, Location loc, Value value,
                      ArrayRef<int64_t> offsets, ArrayRef<int64_t> shape,
                      ArrayRef<int64_t> strides) {
  auto type = cast<RankedTensorType>(value.getType()).clone(shape);
  if (type == value.getType())
    return value;
  return tensor::ExtractSliceOp::create(builder, loc, type, value, ValueRange(),
                                        ValueRange(), ValueRange(), offsets,
                                        shape, strides);
}

Value importer::toChannelsLast(NodeContext &node, Value value) {
  Location loc = node.getLocOf(value);
  if (shapeOf(value).size() == 3) {
    Shape shape(shapeOf(value));
    shape.insert(shape.begin() + 2, 1);
    value = reshape(node.getBuilder(), loc, value, shape);
  }
  return transpose(node.getBuilder(), loc, value, {0, 2, 3, 1});
}

Value importer::toChannelsFirst(NodeContext &node, Value value, size_t rank) {
  value = transpose(node.getBuilder(), node.getLoc(), value, {0, 3, 1, 2});
  if (rank == 4)
    return value;
  Shape shape(shapeOf(value));
  shape.erase(shape.begin() + 2);
  return reshape(node.getBuilder(), node.getLoc(), value, shape);
}
