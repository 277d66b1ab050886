// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Names that no two things have.

#ifndef QNN_LIB_DIALECT_QNN_TRANSFORMS_UNIQUENAMES_H
#define QNN_LIB_DIALECT_QNN_TRANSFORMS_UNIQUENAMES_H

#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/Twine.h"
#include <string>

namespace qnn {

class UniqueNames {
public:
  /// Keeps a name, which others may have too, from being taken.
  void reserve(llvm::StringRef name) { taken.insert(name); }

  /// The name, or the first of name_1, name_2, ... that is free.
  std::string take(llvm::StringRef name) {
    std::string candidate = name.str();
    for (unsigned i = 1; !taken.insert(candidate).second; ++i)
      candidate = (name + "_" + llvm::Twine(i)).str();
    return candidate;
  }

private:
  llvm::StringSet<> taken;
};

} // namespace qnn

#endif // QNN_LIB_DIALECT_QNN_TRANSFORMS_UNIQUENAMES_H
