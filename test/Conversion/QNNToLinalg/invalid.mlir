// RUN: quant-opt %s -split-input-file -verify-diagnostics -convert-qnn-to-linalg

func.func @negative_quantized(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{failed to legalize operation 'qnn.quantize'}}
  %q = qnn.quantize %x : (tensor<2xf32>) -> tensor<2x!quant.uniform<u8:f32, 0.5>>
  %r = qnn.dequantize %q : (tensor<2x!quant.uniform<u8:f32, 0.5>>) -> tensor<2xf32>
  return %r : tensor<2xf32>
}
