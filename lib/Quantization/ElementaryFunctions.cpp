// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The programs on numbers.

#include "qnn/Quantization/ElementaryFunctions.h"
#include "qnn/Quantization/ElementaryPrograms.h"

using namespace qnn;

float qnn::expReference(float x) { return programs::exp(x); }
float qnn::logReference(float x) { return programs::log(x); }
float qnn::tanhReference(float x) { return programs::tanh(x); }
float qnn::sigmoidReference(float x) { return programs::sigmoid(x); }

float qnn::uniformReference(uint32_t position,
                            const std::array<uint32_t, 3> &key) {
  return programs::uniform(position, key[0], key[1], key[2]);
}
