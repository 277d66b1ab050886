// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Element by element: arithmetic with broadcasting, clamp, normalize.

#ifndef QNN_DIALECT_QNN_IR_QNNELEMENTWISEOPS_TD
#define QNN_DIALECT_QNN_IR_QNNELEMENTWISEOPS_TD

include "qnn/Dialect/QNN/IR/QNNOpBase.td"

class QNN_BinaryOp<string mnemonic, list<string> methods = [],
                   list<Trait> traits = []>
    : QNN_Op<mnemonic, traits # [Pure, QNN_CheapToRecompute,
                                 QNN_Differentiable, QNN_Batchable<>,
                                QNN_Quantizable<methods>]> {
  let hasFolder = 1;
  let hasVerifier = 1;
  let results = (outs AnyRankedTensor:$result);
  dag commonArguments = (ins
    AnyRankedTensor:$lhs, AnyRankedTensor:$rhs,
    OptionalAttr<F32Attr>:$clamp_min, OptionalAttr<F32Attr>:$clamp_max,
    QNN_Rounding:$rounding);
  let arguments = commonArguments;
  let assemblyFormat = [{
    $lhs `,` $rhs
    (`clamp_min` `(` $clamp_min^ `)`)? (`clamp_max` `(` $clamp_max^ `)`)?
    (`rounding` `` $rounding^)?
    attr-dict `:` functional-type(operands, results)
  }];
  code sumDescription = [{
    Shapes broadcast as in numpy: aligned at the last axis, extents equal or 1.

    * float: the `f32` operation, then clamped.
    * quantized: `v = f32(ql - zl) * f32(sl / so)` and the same for `rhs`, two
      `f32` multiplications and one `f32` addition or subtraction, never fused;
      `result = clamp(round(v) + zo)`.

    Constraints:
    1. The result has the broadcast shape.
    2. All of lhs, rhs and result are float, or quantized.
  }];
}

def QNN_AddOp : QNN_BinaryOp<"add", [], [Commutative]> {
  let summary = "Sum with broadcasting";
  let description = sumDescription;
}

def QNN_SubOp : QNN_BinaryOp<"sub"> {
  let summary = "Difference with broadcasting";
  let description = sumDescription;
}

def QNN_MulOp
    : QNN_BinaryOp<"mul", ["getMaxActivationBits", "requestRequantization"],
                   [Commutative]> {
  let summary = "Product with broadcasting";
  let description = [{
    Shapes broadcast as in numpy.

    * float: the `f32` product, then clamped.
    * quantized: `acc = (ql - zl) * (qr - zr)` is exact,
      `result = clamp(round(f32(acc) * f32(sl * sr / so)) + zo)`. With a
      `requantization` of TFLite, `result = clamp(fixedPoint(acc, M0, shift) +
      zo)` for the multiplier `f32(f32(sl * sr) / so)`, as `MUL` has it.
    * explicit: `acc` with the zero points of the attributes, an `i32` tensor.

    Constraints:
    1. The result has the broadcast shape.
    2. All of lhs, rhs and result are float, or quantized, or explicit.
    3. `requantization` as for `qnn.conv2d`.
  }];
  let arguments = !con(commonArguments, (ins
    QNN_I64Default<0>:$lhs_zero_point, QNN_I64Default<0>:$rhs_zero_point,
    QNN_Requantization:$requantization));
  let assemblyFormat = [{
    $lhs `,` $rhs
    (`clamp_min` `(` $clamp_min^ `)`)? (`clamp_max` `(` $clamp_max^ `)`)?
    (`rounding` `` $rounding^)?
    (`requantization` `` $requantization^)?
    (`lhs_zero_point` `(` $lhs_zero_point^ `)`)?
    (`rhs_zero_point` `(` $rhs_zero_point^ `)`)?
    attr-dict `:` functional-type(operands, results)
  }];
}

