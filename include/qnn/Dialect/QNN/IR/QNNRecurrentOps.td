// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Recurrent layers of models that are written by hand; those of imported models
// are unrolled at once.

#ifndef QNN_DIALECT_QNN_IR_QNNRECURRENTOPS_TD
#define QNN_DIALECT_QNN_IR_QNNRECURRENTOPS_TD

include "qnn/Dialect/QNN/IR/QNNOpBase.td"

class QNN_RecurrentOp<string mnemonic, list<Trait> traits = []>
    : QNN_Op<mnemonic, [Pure] # traits> {
  let results = (outs AnyRankedTensor:$sequence, AnyRankedTensor:$hidden);
  let hasVerifier = 1;
  string descriptionOfAll = [{
    The state begins as zeros and is computed for one step of the input after
    the other, with `reverse` from the last one to the first.
    `qnn-unroll-recurrent` makes matrix products and elementwise operations of
    it, which the other passes and the interpreter know; gradients, batches and
    quantization are theirs.
  }];
}

def QNN_LSTMOp : QNN_RecurrentOp<"lstm"> {
  let summary = "Long short-term memory over a sequence";
  let description = descriptionOfAll # [{
    With `[i, o, f, g] = input * weights + hidden * recurrent + bias` for each
    step (Gers, Schmidhuber and Cummins 2000):

    ```
    cell   = sigmoid(f) * cell + sigmoid(i) * tanh(g)
    hidden = sigmoid(o) * tanh(cell)
    ```
    `sequence` is the hidden state after each step, in the order of the input,
    `hidden` that after the step that was computed last.

    Constraints:
    1. All are `f32` tensors: `input` `[N, T, I]`, `weights` `[I, 4 * H]`,
       `recurrent` `[H, 4 * H]`, `bias` `[4 * H]`, `sequence` `[N, T, H]`,
       `hidden` `[N, H]`.
    2. All extents are known and positive.

    ```mlir
    %sequence, %hidden = qnn.lstm %x, %w, %r bias(%b)
      : (tensor<1x28x28xf32>, tensor<28x80xf32>, tensor<20x80xf32>,
         tensor<80xf32>) -> (tensor<1x28x20xf32>, tensor<1x20xf32>)
    ```
  }];
  let arguments = (ins
    AnyRankedTensor:$input, AnyRankedTensor:$weights,
    AnyRankedTensor:$recurrent, Optional<AnyRankedTensor>:$bias,
    UnitAttr:$reverse);
  let assemblyFormat = [{
    $input `,` $weights `,` $recurrent (`bias` `(` $bias^ `)`)?
    (`reverse` $reverse^)?
    attr-dict `:` functional-type(operands, results)
  }];
}

def QNN_GRUOp : QNN_RecurrentOp<"gru", [AttrSizedOperandSegments]> {
  let summary = "Gated recurrent unit over a sequence";
  let description = descriptionOfAll # [{
    With `[z, r, n] = input * weights + bias` and `[z', r', n'] = hidden *
    recurrent + hidden_bias` for each step (Cho et al. 2014, with the product
    before the reset gate, as in cuDNN):

    ```
    update    = sigmoid(z + z')
    candidate = tanh(n + sigmoid(r + r') * n')
    hidden    = (1 - update) * candidate + update * hidden
    ```
    where `hidden_bias` has elements for `n'` only: those of the others would be
    added to `bias`. `sequence` and `hidden` as for `qnn.lstm`.

    Constraints:
    1. All are `f32` tensors: `input` `[N, T, I]`, `weights` `[I, 3 * H]`,
       `recurrent` `[H, 3 * H]`, `bias` `[3 * H]`, `hidden_bias` `[H]`,
       `sequence` `[N, T, H]`, `hidden` `[N, H]`.
    2. All extents are known and positive.

    ```mlir
    %sequence, %hidden = qnn.gru %x, %w, %r bias(%b) hidden_bias(%c) reverse
      : (tensor<1x32x16xf32>, tensor<16x96xf32>, tensor<32x96xf32>,
         tensor<96xf32>, tensor<32xf32>)
      -> (tensor<1x32x32xf32>, tensor<1x32xf32>)
    ```
  }];
  let arguments = (ins
    AnyRankedTensor:$input, AnyRankedTensor:$weights,
    AnyRankedTensor:$recurrent, Optional<AnyRankedTensor>:$bias,
    Optional<AnyRankedTensor>:$hidden_bias, UnitAttr:$reverse);
  let assemblyFormat = [{
    $input `,` $weights `,` $recurrent (`bias` `(` $bias^ `)`)?
    (`hidden_bias` `(` $hidden_bias^ `)`)? (`reverse` $reverse^)?
    attr-dict `:` functional-type(operands, results)
  }];
}

#endif // QNN_DIALECT_QNN_IR_QNNRECURRENTOPS_TD
