// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Formulas on f32 tensors, written as formulas: shapes follow from the
// operands, and numbers are constants of rank 0.

#ifndef QNN_LIB_DIALECT_QNN_TRANSFORMS_FLOATEXPRESSIONS_H
#define QNN_LIB_DIALECT_QNN_TRANSFORMS_FLOATEXPRESSIONS_H

#include "qnn/Dialect/QNN/IR/QNN.h"

namespace qnn {

class FloatExpressions {
public:
  explicit FloatExpressions(mlir::ImplicitLocOpBuilder &builder)
      : builder(builder) {}

  mlir::Value number(double value);
  mlir::Value add(mlir::Value lhs, mlir::Value rhs);
  mlir::Value sub(mlir::Value lhs, mlir::Value rhs);
  mlir::Value mul(mlir::Value lhs, mlir::Value rhs);
  /// The product with a number; the value itself for 1.
  mlir::Value scale(mlir::Value value, double factor);
  mlir::Value div(mlir::Value lhs, mlir::Value rhs);
  mlir::Value maximum(mlir::Value lhs, mlir::Value rhs);
  mlir::Value square(mlir::Value value) { return mul(value, value); }
  mlir::Value sqrt(mlir::Value value);
  mlir::Value exp(mlir::Value value);
  mlir::Value abs(mlir::Value value);
  mlir::Value sign(mlir::Value value);
  /// Along the last axis.
  mlir::Value logSoftmax(mlir::Value value);
  mlir::Value oneHot(mlir::Value labels, int64_t depth);
  mlir::Value clamp(mlir::Value value, std::optional<double> min,
                    std::optional<double> max);

  /// The sum of all elements, as a tensor of rank 0: along the last axis last,
  /// so that the long part of it is one of whole rows.
  mlir::Value sumAll(mlir::Value value);
  /// Their mean.
  mlir::Value meanAll(mlir::Value value);

private:
  mlir::RankedTensorType getBroadcastType(mlir::Value lhs, mlir::Value rhs);

  mlir::ImplicitLocOpBuilder &builder;
};

} // namespace qnn

#endif // QNN_LIB_DIALECT_QNN_TRANSFORMS_FLOATEXPRESSIONS_H