def QNN_ClampOp : QNN_Op<"clamp", [
    Pure, QNN_CheapToRecompute,
    QNN_Differentiable, QNN_Batchable<>, QNN_Quantizable<>]> {
  let summary = "Limits to a range: Relu, Relu6, Clip";
  let description = [{
    * float: `min(max(x, clamp_min), clamp_max)` (NaN gives `clamp_min`, or
      `clamp_max` if there is only that).
    * quantized: requantized to the result's type as by `qnn.requantize`,
      between the codes of the bounds.

    Constraints:
    1. At least one bound is given, and `clamp_min <= clamp_max`.
    2. Input and result have one shape; both are float, or quantized.

    ```mlir
    %y = qnn.clamp %x clamp_min(0.0) : (tensor<1x10xf32>) -> tensor<1x10xf32>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$input,
    OptionalAttr<F32Attr>:$clamp_min, OptionalAttr<F32Attr>:$clamp_max,
    QNN_Rounding:$rounding);
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $input (`clamp_min` `(` $clamp_min^ `)`)? (`clamp_max` `(` $clamp_max^ `)`)?
    (`rounding` `` $rounding^)?
    attr-dict `:` functional-type(operands, results)
  }];
}

def QNN_ClampGradientOp : QNN_Op<"clamp_gradient", [Pure, QNN_Batchable<>]> {
  let summary = "Gradient through a clamp";
  let description = [{
    `result = clamp_min < value && value < clamp_max ? cotangent : 0`, where a
    bound that is not given holds. `value` is what was clamped or what came out:
    either is inside of the bounds when the other is. At a bound the gradient is
    0, so that Relu has the derivative 0 at 0. Float form only.

    Constraints:
    1. At least one bound is given, and `clamp_min <= clamp_max`.
    2. Cotangent, value and result are `f32` tensors of one shape.

    ```mlir
    %dx = qnn.clamp_gradient %dy, %y clamp_min(0.0)
      : (tensor<1x10xf32>, tensor<1x10xf32>) -> tensor<1x10xf32>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$cotangent, AnyRankedTensor:$value,
    OptionalAttr<F32Attr>:$clamp_min, OptionalAttr<F32Attr>:$clamp_max);
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $cotangent `,` $value
    (`clamp_min` `(` $clamp_min^ `)`)? (`clamp_max` `(` $clamp_max^ `)`)?
    attr-dict `:` functional-type(operands, results)
  }];
}

def QNN_NormalizeOp : QNN_Op<"normalize", [
    Pure, QNN_CheapToRecompute,
    QNN_Differentiable, QNN_Batchable<["getReasonNotBatchable"]>,
    QNN_Quantizable<["getOperandRole", "getKnownResultRange"]>]> {
  let summary = "Model input from raw data: (raw - mean) * scale";
  let description = [{
    `result = (f32(raw) - mean[c]) * scale[c]`, two `f32` operations, where `c`
    is the index along the last axis. `mean` and `scale` have one element for
    all or one for each channel. `input` is `ui8` or `f32`.

    With `ui8` input the result's range is known, and its quantized form is a
    table of 256 codes for each channel: no float arithmetic at run time.

    Constraints:
    1. `mean` and `scale` have 1 element or as many as the last axis; scales are
       finite and not 0.
    2. Input and result have one shape; the result is float or quantized.

    ```mlir
    %x = qnn.normalize %raw mean [127.0] scale [0.0078125]
      : (tensor<1x96x96x3xui8>) -> tensor<1x96x96x3xf32>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$input, DenseF32ArrayAttr:$mean,
    DenseF32ArrayAttr:$scale, QNN_Rounding:$rounding);
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $input `mean` $mean `scale` $scale (`rounding` `` $rounding^)?
    attr-dict `:` functional-type(operands, results)
  }];
}

#endif // QNN_DIALECT_QNN_IR_QNNELEMENTWISEOPS_TD
