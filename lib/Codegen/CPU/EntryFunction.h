// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finding the one function that callers see.

#ifndef QNN_LIB_CODEGEN_CPU_ENTRYFUNCTION_H
#define QNN_LIB_CODEGEN_CPU_ENTRYFUNCTION_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace qnn {

/// The public function with a body; an error if there is none, or more than
/// one.
template <typename FuncTy>
FuncTy findEntry(mlir::ModuleOp module) {
  FuncTy entry;
  for (auto function : module.getOps<FuncTy>()) {
    if (!function.isPublic() || function.isExternal())
      continue;
    if (entry) {
      function.emitError("expects one public function, but @")
          << entry.getName() << " is another";
      return {};
    }
    entry = function;
  }
  if (!entry)
    mlir::emitError(module.getLoc(), "expects a public function");
  return entry;
}

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_ENTRYFUNCTION_H
