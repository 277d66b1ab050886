// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pools, means and softmax.

#ifndef QNN_DIALECT_QNN_IR_QNNREDUCTIONOPS_TD
#define QNN_DIALECT_QNN_IR_QNNREDUCTIONOPS_TD

include "qnn/Dialect/QNN/IR/QNNOpBase.td"

class QNN_Pool2DOp<string mnemonic, list<Trait> traits>
    : QNN_Op<mnemonic, traits # [
        Pure, QNN_Batchable<["getReasonNotBatchable"]>]> {
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  dag windowArguments = (ins AnyRankedTensor:$input, QNN_I64Array<2>:$kernel,
    QNN_Strides:$strides, QNN_Pads:$pad, QNN_Strides:$dilations);
  let arguments = windowArguments;
  let assemblyFormat = [{
    $input `kernel` $kernel (`strides` $strides^)? (`pad` $pad^)?
    (`dilations` $dilations^)?
    attr-dict `:` functional-type(operands, results)
  }];
}

def QNN_MaxPool2DOp : QNN_Pool2DOp<"max_pool2d",
    [QNN_Differentiable, QNN_Quantizable<["requiresSameParameters"]>]> {
  let summary = "Largest value of a window, channels last";
  let description = [{
    `input` is `[N, H, W, C]`; the result's extents are those of a convolution
    with this kernel. Padding never wins. Codes are compared as they are, so
    quantized input and result have the same type.

    Constraints:
    1. Input and result have rank 4 and one element type.
    2. The result has the shape of the formula of `qnn.conv2d`.
    3. Padding is smaller than the dilated kernel, and no window is empty: taps
       that are far apart can miss a small image.
  }];
}

def QNN_MaxPool2DGradientOp : QNN_Op<"max_pool2d_gradient", [
    Pure, QNN_Batchable<["getReasonNotBatchable"]>]> {
  let summary = "Gradient through max_pool2d";
  let description = [{
    `result` is zero but for what each window gives: its `cotangent` is added to
    the first element, in row-major order, that has the window's largest value.
    A window of NaN only gives nothing. Sums are over windows in row-major
    order. Float form only.

    Constraints:
    1. Cotangent, input and result are `f32` tensors of rank 4.
    2. The cotangent has the shape of `qnn.max_pool2d` of the input, the result
       that of the input.

    ```mlir
    %dx = qnn.max_pool2d_gradient %dy, %x kernel [2, 2] strides [2, 2]
      : (tensor<1x2x2x3xf32>, tensor<1x4x4x3xf32>) -> tensor<1x4x4x3xf32>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$cotangent, AnyRankedTensor:$input,
    QNN_I64Array<2>:$kernel, QNN_Strides:$strides, QNN_Pads:$pad,
    QNN_Strides:$dilations);
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $cotangent `,` $input `kernel` $kernel (`strides` $strides^)?
    (`pad` $pad^)? (`dilations` $dilations^)?
    attr-dict `:` functional-type(operands, results)
  }];
}

def QNN_AvgPool2DOp : QNN_Pool2DOp<"avg_pool2d",
    [QNN_Differentiable, QNN_Quantizable<>]> {
  let summary = "Mean of a window, channels last";
  let description = [{
    The mean over the `n` elements of the window that count: those inside of the
    image, and with `count_include_pad` also those of the padding, as zeros.

    * float: `sum / f32(n)`, summed in row-major order.
    * quantized: `acc` = exact sum of `q - zero point`,
      `result = clamp(round(f32(acc) * f32(si / (so * n))) + zo)`.

    Constraints: those of `qnn.max_pool2d`, but for the element types.
  }];
  let arguments = !con(windowArguments,
    (ins UnitAttr:$count_include_pad, QNN_Rounding:$rounding));
  let assemblyFormat = [{
    $input `kernel` $kernel (`strides` $strides^)? (`pad` $pad^)?
    (`dilations` $dilations^)? (`count_include_pad` $count_include_pad^)?
    (`rounding` `` $rounding^)?
    attr-dict `:` functional-type(operands, results)
  }];
}

def QNN_SumPool2DOp : QNN_Pool2DOp<"sum_pool2d", []> {
  let summary = "Explicit form of avg_pool2d: exact sums of a window";
  let description = [{
    `result` = sum of `q - input_zero_point` over the elements of the window
    that are inside of the image, an `i32` tensor. The division is in the
    multipliers of the `qnn.rescale` that follows.
  }];
  let arguments = !con(windowArguments,
    (ins QNN_I64Default<0>:$input_zero_point));
  let assemblyFormat = [{
    $input `kernel` $kernel (`strides` $strides^)? (`pad` $pad^)?
    (`dilations` $dilations^)?
    (`input_zero_point` `(` $input_zero_point^ `)`)?
    attr-dict `:` functional-type(operands, results)
  }];
}

def QNN_MeanOp : QNN_Op<"mean", [
    Pure, QNN_Differentiable, QNN_Batchable<["getReasonNotBatchable"]>,
    QNN_Quantizable<>]> {
  let summary = "Mean along axes, which stay with extent 1";
  let description = [{
    * float: `sum / f32(n)`, summed in row-major order.
    * quantized: as `qnn.avg_pool2d`, `n` being the product of the extents.

    Constraints:
    1. Axes are distinct, in increasing order, within the rank.
    2. The result's extents are 1 along the axes and the input's elsewhere.

    ```mlir
    %y = qnn.mean %x axes [1, 2]
      : (tensor<1x8x8x64xf32>) -> tensor<1x1x1x64xf32>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$input, DenseI64ArrayAttr:$axes,
    QNN_Rounding:$rounding);
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $input `axes` $axes (`rounding` `` $rounding^)?
    attr-dict `:` functional-type(operands, results)
  }];
}

