// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where scales and the ends of codes come from: numbers of types, or arguments
// that are learned.

#ifndef QNN_LIB_DIALECT_QNN_TRANSFORMS_SIMULATE_QUANTIZERS_H
#define QNN_LIB_DIALECT_QNN_TRANSFORMS_SIMULATE_QUANTIZERS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "qnn/Dialect/QNN/IR/QNN.h"

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

/// What is learned of quantizers.
enum class QuantizerLearning {
  /// Scales: Esser et al., Learned Step Size Quantization, 2020.
  LSQ,
  /// And zero points: Bhalgat et al., LSQ+, 2020.
  LSQPlus,
  /// The ends of activations that are not negative: Choi et al., PACT, 2018.
  PACT,
};

/// "lsq", "lsq+" or "pact".
std::optional<QuantizerLearning>
symbolizeQuantizerLearning(llvm::StringRef name);

/// The learned quantizers of one module, by quantized value.
class Quantizers {
public:
  /// Makes arguments of what can be learned: scales of floats that are
  /// quantized and of results that are rounded, but not where the integer
  /// program has a table (softmax, raw bytes). Values of one name and type
  /// share a scale: they were calibrated as one.
  /// `normalizesGradients`: by 1 / sqrt(n * largest code), as in LSQ, where n
  /// counts the elements of all values that are rounded with the scale; with
  /// PACT by 1 / (largest code)^2, so that steps of a clip are those of its
  /// own gradient.
  mlir::LogicalResult addArguments(mlir::func::FuncOp function,
                                   QuantizerLearning how,
                                   bool normalizesGradients);

  bool learnsZeroPoint(mlir::Value quantized) const {
    return learned.lookup(quantized).hasZeroPoint;
  }

  /// The largest magnitude of a code minus the zero point, of any zero point
  /// that may be learned.
  int64_t getLargestMagnitude(mlir::Value quantized) const;

  /// The learned scale of a quantized value: one, or one for each channel. Null
  /// if it is that of the type.
  mlir::Value lookup(mlir::Value quantized) const;

  /// The same with a shape that broadcasts to the value.
  mlir::Value getBroadcast(mlir::OpBuilder &builder, mlir::Location loc,
                           mlir::Value quantized) const;

  /// What carries `quantized`, which is `real` rounded to its type.
  mlir::Value emitQuantized(mlir::OpBuilder &builder, mlir::Location loc,
                            mlir::Value real, mlir::Value quantized,
                            RoundingMode rounding, float margin = 0) const;

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
  struct Learned {
    mlir::Value scale;
    /// The first and last code minus the zero point; null: those of the type.
    mlir::Value low, high;
    bool hasZeroPoint = false;
  };

  Learned addScale(mlir::func::FuncOp function, mlir::OpBuilder &builder,
                   llvm::ArrayRef<mlir::Value> members, float factor);
  void stopInside(mlir::OpBuilder &builder, mlir::Value member,
                  Learned &result);
  void addZeroPoint(mlir::func::FuncOp function, mlir::OpBuilder &builder,
                    mlir::Value member, float factor, Learned &result);
  /// The value between the learned ends.
  static mlir::Value emitClipped(mlir::OpBuilder &builder, mlir::Location loc,
                                 mlir::Value value, const Learned &ends);
  /// What was clipped so, rounded to codes minus the zero point.
  static mlir::Value emitCodes(mlir::OpBuilder &builder, mlir::Location loc,
                               mlir::Value clipped, QuantizedElementType type,
                               const Learned &ends, RoundingMode rounding);
  mlir::Value getOrNumbers(mlir::OpBuilder &builder, mlir::Location loc,
                           mlir::Value quantized) const;
  mlir::Value emitBound(mlir::OpBuilder &builder, mlir::Location loc,
                        mlir::FloatAttr bound, mlir::Value quantized) const;

  llvm::DenseMap<mlir::Value, Learned> learned;
};

} // namespace qnn

#endif // QNN_LIB_DIALECT_QNN_TRANSFORMS_SIMULATE_QUANTIZERS_H
