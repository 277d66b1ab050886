// Products and sums with constants per channel, folded into weights and bias.
// RUN: quant-opt %s -split-input-file --qnn-fold-batch-norm --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s

/// Batch norm: weights (1, 2) * (2, -4), bias (0, 0) * (2, -4) + (5, 6), under
/// the name of the last value.
// CHECK-LABEL: @conv2d(
// CHECK-DAG: %[[W:.*]] = arith.constant dense<{{.*}}2.000000e+00{{.*}}-8.000000e+00{{.*}}> : tensor<2x1x1x1xf32>
// CHECK-DAG: %[[B:.*]] = arith.constant dense<[5.000000e+00, 6.000000e+00]> : tensor<2xf32>
// CHECK: qnn.conv2d %{{.*}}, %[[W]] bias(%[[B]]){{.*}} loc("normed")
// CHECK-NEXT: return
func.func @conv2d(%x: tensor<1x2x2x1xf32>) -> tensor<1x2x2x2xf32> {
  %w = arith.constant dense<[[[[1.0]]], [[[2.0]]]]> : tensor<2x1x1x1xf32>
  %m = arith.constant dense<[2.0, -4.0]> : tensor<2xf32>
  %a = arith.constant dense<[[[[5.0, 6.0]]]]> : tensor<1x1x1x2xf32>
  %0 = qnn.conv2d %x, %w : (tensor<1x2x2x1xf32>, tensor<2x1x1x1xf32>) -> tensor<1x2x2x2xf32> loc("conv")
  %1 = qnn.mul %0, %m : (tensor<1x2x2x2xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32> loc("scaled")
  %2 = qnn.add %1, %a : (tensor<1x2x2x2xf32>, tensor<1x1x1x2xf32>) -> tensor<1x2x2x2xf32> loc("normed")
  return %2 : tensor<1x2x2x2xf32>
}

// -----

/// Columns are the channels; the constant may stand on the left; a bias is
/// multiplied as well: (1, 1) * (2, 4).
// CHECK-LABEL: @matmul(
// CHECK-DAG: %[[W:.*]] = arith.constant dense<{{\[}}[2.000000e+00, 8.000000e+00], [6.000000e+00, 1.600000e+01]]>
// CHECK-DAG: %[[B:.*]] = arith.constant dense<[2.000000e+00, 4.000000e+00]>
// CHECK: qnn.matmul %{{.*}}, %[[W]] bias(%[[B]])
// CHECK-NEXT: return
func.func @matmul(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %b = arith.constant dense<1.0> : tensor<2xf32>
  %m = arith.constant dense<[2.0, 4.0]> : tensor<2xf32>
  %0 = qnn.matmul %x, %w bias(%b) : (tensor<1x2xf32>, tensor<2x2xf32>, tensor<2xf32>) -> tensor<1x2xf32>
  %1 = qnn.mul %m, %0 : (tensor<2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// -----

/// Two channels from each of two phases, as of a transposed convolution: both
/// phases of a channel get its factor.
// CHECK-LABEL: @phases(
// CHECK-DAG: %[[W:.*]] = arith.constant dense<{{\[}}[2.000000e+00, 3.000000e+00, 2.000000e+00, 3.000000e+00]]>
// CHECK-DAG: %[[B:.*]] = arith.constant dense<[5.000000e+00, 6.000000e+00, 5.000000e+00, 6.000000e+00]>
// CHECK: qnn.matmul %{{.*}}, %[[W]] bias(%[[B]]) : {{.*}} loc("phases")
// CHECK: qnn.transpose {{.*}} loc("phases")
// CHECK: tensor.extract_slice {{.*}} loc("normed")
// CHECK-NEXT: return
func.func @phases(%x: tensor<3x1xf32>) -> tensor<1x3x2xf32> {
  %w = arith.constant dense<1.0> : tensor<1x4xf32>
  %m = arith.constant dense<[2.0, 3.0]> : tensor<2xf32>
  %a = arith.constant dense<[5.0, 6.0]> : tensor<2xf32>
  %0 = qnn.matmul %x, %w : (tensor<3x1xf32>, tensor<1x4xf32>) -> tensor<3x4xf32> loc("phases")
  %1 = tensor.expand_shape %0 [[0], [1, 2]] output_shape [3, 2, 2] : tensor<3x4xf32> into tensor<3x2x2xf32> loc("phases")
  %2 = qnn.transpose %1 [1, 0, 2] : (tensor<3x2x2xf32>) -> tensor<2x3x2xf32> loc("phases")
  %3 = tensor.extract_slice %2[1, 0, 0] [1, 3, 2] [1, 1, 1] : tensor<2x3x2xf32> to tensor<1x3x2xf32> loc("y")
  %4 = qnn.mul %3, %m : (tensor<1x3x2xf32>, tensor<2xf32>) -> tensor<1x3x2xf32> loc("scaled")
  %5 = qnn.add %4, %a : (tensor<1x3x2xf32>, tensor<2xf32>) -> tensor<1x3x2xf32> loc("normed")
  return %5 : tensor<1x3x2xf32>
}

// -----

/// One value for all channels, even of rank 0; other users of the weights keep
/// them, and a constant that stands behind the product is no obstacle.
// CHECK-LABEL: @scalar_shared_weights(
// CHECK-DAG: %[[OLD:.*]] = arith.constant dense<2.000000e+00> : tensor<1x1xf32>
// CHECK-DAG: %[[NEW:.*]] = arith.constant dense<6.000000e+00> : tensor<1x1xf32>
// CHECK-DAG: qnn.matmul %{{.*}}, %[[NEW]]
// CHECK-DAG: qnn.matmul %{{.*}}, %[[OLD]]
func.func @scalar_shared_weights(%x: tensor<1x1xf32>) -> (tensor<1x1xf32>, tensor<1x1xf32>) {
  %w = arith.constant dense<2.0> : tensor<1x1xf32>
  %0 = qnn.matmul %x, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %m = arith.constant dense<3.0> : tensor<f32>
  %1 = qnn.mul %0, %m : (tensor<1x1xf32>, tensor<f32>) -> tensor<1x1xf32>
  %2 = qnn.matmul %x, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %1, %2 : tensor<1x1xf32>, tensor<1x1xf32>
}

// -----

/// Batch norm behind an activation is not linear in the accumulator.
// CHECK-LABEL: @negative_clamped_before(
// CHECK: qnn.mul
func.func @negative_clamped_before(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %w = arith.constant dense<2.0> : tensor<1x1xf32>
  %0 = qnn.matmul %x, %w clamp_min(0.0) : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = qnn.mul %0, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %1 : tensor<1x1xf32>
}

// -----

/// A clamp of the product or sum itself would get lost.
// CHECK-LABEL: @negative_clamped_after(
// CHECK: qnn.mul
// CHECK: qnn.add
func.func @negative_clamped_after(%x: tensor<1x1xf32>) -> (tensor<1x1xf32>, tensor<1x1xf32>) {
  %w = arith.constant dense<2.0> : tensor<1x1xf32>
  %0 = qnn.matmul %x, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = qnn.mul %0, %w clamp_min(0.0) : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %2 = qnn.matmul %x, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %3 = qnn.add %2, %w clamp_max(0.0) : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %1, %3 : tensor<1x1xf32>, tensor<1x1xf32>
}

// -----

/// Somebody wants the value before batch norm; a square uses it twice.
// CHECK-LABEL: @negative_used_twice(
// CHECK-COUNT-2: qnn.mul
func.func @negative_used_twice(%x: tensor<1x1xf32>) -> (tensor<1x1xf32>, tensor<1x1xf32>) {
  %w = arith.constant dense<2.0> : tensor<1x1xf32>
  %0 = qnn.matmul %x, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = qnn.mul %0, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %2 = qnn.mul %0, %0 : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return %1, %2 : tensor<1x1xf32>, tensor<1x1xf32>
}
