// Scales as arguments, and the multipliers that they make.
// RUN: quant-opt %s -split-input-file --qnn-simulate-quantization="learn-quantizers=lsq normalize-quantizer-gradients=false" --cse | FileCheck %s
// RUN: quant-opt %s -split-input-file --qnn-simulate-quantization="learn-quantizers=lsq" --cse | FileCheck %s --check-prefix=LSQ

!x = !quant.uniform<u8:f32, 0.5>
!w = !quant.uniform<i8<-7:7>:f32:0, {0.25, 1.0}>
!b = !quant.uniform<i32:f32:0, {0.125, 0.5}>
!y = !quant.uniform<u8:f32, 2.0>

/// Of x, w and y; that of the bias is their product. Six is a code of y.
// CHECK-LABEL: @conv2d(
// CHECK-SAME: %[[X:.*]]: tensor<1x1x1x3xf32>, %[[W:.*]]: tensor<2x1x1x3xf32> {qnn.parameter = "w"}, %[[B:.*]]: tensor<2xf32> {qnn.parameter = "b"},
// CHECK-SAME: %[[SX:.*]]: tensor<f32> {qnn.quantizer_type = !quant.uniform<u8:f32, 5.000000e-01>, qnn.quantizer_values = ["x"], qnn.scale = "x/scale3"},
// CHECK-SAME: %[[SW:.*]]: tensor<2xf32> {qnn.quantizer_type = !quant.uniform<i8<-7:7>:f32:0, {2.500000e-01,1.000000e+00}>, qnn.quantizer_values = ["w"], qnn.scale = "w/scale4"},
// CHECK-SAME: %[[SY:.*]]: tensor<f32> {qnn.quantizer_type = !quant.uniform<u8:f32, 2.000000e+00>, qnn.quantizer_values = ["y", "y"], qnn.scale = "y/scale5"})
// CHECK: %[[QX:.*]] = qnn.fake_quantize %[[X]] scale(%[[SX]]) as !quant.uniform<u8:f32, 5.000000e-01> codes :
// CHECK: %[[SCALES:.*]] = tensor.expand_shape %[[SW]] {{\[\[}}0, 1, 2, 3]] output_shape [2, 1, 1, 1]
// CHECK: %[[QW:.*]] = qnn.fake_quantize %[[W]] scale(%[[SCALES]]) as !quant.uniform<i8<-7:7>:f32:0, {2.500000e-01,1.000000e+00}> codes :
// CHECK: %[[SB:.*]] = qnn.mul %[[SX]], %[[SW]] :
// CHECK: %[[LOW:.*]] = qnn.fake_quantize %[[B]] scale(%[[SB]]) as !quant.uniform<i32:f32:0, {1.250000e-01,5.000000e-01}> low :
// CHECK: %[[HIGH:.*]] = qnn.fake_quantize %[[B]] scale(%[[SB]]) as !quant.uniform<i32:f32:0, {1.250000e-01,5.000000e-01}> high :
// CHECK: %[[SUM:.*]] = qnn.conv2d %[[QX]], %[[QW]] bias(%[[LOW]])
// CHECK: %[[ACC:.*]] = qnn.add %[[SUM]], %[[HIGH]]
// CHECK: %[[M:.*]] = qnn.requantize_multiplier %[[SX]] weights(%[[SW]]) to %[[SY]] :
// CHECK: %[[SCALED:.*]] = qnn.mul %[[ACC]], %[[M]]
// CHECK: %[[SIX:.*]] = arith.constant dense<6.000000e+00> : tensor<f32>
// CHECK: %[[BOUND:.*]] = qnn.fake_quantize %[[SIX]] scale(%[[SY]]) as !quant.uniform<u8:f32, 2.000000e+00> codes :
// CHECK: %[[BELOW:.*]] = qnn.minimum %[[SCALED]], %[[BOUND]]
// CHECK: %[[Y:.*]] = qnn.fake_quantize %[[BELOW]] as !quant.uniform<u8:f32, 1.000000e+00> :
// CHECK: %[[FLAT:.*]] = tensor.collapse_shape %[[Y]]
// CHECK: qnn.mul %[[FLAT]], %[[SY]]

