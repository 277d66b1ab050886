// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Compiles a function and runs it against the reference interpreter on random
// inputs, byte for byte.

#ifndef QNN_TEST_UNIT_CODEGEN_COMPAREMODELS_H
#define QNN_TEST_UNIT_CODEGEN_COMPAREMODELS_H

#include "qnn/Reference/Tensor.h"
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace qnn {

/// Random choices with a seed of their own, so that every test is alone.
class Choices {
public:
  explicit Choices(unsigned seed) : engine(seed) {}

  int64_t between(int64_t low, int64_t high) {
    return low + int64_t(engine() % uint64_t(high - low + 1));
  }
  template <typename T>
  T oneOf(std::initializer_list<T> values) {
    return values.begin()[engine() % values.size()];
  }

private:
  std::mt19937_64 engine;
};

/// "2x3x" for {2, 3}: the front of a tensor type.
std::string dims(const std::vector<int64_t> &shape);

/// `dense<"0x...">` of random bytes for elements of `width` bits.
std::string randomCodes(Choices &choices, const std::vector<int64_t> &shape,
                        unsigned width);

/// `dense<"0x...">` of floats in [-2, 2]. For a CPU without a fused
/// multiply-add, which rounds products where the reference does not, multiples
/// of 1/4: their products with inputs are exact, and so are sums of hundreds.
std::string randomFloats(Choices &choices, const std::vector<int64_t> &shape,
                         const std::string &cpu = "");

/// Parses `body`, a function @model, and expects compiled code to give the
/// bytes of the interpreter. Float inputs are multiples of 1/4. `cpu` is the
/// CPU to compile for; by default this one.
void expectSameBytes(const std::string &function, unsigned seed = 1,
                     const std::string &cpu = "");

/// CPUs for which code is compiled with different steps and which this machine
/// can run; behind a slash, another row of the target table than the CPU's.
/// With QNN_QUICK in the environment only this machine's and the portable row.
std::vector<std::string> runnableCPUs();

/// The same on these inputs.
void expectSameBytesOn(const std::string &function,
                       llvm::ArrayRef<Tensor> inputs);

} // namespace qnn

#endif // QNN_TEST_UNIT_CODEGEN_COMPAREMODELS_H
