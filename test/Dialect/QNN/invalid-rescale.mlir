// Rescales that the verifier refuses.
// RUN: quant-opt %s -split-input-file -verify-diagnostics

/// Multiplication is in f32.
func.func @multiplier_type(%x: tensor<2xi32>) {
  // expected-error@+1 {{expects a multiplier of f32 elements}}
  %0 = qnn.rescale %x multiplier(dense<1.0> : tensor<f64>) range(0, 255) : (tensor<2xi32>) -> tensor<2xui8>
  return
}

// -----

/// One for each channel, of which there are two.
func.func @multiplier_shape(%x: tensor<1x2xi32>) {
  // expected-error@+1 {{expects a multiplier that broadcasts to the input}}
  %0 = qnn.rescale %x multiplier(dense<1.0> : tensor<3xf32>) range(0, 255) : (tensor<1x2xi32>) -> tensor<1x2xui8>
  return
}

// -----

/// The input must not grow.
func.func @multiplier_larger(%x: tensor<1x2xi32>) {
  // expected-error@+1 {{expects a multiplier that broadcasts to the input}}
  %0 = qnn.rescale %x multiplier(dense<1.0> : tensor<3x1xf32>) range(0, 255) : (tensor<1x2xi32>) -> tensor<1x2xui8>
  return
}

// -----

/// 0 times infinity is not a number.
func.func @multiplier_infinite(%x: tensor<2xi32>) {
  // expected-error@+1 {{expects finite multipliers}}
  %0 = qnn.rescale %x multiplier(dense<0x7F800000> : tensor<f32>) range(0, 255) : (tensor<2xi32>) -> tensor<2xui8>
  return
}

// -----

/// Types with a scale are not explicit.
func.func @input(%x: tensor<2x!quant.uniform<u8:f32, 0.5>>) {
  // expected-error@+1 {{expects f32 or integer input}}
  %0 = qnn.rescale %x multiplier(dense<1.0> : tensor<f32>) : (tensor<2x!quant.uniform<u8:f32, 0.5>>) -> tensor<2xf32>
  return
}

// -----

/// Neither are those of the result.
func.func @result(%x: tensor<2xi32>) {
  // expected-error@+1 {{expects an f32 or integer result}}
  %0 = qnn.rescale %x multiplier(dense<1.0> : tensor<f32>) range(0, 255) : (tensor<2xi32>) -> tensor<2x!quant.uniform<u8:f32, 0.5>>
  return
}

// -----

/// Which codes are in use cannot be seen from the type.
func.func @no_range(%x: tensor<2xi32>) {
  // expected-error@+1 {{expects a range for an integer result}}
  %0 = qnn.rescale %x multiplier(dense<1.0> : tensor<f32>) : (tensor<2xi32>) -> tensor<2xui8>
  return
}

// -----

/// A range that is empty.
func.func @empty_range(%x: tensor<2xi32>) {
  // expected-error@+1 {{expects a range for an integer result}}
  %0 = qnn.rescale %x multiplier(dense<1.0> : tensor<f32>) range(1, 0) : (tensor<2xi32>) -> tensor<2xui8>
  return
}

// -----

/// -1 is no unsigned byte.
func.func @codes(%x: tensor<2xi32>) {
  // expected-error@+1 {{expects a range of codes of 'ui8'}}
  %0 = qnn.rescale %x multiplier(dense<1.0> : tensor<f32>) range(-1, 255) : (tensor<2xi32>) -> tensor<2xui8>
  return
}

// -----

/// 2^22 + 1 may be rounded to the wrong integer.
func.func @far_range(%x: tensor<2xi32>) {
  // expected-error@+1 {{expects a range within 2^22 of the zero point}}
  %0 = qnn.rescale %x multiplier(dense<1.0> : tensor<f32>) range(0, 4194305) : (tensor<2xi32>) -> tensor<2xi32>
  return
}
