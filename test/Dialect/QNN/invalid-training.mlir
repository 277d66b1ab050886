// Labels, random numbers and substituted gradients that the verifier refuses.
// RUN: quant-opt %s -split-input-file -verify-diagnostics

/// The new axis is the last one.
func.func @one_hot_shape(%x: tensor<4xi32>) {
  // expected-error@+1 {{expects result of shape [4, 3]}}
  %0 = qnn.one_hot %x depth(3) : (tensor<4xi32>) -> tensor<3x4xf32>
  return
}

// -----

/// Labels are numbers of classes.
func.func @one_hot_type(%x: tensor<4xf32>) {
  // expected-error@+1 {{expects i32 or ui8 labels and an f32 result}}
  %0 = qnn.one_hot %x depth(3) : (tensor<4xf32>) -> tensor<4x3xf32>
  return
}

// -----

/// A seed is one number or two.
func.func @random_uniform_seed(%x: tensor<3xi32>) {
  // expected-error@+1 {{expects a seed of type tensor<i32> or tensor<2xi32>}}
  %0 = qnn.random_uniform %x stream(0) : (tensor<3xi32>) -> tensor<4xf32>
  return
}

// -----

/// A stream is a number of 31 bits.
func.func @random_uniform_stream(%x: tensor<i32>) {
  // expected-error@+1 {{expects a stream from 0 to 2^31 - 1}}
  %0 = qnn.random_uniform %x stream(-1) : (tensor<i32>) -> tensor<4xf32>
  return
}

// -----

/// Elements are counted in 32 bits.
func.func @random_uniform_result(%x: tensor<i32>) {
  // expected-error@+1 {{expects an f32 result of at most 2^31 elements}}
  %0 = qnn.random_uniform %x stream(0) : (tensor<i32>) -> tensor<3x1073741824xf32>
  return
}

// -----

/// The surrogate stands for the value.
func.func @straight_through_shape(%x: tensor<2xf32>, %y: tensor<1xf32>) {
  // expected-error@+1 {{expects value, surrogate and result of one shape}}
  %0 = qnn.straight_through %x, %y : (tensor<2xf32>, tensor<1xf32>) -> tensor<2xf32>
  return
}

// -----

/// Codes have no gradient.
func.func @straight_through_type(%x: tensor<2xui8>) {
  // expected-error@+1 {{expects f32 operands and result}}
  %0 = qnn.straight_through %x, %x : (tensor<2xui8>, tensor<2xui8>) -> tensor<2xui8>
  return
}
