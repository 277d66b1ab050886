// Products and sums that are not of one constant per channel.
// RUN: quant-opt %s -split-input-file --qnn-fold-batch-norm | FileCheck %s

/// The constant makes the result larger than the contraction.
// CHECK-LABEL: @negative_broadcast(
// CHECK: qnn.add
func.func @negative_broadcast(%x: tensor<1x1xf32>) -> tensor<2x1xf32> {
  %w = arith.constant dense<2.0> : tensor<1x1xf32>
  %c = arith.constant dense<1.0> : tensor<2x1xf32>
  %0 = qnn.matmul %x, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = qnn.add %0, %c : (tensor<1x1xf32>, tensor<2x1xf32>) -> tensor<2x1xf32>
  return %1 : tensor<2x1xf32>
}

// -----

/// As many elements as channels, but along the rows.
// CHECK-LABEL: @negative_other_axis(
// CHECK: qnn.add
func.func @negative_other_axis(%x: tensor<2x1xf32>) -> tensor<2x2xf32> {
  %w = arith.constant dense<2.0> : tensor<1x2xf32>
  %c = arith.constant dense<[[1.0], [2.0]]> : tensor<2x1xf32>
  %0 = qnn.matmul %x, %w : (tensor<2x1xf32>, tensor<1x2xf32>) -> tensor<2x2xf32>
  %1 = qnn.add %0, %c : (tensor<2x2xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
  return %1 : tensor<2x2xf32>
}

// -----

/// A residual add has no constant.
// CHECK-LABEL: @negative_residual(
// CHECK: qnn.add
func.func @negative_residual(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %w = arith.constant dense<2.0> : tensor<1x1xf32>
  %0 = qnn.matmul %x, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = qnn.add %0, %x : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// -----

/// Weights or a bias that come at run time cannot change.
// CHECK-LABEL: @negative_run_time(
// CHECK: qnn.mul
// CHECK: qnn.mul
func.func @negative_run_time(%x: tensor<1x1xf32>, %b: tensor<1xf32>) -> (tensor<1x1xf32>, tensor<1x1xf32>) {
  %w = arith.constant dense<2.0> : tensor<1x1xf32>
  %0 = qnn.matmul %w, %x : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = qnn.mul %0, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %2 = qnn.matmul %x, %w bias(%b) : (tensor<1x1xf32>, tensor<1x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  %3 = qnn.mul %2, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %1, %3 : tensor<1x1xf32>, tensor<1x1xf32>
}

// -----

/// Each matrix of a batch has its own columns.
// CHECK-LABEL: @negative_batch(
// CHECK: qnn.mul
func.func @negative_batch(%x: tensor<2x1x1xf32>) -> tensor<2x1x1xf32> {
  %w = arith.constant dense<2.0> : tensor<2x1x1xf32>
  %m = arith.constant dense<2.0> : tensor<1xf32>
  %0 = qnn.matmul %x, %w : (tensor<2x1x1xf32>, tensor<2x1x1xf32>) -> tensor<2x1x1xf32>
  %1 = qnn.mul %0, %m : (tensor<2x1x1xf32>, tensor<1xf32>) -> tensor<2x1x1xf32>
  return %1 : tensor<2x1x1xf32>
}

// -----

/// Other producers have no weights.
// CHECK-LABEL: @negative_no_contraction(
// CHECK: qnn.mul
func.func @negative_no_contraction(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %m = arith.constant dense<2.0> : tensor<1xf32>
  %0 = qnn.mul %x, %m : (tensor<1x1xf32>, tensor<1xf32>) -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// -----

/// Channels that a movement mixes: by a transpose, by a reshape to longer
/// rows, by a slice, by a slice without the last axis.
// CHECK-LABEL: @negative_movement(
// CHECK-COUNT-4: qnn.mul
func.func @negative_movement(%x: tensor<2x1xf32>) -> (tensor<2x2xf32>, tensor<1x4xf32>, tensor<2x2xf32>, tensor<2xf32>) {
  %w2 = arith.constant dense<1.0> : tensor<1x2xf32>
  %w3 = arith.constant dense<1.0> : tensor<1x3xf32>
  %m2 = arith.constant dense<[2.0, 3.0]> : tensor<2xf32>
  %m4 = arith.constant dense<[2.0, 3.0, 4.0, 5.0]> : tensor<4xf32>
  %0 = qnn.matmul %x, %w2 : (tensor<2x1xf32>, tensor<1x2xf32>) -> tensor<2x2xf32>
  %1 = qnn.transpose %0 [1, 0] : (tensor<2x2xf32>) -> tensor<2x2xf32>
  %2 = qnn.mul %1, %m2 : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  %3 = qnn.matmul %x, %w2 : (tensor<2x1xf32>, tensor<1x2xf32>) -> tensor<2x2xf32>
  %4 = tensor.collapse_shape %3 [[0, 1]] : tensor<2x2xf32> into tensor<4xf32>
  %5 = tensor.expand_shape %4 [[0, 1]] output_shape [1, 4] : tensor<4xf32> into tensor<1x4xf32>
  %7 = qnn.mul %5, %m4 : (tensor<1x4xf32>, tensor<4xf32>) -> tensor<1x4xf32>
  %8 = qnn.matmul %x, %w3 : (tensor<2x1xf32>, tensor<1x3xf32>) -> tensor<2x3xf32>
  %9 = tensor.extract_slice %8[0, 1] [2, 2] [1, 1] : tensor<2x3xf32> to tensor<2x2xf32>
  %10 = qnn.mul %9, %m2 : (tensor<2x2xf32>, tensor<2xf32>) -> tensor<2x2xf32>
  %11 = qnn.matmul %x, %w2 : (tensor<2x1xf32>, tensor<1x2xf32>) -> tensor<2x2xf32>
  %12 = tensor.extract_slice %11[0, 1] [2, 1] [1, 1] : tensor<2x2xf32> to tensor<2xf32>
  %13 = qnn.mul %12, %m2 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %2, %7, %10, %13 : tensor<2x2xf32>, tensor<1x4xf32>, tensor<2x2xf32>, tensor<2xf32>
}
