// RUN: quant-opt %s -split-input-file -convert-qnn-to-linalg -qnn-fuse-elementwise | FileCheck %s

// CHECK-LABEL: @chain
// CHECK-COUNT-1: linalg.generic
// CHECK-NOT: linalg.generic
func.func @chain(%x: tensor<4xf32>) -> tensor<4xui8> {
  %a = qnn.clamp %x clamp_min(0.0) : (tensor<4xf32>) -> tensor<4xf32>
  %r = qnn.rescale %a multiplier(dense<2.0> : tensor<f32>) range(0, 255) : (tensor<4xf32>) -> tensor<4xui8>
  return %r : tensor<4xui8>
}

// -----

/// Fused, the clamp would be computed once for each of three columns.
// CHECK-LABEL: @negative_broadcast
// CHECK-COUNT-2: linalg.generic
func.func @negative_broadcast(%x: tensor<4x1xf32>, %y: tensor<4x3xf32>) -> tensor<4x3xf32> {
  %a = qnn.clamp %x clamp_min(0.0) : (tensor<4x1xf32>) -> tensor<4x1xf32>
  %r = qnn.add %a, %y : (tensor<4x1xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
  return %r : tensor<4x3xf32>
}
