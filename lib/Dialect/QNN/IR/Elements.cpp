// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Walks over the elements of constant tensors.

#include "qnn/Dialect/QNN/IR/Elements.h"

using namespace mlir;
using namespace qnn;

/// Calls `visit` with each index below `shape`.
static void forEachIndex(ArrayRef<int64_t> shape,
                         llvm::function_ref<void(ArrayRef<int64_t>)> visit) {
  SmallVector<int64_t> index(shape.size(), 0);
  for (int64_t i = 0, e = ShapedType::getNumElements(shape); i < e; ++i) {
    visit(index);
    for (size_t axis = shape.size(); axis-- > 0;) {
      if (++index[axis] < shape[axis])
        break;
      index[axis] = 0;
    }
  }
}

std::vector<int64_t> qnn::listGroups(QuantizedElementType type,
                                     ArrayRef<int64_t> shape) {
  std::vector<int64_t> groups;
  groups.reserve(ShapedType::getNumElements(shape));
  forEachIndex(shape, [&](ArrayRef<int64_t> index) {
    groups.push_back(type.getGroup(shape, index));
  });
  return groups;
}

DenseElementsAttr qnn::permuteElements(DenseElementsAttr elements,
                                       ArrayRef<int64_t> permutation) {
  auto from = cast<RankedTensorType>(elements.getType());
  SmallVector<int64_t> shape, strides(permutation.size());
  int64_t stride = 1;
  for (int64_t axis = from.getRank() - 1; axis >= 0; --axis) {
    strides[llvm::find(permutation, axis) - permutation.begin()] = stride;
    stride *= from.getDimSize(axis);
  }
  for (int64_t axis : permutation)
    shape.push_back(from.getDimSize(axis));
  auto type = RankedTensorType::get(shape, from.getElementType());
  if (elements.isSplat())
    return elements.reshape(type);
  size_t width = type.getElementTypeBitWidth() / 8;
  ArrayRef<char> source = elements.getRawData();
  SmallVector<char> target;
  target.reserve(source.size());
  forEachIndex(shape, [&](ArrayRef<int64_t> index) {
    int64_t offset = 0;
    for (auto [position, stride] : llvm::zip_equal(index, strides))
      offset += position * stride;
    ArrayRef<char> element = source.slice(offset * width, width);
    target.append(element.begin(), element.end());
  });
  return DenseElementsAttr::getFromRawBuffer(type, target);
}
