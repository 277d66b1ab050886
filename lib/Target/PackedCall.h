// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A call with a number of arguments that is known at run time.

#ifndef QNN_LIB_TARGET_PACKEDCALL_H
#define QNN_LIB_TARGET_PACKEDCALL_H

#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include <optional>

namespace qnn {

/// What an array of 64-bit words has as arguments of a C function that returns
/// int: pointers, of which one may be an integer.
struct Signature {
  size_t numArguments = 0;
  std::optional<size_t> integer;
};

/// Calls a function with the words of an array as its arguments.
using PackedCall = int (*)(void *const *arguments);

/// Makes, with `jit`, the packed call of `entry`.
llvm::Expected<PackedCall> makePackedCall(llvm::orc::LLJIT &jit, void *entry,
                                          const Signature &signature);

} // namespace qnn

#endif // QNN_LIB_TARGET_PACKEDCALL_H
