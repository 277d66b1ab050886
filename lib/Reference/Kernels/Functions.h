// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Elementary functions: in f32 those of qnn/Quantization, in f64 the library's.

#ifndef QNN_LIB_REFERENCE_KERNELS_FUNCTIONS_H
#define QNN_LIB_REFERENCE_KERNELS_FUNCTIONS_H

#include "qnn/Quantization/ElementaryFunctions.h"
#include "qnn/Quantization/Exp.h"
#include <cmath>

namespace qnn::reference {

inline float exponential(float x) { return expReference(x); }
inline double exponential(double x) { return std::exp(x); }
inline float logarithm(float x) { return logReference(x); }
inline double logarithm(double x) { return std::log(x); }
inline float sigmoid(float x) { return sigmoidReference(x); }
inline double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }
inline float hyperbolicTangent(float x) { return tanhReference(x); }
inline double hyperbolicTangent(double x) { return std::tanh(x); }

} // namespace qnn::reference

#endif // QNN_LIB_REFERENCE_KERNELS_FUNCTIONS_H
