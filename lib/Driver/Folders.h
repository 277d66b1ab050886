// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Folders that files are to be written into. The empty one is the current one.

#ifndef QNN_LIB_DRIVER_FOLDERS_H
#define QNN_LIB_DRIVER_FOLDERS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace qnn {

/// Fails if the folder cannot be written to, or cannot be made. Leaves nothing.
llvm::Error checkFolder(llvm::StringRef folder);

/// Makes the folder and those that it is in, unless they exist.
llvm::Error makeFolder(llvm::StringRef folder);

} // namespace qnn

#endif // QNN_LIB_DRIVER_FOLDERS_H
