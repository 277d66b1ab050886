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

/// The gradients of a convolution have its window.
// CHECK: func.func @conv2d_gradient(
// CHECK-SAME: %[[X:[^:]*]]: tensor<1x5x5x2xf32>, %[[W:[^:]*]]: tensor<3x3x3x2xf32>, %[[DY:[^:]*]]: tensor<1x2x2x3xf32>)
// CHECK-NEXT: %[[DX:.*]] = qnn.conv2d_input_gradient %[[DY]], %[[W]] strides [2, 2] : {{.*}} -> tensor<1x5x5x2xf32>
// CHECK-NEXT: %[[DW:.*]] = qnn.conv2d_weights_gradient %[[DY]], %[[X]] strides [2, 2] : {{.*}} -> tensor<3x3x3x2xf32>
// CHECK-NEXT: return %[[DX]], %[[DW]] :
func.func @conv2d(%x: tensor<1x5x5x2xf32>, %w: tensor<3x3x3x2xf32>) -> tensor<1x2x2x3xf32> {
  %0 = qnn.conv2d %x, %w strides [2, 2] : (tensor<1x5x5x2xf32>, tensor<3x3x3x2xf32>) -> tensor<1x2x2x3xf32>
  return %0 : tensor<1x2x2x3xf32>
}

// -----

/// Windows side by side: each pixel gets its part.
// CHECK: func.func @avg_pool2d_gradient(
// CHECK-SAME: %[[X:[^:]*]]: tensor<1x5x4x2xf32>, %[[DY:[^:]*]]: tensor<1x2x2x2xf32>)
// CHECK-NEXT: %[[SPACED:.*]] = tensor.expand_shape %[[DY]] {{.*}} into tensor<1x2x1x2x1x2xf32>
// CHECK-NEXT: %[[PART:.*]] = arith.constant dense<2.500000e-01> : tensor<1x2x2x2x2x2xf32>
// CHECK-NEXT: %[[TILES:.*]] = qnn.mul %[[PART]], %[[SPACED]]
// CHECK-NEXT: %[[IMAGE:.*]] = tensor.collapse_shape %[[TILES]] {{.*}} into tensor<1x4x4x2xf32>
// CHECK-NEXT: %[[DX:.*]] = qnn.pad %[[IMAGE]] low [0, 0, 0, 0] high [0, 1, 0, 0]
// CHECK-NEXT: return %[[DX]] :
func.func @avg_pool2d(%x: tensor<1x5x4x2xf32>) -> tensor<1x2x2x2xf32> {
  %0 = qnn.avg_pool2d %x kernel [2, 2] strides [2, 2] : (tensor<1x5x4x2xf32>) -> tensor<1x2x2x2xf32>
  return %0 : tensor<1x2x2x2xf32>
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
