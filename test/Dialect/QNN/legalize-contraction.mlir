// Contractions become exact accumulators and a rescale.
// RUN: quant-opt %s -split-input-file --qnn-legalize --canonicalize | FileCheck %s

!x = !quant.uniform<u8:f32, 0.5:3>
!w = !quant.uniform<i8<-127:127>:f32:0, {0.25, 0.5}>
!b = !quant.uniform<i32:f32:0, {0.125, 0.25}>
!y = !quant.uniform<u8:f32, 0.25:10>

/// Multipliers 0.5 * 0.25 / 0.25 = 0.5 and 0.5 * 0.5 / 0.25 = 1. The clamp [0, 6]
/// is the codes 10 and 6 / 0.25 + 10 = 34. The mode is the rescale's.
// CHECK-LABEL: @conv2d(
// CHECK-SAME: %[[X:.*]]: tensor<1x1x1x1xui8>) -> tensor<1x1x1x2xui8>
// CHECK-DAG: %[[W:.*]] = qnn.constant dense<{{.*}}4{{.*}}-2{{.*}}> : tensor<2x1x1x1xi8> as tensor<2x1x1x1xsi8>
// CHECK-DAG: %[[B:.*]] = qnn.constant dense<[8, -4]> : tensor<2xi32> as tensor<2xi32>
// CHECK: %[[ACC:.*]] = qnn.conv2d %[[X]], %[[W]] bias(%[[B]]) input_zero_point(3) : {{.*}} -> tensor<1x1x1x2xi32>
// CHECK: qnn.rescale %[[ACC]] multiplier(dense<[5.000000e-01, 1.000000e+00]> : tensor<2xf32>) output_zero_point(10) range(10, 34) rounding(half_up)
func.func @conv2d(%x: tensor<1x1x1x1x!x>) -> tensor<1x1x1x2x!y> {
  %w = qnn.constant dense<[[[[4]]], [[[-2]]]]> : tensor<2x1x1x1xi8> as tensor<2x1x1x1x!w>
  %b = qnn.constant dense<[8, -4]> : tensor<2xi32> as tensor<2x!b>
  %0 = qnn.conv2d %x, %w bias(%b) clamp_min(0.0) clamp_max(6.0) rounding(half_up) : (tensor<1x1x1x1x!x>, tensor<2x1x1x1x!w>, tensor<2x!b>) -> tensor<1x1x1x2x!y>
  return %0 : tensor<1x1x1x2x!y>
}

// -----

/// Two activations: both zero points, one multiplier 0.5 * 0.5 / 0.125 = 2. A
/// clamp wider than the codes changes nothing; one beside them leaves one code.
// CHECK-LABEL: @matmul_activations(
// CHECK: qnn.matmul %{{.*}}, %{{.*}} lhs_zero_point(3) rhs_zero_point(3) : {{.*}} -> tensor<1x1xi32>
// CHECK: multiplier(dense<2.000000e+00> : tensor<f32>) range(0, 255)
// CHECK: multiplier(dense<2.000000e+00> : tensor<f32>) range(255, 255)
func.func @matmul_activations(%x: tensor<1x1x!quant.uniform<u8:f32, 0.5:3>>) -> (tensor<1x1x!quant.uniform<u8:f32, 0.125>>, tensor<1x1x!quant.uniform<u8:f32, 0.125>>) {
  %0 = qnn.matmul %x, %x clamp_min(-100.0) clamp_max(100.0) : (tensor<1x1x!quant.uniform<u8:f32, 0.5:3>>, tensor<1x1x!quant.uniform<u8:f32, 0.5:3>>) -> tensor<1x1x!quant.uniform<u8:f32, 0.125>>
  %1 = qnn.matmul %x, %x clamp_min(100.0) : (tensor<1x1x!quant.uniform<u8:f32, 0.5:3>>, tensor<1x1x!quant.uniform<u8:f32, 0.5:3>>) -> tensor<1x1x!quant.uniform<u8:f32, 0.125>>
  return %0, %1 : tensor<1x1x!quant.uniform<u8:f32, 0.125>>, tensor<1x1x!quant.uniform<u8:f32, 0.125>>
}

// -----

!x = !quant.uniform<u8:f32, 0.5>
!w = !quant.uniform<i8<-127:127>:f32, 0.5>

/// 66311 products of 255 * 127 are 2147481735, below 2^31 - 1 = 2147483647; one
/// more adds 32385 and is above.
// CHECK-LABEL: @accumulator_width(
// CHECK: qnn.matmul {{.*}} -> tensor<1x1xi32>
// CHECK: qnn.matmul {{.*}} -> tensor<1x1xi64>
func.func @accumulator_width(%x: tensor<1x66311x!x>, %y: tensor<1x66312x!x>) -> (tensor<1x1x!x>, tensor<1x1x!x>) {
  %w = qnn.constant dense<127> : tensor<66311x1xi8> as tensor<66311x1x!w>
  %v = qnn.constant dense<127> : tensor<66312x1xi8> as tensor<66312x1x!w>
  %0 = qnn.matmul %x, %w : (tensor<1x66311x!x>, tensor<66311x1x!w>) -> tensor<1x1x!x>
  %1 = qnn.matmul %y, %v : (tensor<1x66312x!x>, tensor<66312x1x!w>) -> tensor<1x1x!x>
  return %0, %1 : tensor<1x1x!x>, tensor<1x1x!x>
}

