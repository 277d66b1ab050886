// Reductions whose types have no integer form.
// RUN: quant-opt %s -split-input-file -verify-diagnostics --qnn-legalize

!a = !quant.uniform<u8:f32:3, {0.5, 0.25}>
!y = !quant.uniform<u8:f32, 0.5>

/// A scale for each channel.
func.func @avg_pool(%x: tensor<1x2x2x2x!a>) -> tensor<1x1x1x2x!y> {
  // expected-error@+2 {{expects input and result of one scale and zero point}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.avg_pool2d %x kernel [2, 2] : (tensor<1x2x2x2x!a>) -> tensor<1x1x1x2x!y>
  return %0 : tensor<1x1x1x2x!y>
}

// -----

!a = !quant.uniform<u8:f32:1, {0.5, 0.25}>
!y = !quant.uniform<u8:f32, 0.5>

/// The same.
func.func @mean(%x: tensor<2x2x!a>) -> tensor<1x2x!y> {
  // expected-error@+2 {{expects input and result of one scale and zero point}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.mean %x axes [0] : (tensor<2x2x!a>) -> tensor<1x2x!y>
  return %0 : tensor<1x2x!y>
}

// -----

!y = !quant.uniform<u8:f32, 0.5>

/// 255 * 2^24 is above 2^31.
func.func @mean_large(%x: tensor<16777216x!y>) -> tensor<1x!y> {
  // expected-error@+2 {{expects sums that fit into i32 to legalize}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.mean %x axes [0] : (tensor<16777216x!y>) -> tensor<1x!y>
  return %0 : tensor<1x!y>
}

// -----

!y = !quant.uniform<u16:f32, 0.5>

/// 65535 * 256 * 256 is above 2^31.
func.func @avg_pool_large(%x: tensor<1x256x256x1x!y>) -> tensor<1x1x1x1x!y> {
  // expected-error@+2 {{expects sums that fit into i32 to legalize}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.avg_pool2d %x kernel [256, 256] : (tensor<1x256x256x1x!y>) -> tensor<1x1x1x1x!y>
  return %0 : tensor<1x1x1x1x!y>
}

// -----

!x = !quant.uniform<u16:f32, 0.5>
!y = !quant.uniform<u8:f32, 0.5>

/// Distances of 16 bits are not in the table.
func.func @softmax(%x: tensor<1x2x!x>) -> tensor<1x2x!y> {
  // expected-error@+2 {{expects an input of at most 8 bits}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.softmax %x axis(1) : (tensor<1x2x!x>) -> tensor<1x2x!y>
  return %0 : tensor<1x2x!y>
}
