// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a step function changes: parameters, scales and the optimizer's state.

#ifndef QNN_TRAINING_TRAININGSTATE_H
#define QNN_TRAINING_TRAININGSTATE_H

#include "qnn/Reference/Tensor.h"
#include "llvm/ADT/StringRef.h"
#include <map>
#include <string>

namespace qnn {

/// Tensors by name; ordered, so that files of it have one form.
using TensorMap = std::map<std::string, Tensor, std::less<>>;

/// The name of the first tensor with a NaN or infinite value; empty if there is
/// none.
llvm::StringRef findNonFinite(const TensorMap &tensors);

/// Whether all values of a float tensor are finite; integers always are.
bool isFinite(const Tensor &tensor);

} // namespace qnn

#endif // QNN_TRAINING_TRAININGSTATE_H
