// Shapes of matrix products and broadcasts that the verifier refuses.
// RUN: quant-opt %s -split-input-file -verify-diagnostics

/// A vector is no matrix.
func.func @matmul_rank(%x: tensor<3xf32>, %w: tensor<3x2xf32>) {
  // expected-error@+1 {{expects lhs of rank 2 or more and rhs of rank 2 or the same, got 1 and 2}}
  %0 = qnn.matmul %x, %w : (tensor<3xf32>, tensor<3x2xf32>) -> tensor<2xf32>
  return
}

// -----

/// What is summed over must agree.
func.func @matmul_inner(%x: tensor<1x3xf32>, %w: tensor<2x4xf32>) {
  // expected-error@+1 {{inner extents differ: 3 and 2}}
  %0 = qnn.matmul %x, %w : (tensor<1x3xf32>, tensor<2x4xf32>) -> tensor<1x4xf32>
  return
}

// -----

/// Batches do not broadcast.
func.func @matmul_leading(%x: tensor<2x1x3xf32>, %w: tensor<1x3x4xf32>) {
  // expected-error@+1 {{leading extents of lhs and rhs differ}}
  %0 = qnn.matmul %x, %w : (tensor<2x1x3xf32>, tensor<1x3x4xf32>) -> tensor<2x1x4xf32>
  return
}

// -----

/// The bias of a product belongs to its columns.
func.func @matmul_bias(%x: tensor<2x3xf32>, %w: tensor<3x4xf32>, %b: tensor<2xf32>) {
  // expected-error@+1 {{expects a bias of shape [4]}}
  %0 = qnn.matmul %x, %w bias(%b) : (tensor<2x3xf32>, tensor<3x4xf32>, tensor<2xf32>) -> tensor<2x4xf32>
  return
}

// -----

/// Extents broadcast from the last axis on, and only if one of them is 1.
func.func @add_broadcast(%x: tensor<2x3xf32>, %y: tensor<2xf32>) {
  // expected-error@+1 {{extents 3 and 2 do not broadcast}}
  %0 = qnn.add %x, %y : (tensor<2x3xf32>, tensor<2xf32>) -> tensor<2x3xf32>
  return
}

// -----

/// Both operands can grow.
func.func @sub_result(%x: tensor<2x1xf32>, %y: tensor<3xf32>) {
  // expected-error@+1 {{expects result of shape [2, 3]}}
  %0 = qnn.sub %x, %y : (tensor<2x1xf32>, tensor<3xf32>) -> tensor<2x1xf32>
  return
}
