// What prepare must not leave.
// RUN: quant-opt %s -split-input-file -verify-diagnostics --qnn-verify-phase=phase=prepare

/// Weights that are not seen as a constant stay float.
func.func @transpose() -> tensor<3x2xf32> {
  %c = arith.constant dense<1.0> : tensor<2x3xf32>
  // expected-error@+1 {{transpose of a constant was not folded}}
  %0 = qnn.transpose %c [1, 0] : (tensor<2x3xf32>) -> tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// -----

/// A clamp of its own costs a rounding.
func.func @clamp(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = qnn.add %x, %x : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  // expected-error@+1 {{clamp was not attached to the operation before it}}
  %1 = qnn.clamp %0 clamp_min(0.0) : (tensor<2xf32>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// -----

/// What held before still holds.
func.func @unknown(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error@+1 {{operation is not known to quantization}}
  %0 = math.exp %x : tensor<2xf32>
  return %0 : tensor<2xf32>
}
