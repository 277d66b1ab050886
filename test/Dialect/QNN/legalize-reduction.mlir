// Means become exact sums and a rescale, softmax a table.
// RUN: quant-opt %s -split-input-file -verify-diagnostics --qnn-legalize | FileCheck %s

!q = !quant.uniform<u8:f32, 0.5:3>
!r = !quant.uniform<u8:f32, 0.25>

/// 0.5 / (0.25 * 4) = 0.5 for the 4 elements of a window.
// CHECK-LABEL: @avg_pool(
// CHECK: %[[SUM:.*]] = qnn.sum_pool2d %arg0 kernel [2, 2] strides [2, 2] input_zero_point(3) : {{.*}} -> tensor<1x1x1x1xi32>
// CHECK: qnn.rescale %[[SUM]] multiplier(dense<5.000000e-01> : tensor<f32>) range(0, 255) rounding(floor)
func.func @avg_pool(%x: tensor<1x2x2x1x!q>) -> tensor<1x1x1x1x!r> {
  %0 = qnn.avg_pool2d %x kernel [2, 2] strides [2, 2] rounding(floor) : (tensor<1x2x2x1x!q>) -> tensor<1x1x1x1x!r>
  return %0 : tensor<1x1x1x1x!r>
}

// -----

!q = !quant.uniform<u8:f32, 0.5>
!r = !quant.uniform<u8:f32, 0.25>

/// Padding does not count: of the three windows over (pad, a, b, pad) the outer
/// ones have 1 element, 0.5 / 0.25 = 2, the inner one has 2, which is 1. If it
/// counts, all have 2.
// CHECK-LABEL: @avg_pool_padded(
// CHECK: multiplier(dense<{{\[}}{{\[}}[2.000000e+00], [1.000000e+00], [2.000000e+00]]]> : tensor<1x3x1xf32>)
// CHECK: multiplier(dense<1.000000e+00> : tensor<f32>)
func.func @avg_pool_padded(%x: tensor<1x1x2x1x!q>) -> (tensor<1x1x3x1x!r>, tensor<1x1x3x1x!r>) {
  %0 = qnn.avg_pool2d %x kernel [1, 2] pad [0, 0, 1, 1] : (tensor<1x1x2x1x!q>) -> tensor<1x1x3x1x!r>
  %1 = qnn.avg_pool2d %x kernel [1, 2] pad [0, 0, 1, 1] count_include_pad : (tensor<1x1x2x1x!q>) -> tensor<1x1x3x1x!r>
  return %0, %1 : tensor<1x1x3x1x!r>, tensor<1x1x3x1x!r>
}

// -----

!q = !quant.uniform<u8:f32, 0.5:3>
!r = !quant.uniform<i8:f32, 0.25:-5>

/// 2 * 4 elements: 0.5 / (0.25 * 8) = 0.25.
// CHECK-LABEL: @mean(
// CHECK: %[[SUM:.*]] = qnn.sum %arg0 axes [0, 2] input_zero_point(3) : {{.*}} -> tensor<1x3x1xi32>
// CHECK: qnn.rescale %[[SUM]] multiplier(dense<2.500000e-01> : tensor<f32>) output_zero_point(-5) range(-128, 127) :
func.func @mean(%x: tensor<2x3x4x!q>) -> tensor<1x3x1x!r> {
  %0 = qnn.mean %x axes [0, 2] : (tensor<2x3x4x!q>) -> tensor<1x3x1x!r>
  return %0 : tensor<1x3x1x!r>
}

// -----

/// With a scale of 64 the exponential of the second distance is already 0, as
/// 2^23 * exp(-64) is below 1/2: the table is 2^23 = 0x800000, then zeros. The
/// multiplier is 1 / 2^-8.
// CHECK-LABEL: @softmax(
// CHECK: qnn.integer_softmax %arg0 axis(1) table(dense<"0x00008000{{(0{8}){255}["]}}> : tensor<256xi32>) multiplier(2.560000e+02) output_zero_point(-128) range(-128, 127) rounding(half_up) : (tensor<1x2xui8>) -> tensor<1x2xsi8>
func.func @softmax(%x: tensor<1x2x!quant.uniform<u8:f32, 64.0>>) -> tensor<1x2x!quant.uniform<i8:f32, 0.00390625:-128>> {
  %0 = qnn.softmax %x axis(1) rounding(half_up) : (tensor<1x2x!quant.uniform<u8:f32, 64.0>>) -> tensor<1x2x!quant.uniform<i8:f32, 0.00390625:-128>>
  return %0 : tensor<1x2x!quant.uniform<i8:f32, 0.00390625:-128>>
}
