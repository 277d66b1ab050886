// Functions of codes that no table holds.
// RUN: quant-opt %s -split-input-file -verify-diagnostics --qnn-legalize

!a = !quant.uniform<u8:f32:0, {0.5, 0.25}>
!y = !quant.uniform<u8:f32, 0.5>

func.func @channels(%a: tensor<2x!a>) -> tensor<2x!y> {
  // expected-error@+2 {{expects input and result of one scale and zero point}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.tanh %a : (tensor<2x!a>) -> tensor<2x!y>
  return %0 : tensor<2x!y>
}

// -----

!a = !quant.uniform<i32:f32, 0.5>
!y = !quant.uniform<u8:f32, 0.5>

func.func @wide(%a: tensor<2x!a>) -> tensor<2x!y> {
  // expected-error@+2 {{expects an input of at most 16 bits to legalize, which index a table}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.tanh %a : (tensor<2x!a>) -> tensor<2x!y>
  return %0 : tensor<2x!y>
}
