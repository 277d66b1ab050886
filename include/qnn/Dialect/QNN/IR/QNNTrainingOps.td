// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What only training needs: labels, random numbers, gradients of another
// function.

#ifndef QNN_DIALECT_QNN_IR_QNNTRAININGOPS_TD
#define QNN_DIALECT_QNN_IR_QNNTRAININGOPS_TD

include "qnn/Dialect/QNN/IR/QNNOpBase.td"

def QNN_OneHotOp : QNN_Op<"one_hot", [
    Pure, QNN_Batchable<["getReasonNotBatchable"]>]> {
  let summary = "Labels, or bytes of a text, as rows with a single 1";
  let description = [{
    `result[..., c] = labels[...] == c ? 1 : 0`: a label that is not from 0 to
    `depth - 1` has a row of zeros. Times a table of `depth` rows it is the
    embedding of the bytes.

    Constraints:
    1. `labels` is an `i32` or `ui8` tensor, the result an `f32` tensor.
    2. The result has the shape of the labels with an axis of extent `depth`
       behind.

    ```mlir
    %y = qnn.one_hot %labels depth(10) : (tensor<32xi32>) -> tensor<32x10xf32>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$labels, I64Attr:$depth);
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $labels `depth` `(` $depth `)`
    attr-dict `:` functional-type(operands, results)
  }];
}

def QNN_RandomUniformOp : QNN_Op<"random_uniform", [Pure]> {
  let summary = "Numbers of [0, 1) from a seed";
  let description = [{
    Element `i` in row-major order is `uniformReference(i, {seed[0], seed[1],
    stream})` of `docs/Numerics.md`, where `seed[1]` is 0 for a seed of one
    number. So there is no state: the same seed and stream give the same
    numbers, on every machine. Operations of one program tell themselves apart
    by `stream`.

    Constraints:
    1. `seed` is a `tensor<i32>` or `tensor<2xi32>`.
    2. The result is an `f32` tensor of at most 2^31 elements, and `stream` is
       from 0 to 2^31 - 1.

    ```mlir
    %u = qnn.random_uniform %seed stream(3) : (tensor<i32>) -> tensor<8x4xf32>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$seed, I64Attr:$stream);
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $seed `stream` `(` $stream `)`
    attr-dict `:` functional-type(operands, results)
  }];
}

def QNN_StraightThroughOp : QNN_Op<"straight_through", [
    Pure, QNN_CheapToRecompute, QNN_Differentiable, QNN_Batchable<>]> {
  let summary = "One value with the gradient of another";
  let description = [{
    `result = value`; the gradient goes to `surrogate`, and none to `value`. A
    step such as a rounding, whose gradient is 0, so gets that of a function
    beside it.

    Constraints: value, surrogate and result are `f32` tensors of one shape.

    ```mlir
    %y = qnn.straight_through %rounded, %x
      : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    ```
  }];
  let arguments = (ins AnyRankedTensor:$value, AnyRankedTensor:$surrogate);
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $value `,` $surrogate attr-dict `:` functional-type(operands, results)
  }];
}

#endif // QNN_DIALECT_QNN_IR_QNNTRAININGOPS_TD
