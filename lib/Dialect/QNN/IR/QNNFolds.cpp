// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Folders.

#include "qnn/Dialect/QNN/IR/Elements.h"
#include "llvm/ADT/SmallVectorExtras.h"
#include <cmath>

using namespace mlir;
using namespace qnn;

static bool isIdentity(ArrayRef<int64_t> permutation) {
  for (auto [axis, source] : llvm::enumerate(permutation))
    if (source != static_cast<int64_t>(axis))
      return false;
  return true;
}

/// The identity, a transpose of a transpose that undoes it, and constants.
OpFoldResult TransposeOp::fold(FoldAdaptor adaptor) {
  if (isIdentity(getPermutation()))
    return getInput();
  if (auto inner = getInput().getDefiningOp<TransposeOp>()) {
    auto composed = llvm::map_to_vector(getPermutation(), [&](int64_t axis) {
      return inner.getPermutation()[axis];
    });
    if (isIdentity(composed))
      return inner.getInput();
  }
  auto constant = dyn_cast_or_null<DenseElementsAttr>(adaptor.getInput());
  if (!constant)
    return {};
  Type elementType = constant.getElementType();
  if (!elementType.isIntOrFloat() || elementType.getIntOrFloatBitWidth() % 8)
    return {};
  return permuteElements(constant, getPermutation());
}

/// The elements of a constant in the order of a shape that it broadcasts to.
static SmallVector<float> broadcastElements(DenseFPElementsAttr constant,
                                            ArrayRef<int64_t> shape) {
  ArrayRef<int64_t> inner = cast<ShapedType>(constant.getType()).getShape();
  SmallVector<float> elements(constant.getValues<float>());
  // From the last axis on, so that what is repeated is already complete.
  for (int64_t repeated = 1, axis = shape.size() - 1; axis >= 0; --axis) {
    int64_t own = axis - int64_t(shape.size() - inner.size());
    if ((own < 0 || inner[own] == 1) && shape[axis] != 1) {
      SmallVector<float> result;
      for (ArrayRef<float> rest = elements; !rest.empty();
           rest = rest.drop_front(repeated))
        for (int64_t i = 0; i < shape[axis]; ++i)
          llvm::append_range(result, rest.take_front(repeated));
      elements = std::move(result);
    }
    repeated *= shape[axis];
  }
  return elements;
}

/// Folds f32 arithmetic on two constants, as the reference interpreter does it,
/// unless it would make a larger constant or one that is not finite.
template <typename OpTy>
static OpFoldResult foldConstants(OpTy op, Attribute left, Attribute right,
                                  float (*compute)(float, float)) {
  auto lhs = dyn_cast_or_null<DenseFPElementsAttr>(left);
  auto rhs = dyn_cast_or_null<DenseFPElementsAttr>(right);
  auto type = cast<RankedTensorType>(op.getType());
  if (!lhs || !rhs || !lhs.getElementType().isF32() ||
      !rhs.getElementType().isF32() || !type.getElementType().isF32() ||
      !type.hasStaticShape() || op.getClampMinAttr() || op.getClampMaxAttr() ||
      type.getNumElements() >
          std::max(lhs.getNumElements(), rhs.getNumElements()))
    return {};
  SmallVector<float> result = broadcastElements(lhs, type.getShape());
  for (auto [x, y] :
       llvm::zip_equal(result, broadcastElements(rhs, type.getShape())))
    x = compute(x, y);
  if (!llvm::all_of(result, [](float x) { return std::isfinite(x); }))
    return {};
  return DenseElementsAttr::get(type, ArrayRef<float>(result));
}

OpFoldResult AddOp::fold(FoldAdaptor adaptor) {
  return foldConstants(*this, adaptor.getLhs(), adaptor.getRhs(),
                       [](float x, float y) { return x + y; });
}

OpFoldResult SubOp::fold(FoldAdaptor adaptor) {
  return foldConstants(*this, adaptor.getLhs(), adaptor.getRhs(),
                       [](float x, float y) { return x - y; });
}

OpFoldResult MulOp::fold(FoldAdaptor adaptor) {
  return foldConstants(*this, adaptor.getLhs(), adaptor.getRhs(),
                       [](float x, float y) { return x * y; });
}
