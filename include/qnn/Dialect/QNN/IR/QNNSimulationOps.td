// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Integer arithmetic in floats, for learning: float form only.

#ifndef QNN_DIALECT_QNN_IR_QNNSIMULATIONOPS_TD
#define QNN_DIALECT_QNN_IR_QNNSIMULATIONOPS_TD

include "qnn/Dialect/QNN/IR/QNNOpBase.td"

class QNN_FakeQuantizationOp<string mnemonic, list<Trait> traits>
    : QNN_Op<mnemonic, traits # [
        Pure, QNN_Batchable<["getReasonNotBatchable"]>]> {
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  dag typeArguments = (ins
    TypeAttr:$quantized_type, UnitAttr:$codes, QNN_Rounding:$rounding,
    DefaultValuedAttr<F32Attr, "0.0f">:$margin);
}

def QNN_FakeQuantizeOp
    : QNN_FakeQuantizationOp<"fake_quantize", [QNN_CheapToRecompute,
                                               QNN_Differentiable]> {
  let summary = "What quantization makes of floats, as floats";
  let description = [{
    With `q` the code that `qnn.quantize` gives to an element, `z` its zero
    point and `s` its scale:

    * `result = dequantize(q)`: the value that `q` stands for,
    * `codes`: `result = f32(q - z)`, an integer,
    * `high`, `low` (types of more than 16 bits, whose codes may be no floats):
      two integers that are floats, and whose sum is `q`: `high` is `q / 256`
      rounded, times 256; `low` is the rest.

    `scale`, if given, stands in for the scales of the type; it broadcasts to
    the input.

    The function is a staircase; its gradient is that of the surrogate `x`,
    clipped where codes end (straight-through estimator, Bengio et al. 2013),
    divided by `s` for `codes`: 1 where `lo - margin < x / s < hi + margin`,
    with `lo` and `hi` the first and last code minus the zero point, else 0. A
    `margin` of 1/2 contains all that is rounded and not clipped, so that a
    largest weight at exactly `hi` goes on learning. Nonlinear types: 1 between
    the first and the last level. With respect to `scale`, which only `codes`
    have: `-x / s^2` inside, 0 outside, so that `codes * scale` has the gradient
    of LSQ (Esser et al. 2020). `low` has the gradient 0: `high` has it all.

    Constraints:
    1. Input and result are `f32` tensors of one shape; the type is a quantized
       element type that fits the shape.
    2. At most one of `codes`, `high` and `low`, and for uniform types only.
    3. `scale` is `f32`, broadcasts to the shape, and comes with one of them and
       a type without blocks.
    4. `margin` is from 0 to 1/2, and 0 for nonlinear types.
    5. Codes are at most `2^22` away from the zero point, or the type has more
       than 16 bits, a zero point of 0 and `rounding(half_even)`; those are
       computed in f64. `high` and `low` are for the latter.

    ```mlir
    %y = qnn.fake_quantize %x as !quant.uniform<u8:f32, 0.5:3>
      : (tensor<2x8xf32>) -> tensor<2x8xf32>
    ```
  }];
  let arguments = !con((ins AnyRankedTensor:$input,
                            Optional<AnyRankedTensor>:$scale),
                       typeArguments, (ins UnitAttr:$high, UnitAttr:$low));
  let hasFolder = 1;
  let extraClassDeclaration = [{
    /// Which of the numbers the result is.
    ::qnn::CodePart getPart();
  }];
  let assemblyFormat = [{
    $input (`scale` `(` $scale^ `)`)? `as` $quantized_type
    (`codes` $codes^)? (`high` $high^)? (`low` $low^)?
    (`rounding` `` $rounding^)? (`margin` `(` $margin^ `)`)?
    attr-dict `:` functional-type(operands, results)
  }];
}

def QNN_FakeQuantizeGradientOp
    : QNN_FakeQuantizationOp<"fake_quantize_gradient", []> {
  let summary = "Gradient through fake_quantize";
  let description = [{
    The gradient of the input of `qnn.fake_quantize` with these attributes, or,
    with `of_scale`, what each element adds to that of its scale. Both are 0
    where codes are clipped, further than `margin`; elsewhere, with `s` the
    scale:

    * `cotangent`, for values,
    * `cotangent / s`, for `codes`,
    * `-(cotangent / s) * (x / s)`, for `codes` and `of_scale`.

    Constraints: those of `qnn.fake_quantize`; `of_scale` comes with `codes`.
  }];
  let arguments = !con((ins AnyRankedTensor:$cotangent, AnyRankedTensor:$input,
                            Optional<AnyRankedTensor>:$scale),
                       typeArguments, (ins UnitAttr:$of_scale));
  let assemblyFormat = [{
    $cotangent `,` $input (`scale` `(` $scale^ `)`)? `as` $quantized_type
    (`codes` $codes^)? (`of_scale` $of_scale^)?
    (`rounding` `` $rounding^)? (`margin` `(` $margin^ `)`)?
    attr-dict `:` functional-type(operands, results)
  }];
}

def QNN_ExactSumOp : QNN_Op<"exact_sum", [
    Pure, QNN_Differentiable, QNN_Batchable<>]> {
  let summary = "Sum that is rounded once";
  let description = [{
    The sum of the operands in f64, in their order, rounded to `f32`. Shapes
    broadcast as in numpy. For integers of at most `2^52` the f64 sum is exact,
    and so the result is the conversion of the integer sum to `f32`.

    Constraints:
    1. At least two operands; operands and result are `f32`.
    2. The result has the broadcast shape, which is that of the first operand.

    ```mlir
    %sum = qnn.exact_sum %high, %low, %bias
      : (tensor<2x8xf32>, tensor<2x8xf32>, tensor<8xf32>) -> tensor<2x8xf32>
    ```
  }];
  let arguments = (ins Variadic<AnyRankedTensor>:$terms);
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  let assemblyFormat =
    "$terms attr-dict `:` functional-type(operands, results)";
}

def QNN_RequantizeMultiplierOp
    : QNN_Op<"requantize_multiplier", [
        Pure, AttrSizedOperandSegments, QNN_Differentiable,
        QNN_Batchable<>]> {
  let summary = "Multiplier of a requantization, of scales that are learned";
  let description = [{
    `f32((input * weights) / (output * count))` in f64, rounded once: what the
    compiler computes from the scales of types. `weights` and `count` are 1
    where they are not given.

    Constraints:
    1. Operands and result are `f32`.
    2. The result has the shape to which the operands broadcast.

    ```mlir
    %m = qnn.requantize_multiplier %sx weights(%sw) to %sy
      : (tensor<f32>, tensor<8xf32>, tensor<f32>) -> tensor<8xf32>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$input,
    Optional<AnyRankedTensor>:$weights, AnyRankedTensor:$output,
    Optional<AnyRankedTensor>:$count);
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $input (`weights` `(` $weights^ `)`)? `to` $output
    (`count` `(` $count^ `)`)? attr-dict
    `:` functional-type(operands, results)
  }];
}

#endif // QNN_DIALECT_QNN_IR_QNNSIMULATIONOPS_TD
