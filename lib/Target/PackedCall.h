// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A call with a number of arguments that is known at run time.

#ifndef QNN_LIB_TARGET_PACKEDCALL_H
#define QNN_LIB_TARGET_PACKEDCALL_H

#include "llvm/ExecutionEngine/Orc/LLJIT.h"

namespace qnn {

/// Calls a function with the pointers of an array as its arguments.
using PackedCall = int (*)(void *const *pointers);

/// Makes, with `jit`, the packed call of `entry`, a C function of `numPointers`
/// pointers that returns int.
llvm::Expected<PackedCall> makePackedCall(llvm::orc::LLJIT &jit, void *entry,
                                          size_t numPointers);

} // namespace qnn

#endif // QNN_LIB_TARGET_PACKEDCALL_H
