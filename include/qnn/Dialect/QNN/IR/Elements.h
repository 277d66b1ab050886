// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Elements of constant tensors one after the other, in row-major order.

#ifndef QNN_DIALECT_QNN_IR_ELEMENTS_H
#define QNN_DIALECT_QNN_IR_ELEMENTS_H

#include "qnn/Dialect/QNN/IR/QNN.h"
#include <vector>

namespace qnn {

/// The group of each element of a tensor of this type and shape.
std::vector<int64_t> listGroups(QuantizedElementType type,
                                llvm::ArrayRef<int64_t> shape);

/// The elements in the order of the permuted shape: axis i of the result is
/// axis `permutation[i]` of `elements`, whose element type has whole bytes.
mlir::DenseElementsAttr permuteElements(mlir::DenseElementsAttr elements,
                                        llvm::ArrayRef<int64_t> permutation);

} // namespace qnn

#endif // QNN_DIALECT_QNN_IR_ELEMENTS_H
