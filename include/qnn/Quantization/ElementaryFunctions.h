// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Single-precision functions and random numbers that every machine computes
// alike. The steps are in ElementaryPrograms.h; the exponential is in Exp.h.

#ifndef QNN_QUANTIZATION_ELEMENTARYFUNCTIONS_H
#define QNN_QUANTIZATION_ELEMENTARYFUNCTIONS_H

#include <array>
#include <cstdint>

namespace qnn {

/// Functions of one number, each of which has an operation.
enum class ElementaryFunction { Abs, Exp, Log, Sigmoid, Sign, Sqrt, Tanh };

/// The function as interpreter and generated code compute it.
float evaluate(ElementaryFunction function, float x);

/// log(x) within 1 unit in the last place for normal x > 0. Anything smaller
/// down to 0, also a denormal number, gives -inf, negative x NaN, +inf itself.
float logReference(float x);

/// tanh(x) within 2 units in the last place; NaN gives NaN.
float tanhReference(float x);

/// 1 / (1 + exp(-x)) within 3 units in the last place; 0 where that would be a
/// denormal number, NaN for NaN.
float sigmoidReference(float x);

/// A number of [0, 1), a multiple of 2^-24, that depends on the position and
/// the key only: pcg4d of M. Jarzynski and M. Olano, "Hash Functions for GPU
/// Rendering", Journal of Computer Graphics Techniques 9(3), 2020.
float uniformReference(uint32_t position, const std::array<uint32_t, 3> &key);

} // namespace qnn

#endif // QNN_QUANTIZATION_ELEMENTARYFUNCTIONS_H
