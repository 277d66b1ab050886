// Operations that move codes do the same with integers.
// RUN: quant-opt %s -split-input-file -verify-diagnostics --qnn-legalize | FileCheck %s

!q = !quant.uniform<u8:f32, 0.5:3>

/// A chain of pools, reshapes, a concatenation and a slice, and the function itself.
// CHECK-LABEL: @chain(
// CHECK-SAME: tensor<1x2x2x1xui8>) -> tensor<1x1xui8>
// CHECK-NEXT: qnn.max_pool2d {{.*}} -> tensor<1x2x1x1xui8>
// CHECK-NEXT: qnn.max_pool2d {{.*}} -> tensor<1x1x1x1xui8>
// CHECK-NEXT: tensor.collapse_shape {{.*}} into tensor<1xui8>
// CHECK-NEXT: tensor.expand_shape {{.*}} into tensor<1x1xui8>
// CHECK-NEXT: qnn.transpose {{.*}} -> tensor<1x1xui8>
// CHECK-NEXT: tensor.concat {{.*}} -> tensor<2x1xui8>
// CHECK-NEXT: tensor.extract_slice %{{.*}}[1, 0] [1, 1] [1, 1] : tensor<2x1xui8> to tensor<1x1xui8>
// CHECK-NEXT: return
func.func @chain(%x: tensor<1x2x2x1x!q>) -> tensor<1x1x!q> {
  %0 = qnn.max_pool2d %x kernel [1, 2] : (tensor<1x2x2x1x!q>) -> tensor<1x2x1x1x!q>
  %1 = qnn.max_pool2d %0 kernel [2, 1] : (tensor<1x2x1x1x!q>) -> tensor<1x1x1x1x!q>
  %2 = tensor.collapse_shape %1 [[0, 1, 2, 3]] : tensor<1x1x1x1x!q> into tensor<1x!q>
  %3 = tensor.expand_shape %2 [[0, 1]] output_shape [1, 1] : tensor<1x!q> into tensor<1x1x!q>
  %4 = qnn.transpose %3 [1, 0] : (tensor<1x1x!q>) -> tensor<1x1x!q>
  %5 = tensor.concat dim(0) %4, %4 : (tensor<1x1x!q>, tensor<1x1x!q>) -> tensor<2x1x!q>
  %6 = tensor.extract_slice %5[1, 0] [1, 1] [1, 1] : tensor<2x1x!q> to tensor<1x1x!q>
  return %6 : tensor<1x1x!q>
}

// -----

!q = !quant.uniform<u8:f32, 0.5:3>

/// The value becomes its code: 0 is 3, 1.25 / 0.5 = 2.5 is a tie and even, 5,
/// and -100 is clipped to 0.
// CHECK-LABEL: @pad(
// CHECK: value(3.000000e+00)
// CHECK: value(5.000000e+00)
// CHECK: qnn.pad %{{.*}} low [1] high [0] :
func.func @pad(%x: tensor<1x!q>) -> (tensor<2x!q>, tensor<2x!q>, tensor<2x!q>) {
  %0 = qnn.pad %x low [1] high [0] : (tensor<1x!q>) -> tensor<2x!q>
  %1 = qnn.pad %x low [1] high [0] value(1.25) : (tensor<1x!q>) -> tensor<2x!q>
  %2 = qnn.pad %x low [1] high [0] value(-100.0) : (tensor<1x!q>) -> tensor<2x!q>
  return %0, %1, %2 : tensor<2x!q>, tensor<2x!q>, tensor<2x!q>
}

// -----

!c = !qnn.codebook<u2:f32, {0.0, 1.0, 4.0}>

/// Indices of levels in increasing order compare as the levels do.
// CHECK-LABEL: @nonlinear(
// CHECK: qnn.max_pool2d {{.*}} -> tensor<1x1x1x1xui8>
func.func @nonlinear(%x: tensor<1x1x2x1x!c>) -> tensor<1x1x1x1x!c> {
  %0 = qnn.max_pool2d %x kernel [1, 2] : (tensor<1x1x2x1x!c>) -> tensor<1x1x1x1x!c>
  return %0 : tensor<1x1x1x1x!c>
}

// -----

!q = !quant.uniform<u8:f32:0, {0.5, 0.25}>

/// One value has a code for each channel.
func.func @pad_per_axis(%x: tensor<2x1x!q>) -> tensor<2x2x!q> {
  // expected-error@+2 {{expects a result of one scale and zero point}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.pad %x low [0, 1] high [0, 0] : (tensor<2x1x!q>) -> tensor<2x2x!q>
  return %0 : tensor<2x2x!q>
}

// -----

/// A function result that is an argument has the argument's codes.
// CHECK-LABEL: @argument_is_result(
// CHECK-SAME: %[[X:.*]]: tensor<2xsi8>) -> tensor<2xsi8>
// CHECK-NEXT: return %[[X]]
func.func @argument_is_result(%x: tensor<2x!quant.uniform<i8:f32, 0.5>>) -> tensor<2x!quant.uniform<i8:f32, 0.5>> {
  return %x : tensor<2x!quant.uniform<i8:f32, 0.5>>
}
