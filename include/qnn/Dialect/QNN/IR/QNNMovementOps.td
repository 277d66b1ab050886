// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Data movement that upstream dialects do not offer for quantized tensors.
// Reshapes, slices and concatenation are tensor.collapse_shape,
// tensor.expand_shape, tensor.extract_slice and tensor.concat, which take part
// through external models.

#ifndef QNN_DIALECT_QNN_IR_QNNMOVEMENTOPS_TD
#define QNN_DIALECT_QNN_IR_QNNMOVEMENTOPS_TD

include "qnn/Dialect/QNN/IR/QNNOpBase.td"

def QNN_TransposeOp : QNN_Op<"transpose", [
    Pure, QNN_CheapToRecompute,
    QNN_Differentiable, QNN_Batchable<["getReasonNotBatchable"]>,
    QNN_Quantizable<["requiresSameParameters"]>]> {
  let summary = "Permutes axes";
  let description = [{
    Axis `i` of the result is axis `permutation[i]` of the input.

    Constraints:
    1. `permutation` is one, of the input's rank.
    2. The result has the permuted shape and the input's element type.
    3. A quantized type has one scale and zero point for the whole tensor, since
       its axis would have to move, too.

    ```mlir
    %y = qnn.transpose %x [0, 3, 1, 2]
      : (tensor<1x4x4x8xf32>) -> tensor<1x8x4x4xf32>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$input, DenseI64ArrayAttr:$permutation);
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  let hasFolder = 1;
  let assemblyFormat = [{
    $input $permutation attr-dict `:` functional-type(operands, results)
  }];
}

def QNN_PadOp : QNN_Op<"pad", [
    Pure, QNN_CheapToRecompute,
    QNN_Differentiable, QNN_Batchable<["getReasonNotBatchable"]>,
    QNN_Quantizable<["requiresSameParameters"]>]> {
  let summary = "Adds a border of one value";
  let description = [{
    `low[i]` elements before and `high[i]` after the input along axis `i`.
    `value` is a real number, quantized by the result's type (half to even); in
    the explicit form it is the code itself.

    Constraints:
    1. `low` and `high` have one non-negative element for each axis.
    2. The result has the padded shape and the input's element type.
  }];
  let arguments = (ins AnyRankedTensor:$input, DenseI64ArrayAttr:$low,
    DenseI64ArrayAttr:$high, DefaultValuedAttr<F32Attr, "0.0f">:$value);
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $input `low` $low `high` $high (`value` `(` $value^ `)`)?
    attr-dict `:` functional-type(operands, results)
  }];
}

def QNN_ReverseOp : QNN_Op<"reverse", [
    Pure, QNN_CheapToRecompute,
    QNN_Differentiable, QNN_Batchable<["getReasonNotBatchable"]>]> {
  let summary = "Reverses the order of elements along axes";
  let description = [{
    `result[..., i, ...] = input[..., extent - 1 - i, ...]` along each axis.
    Gradients of convolutions read weights in this order.

    Constraints:
    1. Axes are distinct, in increasing order, within the rank.
    2. Input and result have one shape and one element type, which is not
       quantized.

    ```mlir
    %y = qnn.reverse %w axes [1, 2]
      : (tensor<8x3x3x4xf32>) -> tensor<8x3x3x4xf32>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$input, DenseI64ArrayAttr:$axes);
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $input `axes` $axes attr-dict `:` functional-type(operands, results)
  }];
}

#endif // QNN_DIALECT_QNN_IR_QNNMOVEMENTOPS_TD
