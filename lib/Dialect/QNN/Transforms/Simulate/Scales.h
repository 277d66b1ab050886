// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where multipliers come from: numbers of types, or arguments that are learned.

#ifndef QNN_LIB_DIALECT_QNN_TRANSFORMS_SIMULATE_SCALES_H
#define QNN_LIB_DIALECT_QNN_TRANSFORMS_SIMULATE_SCALES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "qnn/Dialect/QNN/IR/QNN.h"
#include "llvm/ADT/EquivalenceClasses.h"

namespace qnn {

/// `input scale * weights scale / (result scale * count)`.
struct Multiplier {
  /// Quantized values; no weights or no result: 1.
  mlir::Value input, weights, result;
  /// What it is by the numbers of the types, and its shape.
  llvm::SmallVector<float> numbers;
  llvm::SmallVector<int64_t> shape = {};
  /// One for all, or of the shape; none: 1.
  llvm::SmallVector<int64_t> counts = {};
};

/// The scales of one module, by quantized value.
class Scales {
public:
  /// Makes an argument of each scale of the function that can be learned: those
  /// of floats that are quantized and of results that are rounded, but not
  /// where the integer program has a table (softmax, raw bytes).
  /// `normalizesGradients`: by 1 / sqrt(n * largest code), as in LSQ.
  mlir::LogicalResult addArguments(mlir::func::FuncOp function,
                                   bool normalizesGradients);

  /// The learned scale of a quantized value: one, or one for each channel. Null
  /// if it is that of the type.
  mlir::Value lookup(mlir::Value quantized) const;

  /// The same with a shape that broadcasts to the value.
  mlir::Value getBroadcast(mlir::OpBuilder &builder, mlir::Location loc,
                           mlir::Value quantized) const;

  /// The product of both scales, which is that of a bias; null if both are
  /// those of the types.
  mlir::Value emitProduct(mlir::OpBuilder &builder, mlir::Location loc,
                          mlir::Value input, mlir::Value weights) const;

  /// The product with a multiplier.
  mlir::Value emitMultiplied(mlir::OpBuilder &builder, mlir::Location loc,
                             mlir::Value value,
                             const Multiplier &multiplier) const;

  /// The scaled result of `op` rounded and clipped to its codes, and to those
  /// of real bounds.
  mlir::Value emitResult(mlir::OpBuilder &builder, mlir::Operation *op,
                         mlir::Value scaled, RoundingMode rounding,
                         mlir::FloatAttr clampMin = {},
                         mlir::FloatAttr clampMax = {}) const;

  /// The result of `op` from an accumulator: multiplied, rounded and clipped.
  mlir::Value emitRequantized(mlir::OpBuilder &builder, mlir::Operation *op,
                              mlir::Value accumulator,
                              const Multiplier &multiplier,
                              RoundingMode rounding,
                              mlir::FloatAttr clampMin = {},
                              mlir::FloatAttr clampMax = {}) const {
    mlir::Value scaled =
        emitMultiplied(builder, op->getLoc(), accumulator, multiplier);
    return emitResult(builder, op, scaled, rounding, clampMin, clampMax);
  }

private:
  void groupValues(mlir::func::FuncOp function);
  void addArgument(mlir::func::FuncOp function, mlir::OpBuilder &builder,
                   llvm::ArrayRef<mlir::Value> members,
                   bool normalizesGradients);
  mlir::Value getOrNumbers(mlir::OpBuilder &builder, mlir::Location loc,
                           mlir::Value quantized) const;

  llvm::EquivalenceClasses<const void *> sharing;
  llvm::DenseMap<mlir::Value, mlir::Value> learned;
};

} // namespace qnn

#endif // QNN_LIB_DIALECT_QNN_TRANSFORMS_SIMULATE_SCALES_H
