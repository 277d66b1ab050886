// RUN: quant-opt %s -split-input-file -verify-diagnostics -convert-qnn-to-linalg

func.func @negative_quantized(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error @+1 {{failed to legalize operation 'qnn.quantize'}}
  %q = qnn.quantize %x : (tensor<2xf32>) -> tensor<2x!quant.uniform<u8:f32, 0.5>>
  %r = qnn.dequantize %q : (tensor<2x!quant.uniform<u8:f32, 0.5>>) -> tensor<2xf32>
  return %r : tensor<2xf32>
}

// -----

/// Windows overlap: the gradient of a max pool is no linalg operation.
func.func @negative_max_pool_gradient(%dy: tensor<1x1x1x1xf32>, %x: tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32> {
  // expected-error @unknown {{of node 'pool_1' cannot be compiled yet: only the reference interpreter runs the gradient of a max pool}}
  // expected-error @unknown {{failed to legalize operation 'qnn.max_pool2d_gradient'}}
  %r = qnn.max_pool2d_gradient %dy, %x kernel [2, 2] : (tensor<1x1x1x1xf32>, tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32> loc("pool_1")
  return %r : tensor<1x2x2x1xf32>
}
