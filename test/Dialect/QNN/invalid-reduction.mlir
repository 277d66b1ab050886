// Pools, means and movement that the verifier refuses.
// RUN: quant-opt %s -split-input-file -verify-diagnostics

/// Pools are over images.
func.func @pool_rank(%x: tensor<4x4x1xf32>) {
  // expected-error@+1 {{expects input of rank 4, got 3}}
  %0 = qnn.max_pool2d %x kernel [2, 2] : (tensor<4x4x1xf32>) -> tensor<3x3x1xf32>
  return
}

// -----

/// A window in the padding has no largest value.
func.func @pool_pad(%x: tensor<1x4x4x1xf32>) {
  // expected-error@+1 {{expects padding smaller than the dilated kernel of 2 pixels}}
  %0 = qnn.max_pool2d %x kernel [2, 2] pad [2, 0, 0, 0] : (tensor<1x4x4x1xf32>) -> tensor<1x5x3x1xf32>
  return
}

// -----

/// Taps at -1 and 1 miss an image of one pixel, though padding is below 3.
func.func @pool_dilated(%x: tensor<1x1x1x1xf32>) {
  // expected-error@+1 {{window without a pixel of the image along axis 2}}
  %0 = qnn.avg_pool2d %x kernel [1, 2] pad [0, 0, 1, 1] dilations [1, 2] : (tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  return
}

// -----

/// Codes are compared as they are.
func.func @max_pool_types(%x: tensor<1x2x2x1x!quant.uniform<u8:f32, 0.5>>) {
  // expected-error@+1 {{expects input and result of one element type}}
  %0 = qnn.max_pool2d %x kernel [2, 2] : (tensor<1x2x2x1x!quant.uniform<u8:f32, 0.5>>) -> tensor<1x1x1x1x!quant.uniform<u8:f32, 0.25>>
  return
}

// -----

/// The explicit form of a mean is a sum.
func.func @avg_pool_explicit(%x: tensor<1x2x2x1xui8>) {
  // expected-error@+1 {{expects operands and results that are all f32 or all quantized}}
  %0 = qnn.avg_pool2d %x kernel [2, 2] : (tensor<1x2x2x1xui8>) -> tensor<1x1x1x1xui8>
  return
}

// -----

/// Sums do not fit into the type of their terms.
func.func @sum_pool_result(%x: tensor<1x2x2x1xui8>) {
  // expected-error@+1 {{expects integer input and i32 result}}
  %0 = qnn.sum_pool2d %x kernel [2, 2] : (tensor<1x2x2x1xui8>) -> tensor<1x1x1x1xui8>
  return
}

// -----

/// A sum of floats is a float.
func.func @sum_input(%x: tensor<1x2xf32>) {
  // expected-error@+1 {{expects f32 input and result without zero point, or integer input and i32 result}}
  %0 = qnn.sum %x axes [1] : (tensor<1x2xf32>) -> tensor<1x1xi32>
  return
}

// -----

/// An axis twice would be divided by twice.
func.func @mean_axes(%x: tensor<1x2xf32>) {
  // expected-error@+1 {{expects increasing axes below 2}}
  %0 = qnn.mean %x axes [1, 1] : (tensor<1x2xf32>) -> tensor<1x1xf32>
  return
}

// -----

/// An axis is missing, one is there twice.
func.func @transpose_permutation(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{expects a permutation of all axes}}
  %0 = qnn.transpose %x [1, 1] : (tensor<2x3xf32>) -> tensor<3x3xf32>
  return
}

// -----

/// A permutation, but of other tensors.
func.func @transpose_rank(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{expects a permutation of 2 axes, got 3}}
  %0 = qnn.transpose %x [1, 0, 2] : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return
}

// -----

/// The scales of axis 0 would have to become those of axis 1.
func.func @transpose_per_axis(%x: tensor<2x2x!quant.uniform<i8:f32:0, {0.5, 0.25}>>) {
  // expected-error@+1 {{expects one scale and zero point for the whole tensor}}
  %0 = qnn.transpose %x [1, 0] : (tensor<2x2x!quant.uniform<i8:f32:0, {0.5, 0.25}>>) -> tensor<2x2x!quant.uniform<i8:f32:0, {0.5, 0.25}>>
  return
}

