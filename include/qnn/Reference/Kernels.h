// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The plainest loops for every operation of the dialect: the oracle of tests.
// The descriptions of the operations define what they compute. Operands have to
// be as the verifiers of the operations demand, nothing is checked again. Float
// forms take operands of kind F32 or, all of them, F64.

#ifndef QNN_REFERENCE_KERNELS_H
#define QNN_REFERENCE_KERNELS_H

#include "qnn/Dialect/QNN/IR/QNN.h"
#include "qnn/Dialect/QNN/IR/ShapeInference.h"
#include "qnn/Quantization/ElementaryFunctions.h"
#include "qnn/Quantization/FixedPoint.h"
#include "qnn/Quantization/Requantize.h"
#include "qnn/Quantization/SoftmaxTable.h"
#include "qnn/Reference/Tensor.h"

namespace qnn::reference {

/// clamp_min and clamp_max by compare and select, so that NaN gives a bound.
struct FloatClamp {
  std::optional<float> min, max;
  template <typename T>
  T apply(T v) const {
    if (min)
      v = v > T(*min) ? v : T(*min);
    if (max)
      v = v < T(*max) ? v : T(*max);
    return v;
  }
  /// Whether apply() changes no number in a neighbourhood of v.
  template <typename T>
  bool hasInside(T v) const {
    return !(min && !(v > T(*min))) && !(max && !(v < T(*max)));
  }
};

//===----------------------------------------------------------------------===//
// Contractions
//===----------------------------------------------------------------------===//

/// Float form; `bias` may be null.
Tensor conv2d(const Tensor &input, const Tensor &weights, const Tensor *bias,
              const Window &window, int64_t groups, const FloatClamp &clamp);
Tensor matmul(const Tensor &lhs, const Tensor &rhs, const Tensor *bias,
              const FloatClamp &clamp);

Tensor conv2dInputGradient(const Tensor &cotangent, const Tensor &weights,
                           llvm::ArrayRef<int64_t> inputShape,
                           const Window &window, int64_t groups);
Tensor conv2dWeightsGradient(const Tensor &cotangent, const Tensor &input,
                             llvm::ArrayRef<int64_t> weightsShape,
                             const Window &window, int64_t groups);

/// Exact accumulators as i64, from codes of at most 16 bits. There is one zero
/// point for all weights, or one for each output channel.
Tensor conv2dAccumulate(const Tensor &input, const Tensor &weights,
                        const Tensor *bias, const Window &window,
                        int64_t groups, int64_t inputZeroPoint,
                        llvm::ArrayRef<int64_t> weightsZeroPoints);
Tensor matmulAccumulate(const Tensor &lhs, const Tensor &rhs,
                        const Tensor *bias, int64_t lhsZeroPoint,
                        llvm::ArrayRef<int64_t> rhsZeroPoints);

/// requantize() of every accumulator with params.multiplier replaced by the
/// element of `multiplier`, which is f32 and broadcasts to the shape.
Tensor requantizeAccumulators(const Tensor &accumulators,
                              const Tensor &multiplier, RequantizeParams params,
                              ElementKind kind);

/// Accumulators as a narrower kind; an error if one does not fit.
llvm::Expected<Tensor> narrow(const Tensor &accumulators, ElementKind kind);

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

enum class BinaryKind { Add, Sub, Mul, Div, Maximum, Minimum };

/// Float form.
Tensor binary(BinaryKind kind, const Tensor &lhs, const Tensor &rhs,
              const FloatClamp &clamp);

/// Stands for f32(q - zeroPoint) * multiplier.
struct ScaledOperand {
  int64_t zeroPoint = 0;
  float multiplier = 1.0f;
};

/// Quantized form of Add and Sub; params.multiplier is not used.
Tensor addScaled(BinaryKind kind, const Tensor &lhs, const ScaledOperand &left,
                 const Tensor &rhs, const ScaledOperand &right,
                 RequantizeParams params, ElementKind resultKind);

/// Exact products of codes minus zero points, as i64; an error on overflow.
llvm::Expected<Tensor> mulAccumulate(const Tensor &lhs, const Tensor &rhs,
                                     int64_t lhsZeroPoint,
                                     int64_t rhsZeroPoint);

/// In f32 by the functions of qnn/Quantization, in f64 by the library's.
Tensor unary(ElementaryFunction function, const Tensor &input);

/// Float form.
Tensor clamp(const Tensor &input, const FloatClamp &clamp);

/// The cotangent where `clamp` passes `value` on, 0 elsewhere.
Tensor clampGradient(const Tensor &cotangent, const Tensor &value,
                     const FloatClamp &clamp);

/// (f32(raw) - mean) * scale.
Tensor normalize(const Tensor &input, llvm::ArrayRef<float> mean,
                 llvm::ArrayRef<float> scale);

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

/// Floats or codes. A NaN never wins, a window of NaN only gives -inf.
Tensor maxPool2D(const Tensor &input, const Window &window);

/// Each element of the cotangent goes to the first largest one of its window.
Tensor maxPool2DGradient(const Tensor &cotangent, const Tensor &input,
                         const Window &window);

/// How many elements each window of an image {H, W} averages: [OH, OW, 1].
Tensor countPoolElements(llvm::ArrayRef<int64_t> image, const Window &window,
                         bool countIncludePad);

/// Float form.
Tensor avgPool2D(const Tensor &input, const Window &window,
                 bool countIncludePad);

/// Exact sums of codes minus the zero point, as i64.
Tensor sumPool2D(const Tensor &input, const Window &window, int64_t zeroPoint);

/// Float form.
Tensor mean(const Tensor &input, llvm::ArrayRef<int64_t> axes);

/// Float form.
Tensor sum(const Tensor &input, llvm::ArrayRef<int64_t> axes);

/// Exact sums of codes minus the zero point, as i64.
Tensor sum(const Tensor &input, llvm::ArrayRef<int64_t> axes,
           int64_t zeroPoint);

/// Float form.
Tensor softmax(const Tensor &input, int64_t axis);
Tensor logSoftmax(const Tensor &input, int64_t axis);
Tensor integerSoftmax(const Tensor &input, int64_t axis,
                      const SoftmaxTable &table, const RequantizeParams &params,
                      ElementKind kind);

//===----------------------------------------------------------------------===//
// Simulation
//===----------------------------------------------------------------------===//

/// What qnn.fake_quantize has as attributes.
struct FakeQuantization {
  QuantizedElementType type;
  RoundingMode rounding = RoundingMode::HalfEven;
  CodePart part = CodePart::Value;
  float margin = 0;
};

/// `scale` may be null: those of the type.
Tensor fakeQuantize(const Tensor &input, const Tensor *scale,
                    const FakeQuantization &how);

/// Of the input, or what each element adds to that of the scale.
Tensor fakeQuantizeGradient(const Tensor &cotangent, const Tensor &input,
                            const Tensor *scale, const FakeQuantization &how,
                            bool ofScale);

/// In f64; shapes broadcast to that of the first term.
Tensor exactSum(llvm::ArrayRef<const Tensor *> terms);

/// The product of the factors by that of the divisors, in f64. All broadcast to
/// `shape`.
Tensor requantizeMultiplier(llvm::ArrayRef<const Tensor *> factors,
                            llvm::ArrayRef<const Tensor *> divisors,
                            llvm::ArrayRef<int64_t> shape);

//===----------------------------------------------------------------------===//
// Training
//===----------------------------------------------------------------------===//

/// A row of `depth` elements for each label.
Tensor oneHot(const Tensor &labels, int64_t depth);

/// `seed` holds one number or two.
Tensor randomUniform(const Tensor &seed, uint32_t stream,
                     llvm::ArrayRef<int64_t> shape);

//===----------------------------------------------------------------------===//
// Movement
//===----------------------------------------------------------------------===//

Tensor transpose(const Tensor &input, llvm::ArrayRef<int64_t> permutation);

/// `value` holds one element, of the input's kind.
Tensor pad(const Tensor &input, llvm::ArrayRef<int64_t> low,
           llvm::ArrayRef<int64_t> high, const Tensor &value);

Tensor reverse(const Tensor &input, llvm::ArrayRef<int64_t> axes);

/// `shape` elements from `offsets` on, `strides` apart.
Tensor extractSlice(const Tensor &input, llvm::ArrayRef<int64_t> offsets,
                    llvm::ArrayRef<int64_t> shape,
                    llvm::ArrayRef<int64_t> strides);

Tensor concat(llvm::ArrayRef<const Tensor *> inputs, int64_t axis);

//===----------------------------------------------------------------------===//
// Quantization
//===----------------------------------------------------------------------===//

Tensor quantize(const Tensor &input, QuantizedElementType type,
                RoundingMode rounding);
Tensor dequantize(const Tensor &input, QuantizedElementType type);

/// How qnn.requantize and qnn.clamp go from one type to the other.
struct RequantizeStyle {
  RoundingMode rounding = RoundingMode::HalfEven;
  RequantizationMode mode = RequantizationMode::Float;
};

/// Both types are uniform; `bounds` limits the result. In fixed point, codes
/// minus the zero point must fit i32.
Tensor requantize(const Tensor &input, QuantizedElementType inputType,
                  QuantizedElementType resultType, RequantizeStyle style,
                  const FloatClamp &bounds = {});

/// What qnn.rescale has as attributes.
struct RescaleParams {
  /// Broadcasts to the input.
  Tensor multiplier;
  bool divide = false;
  int64_t inputZeroPoint = 0;
  /// For integer results; its multiplier is not used.
  RequantizeParams output;
};
Tensor rescale(const Tensor &input, const RescaleParams &params,
               ElementKind kind);

/// What qnn.fixed_point_rescale has as attributes.
struct FixedPointParams {
  /// One for all, or one for each index of the last axis.
  llvm::SmallVector<FixedPointMultiplier> multipliers;
  int64_t inputZeroPoint = 0;
  FixedPointOutput output;
  RequantizationMode mode = RequantizationMode::TfliteDouble;
};
/// Also the quantized form of other operations, from their accumulators. An
/// error for a number that does not fit i32.
llvm::Expected<Tensor> fixedPointRescale(const Tensor &input,
                                         const FixedPointParams &params,
                                         ElementKind kind);

/// `table` has rank 1, or a row for each index of the last axis. An error for
/// a code without entry.
llvm::Expected<Tensor> lookup(const Tensor &input, const Tensor &table,
                              int64_t offset);
Tensor bucketize(const Tensor &input, const Tensor &boundaries, int64_t offset,
                 ElementKind kind);

} // namespace qnn::reference

#endif // QNN_REFERENCE_KERNELS_H
