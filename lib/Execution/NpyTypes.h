// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Element kinds as types of .npy files.

#ifndef QNN_LIB_EXECUTION_NPYTYPES_H
#define QNN_LIB_EXECUTION_NPYTYPES_H

#include "qnn/Reference/Tensor.h"
#include "qnn/Support/Npy.h"

namespace qnn {

/// The file type whose elements have the bytes of this kind.
NpyType npyTypeOf(ElementKind kind);

} // namespace qnn

#endif // QNN_LIB_EXECUTION_NPYTYPES_H
