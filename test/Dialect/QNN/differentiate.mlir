// The function of gradients beside a function.
// RUN: quant-opt %s -split-input-file --qnn-differentiate | FileCheck %s

/// The product needs both factors, and its own result only if that is returned.
// CHECK: func.func @product(
// CHECK: func.func @product_gradient(
// CHECK-SAME: %[[X:.*]]: tensor<2xf32>, %[[W:.*]]: tensor<2xf32>, %[[DY:.*]]: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
// CHECK-NEXT: %[[DX:.*]] = qnn.mul %[[DY]], %[[W]] :
// CHECK-NEXT: %[[DW:.*]] = qnn.mul %[[DY]], %[[X]] :
// CHECK-NEXT: return %[[DX]], %[[DW]] :
func.func @product(%x: tensor<2xf32>, %w: tensor<2xf32>) -> tensor<2xf32> {
  qnn.observe %x "x" : tensor<2xf32>
  %0 = qnn.mul %x, %w : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

/// A bias was broadcast; contributions to one value are added.
// CHECK: func.func @bias_gradient(
// CHECK-SAME: %{{.*}}, %{{.*}}, %[[DY:[^:]*]]: tensor<2x3xf32>, %[[DZ:[^:]*]]: tensor<2x3xf32>)
// CHECK-NEXT: %[[Y:.*]] = qnn.add {{.*}} clamp_min(0.000000e+00)
// CHECK-NEXT: %[[D:.*]] = qnn.add %[[DY]], %[[DZ]] :
// CHECK-NEXT: %[[INNER:.*]] = qnn.clamp_gradient %[[D]], %[[Y]] clamp_min(0.000000e+00) :
// CHECK-NEXT: %[[SUM:.*]] = qnn.sum %[[INNER]] axes [0] :
// CHECK-NEXT: %[[DB:.*]] = tensor.collapse_shape %[[SUM]] {{.*}} into tensor<3xf32>
// CHECK-NEXT: return %[[INNER]], %[[DB]] :
func.func @bias(%x: tensor<2x3xf32>, %b: tensor<3xf32>) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %0 = qnn.add %x, %b clamp_min(0.0) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %0, %0 : tensor<2x3xf32>, tensor<2x3xf32>
}

// -----

/// The gradients of a convolution are convolutions. With a stride of 2, zeros
/// stand between the cotangents.
// CHECK: func.func @conv2d_gradient(
// CHECK-SAME: %[[X:[^:]*]]: tensor<1x5x5x2xf32>, %[[W:[^:]*]]: tensor<3x3x3x2xf32>, %[[DY:[^:]*]]: tensor<1x2x2x3xf32>)
// CHECK-NEXT: %[[ROWS:.*]] = tensor.expand_shape %[[DY]] {{.*}} into tensor<1x2x1x2x1x3xf32>
// CHECK-NEXT: %[[PADDED:.*]] = qnn.pad %[[ROWS]] low [0, 0, 0, 0, 0, 0] high [0, 0, 1, 0, 1, 0]
// CHECK-NEXT: %[[SPREAD:.*]] = tensor.collapse_shape %[[PADDED]] {{.*}} into tensor<1x4x4x3xf32>
// CHECK: %[[WT:.*]] = qnn.reverse %{{.*}} axes [1, 2] : (tensor<2x3x3x3xf32>)
// CHECK-NEXT: %[[DX:.*]] = qnn.conv2d %[[SPREAD]], %[[WT]] pad [2, 1, 2, 1] : {{.*}} -> tensor<1x5x5x2xf32>
// CHECK: qnn.conv2d %{{.*}}, %{{.*}} dilations [2, 2] : (tensor<2x5x5x1xf32>, tensor<3x2x2x1xf32>) -> tensor<2x3x3x3xf32>
// CHECK-NEXT: %[[DW:.*]] = qnn.transpose %{{.*}} [3, 1, 2, 0]
// CHECK-NEXT: return %[[DX]], %[[DW]] :
func.func @conv2d(%x: tensor<1x5x5x2xf32>, %w: tensor<3x3x3x2xf32>) -> tensor<1x2x2x3xf32> {
  %0 = qnn.conv2d %x, %w strides [2, 2] : (tensor<1x5x5x2xf32>, tensor<3x3x3x2xf32>) -> tensor<1x2x2x3xf32>
  return %0 : tensor<1x2x2x3xf32>
}

// -----

/// Nothing depends on %y; raw bytes and integer results have no gradient.
// CHECK: func.func @unused_gradient(
// CHECK-SAME: %{{.*}}, %{{.*}}, %{{.*}}: tensor<2xui8>, %[[DX:[^:]*]]: tensor<2xf32>) -> (tensor<2xf32>, tensor<3xf32>) {
// CHECK-NEXT: %[[ZERO:.*]] = arith.constant dense<0.000000e+00> : tensor<3xf32>
// CHECK-NEXT: return %[[DX]], %[[ZERO]]
func.func @unused(%x: tensor<2xf32>, %y: tensor<3xf32>, %raw: tensor<2xui8>) -> (tensor<2xf32>, tensor<2xui8>) {
  return %x, %raw : tensor<2xf32>, tensor<2xui8>
}

// -----

/// What does not depend on a chosen argument needs no adjoint.
// CHECK: func.func @constant_gradient(
// CHECK-SAME: %[[DY:[^:]*]]: tensor<2xf32>) -> tensor<2xf32> {
// CHECK-NEXT: %[[W:.*]] = qnn.dequantize
// CHECK-NEXT: %[[DX:.*]] = qnn.mul %[[DY]], %[[W]]
// CHECK-NEXT: return %[[DX]]
func.func @constant(%x: tensor<2xf32>, %q: tensor<2x!quant.uniform<u8:f32, 0.5>>) -> tensor<2xf32> {
  %0 = qnn.dequantize %q : (tensor<2x!quant.uniform<u8:f32, 0.5>>) -> tensor<2xf32>
  %1 = qnn.mul %0, %x : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}
