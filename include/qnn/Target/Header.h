// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The C header of a compiled model.

#ifndef QNN_TARGET_HEADER_H
#define QNN_TARGET_HEADER_H

#include "qnn/Target/Metadata.h"

namespace qnn {

/// A header for C99 and C++ with the prototype of `<model>_run`, the sizes,
/// shapes and types of its arguments, and how to call it.
std::string emitHeader(const ModelMetadata &metadata);

} // namespace qnn

#endif // QNN_TARGET_HEADER_H
