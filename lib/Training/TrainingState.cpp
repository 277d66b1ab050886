// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finite values.

#include "qnn/Training/TrainingState.h"
#include "llvm/ADT/STLExtras.h"
#include <cmath>

using namespace qnn;

bool qnn::isFinite(const Tensor &tensor) {
  if (tensor.getKind() != ElementKind::F32)
    return true;
  return llvm::all_of(tensor.data<float>(),
                      [](float value) { return std::isfinite(value); });
}

llvm::StringRef qnn::findNonFinite(const TensorMap &tensors) {
  for (const auto &[name, tensor] : tensors)
    if (!isFinite(tensor))
      return name;
  return "";
}
