// Contractions that the verifier refuses.
// RUN: quant-opt %s -split-input-file -verify-diagnostics

/// A convolution is over images.
func.func @conv2d_rank(%x: tensor<4x4x1xf32>, %w: tensor<1x1x1x1xf32>) {
  // expected-error@+1 {{expects input and weights of rank 4, got 3 and 4}}
  %0 = qnn.conv2d %x, %w : (tensor<4x4x1xf32>, tensor<1x1x1x1xf32>) -> tensor<4x4x1xf32>
  return
}

// -----

/// Groups divide the channels of both sides.
func.func @conv2d_groups(%x: tensor<1x4x4x3xf32>, %w: tensor<2x1x1x1xf32>) {
  // expected-error@+1 {{expects input and output channels to be multiples of 2 groups, got 3 and 2}}
  %0 = qnn.conv2d %x, %w groups(2) : (tensor<1x4x4x3xf32>, tensor<2x1x1x1xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

/// No group at all must not divide by zero.
func.func @conv2d_no_groups(%x: tensor<1x4x4x2xf32>, %w: tensor<2x1x1x2xf32>) {
  // expected-error@+1 {{to be multiples of 0 groups, got 2 and 2}}
  %0 = qnn.conv2d %x, %w groups(0) : (tensor<1x4x4x2xf32>, tensor<2x1x1x2xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

/// Each output channel sees the input channels of its group only.
func.func @conv2d_input_channels(%x: tensor<1x4x4x4xf32>, %w: tensor<2x1x1x4xf32>) {
  // expected-error@+1 {{expects weights of 2 input channels, got 4}}
  %0 = qnn.conv2d %x, %w groups(2) : (tensor<1x4x4x4xf32>, tensor<2x1x1x4xf32>) -> tensor<1x4x4x2xf32>
  return
}

// -----

/// No sum is empty.
func.func @conv2d_zero_extent(%x: tensor<0x4x4x1xf32>, %w: tensor<1x1x1x1xf32>) {
  // expected-error@+1 {{expects input and weights without extents of 0}}
  %0 = qnn.conv2d %x, %w : (tensor<0x4x4x1xf32>, tensor<1x1x1x1xf32>) -> tensor<0x4x4x1xf32>
  return
}

// -----

/// A stride of 0 would never reach the end.
func.func @conv2d_stride(%x: tensor<1x4x4x1xf32>, %w: tensor<1x1x1x1xf32>) {
  // expected-error@+1 {{expects kernel, strides and dilations of at least 1}}
  %0 = qnn.conv2d %x, %w strides [0, 1] : (tensor<1x4x4x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x4x4x1xf32>
  return
}

// -----

/// Cropping is not padding.
func.func @conv2d_negative_pad(%x: tensor<1x4x4x1xf32>, %w: tensor<1x1x1x1xf32>) {
  // expected-error@+1 {{expects padding that is not negative}}
  %0 = qnn.conv2d %x, %w pad [-1, 0, 0, 0] : (tensor<1x4x4x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x3x4x1xf32>
  return
}

// -----

/// Two taps, 4 apart, span 5 pixels of the padded 4.
func.func @conv2d_window(%x: tensor<1x3x3x1xf32>, %w: tensor<1x2x1x1xf32>) {
  // expected-error@+1 {{window of extent 5 does not fit into 4 padded pixels along axis 1}}
  %0 = qnn.conv2d %x, %w pad [1, 0, 0, 0] dilations [4, 1] : (tensor<1x3x3x1xf32>, tensor<1x2x1x1xf32>) -> tensor<1x1x3x1xf32>
  return
}

// -----

/// (4 - 2) / 2 + 1 = 2 pixels.
func.func @conv2d_result(%x: tensor<1x4x4x1xf32>, %w: tensor<3x2x2x1xf32>) {
  // expected-error@+1 {{expects result of shape [1, 2, 2, 3]}}
  %0 = qnn.conv2d %x, %w strides [2, 2] : (tensor<1x4x4x1xf32>, tensor<3x2x2x1xf32>) -> tensor<1x3x3x3xf32>
  return
}

// -----

/// One bias for each output channel.
func.func @conv2d_bias(%x: tensor<1x1x1x1xf32>, %w: tensor<3x1x1x1xf32>, %b: tensor<1xf32>) {
  // expected-error@+1 {{expects a bias of shape [3]}}
  %0 = qnn.conv2d %x, %w bias(%b) : (tensor<1x1x1x1xf32>, tensor<3x1x1x1xf32>, tensor<1xf32>) -> tensor<1x1x1x3xf32>
  return
}

// -----

/// Nothing is between 1 and 0.
func.func @matmul_bounds(%x: tensor<1x1xf32>) {
  // expected-error@+1 {{expects clamp_min of at most clamp_max}}
  %0 = qnn.matmul %x, %x clamp_min(1.0) clamp_max(0.0) : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32>
  return
}

// -----

/// One operand alone cannot be quantized.
func.func @matmul_mixed(%x: tensor<1x1xf32>, %w: tensor<1x1x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error@+1 {{expects operands and results that are all f32 or all quantized or all integers}}
  %0 = qnn.matmul %x, %w : (tensor<1x1xf32>, tensor<1x1x!quant.uniform<i8:f32, 0.5>>) -> tensor<1x1xf32>
  return
}

// -----

/// The cotangent is what the convolution of the result would be.
func.func @conv2d_input_gradient_shape(%dy: tensor<1x3x3x1xf32>, %w: tensor<1x3x3x1xf32>) {
  // expected-error@+1 {{expects cotangent of shape [1, 2, 2, 1]}}
  %0 = qnn.conv2d_input_gradient %dy, %w : (tensor<1x3x3x1xf32>, tensor<1x3x3x1xf32>) -> tensor<1x4x4x1xf32>
  return
}

// -----

/// No such convolution.
func.func @conv2d_weights_gradient_groups(%dy: tensor<1x4x4x1xf32>, %x: tensor<1x4x4x1xf32>) {
  // expected-error@+1 {{expects weights of 1 input channels, got 2}}
  %0 = qnn.conv2d_weights_gradient %dy, %x : (tensor<1x4x4x1xf32>, tensor<1x4x4x1xf32>) -> tensor<1x1x1x2xf32>
  return
}

// -----

/// The float form only.
func.func @conv2d_weights_gradient_integers(%dy: tensor<1x4x4x1xi32>, %x: tensor<1x4x4x1xi32>) {
  // expected-error@+1 {{expects f32 operands and result}}
  %0 = qnn.conv2d_weights_gradient %dy, %x : (tensor<1x4x4x1xi32>, tensor<1x4x4x1xi32>) -> tensor<1x1x1x1xi32>
  return
}
