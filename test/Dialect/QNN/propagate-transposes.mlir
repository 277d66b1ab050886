// Transposes move toward the results until they cancel.
// RUN: quant-opt %s -split-input-file --qnn-propagate-transposes --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s

/// Between two convolutions of a channels-first model, nothing is left.
// CHECK-LABEL: @cancel(
// CHECK-SAME: %[[X:.*]]: tensor<1x2x3x4xf32>
// CHECK-NEXT: %[[CLAMP:.*]] = qnn.clamp %[[X]]
// CHECK-NEXT: return %[[CLAMP]]
func.func @cancel(%x: tensor<1x2x3x4xf32>) -> tensor<1x2x3x4xf32> {
  %0 = qnn.transpose %x [0, 3, 1, 2] : (tensor<1x2x3x4xf32>) -> tensor<1x4x2x3xf32>
  %1 = qnn.clamp %0 clamp_min(0.0) : (tensor<1x4x2x3xf32>) -> tensor<1x4x2x3xf32>
  %2 = qnn.transpose %1 [0, 2, 3, 1] : (tensor<1x4x2x3xf32>) -> tensor<1x2x3x4xf32>
  return %2 : tensor<1x2x3x4xf32>
}

// -----

/// A residual add: both operands are transposed alike. The moved operation and
/// the transpose behind it keep the name of the value.
// CHECK-LABEL: @residual(
// CHECK: %[[SUM:.*]] = qnn.add %arg0, %arg1 : {{.*}} loc("sum")
// CHECK-NEXT: %[[T:.*]] = qnn.transpose %[[SUM]] [1, 0] : {{.*}} loc("sum")
// CHECK-NEXT: return %[[T]]
func.func @residual(%x: tensor<2x3xf32>, %y: tensor<2x3xf32>) -> tensor<3x2xf32> {
  %0 = qnn.transpose %x [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %1 = qnn.transpose %y [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %2 = qnn.add %0, %1 : (tensor<3x2xf32>, tensor<3x2xf32>) -> tensor<3x2xf32> loc("sum")
  return %2 : tensor<3x2xf32>
}

// -----

/// One value as both operands; the transpose has no other use.
// CHECK-LABEL: @square(
// CHECK: %[[SQUARE:.*]] = qnn.mul %arg0, %arg0
// CHECK-NEXT: qnn.transpose %[[SQUARE]] [1, 0]
func.func @square(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  %0 = qnn.transpose %x [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %1 = qnn.mul %0, %0 : (tensor<3x2xf32>, tensor<3x2xf32>) -> tensor<3x2xf32>
  return %1 : tensor<3x2xf32>
}

// -----

/// A constant per channel of [N, C, H, W] has shape [C, 1, 1], here [2, 1, 1].
/// It gets a leading axis and moves the channel last.
// CHECK-LABEL: @constant_of_lower_rank(
// CHECK: %[[C:.*]] = arith.constant dense<{{\[}}{{\[}}{{\[}}[1.000000e+00, 2.000000e+00]]]]> : tensor<1x1x1x2xf32>
// CHECK: qnn.sub %[[C]], %arg0
func.func @constant_of_lower_rank(%x: tensor<3x4x5x2xf32>) -> tensor<3x2x4x5xf32> {
  %c = arith.constant dense<[[[1.0]], [[2.0]]]> : tensor<2x1x1xf32>
  %0 = qnn.transpose %x [0, 3, 1, 2] : (tensor<3x4x5x2xf32>) -> tensor<3x2x4x5xf32>
  %1 = qnn.sub %c, %0 : (tensor<2x1x1xf32>, tensor<3x2x4x5xf32>) -> tensor<3x2x4x5xf32>
  return %1 : tensor<3x2x4x5xf32>
}

// -----

/// A constant of rank 0 has no axes to move.
// CHECK-LABEL: @scalar(
// CHECK: %[[C:.*]] = arith.constant dense<2.000000e+00> : tensor<1x1xf32>
// CHECK: qnn.mul %arg0, %[[C]]
func.func @scalar(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {
  %c = arith.constant dense<2.0> : tensor<f32>
  %0 = qnn.transpose %x [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %1 = qnn.mul %0, %c : (tensor<3x2xf32>, tensor<f32>) -> tensor<3x2xf32>
  return %1 : tensor<3x2xf32>
}

// -----

/// Axis i of a transposed value is axis permutation[i] of the value: 1 is 2, 2
/// is 0 of [1, 2, 0], and axes stay in increasing order.
// CHECK-LABEL: @reductions(
// CHECK: %[[MEAN:.*]] = qnn.mean %arg0 axes [0, 2] : {{.*}} -> tensor<1x3x1xf32>
// CHECK: %[[SOFTMAX:.*]] = qnn.softmax %arg0 axis(2)
// CHECK: qnn.transpose %[[SOFTMAX]] [1, 2, 0]
func.func @reductions(%x: tensor<2x3x4xf32>) -> (tensor<3x1x1xf32>, tensor<3x4x2xf32>) {
  %0 = qnn.transpose %x [1, 2, 0] : (tensor<2x3x4xf32>) -> tensor<3x4x2xf32>
  %1 = qnn.mean %0 axes [1, 2] : (tensor<3x4x2xf32>) -> tensor<3x1x1xf32>
  %2 = qnn.softmax %0 axis(1) : (tensor<3x4x2xf32>) -> tensor<3x4x2xf32>
  return %1, %2 : tensor<3x1x1xf32>, tensor<3x4x2xf32>
}

// -----

/// Axes 0, 1, 2 of the transposed value are 1, 2, 0 of the argument, so the
/// padding (1, 2, 3) of the former is (3, 1, 2) of the latter.
// CHECK-LABEL: @pad(
// CHECK: qnn.pad %arg0 low [3, 1, 2] high [0, 4, 0] value(1.000000e+00) : {{.*}} -> tensor<5x8x6xf32>
func.func @pad(%x: tensor<2x3x4xf32>) -> tensor<8x6x5xf32> {
  %0 = qnn.transpose %x [1, 2, 0] : (tensor<2x3x4xf32>) -> tensor<3x4x2xf32>
  %1 = qnn.pad %0 low [1, 2, 3] high [4, 0, 0] value(1.0) : (tensor<3x4x2xf32>) -> tensor<8x6x5xf32>
  return %1 : tensor<8x6x5xf32>
}

// -----

/// Channels are concatenated along the last axis then.
// CHECK-LABEL: @concat(
// CHECK: tensor.concat dim(2) %arg0, %arg1 : {{.*}} -> tensor<2x3x8xf32>
func.func @concat(%x: tensor<2x3x4xf32>, %y: tensor<2x3x4xf32>) -> tensor<8x2x3xf32> {
  %0 = qnn.transpose %x [2, 0, 1] : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
  %1 = qnn.transpose %y [2, 0, 1] : (tensor<2x3x4xf32>) -> tensor<4x2x3xf32>
  %2 = tensor.concat dim(0) %0, %1 : (tensor<4x2x3xf32>, tensor<4x2x3xf32>) -> tensor<8x2x3xf32>
  return %2 : tensor<8x2x3xf32>
}

// -----

/// Flattened before a matrix product: element (c, h) of the transposed value is
/// row 2c + h of the weights, and row 3h + c after.
// CHECK-LABEL: @flatten(
// CHECK-DAG: %[[W:.*]] = arith.constant dense<{{\[}}[0.000000e+00], [2.000000e+00], [4.000000e+00], [1.000000e+00], [3.000000e+00], [5.000000e+00]]>
// CHECK-DAG: %[[X:.*]] = tensor.collapse_shape %arg0 {{\[}}[0], [1, 2]]
// CHECK: qnn.matmul %[[X]], %[[W]]
// CHECK-NOT: qnn.transpose
func.func @flatten(%x: tensor<5x2x3xf32>) -> tensor<5x1xf32> {
  %w = arith.constant dense<[[0.0], [1.0], [2.0], [3.0], [4.0], [5.0]]> : tensor<6x1xf32>
  %0 = qnn.transpose %x [0, 2, 1] : (tensor<5x2x3xf32>) -> tensor<5x3x2xf32>
  %1 = tensor.collapse_shape %0 [[0], [1, 2]] : tensor<5x3x2xf32> into tensor<5x6xf32>
  %2 = qnn.matmul %1, %w : (tensor<5x6xf32>, tensor<6x1xf32>) -> tensor<5x1xf32>
  return %2 : tensor<5x1xf32>
}

// -----

/// Rows of the product are moved, or the weights are not known.
// CHECK-LABEL: @negative_flatten(
// CHECK-COUNT-2: qnn.transpose
func.func @negative_flatten(%x: tensor<2x3xf32>, %y: tensor<5x2x3xf32>, %v: tensor<6x1xf32>) -> (tensor<3x1xf32>, tensor<5x1xf32>) {
  %w = arith.constant dense<[[1.0], [2.0]]> : tensor<2x1xf32>
  %0 = qnn.transpose %x [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
  %1 = qnn.matmul %0, %w : (tensor<3x2xf32>, tensor<2x1xf32>) -> tensor<3x1xf32>
  %2 = qnn.transpose %y [0, 2, 1] : (tensor<5x2x3xf32>) -> tensor<5x3x2xf32>
  %3 = tensor.collapse_shape %2 [[0], [1, 2]] : tensor<5x3x2xf32> into tensor<5x6xf32>
  %4 = qnn.matmul %3, %v : (tensor<5x6xf32>, tensor<6x1xf32>) -> tensor<5x1xf32>
  return %1, %4 : tensor<3x1xf32>, tensor<5x1xf32>
}

// -----

/// The axis that counts rows of the product is moved, behind a collapse.
// CHECK-LABEL: @negative_flatten_rows(
// CHECK: qnn.transpose
// CHECK-NEXT: tensor.collapse_shape
// CHECK-NEXT: qnn.matmul
func.func @negative_flatten_rows(%x: tensor<2x5x3xf32>) -> tensor<5x1xf32> {
  %w = arith.constant dense<[[1.0], [2.0], [3.0], [4.0], [5.0], [6.0]]> : tensor<6x1xf32>
  %0 = qnn.transpose %x [1, 0, 2] : (tensor<2x5x3xf32>) -> tensor<5x2x3xf32>
  %1 = tensor.collapse_shape %0 [[0], [1, 2]] : tensor<5x2x3xf32> into tensor<5x6xf32>
  %2 = qnn.matmul %1, %w : (tensor<5x6xf32>, tensor<6x1xf32>) -> tensor<5x1xf32>
  return %2 : tensor<5x1xf32>
}
