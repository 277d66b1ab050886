// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parameters that themselves are what their codes stand for.

#ifndef QNN_LIB_DIALECT_QNN_TRANSFORMS_PROJECTION_H
#define QNN_LIB_DIALECT_QNN_TRANSFORMS_PROJECTION_H

#include "FloatExpressions.h"
#include <functional>

namespace qnn {

/// The operation that quantizes a parameter for its layer to 16 bits at most;
/// null if none does.
FakeQuantizeOp findGrid(mlir::Value parameter);

/// Why values cannot be projected onto the grid; empty if they can.
std::string getReasonNotProjected(FakeQuantizeOp grid, bool isStochastic);

/// The value on the grid that is nearest.
mlir::Value emitNearest(mlir::ImplicitLocOpBuilder &builder,
                        FakeQuantizeOp grid, mlir::Value value);

/// One of the two values on the grid around each element, such that its mean is
/// the element, if that is in the range of codes. `random` is from [0, 1).
/// Gupta et al., Deep Learning with Limited Numerical Precision, 2015, section
/// 3.1.
mlir::Value emitStochastic(mlir::ImplicitLocOpBuilder &builder,
                           FakeQuantizeOp grid, mlir::Value value,
                           mlir::Value random);

} // namespace qnn

#endif // QNN_LIB_DIALECT_QNN_TRANSFORMS_PROJECTION_H
