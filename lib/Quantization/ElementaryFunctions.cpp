// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The programs on numbers.

#include "qnn/Quantization/ElementaryFunctions.h"
#include "qnn/Quantization/ElementaryPrograms.h"
#include "llvm/Support/ErrorHandling.h"
#include <cmath>

using namespace qnn;

float qnn::expReference(float x) { return programs::exp(x); }
float qnn::logReference(float x) { return programs::log(x); }
float qnn::tanhReference(float x) { return programs::tanh(x); }
float qnn::sigmoidReference(float x) { return programs::sigmoid(x); }

float qnn::evaluate(ElementaryFunction function, float x) {
  switch (function) {
  case ElementaryFunction::Abs:
    return std::fabs(x);
  case ElementaryFunction::Exp:
    return expReference(x);
  case ElementaryFunction::Log:
    return logReference(x);
  case ElementaryFunction::Sigmoid:
    return sigmoidReference(x);
  case ElementaryFunction::Sign:
    return x > 0 ? 1.0f : x < 0 ? -1.0f : 0.0f;
  case ElementaryFunction::Sqrt:
    return std::sqrt(x);
  case ElementaryFunction::Tanh:
    return tanhReference(x);
  }
  llvm_unreachable("unknown function");
}

float qnn::uniformReference(uint32_t position,
                            const std::array<uint32_t, 3> &key) {
  return programs::uniform(position, key[0], key[1], key[2]);
}
