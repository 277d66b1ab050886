// The legalize phase refuses what it cannot spell out.
// RUN: quant-opt %s -split-input-file -verify-diagnostics --qnn-legalize-pipeline | FileCheck %s

!q = !quant.uniform<u8:f32, 0.5>

/// Codes in, codes out; constants nobody reads are gone.
// CHECK-LABEL: @pool(
// CHECK-NEXT: qnn.max_pool2d {{.*}} : (tensor<1x2x2x1xui8>) -> tensor<1x1x1x1xui8>
// CHECK-NEXT: return
func.func @pool(%x: tensor<1x2x2x1x!q>) -> tensor<1x1x1x1x!q> {
  %c = qnn.constant dense<1> : tensor<1xi8> as tensor<1x!q>
  %0 = qnn.max_pool2d %x kernel [2, 2] : (tensor<1x2x2x1x!q>) -> tensor<1x1x1x1x!q>
  return %0 : tensor<1x1x1x1x!q>
}

// -----

!q = !quant.uniform<u8:f32, 0.5>

/// A call is no operation of a model.
func.func private @callee(tensor<2x!q>) -> tensor<2x!q>
func.func @call(%x: tensor<2x!q>) -> tensor<2x!q> {
  // expected-error@+1 {{failed to legalize operation 'func.call'}}
  %0 = func.call @callee(%x) : (tensor<2x!q>) -> tensor<2x!q>
  return %0 : tensor<2x!q>
}
