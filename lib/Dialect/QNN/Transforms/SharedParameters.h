// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which values have the same scale and zero point.

#ifndef QNN_LIB_DIALECT_QNN_TRANSFORMS_SHAREDPARAMETERS_H
#define QNN_LIB_DIALECT_QNN_TRANSFORMS_SHAREDPARAMETERS_H

#include "qnn/Dialect/QNN/IR/QNN.h"
#include "llvm/ADT/EquivalenceClasses.h"

namespace qnn {

/// Values in groups that share their parameters, because operations between
/// them move codes as they are.
class SharedParameters {
public:
  /// Joins the activations and the result of an operation that needs it.
  void visit(QuantizableOpInterface op);

  /// Joins the groups of two values.
  void join(mlir::Value value, mlir::Value other);

  /// All that share the parameters of `value`, which is among them.
  llvm::SmallVector<mlir::Value> getMembers(mlir::Value value) const;

  /// One of them, the same for each.
  mlir::Value getLeader(mlir::Value value) const;

private:
  llvm::EquivalenceClasses<mlir::Value> groups;
};

} // namespace qnn

#endif // QNN_LIB_DIALECT_QNN_TRANSFORMS_SHAREDPARAMETERS_H
