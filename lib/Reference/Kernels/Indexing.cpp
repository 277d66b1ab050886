// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Offsets into row-major tensors.

#include "Indexing.h"

using namespace qnn::reference;
using llvm::ArrayRef;
using llvm::SmallVector;

SmallVector<int64_t> qnn::reference::rowMajorStrides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (size_t i = shape.size(); i > 1; --i)
    strides[i - 2] = strides[i - 1] * shape[i - 1];
  return strides;
}

Offsets qnn::reference::offsetsOf(ArrayRef<int64_t> shape,
                                  ArrayRef<int64_t> strides) {
  // Axis by axis: each offset so far becomes one for each index of the axis.
  Offsets offsets = {0};
  for (size_t axis = 0; axis < shape.size(); ++axis) {
    Offsets next;
    next.reserve(offsets.size() * shape[axis]);
    for (int64_t offset : offsets)
      for (int64_t i = 0; i < shape[axis]; ++i)
        next.push_back(offset + i * strides[axis]);
    offsets.swap(next);
  }
  return offsets;
}

Offsets qnn::reference::broadcastOffsets(ArrayRef<int64_t> from,
                                         ArrayRef<int64_t> to) {
  SmallVector<int64_t> strides(to.size(), 0);
  SmallVector<int64_t> fromStrides = rowMajorStrides(from);
  size_t missing = to.size() - from.size();
  for (size_t axis = 0; axis < from.size(); ++axis)
    if (from[axis] != 1)
      strides[missing + axis] = fromStrides[axis];
  return offsetsOf(to, strides);
}
