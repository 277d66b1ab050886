// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names of models and values as names in C.

#ifndef QNN_CODEGEN_CPU_CIDENTIFIER_H
#define QNN_CODEGEN_CPU_CIDENTIFIER_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace qnn {

/// `name` with every character that C does not allow replaced by '_'. Gets a
/// '_' in front if it begins with a digit, and behind if it is a keyword of C
/// or C++ or begins with "qnn_", as names of the runtime do. The empty name is
/// "_".
std::string toCIdentifier(llvm::StringRef name);

} // namespace qnn

#endif // QNN_CODEGEN_CPU_CIDENTIFIER_H
