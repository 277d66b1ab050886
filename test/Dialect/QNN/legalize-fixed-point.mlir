// TFLite's requantization in integers.
// RUN: quant-opt %s -split-input-file --qnn-legalize --canonicalize | FileCheck %s

!x = !quant.uniform<u8:f32, 0.5:3>
!w = !quant.uniform<i8<-127:127>:f32:0, {0.25, 0.5}>
!y = !quant.uniform<u8:f32, 4.0:10>

/// 0.5 * 0.25 / 4 = 1 / 32 is 2^30 * 2^(-4 - 31), 0.5 * 0.5 / 4 one shift less.
/// The clamp at 6 is 6 / 4 = 1.5, which TFLite takes to 2: the code 12; at 2 it
/// is 0.5 and the code 11, not 10 as half to even.
// CHECK-LABEL: @conv2d(
// CHECK: %[[ACC:.*]] = qnn.conv2d %{{.*}}, %{{.*}} input_zero_point(3) : {{.*}} -> tensor<1x1x1x2xi32>
// CHECK: qnn.fixed_point_rescale %[[ACC]] multiplier [1073741824, 1073741824] shift [-4, -3] output_zero_point(10) range(11, 12) requantization(tflite_single) : (tensor<1x1x1x2xi32>) -> tensor<1x1x1x2xui8>
func.func @conv2d(%x: tensor<1x1x1x1x!x>) -> tensor<1x1x1x2x!y> {
  %w = qnn.constant dense<[[[[4]]], [[[-2]]]]> : tensor<2x1x1x1xi8> as tensor<2x1x1x1x!w>
  %0 = qnn.conv2d %x, %w clamp_min(2.0) clamp_max(6.0) requantization(tflite_single) : (tensor<1x1x1x1x!x>, tensor<2x1x1x1x!w>) -> tensor<1x1x1x2x!y>
  return %0 : tensor<1x1x1x2x!y>
}

// -----

!a = !quant.uniform<u8:f32, 0.10000000149011612>
!b = !quant.uniform<i8:f32, 0.30000001192092896>
!p = !quant.uniform<i8:f32:1, {0.30000001192092896}>
!c = !quant.uniform<i8:f32:0, {0.30000001192092896}>
!y = !quant.uniform<i8:f32, 0.69999998807907104>

/// The scales are the floats next to 0.1, 0.3 and 0.7: the product in float or
/// in double, the quotient in float or in double differ in the low bits, and
/// TFLite's operators differ in this.
// CHECK-LABEL: @multipliers(
// CHECK: qnn.matmul
// CHECK-NEXT: qnn.fixed_point_rescale %{{.*}} multiplier [1472560299] shift [-4]
// CHECK: qnn.matmul
// CHECK-NEXT: qnn.fixed_point_rescale %{{.*}} multiplier [1472560321] shift [-4]
// CHECK: qnn.conv2d
// CHECK-NEXT: qnn.fixed_point_rescale %{{.*}} multiplier [1472560321] shift [-4]
// CHECK: qnn.conv2d
// CHECK-NEXT: qnn.fixed_point_rescale %{{.*}} multiplier [1472560321] shift [-4]
// CHECK: qnn.mul
// CHECK-NEXT: qnn.fixed_point_rescale %{{.*}} multiplier [1472560256] shift [-4]
func.func @multipliers(%x: tensor<1x1x!a>, %w: tensor<1x1x!b>, %v: tensor<1x1x!p>, %i: tensor<1x1x1x1x!a>, %k: tensor<1x1x1x1x!b>, %l: tensor<1x1x1x1x!c>) -> (tensor<1x1x!y>, tensor<1x1x!y>, tensor<1x1x1x1x!y>, tensor<1x1x1x1x!y>, tensor<1x1x!y>) {
  %0 = qnn.matmul %x, %w requantization(tflite_double) : (tensor<1x1x!a>, tensor<1x1x!b>) -> tensor<1x1x!y>
  %1 = qnn.matmul %x, %v requantization(tflite_double) : (tensor<1x1x!a>, tensor<1x1x!p>) -> tensor<1x1x!y>
  %2 = qnn.conv2d %i, %k requantization(tflite_double) : (tensor<1x1x1x1x!a>, tensor<1x1x1x1x!b>) -> tensor<1x1x1x1x!y>
  %3 = qnn.conv2d %i, %l requantization(tflite_double) : (tensor<1x1x1x1x!a>, tensor<1x1x1x1x!c>) -> tensor<1x1x1x1x!y>
  %4 = qnn.mul %x, %w requantization(tflite_double) : (tensor<1x1x!a>, tensor<1x1x!b>) -> tensor<1x1x!y>
  return %0, %1, %2, %3, %4 : tensor<1x1x!y>, tensor<1x1x!y>, tensor<1x1x1x1x!y>, tensor<1x1x1x1x!y>, tensor<1x1x!y>
}

// -----

!x = !quant.uniform<u8:f32, 0.5:3>
!y = !quant.uniform<i8:f32, 0.25:-5>

/// 0.5 / 0.25 = 2 = 2^30 * 2^(2 - 31).
// CHECK-LABEL: @requantize(
// CHECK: qnn.fixed_point_rescale %arg0 multiplier [1073741824] shift [2] input_zero_point(3) output_zero_point(-5) range(-128, 127) requantization(tflite_double) : (tensor<2xui8>) -> tensor<2xsi8>
func.func @requantize(%x: tensor<2x!x>) -> tensor<2x!y> {
  %0 = qnn.requantize %x requantization(tflite_double) : (tensor<2x!x>) -> tensor<2x!y>
  return %0 : tensor<2x!y>
}

// -----

!x = !quant.uniform<i32:f32, 0.5>
!y = !quant.uniform<i8:f32, 0.25:-5>

/// Wide codes without zero point are accumulators.
// CHECK-LABEL: @requantize_wide(
// CHECK: qnn.fixed_point_rescale %arg0 {{.*}} : (tensor<2xi32>) -> tensor<2xsi8>
func.func @requantize_wide(%x: tensor<2x!x>) -> tensor<2x!y> {
  %0 = qnn.requantize %x requantization(tflite_double) : (tensor<2x!x>) -> tensor<2x!y>
  return %0 : tensor<2x!y>
}
