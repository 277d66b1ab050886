// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The reader that a model's file name asks for.

#include "qnn/Import/Model.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;

OwningOpRef<ModuleOp> qnn::importModel(StringRef path, MLIRContext &context,
                                       const ImportOptions &options) {
  if (!path.ends_with(".mlir"))
    return importONNX(path, context, options);
  auto module = parseSourceFile<ModuleOp>(path, &context);
  if (module && !options.name.empty())
    for (auto func : module->getOps<func::FuncOp>())
      if (func.isPublic())
        func.setSymName(options.name);
  return module;
}
