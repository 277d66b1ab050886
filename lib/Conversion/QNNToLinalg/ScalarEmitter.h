// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Emits the scalar recipes of the numerics contract as arith operations.

#ifndef QNN_LIB_CONVERSION_QNNTOLINALG_SCALAREMITTER_H
#define QNN_LIB_CONVERSION_QNNTOLINALG_SCALAREMITTER_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "qnn/Quantization/RequantizationMode.h"
#include "qnn/Quantization/RoundingMode.h"
#include <array>
#include <optional>

namespace qnn {

/// Where a rounded value goes: zero point added, clipped, narrowed.
struct OutputCodes {
  int64_t zeroPoint = 0;
  int64_t min = 0;
  int64_t max = 0;
  RoundingMode rounding = RoundingMode::HalfEven;
};

/// A multiplier of TFLite's fixed point as values: one constant, or what a
/// channel has. A shift in one direction only is null where no channel has it.
struct FixedPointFactor {
  /// i32, not negative.
  mlir::Value mantissa;
  /// tflite_single: 31 - shift, an i64 from 1 to 62.
  mlir::Value totalShift;
  /// tflite_double: max(shift, 0) and max(-shift, 0), i32.
  mlir::Value left, right;
};

/// Float operations carry no fast-math flags: each is one rounded operation.
class ScalarEmitter {
public:
  ScalarEmitter(mlir::OpBuilder &builder, mlir::Location loc)
      : builder(builder), loc(loc) {}

  mlir::Value f32(float value);
  mlir::Value f64(double value);
  mlir::Value integer(mlir::Type type, int64_t value);
  mlir::Type i32() { return builder.getI32Type(); }

  template <typename OpTy, typename... Args>
  mlir::Value emit(Args &&...args) {
    return OpTy::create(builder, loc, std::forward<Args>(args)...);
  }

  /// `value` in `type`, which is at least as wide; `signedness` is the type of
  /// which `value` is the signless form. Signless counts as signed.
  mlir::Value extend(mlir::Value value, mlir::Type signedness, mlir::Type type);
  /// Sign-extended or truncated to `type`.
  mlir::Value resize(mlir::Value value, mlir::Type type);
  /// The code minus the zero point in `type`.
  mlir::Value subtractZeroPoint(mlir::Value value, mlir::Type signedness,
                                int64_t zeroPoint, mlir::Type type);
  /// f32(code - zero point), the difference being exact.
  mlir::Value toFloat(mlir::Value value, mlir::Type signedness,
                      int64_t zeroPoint);
  /// The code as a position in a table that begins with `offset`.
  mlir::Value toIndex(mlir::Value value, mlir::Type signedness, int64_t offset);
  /// The same for a code of 8 bits, computed in 8 bits.
  mlir::Value toByteIndex(mlir::Value value, int64_t offset);

  /// `value > low ? value : low`: NaN gives low.
  mlir::Value atLeast(mlir::Value value, mlir::Value low);
  /// `value < high ? value : high`: NaN gives high.
  mlir::Value atMost(mlir::Value value, mlir::Value high);
  /// The bounds that are given, the lower one first.
  mlir::Value clamp(mlir::Value value, std::optional<llvm::APFloat> low,
                    std::optional<llvm::APFloat> high);

  /// The i32 that `mode` assigns to the f32 `value`; exact for
  /// |value| <= 2^22.
  mlir::Value round(mlir::Value value, RoundingMode mode);
  /// The same as an f32; a zero has no sign.
  mlir::Value roundToFloat(mlir::Value value, RoundingMode mode);
  /// The f64 `value` rounded half to even; exact for |value| <= 2^51.
  mlir::Value roundDouble(mlir::Value value);
  mlir::Value toDouble(mlir::Value value);
  mlir::Value toSingle(mlir::Value value);
  /// clamp(round(value) + zero point) in `type`.
  mlir::Value toCode(mlir::Value value, const OutputCodes &codes,
                     mlir::Type type);

  /// The product of an i32 and the factor as requantizeFixedPoint rounds it:
  /// an i64 for tflite_single, an i32 for tflite_double.
  mlir::Value scaleFixedPoint(mlir::Value acc, const FixedPointFactor &factor,
                              RequantizationMode mode);
  /// clamp(value + zero point) in `type` for an integer value. The bounds minus
  /// the zero point fit i32.
  mlir::Value integerToCode(mlir::Value value, const OutputCodes &codes,
                            mlir::Type type);

  /// The functions of qnn/Quantization: expReference, ...
  mlir::Value exp(mlir::Value value);
  mlir::Value log(mlir::Value value);
  mlir::Value sigmoid(mlir::Value value);
  mlir::Value tanh(mlir::Value value);
  /// uniformReference of i32 numbers.
  mlir::Value uniform(mlir::Value position,
                      const std::array<mlir::Value, 3> &key);

  mlir::Value compare(mlir::arith::CmpFPredicate predicate, mlir::Value lhs,
                      mlir::Value rhs);
  mlir::Value select(mlir::Value condition, mlir::Value yes, mlir::Value no);
  /// The i32 with the bits of an f32.
  mlir::Value bits(mlir::Value value);

private:
  mlir::Value scaleTfliteSingle(mlir::Value acc,
                                const FixedPointFactor &factor);
  mlir::Value scaleTfliteDouble(mlir::Value acc,
                                const FixedPointFactor &factor);
  /// round(value / 2^exponent) of i32, ties away from zero.
  mlir::Value divideByPOT(mlir::Value value, mlir::Value exponent);
  /// An i32 plus the zero point in `type`, which holds the sum.
  mlir::Value addZeroPoint(mlir::Value value, int64_t zeroPoint,
                           mlir::Type type);
  mlir::OpBuilder &builder;
  mlir::Location loc;
};

} // namespace qnn

#endif // QNN_LIB_CONVERSION_QNNTOLINALG_SCALAREMITTER_H
