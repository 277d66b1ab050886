// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Elementary functions: in f32 those of qnn/Quantization, in f64 the library's.

#ifndef QNN_LIB_REFERENCE_KERNELS_FUNCTIONS_H
#define QNN_LIB_REFERENCE_KERNELS_FUNCTIONS_H

#include "qnn/Quantization/ElementaryFunctions.h"
#include "llvm/Support/ErrorHandling.h"
#include <cmath>

namespace qnn::reference {

inline float apply(ElementaryFunction function, float x) {
  return evaluate(function, x);
}

inline double apply(ElementaryFunction function, double x) {
  switch (function) {
  case ElementaryFunction::Abs:
    return std::fabs(x);
  case ElementaryFunction::Exp:
    return std::exp(x);
  case ElementaryFunction::Log:
    return std::log(x);
  case ElementaryFunction::Sigmoid:
    return 1.0 / (1.0 + std::exp(-x));
  case ElementaryFunction::Sign:
    return x > 0 ? 1.0 : x < 0 ? -1.0 : 0.0;
  case ElementaryFunction::Sqrt:
    return std::sqrt(x);
  case ElementaryFunction::Tanh:
    return std::tanh(x);
  }
  llvm_unreachable("unknown function");
}

} // namespace qnn::reference

#endif // QNN_LIB_REFERENCE_KERNELS_FUNCTIONS_H