def QNN_SumOp : QNN_Op<"sum", [
    Pure, QNN_Differentiable, QNN_Batchable<["getReasonNotBatchable"]>]> {
  let summary = "Sum along axes, which stay with extent 1";
  let description = [{
    * float: summed in row-major order.
    * explicit: `result` = sum of `q - input_zero_point`, an `i32` tensor; what
      `qnn.mean` becomes before the division.

    Constraints: those of `qnn.mean`, but for the element types.
  }];
  let arguments = (ins AnyRankedTensor:$input, DenseI64ArrayAttr:$axes,
    QNN_I64Default<0>:$input_zero_point);
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $input `axes` $axes (`input_zero_point` `(` $input_zero_point^ `)`)?
    attr-dict `:` functional-type(operands, results)
  }];
}

def QNN_SoftmaxOp : QNN_Op<"softmax", [
    Pure, QNN_Differentiable, QNN_Batchable<["getReasonNotBatchable"]>,
    QNN_Quantizable<["getKnownResultRange", "getMaxActivationBits",
                     "getReasonToStayFloat"]>]> {
  let summary = "exp(x) / sum of exp along an axis";
  let description = [{
    * float: `e = expReference(x - max)`, `e / sum(e)`, summed in order; the
      exponential is the one of `docs/Numerics.md`, which needs no library.
    * quantized: with `d = max code - code` and the table `T[d]` of
      `softmaxTable(input scale)`, `sum` = exact sum of `T`,
      `v = (f32(T[d]) / f32(sum)) * f32(1 / so)`,
      `result = clamp(round(v) + zo)`.

    Constraints:
    1. The axis is within the rank.
    2. Input and result have one shape.

    ```mlir
    %y = qnn.softmax %x axis(1) : (tensor<1x10xf32>) -> tensor<1x10xf32>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$input, I64Attr:$axis,
    QNN_Rounding:$rounding);
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $input `axis` `(` $axis `)` (`rounding` `` $rounding^)?
    attr-dict `:` functional-type(operands, results)
  }];
}

def QNN_LogSoftmaxOp : QNN_Op<"log_softmax", [
    Pure, QNN_Differentiable, QNN_Batchable<["getReasonNotBatchable"]>]> {
  let summary = "Logarithm of softmax along an axis";
  let description = [{
    `d = x - max`, `d - logReference(sum(expReference(d)))`, summed in order:
    finite where softmax itself would be 0.

    Constraints:
    1. The axis is within the rank.
    2. Input and result are `f32` tensors of one shape.

    ```mlir
    %y = qnn.log_softmax %x axis(1) : (tensor<1x10xf32>) -> tensor<1x10xf32>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$input, I64Attr:$axis);
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $input `axis` `(` $axis `)`
    attr-dict `:` functional-type(operands, results)
  }];
}

def QNN_IntegerSoftmaxOp : QNN_Op<"integer_softmax", [
    Pure, QNN_Batchable<["getReasonNotBatchable"]>]> {
  let summary = "Explicit form of softmax: a table instead of exp";
  let description = [{
    The quantized formula of `qnn.softmax`, with the table (256 `i32` elements),
    the multiplier `f32(1 / so)` and the result's codes as attributes. `input`
    is `ui8` or `si8`, `result` any integer type.
  }];
  let arguments = (ins AnyRankedTensor:$input, I64Attr:$axis,
    ElementsAttr:$table, F32Attr:$multiplier,
    QNN_I64Default<0>:$output_zero_point, I64Attr:$min, I64Attr:$max,
    QNN_Rounding:$rounding);
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $input `axis` `(` $axis `)` `table` `(` $table `)`
    `multiplier` `(` $multiplier `)`
    (`output_zero_point` `(` $output_zero_point^ `)`)?
    `range` `(` $min `,` $max `)` (`rounding` `` $rounding^)?
    attr-dict `:` functional-type(operands, results)
  }];
}

#endif // QNN_DIALECT_QNN_IR_QNNREDUCTIONOPS_TD
