// Zero points as arguments: the ends of codes move with them.
// RUN: quant-opt %s -split-input-file --qnn-simulate-quantization="learn-quantizers=lsq+ normalize-quantizer-gradients=false" --cse | FileCheck %s
// RUN: quant-opt %s -split-input-file --qnn-simulate-quantization="learn-quantizers=lsq+" --cse | FileCheck %s --check-prefix=NORMALIZED

!x = !quant.uniform<u8<0:15>:f32, 0.5:4>
!w = !quant.uniform<i8<-7:7>:f32, 0.25>
!y = !quant.uniform<u8<0:15>:f32, 2.0>

/// Of x only: all of y are above 0, and weights are symmetric. A code is
/// clipped before it is rounded, so that the ends have gradients.
// CHECK-LABEL: @matmul(
// CHECK-SAME: %[[X:.*]]: tensor<1x4xf32>, %[[W:.*]]: tensor<4x2xf32> {qnn.parameter = "w"},
// CHECK-SAME: %[[SX:.*]]: tensor<f32> {qnn.quantizer_type = !quant.uniform<u8<0:15>:f32, 5.000000e-01:4>, qnn.quantizer_values = ["x"], qnn.scale = "x/scale2"},
// CHECK-SAME: %[[PART:.*]]: tensor<f32> {qnn.zero_point = "x/zero_point3"},
// CHECK-SAME: %[[SW:.*]]: tensor<f32> {{.*}}qnn.scale = "w/scale4"},
// CHECK-SAME: %[[SY:.*]]: tensor<f32> {{.*}}qnn.scale = "y/scale5"})
// CHECK: %[[FIFTEEN:.*]] = arith.constant dense<1.500000e+01> : tensor<f32>
// CHECK: %[[CODE:.*]] = qnn.mul %[[PART]], %[[FIFTEEN]]
// CHECK: %[[Z:.*]] = qnn.fake_quantize %[[CODE]] as !quant.uniform<u8<0:15>:f32, 1.000000e+00> margin(5.000000e-01) :
// CHECK: %[[NONE:.*]] = arith.constant dense<0.000000e+00> : tensor<f32>
// CHECK: %[[LOW:.*]] = qnn.sub %[[NONE]], %[[Z]]
// CHECK: %[[HIGH:.*]] = qnn.sub %[[FIFTEEN]], %[[Z]]
// CHECK: %[[V:.*]] = qnn.div %[[X]], %[[SX]]
// CHECK: %[[ABOVE:.*]] = qnn.maximum %[[V]], %[[LOW]]
// CHECK: %[[BOTH:.*]] = qnn.minimum %[[ABOVE]], %[[HIGH]]
// CHECK: %[[Q:.*]] = qnn.fake_quantize %[[BOTH]] as !quant.uniform<i16:f32, 1.000000e+00> margin(5.000000e-01) :
// CHECK: qnn.matmul %[[Q]],

/// 1 / sqrt(4 * 11), for both.
// NORMALIZED-LABEL: @matmul(
// NORMALIZED-SAME: %[[SX:[^ :]*]]: tensor<f32> {qnn.quantizer_type
// NORMALIZED-SAME: %[[PART:[^ :]*]]: tensor<f32> {qnn.zero_point
// NORMALIZED-DAG: %[[FACTOR:.*]] = arith.constant dense<0.150755{{[0-9]+}}> : tensor<f32>
// NORMALIZED: %[[SCALED:.*]] = qnn.mul %[[PART]], %[[FACTOR]]
// NORMALIZED: qnn.straight_through %[[PART]], %[[SCALED]]
func.func @matmul(%x: tensor<1x4xf32> loc("x"), %w: tensor<4x2xf32> {qnn.parameter = "w"} loc("w")) -> tensor<1x2xf32> {
  %0 = qnn.quantize %x : (tensor<1x4xf32>) -> tensor<1x4x!x> loc("x")
  %1 = qnn.quantize %w : (tensor<4x2xf32>) -> tensor<4x2x!w> loc("w")
  %2 = qnn.matmul %0, %1 : (tensor<1x4x!x>, tensor<4x2x!w>) -> tensor<1x2x!y> loc("y")
  %3 = qnn.dequantize %2 : (tensor<1x2x!y>) -> tensor<1x2xf32> loc("y")
  return %3 : tensor<1x2xf32>
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>

/// By the type no product is larger than 128 * 127; with another zero point one
/// is, and 600 of them leave 2^24: two digits.
// CHECK-LABEL: @bound(
// CHECK-COUNT-3: qnn.matmul
func.func @bound(%x: tensor<1x600xf32> loc("x"), %w: tensor<600x1xf32> {qnn.parameter = "w"} loc("w")) -> tensor<1x1xf32> {
  %0 = qnn.quantize %x : (tensor<1x600xf32>) -> tensor<1x600x!x> loc("x")
  %1 = qnn.quantize %w : (tensor<600x1xf32>) -> tensor<600x1x!w> loc("w")
  %2 = qnn.matmul %0, %1 : (tensor<1x600x!x>, tensor<600x1x!w>) -> tensor<1x1x!x> loc("y")
  %3 = qnn.dequantize %2 : (tensor<1x1x!x>) -> tensor<1x1xf32> loc("y")
  return %3 : tensor<1x1xf32>
}

// -----

!x = !quant.uniform<u8:f32, 0.5:128>

/// Real bounds have codes between the ends, and 0 is where the zero point is.
// CHECK-LABEL: @bounds(
// CHECK: %[[SIX:.*]] = arith.constant dense<6.000000e+00> : tensor<f32>
// CHECK: %[[V:.*]] = qnn.div %[[SIX]], %[[S:.*]] :
// CHECK: %[[ABOVE:.*]] = qnn.maximum %[[V]], %[[LOW:.*]] :
// CHECK: %[[BELOW:.*]] = qnn.minimum %[[ABOVE]], %[[HIGH:.*]] :
// CHECK: %[[BOUND:.*]] = qnn.fake_quantize %[[BELOW]] as !quant.uniform<i16:f32, 1.000000e+00> margin(5.000000e-01) :
// CHECK: %[[RESULT:.*]] = qnn.minimum %{{.*}}, %[[BOUND]]
// CHECK: qnn.fake_quantize %[[RESULT]] as !quant.uniform<i16:f32, 1.000000e+00> margin(5.000000e-01) :
func.func @bounds(%x: tensor<1x4xf32> loc("x")) -> tensor<1x4xf32> {
  %0 = qnn.quantize %x : (tensor<1x4xf32>) -> tensor<1x4x!x> loc("x")
  %1 = qnn.clamp %0 clamp_min(0.0) clamp_max(6.0) : (tensor<1x4x!x>) -> tensor<1x4x!x> loc("y")
  %2 = qnn.dequantize %1 : (tensor<1x4x!x>) -> tensor<1x4xf32> loc("y")
  return %2 : tensor<1x4xf32>
}
