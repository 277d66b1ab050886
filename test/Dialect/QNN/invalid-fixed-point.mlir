// Uses of TFLite's requantization that verifiers refuse.
// RUN: quant-opt %s -split-input-file -verify-diagnostics

!q = !quant.uniform<u8:f32, 0.5>

/// It has a rounding of its own.
func.func @rounding(%x: tensor<2x2x!q>) {
  // expected-error@+1 {{expects rounding(half_even) with a requantization of TFLite, which rounds in its own way}}
  %0 = qnn.matmul %x, %x rounding(floor) requantization(tflite_single) : (tensor<2x2x!q>, tensor<2x2x!q>) -> tensor<2x2x!q>
  return
}

// -----

!q = !quant.uniform<u8:f32, 0.5>

/// As the other three.
func.func @requantize_rounding(%x: tensor<2x!q>) {
  // expected-error@+1 {{expects rounding(half_even) with a requantization of TFLite}}
  %0 = qnn.requantize %x rounding(half_up) requantization(tflite_double) : (tensor<2x!q>) -> tensor<2x!q>
  return
}

// -----

!q = !quant.uniform<u8:f32, 0.5>
!c = !qnn.codebook<u2:f32, {-1.0, -0.25, 0.25, 1.0}>

/// Levels of a table have no multiplier.
func.func @nonlinear(%x: tensor<1x2x2x2x!q>, %w: tensor<1x1x1x2x!c>) {
  // expected-error@+1 {{expects uniform quantized types with a requantization of TFLite, got 'tensor<1x1x1x2x!qnn.codebook}}
  %0 = qnn.conv2d %x, %w requantization(tflite_double) : (tensor<1x2x2x2x!q>, tensor<1x1x1x2x!c>) -> tensor<1x2x2x1x!q>
  return
}

// -----

/// Explicit operations give the accumulator itself.
func.func @explicit(%x: tensor<2xui8>) {
  // expected-error@+1 {{expects uniform quantized types with a requantization of TFLite, got 'tensor<2xui8>'}}
  %0 = qnn.mul %x, %x requantization(tflite_double) : (tensor<2xui8>, tensor<2xui8>) -> tensor<2xi32>
  return
}

// -----

/// TFLite's formulas start from 32 bits.
func.func @wide_input(%x: tensor<2xi64>) {
  // expected-error@+1 {{expects i32 input of zero point 0, or input of at most 16 bits}}
  %0 = qnn.fixed_point_rescale %x multiplier [1073741824] shift [0] range(0, 255) requantization(tflite_double) : (tensor<2xi64>) -> tensor<2xui8>
  return
}

// -----

/// The difference might not fit.
func.func @input_zero_point(%x: tensor<2xi32>) {
  // expected-error@+1 {{expects i32 input of zero point 0, or input of at most 16 bits}}
  %0 = qnn.fixed_point_rescale %x multiplier [1073741824] shift [0] input_zero_point(1) range(0, 255) requantization(tflite_double) : (tensor<2xi32>) -> tensor<2xui8>
  return
}

// -----

/// Nor this one.
func.func @input_zero_point_far(%x: tensor<2xui8>) {
  // expected-error@+1 {{expects an input_zero_point within 2^30 of 0}}
  %0 = qnn.fixed_point_rescale %x multiplier [1073741824] shift [0] input_zero_point(1073741825) range(0, 255) requantization(tflite_double) : (tensor<2xui8>) -> tensor<2xui8>
  return
}

// -----

/// Floats are not scaled in fixed point.
func.func @float_input(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects i32 input of zero point 0, or input of at most 16 bits}}
  %0 = qnn.fixed_point_rescale %x multiplier [1073741824] shift [0] range(0, 255) requantization(tflite_double) : (tensor<2xf32>) -> tensor<2xui8>
  return
}

// -----

/// One multiplier for all or for each channel, of which there are two.
func.func @multiplier_count(%x: tensor<1x2xi32>) {
  // expected-error@+1 {{expects multiplier and shift of 1 or 2 elements}}
  %0 = qnn.fixed_point_rescale %x multiplier [1, 2, 3] shift [0, 0, 0] range(0, 255) requantization(tflite_double) : (tensor<1x2xi32>) -> tensor<1x2xui8>
  return
}

// -----

/// And a shift for each multiplier.
func.func @shift_count(%x: tensor<1x2xi32>) {
  // expected-error@+1 {{expects multiplier and shift of 1 or 2 elements}}
  %0 = qnn.fixed_point_rescale %x multiplier [1, 2] shift [0] range(0, 255) requantization(tflite_double) : (tensor<1x2xi32>) -> tensor<1x2xui8>
  return
}

// -----

/// Scales are positive.
func.func @negative_multiplier(%x: tensor<2xi32>) {
  // expected-error@+1 {{expects multipliers that are not negative}}
  %0 = qnn.fixed_point_rescale %x multiplier [-1] shift [0] range(0, 255) requantization(tflite_double) : (tensor<2xi32>) -> tensor<2xui8>
  return
}

// -----

/// A product of 62 bits leaves no room.
func.func @shift(%x: tensor<2xi32>) {
  // expected-error@+1 {{expects shifts from -31 to 30, got 31}}
  %0 = qnn.fixed_point_rescale %x multiplier [1073741824] shift [31] range(0, 255) requantization(tflite_double) : (tensor<2xi32>) -> tensor<2xui8>
  return
}

// -----

/// That is qnn.rescale.
func.func @float(%x: tensor<2xi32>) {
  // expected-error@+1 {{expects tflite_single or tflite_double}}
  %0 = qnn.fixed_point_rescale %x multiplier [1073741824] shift [0] range(0, 255) requantization(float) : (tensor<2xi32>) -> tensor<2xui8>
  return
}

// -----

/// Codes only.
func.func @result(%x: tensor<2xi32>) {
  // expected-error@+1 {{expects an integer result of at most 32 bits}}
  %0 = qnn.fixed_point_rescale %x multiplier [1073741824] shift [0] range(0, 255) requantization(tflite_double) : (tensor<2xi32>) -> tensor<2xf32>
  return
}

// -----

/// -1 is no unsigned byte.
func.func @codes(%x: tensor<2xi32>) {
  // expected-error@+1 {{expects a range of codes of 'ui8'}}
  %0 = qnn.fixed_point_rescale %x multiplier [1073741824] shift [0] range(-1, 255) requantization(tflite_double) : (tensor<2xi32>) -> tensor<2xui8>
  return
}

// -----

/// 2^30 + 1 is one too far.
func.func @far_range(%x: tensor<2xi32>) {
  // expected-error@+1 {{expects a range within 2^30 of the zero point}}
  %0 = qnn.fixed_point_rescale %x multiplier [1073741824] shift [0] range(0, 1073741825) requantization(tflite_double) : (tensor<2xi32>) -> tensor<2xi32>
  return
}
