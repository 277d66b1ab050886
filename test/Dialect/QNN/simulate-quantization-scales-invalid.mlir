// Where no scales can be learned.
// RUN: quant-opt %s -split-input-file -verify-diagnostics --qnn-simulate-quantization="learn-quantizers=lsq"
// RUN: not quant-opt %s -split-input-file --qnn-simulate-quantization="learn-quantizers=dorefa" 2>&1 | FileCheck %s

// CHECK: error: unknown way to learn quantizers 'dorefa': expects lsq, lsq+ or pact

!x = !quant.uniform<u8:f32, 0.5>

// expected-error@+1 {{expects arguments that are not quantized to learn scales}}
func.func @argument(%x: tensor<2x!x>) {
  return
}

// -----

!x = !quant.uniform<u8:f32, 0.5>
!b = !quant.uniform<i32:f32, 0.25>

/// Its codes were made with a scale that is no more.
func.func @bias(%x: tensor<1x1xf32>) {
  %0 = qnn.quantize %x : (tensor<1x1xf32>) -> tensor<1x1x!x>
  %b = qnn.constant dense<3> : tensor<1xi32> as tensor<1x!b>
  // expected-error@+2 {{expects a bias that is quantized from floats to learn the scale of its codes}}
  // expected-error@+1 {{failed to legalize}}
  %1 = qnn.matmul %0, %0 bias(%b) : (tensor<1x1x!x>, tensor<1x1x!x>, tensor<1x!b>) -> tensor<1x1x!x>
  return
}
