// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums of products: convolution and matrix multiplication.

#ifndef QNN_DIALECT_QNN_IR_QNNCONTRACTIONOPS_TD
#define QNN_DIALECT_QNN_IR_QNNCONTRACTIONOPS_TD

include "qnn/Dialect/QNN/IR/QNNOpBase.td"

class QNN_ContractionOp<string mnemonic> : QNN_Op<mnemonic, [
    Pure, QNN_Differentiable, QNN_Batchable<["getReasonNotBatchable"]>,
    QNN_Quantizable<["getOperandRole", "getWeightsChannelAxis",
                     "getReasonToStayFloat", "requestRequantization"]>]> {
  let hasVerifier = 1;
  let results = (outs AnyRankedTensor:$result);
}

def QNN_Conv2DOp : QNN_ContractionOp<"conv2d"> {
  let summary = "Two-dimensional convolution, channels last";
  let description = [{
    `input` is `[N, H, W, C]`, `weights` `[O, KH, KW, C / groups]`, `bias`
    `[O]`, `result` `[N, OH, OW, O]` with
    `OH = (H + top + bottom - dilation * (KH - 1) - 1) / stride + 1`. `groups ==
    C` is the depthwise convolution. `pad` is `[top, bottom, left, right]`;
    padding stands for the real number 0.

    ```
    acc[n, y, x, o] = bias[o] + sum over ky, kx, c of
        in(n, y * sh + ky * dh - top, x * sw + kx * dw - left, g(o) * C/G + c)
        * w(o, ky, kx, c)
    ```
    in this order of summation for floats. Then

    * float: `result = min(max(acc, clamp_min), clamp_max)`.
    * quantized: `in = q - zero point`, `w` likewise, the bias is `i32` with
      scale `input scale * weights scale` and zero point 0, `acc` is exact, and
      `result = clamp(round(f32(acc) * f32(si * sw[o] / so)) + zero point)`;
      `clamp_min` and `clamp_max` are quantized to the result's codes. With a
      `requantization` of TFLite, `acc` must fit `i32`, and `result =
      clamp(fixedPoint(acc, M0[o], shift[o]) + zero point)` for the multiplier
      `si * sw[o] / so` in double, as `CONV_2D` has it.
    * explicit: `in = q - input_zero_point`, `w = q - weights_zero_point`;
      `result = acc`, an `i32` or `i64` tensor; no clamp.

    Constraints:
    1. Ranks are 4, 4 and 4; the bias has rank 1.
    2. `C` and `O` are multiples of `groups`; weights and bias agree with them.
    3. The result has the shape above, and no extent is zero.
    4. All of input, weights and result are float, or quantized, or explicit.
    5. A `requantization` of TFLite needs uniform types (or floats, to be
       quantized) and `rounding(half_even)`.

    ```mlir
    %y = qnn.conv2d %x, %w bias(%b) strides [2, 2] pad [0, 1, 0, 1]
           clamp_min(0.0)
      : (tensor<1x8x8x3xf32>, tensor<16x3x3x3xf32>, tensor<16xf32>)
      -> tensor<1x4x4x16xf32>
    ```
  }];
  let arguments = (ins
    AnyRankedTensor:$input, AnyRankedTensor:$weights,
    Optional<AnyRankedTensor>:$bias,
    QNN_Strides:$strides, QNN_Pads:$pad, QNN_Strides:$dilations,
    QNN_I64Default<1>:$groups,
    OptionalAttr<F32Attr>:$clamp_min, OptionalAttr<F32Attr>:$clamp_max,
    QNN_Rounding:$rounding,
    QNN_I64Default<0>:$input_zero_point, QNN_I64Default<0>:$weights_zero_point,
    QNN_Requantization:$requantization);
  let assemblyFormat = [{
    $input `,` $weights (`bias` `(` $bias^ `)`)?
    (`strides` $strides^)? (`pad` $pad^)? (`dilations` $dilations^)?
    (`groups` `(` $groups^ `)`)?
    (`clamp_min` `(` $clamp_min^ `)`)? (`clamp_max` `(` $clamp_max^ `)`)?
    (`rounding` `` $rounding^)?
    (`requantization` `` $requantization^)?
    (`input_zero_point` `(` $input_zero_point^ `)`)?
    (`weights_zero_point` `(` $weights_zero_point^ `)`)?
    attr-dict `:` functional-type(operands, results)
  }];
}

class QNN_Conv2DGradientOp<string mnemonic>
    : QNN_Op<mnemonic, [Pure, QNN_Differentiable]> {
  let hasVerifier = 1;
  let results = (outs AnyRankedTensor:$result);
  dag window = (ins QNN_Strides:$strides, QNN_Pads:$pad,
                QNN_Strides:$dilations, QNN_I64Default<1>:$groups);
}

