// Elementwise operations whose types have no integer form.
// RUN: quant-opt %s -split-input-file -verify-diagnostics --qnn-legalize

!a = !quant.uniform<u8:f32:0, {0.5, 0.25}>

/// Per channel activations are not supported, of sums,
func.func @add(%a: tensor<2x!a>) -> tensor<2x!a> {
  // expected-error@+2 {{expects operands and result of one scale and zero point}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.add %a, %a : (tensor<2x!a>, tensor<2x!a>) -> tensor<2x!a>
  return %0 : tensor<2x!a>
}

// -----

!a = !quant.uniform<u8:f32:0, {0.5, 0.25}>

/// products,
func.func @mul(%a: tensor<2x!a>) -> tensor<2x!a> {
  // expected-error@+2 {{expects operands and result of one scale and zero point}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.mul %a, %a : (tensor<2x!a>, tensor<2x!a>) -> tensor<2x!a>
  return %0 : tensor<2x!a>
}

// -----

/// clamps (here of a nonlinear type),
func.func @clamp(%a: tensor<2x!qnn.pow2<i4:f32, -2:0>>) -> tensor<2x!qnn.pow2<i4:f32, -2:0>> {
  // expected-error@+2 {{expects input and result of one scale and zero point}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.clamp %a clamp_min(0.0) : (tensor<2x!qnn.pow2<i4:f32, -2:0>>) -> tensor<2x!qnn.pow2<i4:f32, -2:0>>
  return %0 : tensor<2x!qnn.pow2<i4:f32, -2:0>>
}

// -----

!a = !quant.uniform<u8:f32:0, {0.5, 0.25}>

/// and raw inputs.
func.func @normalize(%raw: tensor<2xui8>) -> tensor<2x!a> {
  // expected-error@+2 {{expects a result of one scale and zero point}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.normalize %raw mean [0.0] scale [1.0] : (tensor<2xui8>) -> tensor<2x!a>
  return %0 : tensor<2x!a>
}

// -----

!a = !quant.uniform<u16:f32, 0.5>

/// 65535 * 65535 is above 2^31.
func.func @mul_wide(%a: tensor<2x!a>) -> tensor<2x!a> {
  // expected-error@+2 {{expects products that fit into i32 to legalize}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.mul %a, %a : (tensor<2x!a>, tensor<2x!a>) -> tensor<2x!a>
  return %0 : tensor<2x!a>
}
