// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parameters of a module by name: read, replaced, listed.

#ifndef QNN_DIALECT_QNN_TRANSFORMS_PARAMETERS_H
#define QNN_DIALECT_QNN_TRANSFORMS_PARAMETERS_H

#include "mlir/IR/BuiltinOps.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "llvm/Support/Error.h"

namespace qnn {

/// All parameters in the order of the program.
llvm::SmallVector<ParameterOp> getParameters(mlir::ModuleOp module);

/// The values of the parameter of this name; an error if there is none, or if
/// it has an initializer only.
llvm::Expected<mlir::DenseFPElementsAttr> readParameter(mlir::ModuleOp module,
                                                        llvm::StringRef name);

/// Gives the parameter of this name other values, as many as it has elements.
llvm::Error replaceParameter(mlir::ModuleOp module, llvm::StringRef name,
                             llvm::ArrayRef<float> values);

} // namespace qnn

#endif // QNN_DIALECT_QNN_TRANSFORMS_PARAMETERS_H
