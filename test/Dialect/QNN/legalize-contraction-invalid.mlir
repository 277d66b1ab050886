// Contractions whose types have no integer form.
// RUN: quant-opt %s -split-input-file -verify-diagnostics --qnn-legalize

!x = !quant.uniform<u8:f32:1, {0.5, 0.25}>
!w = !quant.uniform<i8:f32, 0.5>
!y = !quant.uniform<u8:f32, 0.5>

/// A scale for each summand does not come out of the sum.
func.func @input_per_axis(%x: tensor<1x2x!x>, %w: tensor<2x1x!w>) -> tensor<1x1x!y> {
  // expected-error@+2 {{expects activations of one scale and zero point to legalize}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.matmul %x, %w : (tensor<1x2x!x>, tensor<2x1x!w>) -> tensor<1x1x!y>
  return %0 : tensor<1x1x!y>
}

// -----

!x = !quant.uniform<u8:f32, 0.5>
!w = !quant.uniform<i8:f32:0, {0.5, 0.25}>

/// Axis 0 of the right side is summed over.
func.func @weights_other_axis(%x: tensor<1x2x!x>, %w: tensor<2x1x!w>) -> tensor<1x1x!x> {
  // expected-error@+2 {{expects weights of one scale for all or for each output channel to legalize}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.matmul %x, %w : (tensor<1x2x!x>, tensor<2x1x!w>) -> tensor<1x1x!x>
  return %0 : tensor<1x1x!x>
}

// -----

!x = !quant.uniform<u8:f32, 0.5>
!w = !quant.uniform<i8:f32:{0:1}, {{0.5}, {0.25}}>

/// Neither do blocks have one scale for a sum.
func.func @weights_in_blocks(%x: tensor<1x2x!x>, %w: tensor<2x1x!w>) -> tensor<1x1x!x> {
  // expected-error@+2 {{expects weights of one scale for all or for each output channel to legalize}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.matmul %x, %w : (tensor<1x2x!x>, tensor<2x1x!w>) -> tensor<1x1x!x>
  return %0 : tensor<1x1x!x>
}

// -----

!x = !quant.uniform<u8:f32, 0.5>
!w = !qnn.codebook<u1:f32, {-1.0, 1.0}>

/// Indices of a table cannot be multiplied.
func.func @weights_nonlinear(%x: tensor<1x1x!x>) -> tensor<1x1x!x> {
  %w = qnn.constant dense<1> : tensor<1x1xi1> as tensor<1x1x!w>
  // expected-error@+2 {{expects weights of one scale for all or for each output channel to legalize}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.matmul %x, %w : (tensor<1x1x!x>, tensor<1x1x!w>) -> tensor<1x1x!x>
  return %0 : tensor<1x1x!x>
}

// -----

!x = !quant.uniform<u8:f32, 0.5>
!w = !quant.uniform<i8:f32:1, {0.5:1, 0.25}>

/// The zero point is one attribute.
func.func @weights_zero_points(%x: tensor<1x1x!x>, %w: tensor<1x2x!w>) -> tensor<1x2x!x> {
  // expected-error@+2 {{expects weights of one zero point for all channels to legalize}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.matmul %x, %w : (tensor<1x1x!x>, tensor<1x2x!w>) -> tensor<1x2x!x>
  return %0 : tensor<1x2x!x>
}

// -----

!x = !quant.uniform<u8:f32, 0.5>
!w = !quant.uniform<i8:f32:1, {0.5, 0.25}>
!b = !quant.uniform<i32:f32, 0.25>

/// 0.25 is the scale of the accumulator of the first channel only.
func.func @bias_scale(%x: tensor<1x1x!x>, %w: tensor<1x2x!w>, %b: tensor<2x!b>) -> tensor<1x2x!x> {
  // expected-error@+2 {{expects a bias of zero point 0 and the scale of input times weights to legalize}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.matmul %x, %w bias(%b) : (tensor<1x1x!x>, tensor<1x2x!w>, tensor<2x!b>) -> tensor<1x2x!x>
  return %0 : tensor<1x2x!x>
}

// -----

!x = !quant.uniform<u8:f32, 0.5>
!b = !quant.uniform<i32:f32, 0.25:1>

/// Nobody would subtract the zero point.
func.func @bias_zero_point(%x: tensor<1x1x!x>, %b: tensor<1x!b>) -> tensor<1x1x!x> {
  // expected-error@+2 {{expects a bias of zero point 0 and the scale of input times weights to legalize}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.matmul %x, %x bias(%b) : (tensor<1x1x!x>, tensor<1x1x!x>, tensor<1x!b>) -> tensor<1x1x!x>
  return %0 : tensor<1x1x!x>
}

// -----

!x = !quant.uniform<u8:f32, 0.5>
!w = !quant.uniform<i8<-127:127>:f32, 0.5>

/// 66312 products of 255 * 127 need i64, and TFLite starts from i32.
func.func @fixed_point_accumulator(%x: tensor<1x66312x!x>) -> tensor<1x1x!x> {
  %w = qnn.constant dense<127> : tensor<66312x1xi8> as tensor<66312x1x!w>
  // expected-error@+2 {{expects accumulators that fit into i32 to legalize with a requantization of TFLite}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.matmul %x, %w requantization(tflite_double) : (tensor<1x66312x!x>, tensor<66312x1x!w>) -> tensor<1x1x!x>
  return %0 : tensor<1x1x!x>
}
