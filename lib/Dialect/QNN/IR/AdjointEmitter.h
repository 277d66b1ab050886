// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What adjoints have in common: sums, reshapes and borders of f32 tensors. Each
// function returns the value itself where there is nothing to do.

#ifndef QNN_LIB_DIALECT_QNN_IR_ADJOINTEMITTER_H
#define QNN_LIB_DIALECT_QNN_IR_ADJOINTEMITTER_H

#include "qnn/Dialect/QNN/IR/QNN.h"
#include "qnn/Dialect/QNN/IR/ShapeInference.h"

namespace qnn {

llvm::ArrayRef<int64_t> shapeOf(mlir::Value value);

/// A constant with `value` in every element.
mlir::Value emitSplat(mlir::ImplicitLocOpBuilder &builder,
                      llvm::ArrayRef<int64_t> shape, float value);

mlir::Value emitSum(mlir::ImplicitLocOpBuilder &builder, mlir::Value value,
                    llvm::ArrayRef<int64_t> axes);

/// The product with what broadcasts to the shape of `value`.
mlir::Value emitProduct(mlir::ImplicitLocOpBuilder &builder, mlir::Value value,
                        mlir::Value factor);

/// lhs - rhs, which broadcast to `type`.
mlir::Value emitDifference(mlir::ImplicitLocOpBuilder &builder, mlir::Type type,
                           mlir::Value lhs, mlir::Value rhs);

mlir::Value emitTransposed(mlir::ImplicitLocOpBuilder &builder,
                           mlir::Value value,
                           llvm::ArrayRef<int64_t> permutation);

/// The same elements in another shape.
mlir::Value emitReshaped(mlir::ImplicitLocOpBuilder &builder, mlir::Value value,
                         llvm::ArrayRef<int64_t> shape);

/// The adjoint of numpy's broadcasting from `shape` to the shape of `value`.
mlir::Value emitSumToShape(mlir::ImplicitLocOpBuilder &builder,
                           mlir::Value value, llvm::ArrayRef<int64_t> shape);

/// `shape` elements from `offsets` on.
mlir::Value emitSlice(mlir::ImplicitLocOpBuilder &builder, mlir::Value value,
                      llvm::ArrayRef<int64_t> offsets,
                      llvm::ArrayRef<int64_t> shape);

/// Zeros added at both ends of each axis; elements cut off where a number is
/// negative.
mlir::Value emitResized(mlir::ImplicitLocOpBuilder &builder, mlir::Value value,
                        llvm::ArrayRef<int64_t> low,
                        llvm::ArrayRef<int64_t> high);

/// `strides[axis] - 1` zeros after every element along each axis.
mlir::Value emitSpread(mlir::ImplicitLocOpBuilder &builder, mlir::Value value,
                       llvm::ArrayRef<int64_t> strides);

/// The gradient of a convolution's input of shape `inputShape`, from that of
/// its result without bias and clamp.
mlir::Value emitConv2DInputGradient(mlir::ImplicitLocOpBuilder &builder,
                                    mlir::Value cotangent, mlir::Value weights,
                                    llvm::ArrayRef<int64_t> inputShape,
                                    const Window &window, int64_t groups);

/// The cotangent before the bounds that are attached to an operation.
template <typename OpTy>
mlir::Value emitBeforeClamp(mlir::ImplicitLocOpBuilder &builder, OpTy op,
                            mlir::Value cotangent) {
  if (!op.getClampMin() && !op.getClampMax())
    return cotangent;
  return ClampGradientOp::create(builder, cotangent.getType(), cotangent,
                                 op.getResult(), op.getClampMinAttr(),
                                 op.getClampMaxAttr());
}

} // namespace qnn

#endif // QNN_LIB_DIALECT_QNN_IR_ADJOINTEMITTER_H
