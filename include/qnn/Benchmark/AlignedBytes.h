// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Memory at the beginning of a cache line, as peers get it, too.

#ifndef QNN_BENCHMARK_ALIGNEDBYTES_H
#define QNN_BENCHMARK_ALIGNEDBYTES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Alignment.h"
#include <memory>

namespace qnn {

class AlignedBytes {
public:
  explicit AlignedBytes(size_t size)
      : memory(new char[size + kAlignment]), size(size) {}

  llvm::MutableArrayRef<char> get() const {
    auto address = llvm::alignAddr(memory.get(), llvm::Align(kAlignment));
    return {reinterpret_cast<char *>(address), size};
  }

private:
  static constexpr size_t kAlignment = 64;

  std::unique_ptr<char[]> memory;
  size_t size;
};

} // namespace qnn

#endif // QNN_BENCHMARK_ALIGNEDBYTES_H