/// 1 / sqrt(3 * 255), 1 / sqrt(3 * 7), 1 / sqrt(2 * 255).
// LSQ-LABEL: @conv2d(
// LSQ-DAG: arith.constant dense<0.036155{{[0-9]+}}> : tensor<f32>
// LSQ-DAG: arith.constant dense<0.218217{{[0-9]+}}> : tensor<f32>
// LSQ-DAG: arith.constant dense<0.044280{{[0-9]+}}> : tensor<f32>
// LSQ: %[[SCALED:.*]] = qnn.mul %[[SX:.*]], %{{.*}} :
// LSQ: qnn.straight_through %[[SX]], %[[SCALED]]
func.func @conv2d(%x: tensor<1x1x1x3xf32> loc("x"), %w: tensor<2x1x1x3xf32> {qnn.parameter = "w"} loc("w"), %b: tensor<2xf32> {qnn.parameter = "b"} loc("b")) -> tensor<1x2xf32> {
  %0 = qnn.quantize %x : (tensor<1x1x1x3xf32>) -> tensor<1x1x1x3x!x> loc("x")
  %1 = qnn.quantize %w : (tensor<2x1x1x3xf32>) -> tensor<2x1x1x3x!w> loc("w")
  %2 = qnn.quantize %b : (tensor<2xf32>) -> tensor<2x!b> loc("b")
  %3 = qnn.conv2d %0, %1 bias(%2) clamp_min(0.0) clamp_max(6.0) : (tensor<1x1x1x3x!x>, tensor<2x1x1x3x!w>, tensor<2x!b>) -> tensor<1x1x1x2x!y> loc("y")
  %4 = tensor.collapse_shape %3 [[0], [1, 2, 3]] : tensor<1x1x1x2x!y> into tensor<1x2x!y> loc("y")
  %5 = qnn.dequantize %4 : (tensor<1x2x!y>) -> tensor<1x2xf32> loc("y")
  return %5 : tensor<1x2xf32>
}

// -----

!x = !quant.uniform<u8:f32, 0.5>
!p = !quant.uniform<u8:f32, 0.00390625>

/// Softmax has a table made of its input's scale; raw bytes have one, too.
// CHECK-LABEL: @tables(
// CHECK-SAME: %[[RAW:[^ ]*]]: tensor<1x4xui8>) ->
func.func @tables(%raw: tensor<1x4xui8>) -> tensor<1x4xf32> {
  %0 = qnn.normalize %raw mean [0.0] scale [0.5] : (tensor<1x4xui8>) -> tensor<1x4x!x> loc("x")
  %1 = qnn.clamp %0 clamp_min(1.0) : (tensor<1x4x!x>) -> tensor<1x4x!x> loc("y")
  %2 = qnn.softmax %1 axis(1) : (tensor<1x4x!x>) -> tensor<1x4x!p> loc("z")
  %3 = qnn.dequantize %2 : (tensor<1x4x!p>) -> tensor<1x4xf32> loc("z")
  return %3 : tensor<1x4xf32>
}

// -----

!x = !quant.uniform<u8:f32, 0.5>
!y = !quant.uniform<u8:f32, 0.25>

/// Values of one name and type were calibrated as one, as those of the steps of
/// an unrolled network; another type is another quantizer.
// CHECK-LABEL: @namesakes(
// CHECK-SAME: qnn.quantizer_values = ["x"], qnn.scale = "x/scale1"},
// CHECK-SAME: qnn.quantizer_values = ["state", "state"], qnn.scale = "state/scale2"},
// CHECK-SAME: qnn.quantizer_values = ["state"], qnn.scale = "state/scale3"})

/// 1 / sqrt(4 * 255), 1 / sqrt(8 * 255), and again 1 / sqrt(4 * 255).
// LSQ-LABEL: @namesakes(
// LSQ-SAME: %[[X:[^ :]*]]: tensor<1x4xf32>, %[[S:[^ :]*]]: tensor<f32> {{[^%]*}}, %[[STATE:[^ :]*]]: tensor<f32> {{[^%]*}}, %[[LAST:[^ :]*]]: tensor<f32> {
// LSQ: %[[FOUR:.*]] = arith.constant dense<0.031311{{[0-9]+}}> : tensor<f32>
// LSQ: qnn.mul %[[S]], %[[FOUR]] :
// LSQ: %[[EIGHT:.*]] = arith.constant dense<0.022140{{[0-9]+}}> : tensor<f32>
// LSQ: qnn.mul %[[STATE]], %[[EIGHT]] :
// LSQ: qnn.mul %[[LAST]], %[[FOUR]] :
func.func @namesakes(%x: tensor<1x4xf32> loc("x")) -> tensor<1x4xf32> {
  %0 = qnn.quantize %x : (tensor<1x4xf32>) -> tensor<1x4x!x> loc("x")
  %1 = qnn.add %0, %0 : (tensor<1x4x!x>, tensor<1x4x!x>) -> tensor<1x4x!y> loc("state")
  %2 = qnn.add %1, %0 : (tensor<1x4x!y>, tensor<1x4x!x>) -> tensor<1x4x!y> loc("state")
  %3 = qnn.add %2, %0 : (tensor<1x4x!y>, tensor<1x4x!x>) -> tensor<1x4x!x> loc("state")
  %4 = qnn.dequantize %3 : (tensor<1x4x!x>) -> tensor<1x4xf32> loc("out")
  return %4 : tensor<1x4xf32>
}
