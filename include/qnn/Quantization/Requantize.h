// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From an exact integer accumulator to a level of the output: one conversion
// to f32, one f32 multiplication, clamp, round. And the proof that two such
// functions are equal on every accumulator.

#ifndef QNN_QUANTIZATION_REQUANTIZE_H
#define QNN_QUANTIZATION_REQUANTIZE_H

#include "qnn/Quantization/RoundingMode.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>

namespace qnn {

/// float((inputScale * weightScale) / outputScale), in this order and in
/// double: the product of two floats is exact, the quotient is rounded once to
/// double and once to float.
float requantizeMultiplier(double inputScale, double weightScale,
                           double outputScale);

/// What turns an accumulator into a level.
struct RequantizeParams {
  /// Real value of one accumulator unit, in output levels; finite, >= 0.
  float multiplier = 1.0f;
  /// Zero point of the output.
  int64_t zeroPoint = 0;
  /// Levels the output is clamped to, inclusive; min - zeroPoint and
  /// max - zeroPoint are at most 2^24 in magnitude.
  int64_t min = -128;
  int64_t max = 127;
  RoundingMode rounding = RoundingMode::HalfEven;
};

/// The output level of `acc`:
///   f = float(acc)             nearest even, as every CPU converts
///   f = f * multiplier         one f32 multiplication, never an FMA
///   f = f > lo ? f : lo        with lo = min - zeroPoint
///   f = f < hi ? f : hi        with hi = max - zeroPoint
///   q = round(f) + zeroPoint
/// Monotone: a larger accumulator never gives a smaller level.
int64_t requantize(int64_t acc, const RequantizeParams &params);

/// The same from the second step on, for a value that is f32 already.
int64_t requantizeFloat(float value, const RequantizeParams &params);

/// For each level q in (params.min, params.max] the smallest accumulator in
/// [accMin, accMax] with requantize(acc) >= q, or accMax + 1 if none reaches
/// it. Entry i belongs to q = params.min + 1 + i, so requantize(acc) is
/// params.min plus the number of entries <= acc. Requires
/// accMin <= accMax < INT64_MAX.
llvm::SmallVector<int64_t> thresholds(const RequantizeParams &params,
                                      int64_t accMin, int64_t accMax);

/// A monotone function from accumulators to levels.
using StepFunction = llvm::function_ref<int64_t(int64_t acc)>;

/// Whether two monotone step functions agree on all of [accMin, accMax]: they
/// agree at both ends and step to every level between at the same accumulator.
/// A proof, not a sample; needs about 64 evaluations for each level.
bool equalStepFunctions(StepFunction a, StepFunction b, int64_t accMin,
                        int64_t accMax);

/// Whether requantize agrees for both parameter sets on all accumulators of
/// [accMin, accMax].
bool equalOnAllAccumulators(const RequantizeParams &a,
                            const RequantizeParams &b, int64_t accMin,
                            int64_t accMax);

} // namespace qnn

#endif // QNN_QUANTIZATION_REQUANTIZE_H
