// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What counts as the result of the reference.

#ifndef QNN_LIB_BENCHMARK_MATCHESREFERENCE_H
#define QNN_LIB_BENCHMARK_MATCHESREFERENCE_H

#include "qnn/Reference/Tensor.h"

namespace qnn {

/// Whether a row of the target table gives the bytes of the reference. Without
/// fused multiply-adds, results of computations in floats are only close.
bool isExactOn(llvm::StringRef target, bool isFloat);

/// Whether the bytes are those of the reference or, if `isExact` is not set,
/// the floats close to it.
bool matchesReference(llvm::ArrayRef<char> bytes, const Tensor &reference,
                      bool isExact);

} // namespace qnn

#endif // QNN_LIB_BENCHMARK_MATCHESREFERENCE_H
