// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Passes from qnn to upstream dialects, in alphabetical order.

#ifndef QNN_CONVERSION_PASSES_TD
#define QNN_CONVERSION_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertQNNToLinalgPass
    : Pass<"convert-qnn-to-linalg", "::mlir::ModuleOp"> {
  let summary = "Lower float and explicit qnn operations to linalg on tensors";
  let description = [{
    Every operation becomes `linalg`, `arith` and `tensor` operations on
    signless integers and `f32` that compute the formula of its description bit
    for bit: float sums keep their order, products are never fused into
    additions, and rounding is spelled out in integer arithmetic.

    Constants are brought into the order of the loops (`[KH, KW, I, O]` for
    convolutions: the output channel is the innermost loop, so that plain loops
    vectorize), and zero points of constant weights move into the bias:
    `sum((x - zx) * (w - zw)) = sum(x * (w - zw)) - zx * sum(w - zw)`, exact
    modulo 2^32.

    Padding of float convolutions multiplies weights by `0.0` instead of
    skipping them, which differs only in the sign of a zero and for infinite
    weights.

    ```mlir
    %y = qnn.lookup %x table(dense<...> : tensor<256xi8>)
      : (tensor<4xui8>) -> tensor<4xui8>
    // becomes
    %y = linalg.generic ... ins(%x : tensor<4xi8>) outs(%empty : tensor<4xi8>) {
      ^bb0(%code: i8, %out: i8):
        %index = arith.extui %code : i8 to i32
        ...
        %value = tensor.extract %table[%position] : tensor<256xi8>
        linalg.yield %value : i8
    } -> tensor<4xi8>
    ```

    Expects: static shapes, no quantized element types (`qnn-legalize`).
    Guarantees: no qnn operation is left, and no integer type with a sign.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::math::MathDialect", "::mlir::tensor::TensorDialect"
  ];
}

#endif // QNN_CONVERSION_PASSES_TD