// -----

!x = !quant.uniform<u8:f32, 0.5>
!w = !quant.uniform<i8<-127:127>:f32, 0.5>
!b = !quant.uniform<i32:f32, 0.25>

/// A bias of 2^31 - 1 leaves no room for a product; one that comes at run time
/// may be as large.
// CHECK-LABEL: @accumulator_bias(
// CHECK: qnn.matmul {{.*}} -> tensor<1x1xi64>
// CHECK: qnn.matmul {{.*}} -> tensor<1x1xi64>
func.func @accumulator_bias(%x: tensor<1x1x!x>, %a: tensor<1x!b>) -> (tensor<1x1x!x>, tensor<1x1x!x>) {
  %w = qnn.constant dense<1> : tensor<1x1xi8> as tensor<1x1x!w>
  %b = qnn.constant dense<2147483647> : tensor<1xi32> as tensor<1x!b>
  %0 = qnn.matmul %x, %w bias(%b) : (tensor<1x1x!x>, tensor<1x1x!w>, tensor<1x!b>) -> tensor<1x1x!x>
  %1 = qnn.matmul %x, %w bias(%a) : (tensor<1x1x!x>, tensor<1x1x!w>, tensor<1x!b>) -> tensor<1x1x!x>
  return %0, %1 : tensor<1x1x!x>, tensor<1x1x!x>
}

// -----

!x = !quant.uniform<u8:f32, 0.5>
!w = !quant.uniform<i8<-127:127>:f32, 0.5>
!b = !quant.uniform<i32<-1073741824:1073741824>:f32, 0.25>

/// The range that is chosen for a bias leaves half of 32 bits to the products:
/// 255 * 127 * 33155 < 2^30.
// CHECK-LABEL: @accumulator_chosen_bias(
// CHECK: qnn.matmul {{.*}} -> tensor<1x1xi32>
// CHECK: qnn.matmul {{.*}} -> tensor<1x1xi64>
func.func @accumulator_chosen_bias(%x: tensor<1x33155x!x>, %y: tensor<1x33156x!x>) -> (tensor<1x1x!x>, tensor<1x1x!x>) {
  %w = qnn.constant dense<127> : tensor<33155x1xi8> as tensor<33155x1x!w>
  %v = qnn.constant dense<127> : tensor<33156x1xi8> as tensor<33156x1x!w>
  %b = qnn.constant dense<1073741824> : tensor<1xi32> as tensor<1x!b>
  %0 = qnn.matmul %x, %w bias(%b) : (tensor<1x33155x!x>, tensor<33155x1x!w>, tensor<1x!b>) -> tensor<1x1x!x>
  %1 = qnn.matmul %y, %v bias(%b) : (tensor<1x33156x!x>, tensor<33156x1x!w>, tensor<1x!b>) -> tensor<1x1x!x>
  return %0, %1 : tensor<1x1x!x>, tensor<1x1x!x>
}

// -----

!x = !quant.uniform<u8:f32, 0.5>
!w = !quant.uniform<i8<-127:127>:f32, 0.5>
!b = !quant.uniform<i32:f32, 0.25>

/// Weights that come at run time count with their largest code for every tap,
/// not for every channel only: 3 * 3 * 8192 = 73728 > 66311. Their bias keeps
/// its place.
// CHECK-LABEL: @conv2d_run_time_weights(
// CHECK: qnn.conv2d {{.*}} -> tensor<1x1x1x1xi64>
// CHECK: qnn.conv2d {{.*}} bias({{.*}}) : {{.*}} -> tensor<1x3x3x1xi64>
// CHECK: qnn.conv2d {{.*}} -> tensor<1x3x3x1xi32>
func.func @conv2d_run_time_weights(%x: tensor<1x3x3x8192x!x>, %w: tensor<1x3x3x8192x!w>, %v: tensor<1x1x1x8192x!w>) -> (tensor<1x1x1x1x!x>, tensor<1x3x3x1x!x>, tensor<1x3x3x1x!x>) {
  %b = qnn.constant dense<1> : tensor<1xi32> as tensor<1x!b>
  %0 = qnn.conv2d %x, %w : (tensor<1x3x3x8192x!x>, tensor<1x3x3x8192x!w>) -> tensor<1x1x1x1x!x>
  %1 = qnn.conv2d %x, %v bias(%b) : (tensor<1x3x3x8192x!x>, tensor<1x1x1x8192x!w>, tensor<1x!b>) -> tensor<1x3x3x1x!x>
  %2 = qnn.conv2d %x, %v : (tensor<1x3x3x8192x!x>, tensor<1x1x1x8192x!w>) -> tensor<1x3x3x1x!x>
  return %0, %1, %2 : tensor<1x1x1x1x!x>, tensor<1x3x3x1x!x>, tensor<1x3x3x1x!x>
}
