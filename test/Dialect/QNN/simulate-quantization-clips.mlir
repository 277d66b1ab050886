// Clips of activations as scales whose gradient is that of the end.
// RUN: quant-opt %s -split-input-file --qnn-simulate-quantization="learn-quantizers=pact normalize-quantizer-gradients=false" --cse | FileCheck %s
// RUN: quant-opt %s -split-input-file --qnn-simulate-quantization="learn-quantizers=pact" --cse | FileCheck %s --check-prefix=NORMALIZED

!x = !quant.uniform<u8<0:15>:f32, 0.5:4>
!w = !quant.uniform<i8<-7:7>:f32, 0.25>
!y = !quant.uniform<u8<0:15>:f32, 2.0>

/// Only y is not negative. The end is 15, with the gradient of 15 s / s.
// CHECK-LABEL: @matmul(
// CHECK-SAME: %[[X:.*]]: tensor<1x4xf32>, %[[W:.*]]: tensor<4x2xf32> {qnn.parameter = "w"},
// CHECK-SAME: %[[S:.*]]: tensor<f32> {qnn.quantizer_type = !quant.uniform<u8<0:15>:f32, 2.000000e+00>, qnn.quantizer_values = ["y"], qnn.scale = "y/scale2"})
// CHECK: %[[FIFTEEN:.*]] = arith.constant dense<1.500000e+01> : tensor<f32>
// CHECK: %[[END:.*]] = qnn.mul %[[S]], %[[FIFTEEN]]
// CHECK: %[[ZERO:.*]] = arith.constant dense<0.000000e+00> : tensor<f32>
// CHECK: %[[NUMBER:.*]] = qnn.straight_through %[[S]], %[[ZERO]]
// CHECK: %[[QUOTIENT:.*]] = qnn.div %[[END]], %[[NUMBER]]
// CHECK: %[[HIGH:.*]] = qnn.straight_through %[[FIFTEEN]], %[[QUOTIENT]]
// CHECK: %[[M:.*]] = qnn.requantize_multiplier %{{.*}} to %[[NUMBER]]
// CHECK: %[[V:.*]] = qnn.mul %{{.*}}, %[[M]]
// CHECK: %[[ABOVE:.*]] = qnn.maximum %[[V]], %[[ZERO]]
// CHECK: %[[BOTH:.*]] = qnn.minimum %[[ABOVE]], %[[HIGH]]
// CHECK: %[[Q:.*]] = qnn.fake_quantize %[[BOTH]] as !quant.uniform<u8<0:15>:f32, 1.000000e+00> margin(5.000000e-01) :
// CHECK: qnn.mul %[[Q]], %[[NUMBER]]

/// 1 / 15^2.
// NORMALIZED-LABEL: @matmul(
// NORMALIZED: arith.constant dense<0.00444{{[0-9]+}}> : tensor<f32>
func.func @matmul(%x: tensor<1x4xf32> loc("x"), %w: tensor<4x2xf32> {qnn.parameter = "w"} loc("w")) -> tensor<1x2xf32> {
  %0 = qnn.quantize %x : (tensor<1x4xf32>) -> tensor<1x4x!x> loc("x")
  %1 = qnn.quantize %w : (tensor<4x2xf32>) -> tensor<4x2x!w> loc("w")
  %2 = qnn.matmul %0, %1 : (tensor<1x4x!x>, tensor<4x2x!w>) -> tensor<1x2x!y> loc("y")
  %3 = qnn.dequantize %2 : (tensor<1x2x!y>) -> tensor<1x2xf32> loc("y")
  return %3 : tensor<1x2xf32>
}

// -----

!x = !quant.uniform<u8:f32, 0.5:4>
!y = !quant.uniform<u16:f32, 0.0001220703125>

/// Codes of 16 bits leave those of i16.
// CHECK-LABEL: @wide(
// CHECK: arith.constant dense<6.553500e+04> : tensor<f32>
// CHECK: qnn.fake_quantize %{{.*}} as !quant.uniform<u16:f32, 1.000000e+00> margin(5.000000e-01) :
func.func @wide(%x: tensor<1x4xf32> loc("x")) -> tensor<1x4xf32> {
  %0 = qnn.quantize %x : (tensor<1x4xf32>) -> tensor<1x4x!x> loc("x")
  %1 = qnn.mul %0, %0 : (tensor<1x4x!x>, tensor<1x4x!x>) -> tensor<1x4x!y> loc("y")
  %2 = qnn.dequantize %1 : (tensor<1x4x!y>) -> tensor<1x4xf32> loc("y")
  return %2 : tensor<1x4xf32>
}