def QNN_Conv2DInputGradientOp : QNN_Conv2DGradientOp<"conv2d_input_gradient"> {
  let summary = "Gradient of a convolution with respect to its input";
  let description = [{
    The transposed convolution. With the shapes of `qnn.conv2d`, `cotangent` has
    the shape of its result and `result` that of its input:

    ```
    result[n, y, x, c] = sum over ky, kx, o of
        cotangent(n, (y + top - ky * dh) / sh, (x + left - kx * dw) / sw, o)
        * weights(o, ky, kx, c - g(o) * C/G)
    ```
    over the output channels of the group of `c`, in this order of summation,
    each index ascending. Only places where both divisions leave no rest count;
    the cotangent is 0 outside of its image. Pixels that no window reads are 0.
    Float form only.

    Constraints:
    1. Cotangent, weights and result are `f32` tensors.
    2. A convolution of a tensor like the result by the weights has the shape of
       the cotangent.

    ```mlir
    %dx = qnn.conv2d_input_gradient %dy, %w strides [2, 2] pad [0, 1, 0, 1]
      : (tensor<1x4x4x16xf32>, tensor<16x3x3x3xf32>) -> tensor<1x8x8x3xf32>
    ```
  }];
  let arguments = !con(
    (ins AnyRankedTensor:$cotangent, AnyRankedTensor:$weights), window);
  let assemblyFormat = [{
    $cotangent `,` $weights
    (`strides` $strides^)? (`pad` $pad^)? (`dilations` $dilations^)?
    (`groups` `(` $groups^ `)`)?
    attr-dict `:` functional-type(operands, results)
  }];
}

def QNN_Conv2DWeightsGradientOp
    : QNN_Conv2DGradientOp<"conv2d_weights_gradient"> {
  let summary = "Gradient of a convolution with respect to its weights";
  let description = [{
    With the shapes of `qnn.conv2d`, `cotangent` has the shape of its result and
    `result` that of its weights:

    ```
    result[o, ky, kx, c] = sum over n, y, x of
        in(n, y * sh + ky * dh - top, x * sw + kx * dw - left, g(o) * C/G + c)
        * cotangent(n, y, x, o)
    ```
    in this order of summation. Padding stands for 0. Float form only.

    Constraints:
    1. Cotangent, input and result are `f32` tensors.
    2. A convolution of the input by weights like the result has the shape of
       the cotangent.

    ```mlir
    %dw = qnn.conv2d_weights_gradient %dy, %x strides [2, 2] pad [0, 1, 0, 1]
      : (tensor<1x4x4x16xf32>, tensor<1x8x8x3xf32>) -> tensor<16x3x3x3xf32>
    ```
  }];
  let arguments = !con(
    (ins AnyRankedTensor:$cotangent, AnyRankedTensor:$input), window);
  let assemblyFormat = [{
    $cotangent `,` $input
    (`strides` $strides^)? (`pad` $pad^)? (`dilations` $dilations^)?
    (`groups` `(` $groups^ `)`)?
    attr-dict `:` functional-type(operands, results)
  }];
}

def QNN_MatMulOp : QNN_ContractionOp<"matmul"> {
  let summary = "Matrix product with an optional bias";
  let description = [{
    `lhs` is `[..., M, K]`, `rhs` `[K, N]` or `[..., K, N]` with the same
    leading extents, `bias` `[N]`, `result` `[..., M, N]`:

    ```
    acc[..., m, n] = bias[n] + sum over k of lhs(..., m, k) * rhs(..., k, n)
    ```
    Then as for `qnn.conv2d`: floats are clamped; quantized accumulators are
    requantized by `f32(sl * sr[n] / so)`; explicit ones are the result. The
    multiplier in TFLite's fixed point is the one of `FULLY_CONNECTED`: in
    double, but `f32(sl * sr) / so` if `rhs` has one scale.

    Constraints:
    1. `lhs` has rank 2 or more; `rhs` rank 2 or the rank of `lhs`.
    2. The inner extents agree, leading extents agree, the bias has `N`
       elements.
    3. All of lhs, rhs and result are float, or quantized, or explicit.
    4. `requantization` as for `qnn.conv2d`.

    ```mlir
    %y = qnn.matmul %x, %w bias(%b) clamp_min(0.0)
      : (tensor<1x42xf32>, tensor<42x20xf32>, tensor<20xf32>)
      -> tensor<1x20xf32>
    ```
  }];
  let arguments = (ins
    AnyRankedTensor:$lhs, AnyRankedTensor:$rhs, Optional<AnyRankedTensor>:$bias,
    OptionalAttr<F32Attr>:$clamp_min, OptionalAttr<F32Attr>:$clamp_max,
    QNN_Rounding:$rounding,
    QNN_I64Default<0>:$lhs_zero_point, QNN_I64Default<0>:$rhs_zero_point,
    QNN_Requantization:$requantization);
  let assemblyFormat = [{
    $lhs `,` $rhs (`bias` `(` $bias^ `)`)?
    (`clamp_min` `(` $clamp_min^ `)`)? (`clamp_max` `(` $clamp_max^ `)`)?
    (`rounding` `` $rounding^)?
    (`requantization` `` $requantization^)?
    (`lhs_zero_point` `(` $lhs_zero_point^ `)`)?
    (`rhs_zero_point` `(` $rhs_zero_point^ `)`)?
    attr-dict `:` functional-type(operands, results)
  }];
}

#endif // QNN_DIALECT_QNN_IR_QNNCONTRACTIONOPS_TD
