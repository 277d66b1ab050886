// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finding the functions that callers see.

#ifndef QNN_LIB_CODEGEN_CPU_ENTRYFUNCTION_H
#define QNN_LIB_CODEGEN_CPU_ENTRYFUNCTION_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "qnn/Codegen/CPU/Passes.h"

namespace qnn {

/// The public functions with a body: one, or bodies for blocks of rows, those
/// of one row last. An error and nothing if it is neither.
template <typename FuncTy>
llvm::SmallVector<FuncTy> findEntries(mlir::ModuleOp module) {
  llvm::SmallVector<FuncTy> entries;
  for (auto function : module.getOps<FuncTy>()) {
    if (!function.isPublic() || function.isExternal())
      continue;
    if (!entries.empty() && !(function->hasAttr(kRowBlocksAttr) &&
                              entries.front()->hasAttr(kRowBlocksAttr))) {
      function.emitError("expects one public function, but @")
          << entries.front().getName() << " is another";
      return {};
    }
    entries.push_back(function);
  }
  if (entries.empty())
    mlir::emitError(module.getLoc(), "expects a public function");
  return entries;
}

/// How many rows the body takes; 0 unless the object takes any number.
inline int64_t getBlockRows(mlir::Operation *body) {
  auto rows = body->getAttrOfType<mlir::DenseI64ArrayAttr>(kRowBlocksAttr);
  return rows ? rows[0] : 0;
}

} // namespace qnn

#endif // QNN_LIB_CODEGEN_CPU_ENTRYFUNCTION_H
