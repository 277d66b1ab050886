// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Borders between float and quantized values, their explicit forms, constants
// and observers.

#ifndef QNN_DIALECT_QNN_IR_QNNQUANTIZATIONOPS_TD
#define QNN_DIALECT_QNN_IR_QNNQUANTIZATIONOPS_TD

include "qnn/Dialect/QNN/IR/QNNOpBase.td"

class QNN_CastOp<string mnemonic> : QNN_Op<mnemonic, [Pure, QNN_Batchable<>]> {
  let arguments = (ins AnyRankedTensor:$input, QNN_Rounding:$rounding);
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $input (`rounding` `` $rounding^)? attr-dict
    `:` functional-type(operands, results)
  }];
}

def QNN_ConstantOp : QNN_Op<"constant", [Pure]> {
  let summary = "A quantized or explicit constant, given by its codes";
  let description = [{
    In the explicit form the result is a tensor of integers with a sign, for
    which `arith.constant` has no values: the codes are the same bits without
    one.

    Constraints:
    1. `codes` has the result's shape and its code type (quantized form: all
       codes are legal; explicit form: the signless integer of the result's
       width).

    ```mlir
    %w = qnn.constant dense<[1, -127]> : tensor<2xi8>
      as tensor<2x!quant.uniform<i8<-127:127>:f32, 0.5>>
    %v = qnn.constant dense<[1, -127]> : tensor<2xi8> as tensor<2xsi8>
    ```
  }];
  let arguments = (ins ElementsAttr:$codes);
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = "$codes `as` type($result) attr-dict";
}

def QNN_QuantizeOp : QNN_CastOp<"quantize"> {
  let summary = "Float to quantized: ONNX QuantizeLinear";
  let description = [{
    Uniform types: `clamp(round(x / scale) + zero point)`, one `f32` division.
    Nonlinear types: the nearest level. NaN gives the smallest code.

    Constraints:
    1. Input and result have one shape, float and quantized element types.
  }];
}

def QNN_DequantizeOp : QNN_CastOp<"dequantize"> {
  let summary = "Quantized to float: ONNX DequantizeLinear";
  let description = [{
    Uniform types: `f32(q - zero point) * scale`. Nonlinear types: the level.

    Constraints:
    1. Input and result have one shape, quantized and float element types.
  }];
  let arguments = (ins AnyRankedTensor:$input);
  let assemblyFormat =
    "$input attr-dict `:` functional-type(operands, results)";
}

def QNN_RequantizeOp : QNN_CastOp<"requantize"> {
  let summary = "Quantized to quantized, with other parameters";
  let description = [{
    `clamp(round(f32(q - zi) * f32(si / so)) + zo)`. With a `requantization` of
    TFLite, `clamp(fixedPoint(q - zi, M0, shift) + zo)` for the multiplier `si /
    so` in double, as `QUANTIZE` has it.

    Constraints:
    1. Input and result have one shape and uniform quantized element types.
    2. A `requantization` of TFLite needs `rounding(half_even)`.
  }];
  let arguments = (ins AnyRankedTensor:$input, QNN_Rounding:$rounding,
    QNN_Requantization:$requantization);
  let assemblyFormat = [{
    $input (`rounding` `` $rounding^)? (`requantization` `` $requantization^)?
    attr-dict `:` functional-type(operands, results)
  }];
}

def QNN_RescaleOp : QNN_Op<"rescale", [
    Pure, QNN_Batchable<["getReasonNotBatchable"]>]> {
  let summary = "Explicit scale, rounding, zero point and clipping";
  let description = [{
    ```
    v = input is an integer ? f32(input - input_zero_point) : input
    v = divide ? v / multiplier : v * multiplier
    result is a float ? v
                      : clamp(round(v) + output_zero_point, min, max)
    ```
    in `f32`. `multiplier` broadcasts to the input's shape as in numpy: one for
    all, one for each channel `[C]`, one for each position `[OH, OW, 1]`. `v` is
    clamped to `[min - output_zero_point, max - output_zero_point]` by compare
    and select before it is rounded, so that NaN gives `min`.

    Constraints:
    1. Input and result have one shape; each is `f32` or an integer.
    2. `multiplier` holds finite `f32` values and broadcasts to the shape.
    3. `min <= max` are codes of an integer result, and at most `2^22` away from
       the zero point, so that the rounding is exact.
  }];
  let arguments = (ins AnyRankedTensor:$input, ElementsAttr:$multiplier,
    UnitAttr:$divide, QNN_I64Default<0>:$input_zero_point,
    QNN_I64Default<0>:$output_zero_point, OptionalAttr<I64Attr>:$min,
    OptionalAttr<I64Attr>:$max, QNN_Rounding:$rounding);
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $input `multiplier` `(` $multiplier `)` (`divide` $divide^)?
    (`input_zero_point` `(` $input_zero_point^ `)`)?
    (`output_zero_point` `(` $output_zero_point^ `)`)?
    (`range` `(` $min^ `,` $max `)`)? (`rounding` `` $rounding^)?
    attr-dict `:` functional-type(operands, results)
  }];
}

