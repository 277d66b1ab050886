// Elementary functions and comparisons that the verifier refuses.
// RUN: quant-opt %s -split-input-file -verify-diagnostics

/// Functions are element by element.
func.func @function_shape(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects input and result of one shape}}
  %0 = qnn.exp %x : (tensor<2xf32>) -> tensor<3xf32>
  return
}

// -----

/// Integers have no logarithm.
func.func @function_type(%x: tensor<2xi32>) {
  // expected-error@+1 {{expects operands and results that are all f32 or all quantized}}
  %0 = qnn.log %x : (tensor<2xi32>) -> tensor<2xf32>
  return
}

// -----

/// The result has the broadcast shape.
func.func @quotient_shape(%x: tensor<2x1xf32>, %y: tensor<3xf32>) {
  // expected-error@+1 {{expects result of shape [2, 3]}}
  %0 = qnn.div %x, %y : (tensor<2x1xf32>, tensor<3xf32>) -> tensor<2x1xf32>
  return
}

// -----

/// Codes are not compared: their scales may differ.
func.func @maximum_type(%x: tensor<2xui8>) {
  // expected-error@+1 {{expects f32 operands and result}}
  %0 = qnn.maximum %x, %x : (tensor<2xui8>, tensor<2xui8>) -> tensor<2xui8>
  return
}

// -----

/// The axis is one of the input's.
func.func @log_softmax_axis(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects axis below 1, got 1}}
  %0 = qnn.log_softmax %x axis(1) : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

/// There is no quantized form.
func.func @log_softmax_type(%x: tensor<2xui8>) {
  // expected-error@+1 {{expects f32 operands and result}}
  %0 = qnn.log_softmax %x axis(0) : (tensor<2xui8>) -> tensor<2xui8>
  return
}
