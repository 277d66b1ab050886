// Activations attached to the operation before them.
// RUN: quant-opt %s -split-input-file --qnn-fuse-clamp --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s

/// The result has the name of the clamped value, whose range is calibrated.
// CHECK-LABEL: @conv2d(
// CHECK: qnn.conv2d {{.*}} clamp_min(0.000000e+00) : {{.*}} loc("relu")
// CHECK-NEXT: return
func.func @conv2d(%x: tensor<1x1x1x1xf32>, %w: tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> {
  %0 = qnn.conv2d %x, %w : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> loc("conv")
  %1 = qnn.clamp %0 clamp_min(0.0) : (tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> loc("relu")
  return %1 : tensor<1x1x1x1xf32>
}

// -----

/// Every operation with bounds takes them; each case has the tighter ones.
// CHECK-LABEL: @elementwise(
// CHECK: qnn.matmul {{.*}} clamp_min(0.000000e+00) clamp_max(6.000000e+00) :
// CHECK: qnn.add {{.*}} clamp_min(1.000000e+00) :
// CHECK: qnn.sub {{.*}} clamp_max(-1.000000e+00) :
// CHECK: qnn.mul {{.*}} clamp_min(-1.000000e+00) clamp_max(1.000000e+00) :
// CHECK-NEXT: return
func.func @elementwise(%x: tensor<1x1xf32>) -> tensor<1x1xf32> {
  %0 = qnn.matmul %x, %x : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %1 = qnn.clamp %0 clamp_min(0.0) clamp_max(6.0) : (tensor<1x1xf32>) -> tensor<1x1xf32>
  %2 = qnn.add %1, %x clamp_min(0.0) : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %3 = qnn.clamp %2 clamp_min(1.0) : (tensor<1x1xf32>) -> tensor<1x1xf32>
  %4 = qnn.sub %3, %x clamp_max(-1.0) : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %5 = qnn.clamp %4 clamp_max(2.0) : (tensor<1x1xf32>) -> tensor<1x1xf32>
  %6 = qnn.mul %5, %x clamp_min(-1.0) : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  %7 = qnn.clamp %6 clamp_max(1.0) : (tensor<1x1xf32>) -> tensor<1x1xf32>
  return %7 : tensor<1x1xf32>
}

// -----

/// Through what only moves elements. What is before a slice holds more than the
/// clamped value and keeps its name.
// CHECK-LABEL: @movement(
// CHECK: qnn.matmul {{.*}} clamp_min(0.000000e+00) : {{.*}} loc("whole")
// CHECK: tensor.expand_shape {{.*}} loc("whole")
// CHECK: tensor.extract_slice {{.*}} loc("relu")
// CHECK: qnn.transpose {{.*}} loc("relu")
// CHECK-NEXT: return
func.func @movement(%x: tensor<1x6xf32>, %w: tensor<6x6xf32>) -> tensor<2x1x2xf32> {
  %0 = qnn.matmul %x, %w : (tensor<1x6xf32>, tensor<6x6xf32>) -> tensor<1x6xf32> loc("whole")
  %1 = tensor.expand_shape %0 [[0], [1, 2]] output_shape [1, 3, 2] : tensor<1x6xf32> into tensor<1x3x2xf32> loc("whole")
  %2 = tensor.extract_slice %1[0, 1, 0] [1, 2, 2] [1, 1, 1] : tensor<1x3x2xf32> to tensor<1x2x2xf32> loc("part")
  %3 = qnn.transpose %2 [1, 0, 2] : (tensor<1x2x2xf32>) -> tensor<2x1x2xf32> loc("part")
  %4 = qnn.clamp %3 clamp_min(0.0) : (tensor<2x1x2xf32>) -> tensor<2x1x2xf32> loc("relu")
  return %4 : tensor<2x1x2xf32>
}

// -----

/// The values before the clamp are used.
// CHECK-LABEL: @negative_movement_used(
// CHECK: qnn.clamp
func.func @negative_movement_used(%x: tensor<1x4xf32>, %w: tensor<4x4xf32>) -> (tensor<1x4xf32>, tensor<4xf32>) {
  %0 = qnn.matmul %x, %w : (tensor<1x4xf32>, tensor<4x4xf32>) -> tensor<1x4xf32>
  %1 = tensor.collapse_shape %0 [[0, 1]] : tensor<1x4xf32> into tensor<4xf32>
  %2 = qnn.clamp %1 clamp_min(0.0) : (tensor<4xf32>) -> tensor<4xf32>
  return %0, %2 : tensor<1x4xf32>, tensor<4xf32>
}

// -----

/// Two clamps of an argument become one: [0, 6] of [-1, 4] is [0, 4].
// CHECK-LABEL: @clamp_of_clamp(
// CHECK-NEXT: qnn.clamp %{{.*}} clamp_min(0.000000e+00) clamp_max(4.000000e+00)
// CHECK-NEXT: return
func.func @clamp_of_clamp(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = qnn.clamp %x clamp_min(-1.0) clamp_max(4.0) : (tensor<2xf32>) -> tensor<2xf32>
  %1 = qnn.clamp %0 clamp_min(0.0) clamp_max(6.0) : (tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// -----

/// At least 2, then at most 1: always 1. At most -2, then at least 0: always 0.
/// Bounds that exclude each other stay in order.
// CHECK-LABEL: @disjoint(
// CHECK: qnn.add {{.*}} clamp_min(1.000000e+00) clamp_max(1.000000e+00)
// CHECK: qnn.sub {{.*}} clamp_min(0.000000e+00) clamp_max(0.000000e+00)
func.func @disjoint(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  %0 = qnn.add %x, %x clamp_min(2.0) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %1 = qnn.clamp %0 clamp_max(1.0) : (tensor<2xf32>) -> tensor<2xf32>
  %2 = qnn.sub %x, %x clamp_max(-2.0) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %3 = qnn.clamp %2 clamp_min(0.0) : (tensor<2xf32>) -> tensor<2xf32>
  return %1, %3 : tensor<2xf32>, tensor<2xf32>
}

// -----

/// An activation that is followed by another use of the value before it.
// CHECK-LABEL: @negative_unclamped_is_used(
// CHECK: qnn.add %{{.*}}, %{{.*}} :
// CHECK: qnn.clamp
func.func @negative_unclamped_is_used(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  %0 = qnn.add %x, %x : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %1 = qnn.clamp %0 clamp_min(0.0) : (tensor<2xf32>) -> tensor<2xf32>
  return %0, %1 : tensor<2xf32>, tensor<2xf32>
}

// -----

/// Pools have no bounds, and an argument has no operation.
// CHECK-LABEL: @negative_other_producer(
// CHECK: qnn.clamp
// CHECK: qnn.max_pool2d
// CHECK: qnn.clamp
func.func @negative_other_producer(%x: tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32> {
  %0 = qnn.clamp %x clamp_min(0.0) : (tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32>
  %1 = qnn.max_pool2d %0 kernel [2, 2] : (tensor<1x2x2x1xf32>) -> tensor<1x1x1x1xf32>
  %2 = qnn.clamp %1 clamp_max(6.0) : (tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  return %2 : tensor<1x1x1x1xf32>
}

// -----

/// Two roundings may differ from one: a quantized clamp stays.
// CHECK-LABEL: @negative_quantized(
// CHECK: qnn.clamp
!q = !quant.uniform<u8:f32, 0.5>
func.func @negative_quantized(%x: tensor<2x!q>) -> tensor<2x!quant.uniform<u8:f32, 0.25>> {
  %0 = qnn.add %x, %x : (tensor<2x!q>, tensor<2x!q>) -> tensor<2x!q>
  %1 = qnn.clamp %0 clamp_min(1.0) : (tensor<2x!q>) -> tensor<2x!quant.uniform<u8:f32, 0.25>>
  return %1 : tensor<2x!quant.uniform<u8:f32, 0.25>>
}