def QNN_FixedPointRescaleOp : QNN_Op<"fixed_point_rescale", [
    Pure, QNN_Batchable<["getReasonNotBatchable"]>]> {
  let summary = "Explicit scale of an i32 accumulator in TFLite's fixed point";
  let description = [{
    ```
    acc = input - input_zero_point
    result = clamp(fixedPoint(acc, multiplier[c], shift[c]) + output_zero_point,
                   min, max)
    ```
    in integers. `multiplier` and `shift` have one element for all or one for
    each index `c` of the last axis; they stand for `multiplier * 2^(shift -
    31)`. `fixedPoint` depends on `requantization`:

    * `tflite_single`: `(acc * multiplier + 2^(30 - shift)) >> (31 - shift)`, 64
      bits wide.
    * `tflite_double`: `acc` shifted left by a positive shift, modulo `2^32`;
      `(that * multiplier + 2^30) >> 31`; then a division by `2^-shift` if that
      is negative, to nearest, ties away from zero.

    Constraints:
    1. Input and result have one shape and integer element types, the result of
       at most 32 bits.
    2. The input is `i32` with `input_zero_point` 0, or has at most 16 bits and
       a zero point of at most `2^30` in magnitude: `acc` fits `i32`.
    3. `multiplier` and `shift` have 1 element or as many as the last axis;
       multipliers are not negative, shifts are from -31 to 30.
    4. `min <= max` are codes of the result, and at most `2^30` away from the
       zero point.
    5. `requantization` is not `float`: that is `qnn.rescale`.

    ```mlir
    %y = qnn.fixed_point_rescale %acc multiplier [1288490189] shift [-1]
           range(-128, 127) requantization(tflite_double)
      : (tensor<1x10xi32>) -> tensor<1x10xsi8>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$input, DenseI32ArrayAttr:$multiplier,
    DenseI32ArrayAttr:$shift, QNN_I64Default<0>:$input_zero_point,
    QNN_I64Default<0>:$output_zero_point, I64Attr:$min, I64Attr:$max,
    QNN_RequantizationModeAttr:$requantization);
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $input `multiplier` $multiplier `shift` $shift
    (`input_zero_point` `(` $input_zero_point^ `)`)?
    (`output_zero_point` `(` $output_zero_point^ `)`)?
    `range` `(` $min `,` $max `)` `requantization` `` $requantization
    attr-dict `:` functional-type(operands, results)
  }];
}

def QNN_LookupOp : QNN_Op<"lookup", [
    Pure, QNN_Batchable<["getReasonNotBatchable"]>]> {
  let summary = "Explicit table lookup";
  let description = [{
    `result = table[input - offset]`, or `table[c, input - offset]` with `c` the
    index along the last axis.

    Constraints:
    1. `table` has rank 1 or 2, the result's element type (integers signless),
       and a row for each channel.
    2. Every code of the input's type that can occur has an entry: the table is
       as long as the input's legal codes are many.
  }];
  let arguments = (ins AnyRankedTensor:$input, ElementsAttr:$table,
    QNN_I64Default<0>:$offset);
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $input `table` `(` $table `)` (`offset` `(` $offset^ `)`)?
    attr-dict `:` functional-type(operands, results)
  }];
}

def QNN_BucketizeOp : QNN_Op<"bucketize", [Pure, QNN_Batchable<>]> {
  let summary = "Explicit nonlinear quantization";
  let description = [{
    `result = offset + number of boundaries that are less than input`;
    `boundaries` is a rank 1 `f32` constant in increasing order. NaN gives
    `offset`.
  }];
  let arguments = (ins AnyRankedTensor:$input, ElementsAttr:$boundaries,
    QNN_I64Default<0>:$offset);
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $input `boundaries` `(` $boundaries `)` (`offset` `(` $offset^ `)`)?
    attr-dict `:` functional-type(operands, results)
  }];
}

def QNN_ObserveOp : QNN_Op<"observe", [
    MemoryEffects<[MemWrite]>, QNN_Batchable<>]> {
  let summary = "Feeds a value to the statistics of a calibration";
  let description = [{
    `name` is the value's name in the profile. Has no result, so that removing
    the observers gives back the model as it was.
  }];
  let arguments = (ins AnyRankedTensor:$input, StrAttr:$name);
  let assemblyFormat = "$input $name attr-dict `:` type($input)";
}

#endif // QNN_DIALECT_QNN_IR_QNNQUANTIZATIONOPS_TD
