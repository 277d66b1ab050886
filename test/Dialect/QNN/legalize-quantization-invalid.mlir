// Borders whose types have no integer form.
// RUN: quant-opt %s -split-input-file -verify-diagnostics --qnn-legalize

!q = !quant.uniform<i8:f32:{0:1}, {{0.5}, {0.25}}>

/// Blocks do not broadcast.
func.func @quantize_blocks(%x: tensor<2x1xf32>) -> tensor<2x1x!q> {
  // expected-error@+2 {{expects a uniform type without blocks, and one zero point for all channels, to legalize}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.quantize %x : (tensor<2x1xf32>) -> tensor<2x1x!q>
  return %0 : tensor<2x1x!q>
}

// -----

!q = !quant.uniform<i8:f32:0, {0.5:1, 0.25}>

/// The zero point is one attribute.
func.func @dequantize_zero_points(%x: tensor<2x!q>) -> tensor<2xf32> {
  // expected-error@+2 {{expects a uniform type without blocks, and one zero point for all channels, to legalize}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.dequantize %x : (tensor<2x!q>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

!q = !quant.uniform<i8:f32:0, {0.5, 0.25}>

/// From one scale for each channel to another.
func.func @requantize_per_axis(%x: tensor<2x!q>) -> tensor<2x!q> {
  // expected-error@+2 {{expects input and result of one scale and zero point}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.requantize %x : (tensor<2x!q>) -> tensor<2x!q>
  return %0 : tensor<2x!q>
}

// -----

!x = !quant.uniform<i32:f32, 0.5:1>
!y = !quant.uniform<i8:f32, 0.5>

/// A code minus 1 might not fit i32.
func.func @requantize_wide_zero_point(%x: tensor<2x!x>) -> tensor<2x!y> {
  // expected-error@+2 {{expects codes of at most 16 bits, or a zero point of 0, to legalize with a requantization of TFLite}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.requantize %x requantization(tflite_single) : (tensor<2x!x>) -> tensor<2x!y>
  return %0 : tensor<2x!y>
}