// -----

/// Each axis has its padding.
func.func @pad_rank(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{expects low and high of 2 elements}}
  %0 = qnn.pad %x low [0, 0] high [1] : (tensor<2x3xf32>) -> tensor<3x3xf32>
  return
}

// -----

/// Cropping is not padding.
func.func @pad_negative(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{expects padding that is not negative}}
  %0 = qnn.pad %x low [0, 0] high [-1, 0] : (tensor<2x3xf32>) -> tensor<1x3xf32>
  return
}

// -----

/// Floats have no zero point.
func.func @sum_float_zero_point(%x: tensor<1x2xf32>) {
  // expected-error@+1 {{expects f32 input and result without zero point}}
  %0 = qnn.sum %x axes [1] input_zero_point(1) : (tensor<1x2xf32>) -> tensor<1x1xf32>
  return
}

// -----

/// There is one gradient for each window.
func.func @max_pool_gradient_cotangent(%dy: tensor<1x2x2x1xf32>, %x: tensor<1x4x4x1xf32>) {
  // expected-error@+1 {{expects cotangent of shape [1, 3, 3, 1]}}
  %0 = qnn.max_pool2d_gradient %dy, %x kernel [2, 2] : (tensor<1x2x2x1xf32>, tensor<1x4x4x1xf32>) -> tensor<1x4x4x1xf32>
  return
}

// -----

/// And one result for each pixel.
func.func @max_pool_gradient_result(%dy: tensor<1x3x3x1xf32>, %x: tensor<1x4x4x1xf32>) {
  // expected-error@+1 {{expects input and result of one shape}}
  %0 = qnn.max_pool2d_gradient %dy, %x kernel [2, 2] : (tensor<1x3x3x1xf32>, tensor<1x4x4x1xf32>) -> tensor<1x3x3x1xf32>
  return
}

// -----

/// The window is one of a pool.
func.func @max_pool_gradient_window(%dy: tensor<1x5x3x1xf32>, %x: tensor<1x4x4x1xf32>) {
  // expected-error@+1 {{expects padding smaller than the dilated kernel of 2 pixels}}
  %0 = qnn.max_pool2d_gradient %dy, %x kernel [2, 2] pad [2, 0, 0, 0] : (tensor<1x5x3x1xf32>, tensor<1x4x4x1xf32>) -> tensor<1x4x4x1xf32>
  return
}

// -----

/// Codes have no gradients.
func.func @max_pool_gradient_types(%dy: tensor<1x3x3x1xi32>, %x: tensor<1x4x4x1xi32>) {
  // expected-error@+1 {{expects f32 operands and result}}
  %0 = qnn.max_pool2d_gradient %dy, %x kernel [2, 2] : (tensor<1x3x3x1xi32>, tensor<1x4x4x1xi32>) -> tensor<1x4x4x1xi32>
  return
}

// -----

/// An axis twice would be as it was.
func.func @reverse_axes(%x: tensor<2x2xf32>) {
  // expected-error@+1 {{axes}}
  %0 = qnn.reverse %x axes [1, 1] : (tensor<2x2xf32>) -> tensor<2x2xf32>
  return
}

// -----

func.func @reverse_shape(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{expects input and result of one shape}}
  %0 = qnn.reverse %x axes [1] : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return
}

// -----

func.func @reverse_element(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects input and result of one element type}}
  %0 = qnn.reverse %x axes [0] : (tensor<2xf32>) -> tensor<2xi32>
  return
}

// -----

/// Scales of channels would have to move, too.
func.func @reverse_quantized(%x: tensor<2x!quant.uniform<u8:f32, 0.5>>) {
  // expected-error@+1 {{expects a type that is not quantized}}
  %0 = qnn.reverse %x axes [0] : (tensor<2x!quant.uniform<u8:f32, 0.5>>) -> tensor<2x!quant.uniform<u8:f32, 0.5>>
  return
}
