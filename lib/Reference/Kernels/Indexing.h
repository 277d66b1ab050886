// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Offsets into row-major tensors.

#ifndef QNN_LIB_REFERENCE_KERNELS_INDEXING_H
#define QNN_LIB_REFERENCE_KERNELS_INDEXING_H

#include "qnn/Dialect/QNN/IR/QNN.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>
#include <vector>

namespace qnn::reference {

using Offsets = std::vector<int64_t>;

/// How far apart neighbours along each axis are.
llvm::SmallVector<int64_t> rowMajorStrides(llvm::ArrayRef<int64_t> shape);

/// sum(index[i] * strides[i]) of all indices below `shape` in row-major order.
Offsets offsetsOf(llvm::ArrayRef<int64_t> shape,
                  llvm::ArrayRef<int64_t> strides);

/// For each element of a tensor of shape `to`, the offset of the element of a
/// tensor of shape `from` that numpy broadcasting puts there.
Offsets broadcastOffsets(llvm::ArrayRef<int64_t> from,
                         llvm::ArrayRef<int64_t> to);

/// The group of each element of a tensor of this type and shape.
Offsets groupsOf(QuantizedElementType type, llvm::ArrayRef<int64_t> shape);

} // namespace qnn::reference

#endif // QNN_LIB_REFERENCE_KERNELS_INDEXING_H
