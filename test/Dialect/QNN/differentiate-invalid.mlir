// What qnn-differentiate refuses.
// RUN: quant-opt %s -split-input-file -verify-diagnostics --qnn-differentiate

/// A staircase has no useful derivative. The node is named.
func.func @quantized(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = qnn.quantize %x : (tensor<2xf32>) -> tensor<2x!quant.uniform<u8:f32, 0.5>>
  // expected-error@unknown {{cannot differentiate qnn.dequantize of node 'relu_3': it has no adjoint}}
  %1 = qnn.dequantize %0 : (tensor<2x!quant.uniform<u8:f32, 0.5>>) -> tensor<2xf32> loc("y"("relu_3"))
  return %1 : tensor<2xf32>
}

// -----

/// Nothing says which one is meant.
// expected-error@+1 {{expects one function to differentiate, or the option 'function', and has 2}}
module {
  func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> {
    return %x : tensor<2xf32>
  }
  func.func @g(%x: tensor<2xf32>) -> tensor<2xf32> {
    return %x : tensor<2xf32>
  }
}

// -----

/// There is nothing to differentiate with respect to.
// expected-error@+1 {{has no argument of element type f32}}
func.func @raw(%x: tensor<2xui8>) -> tensor<2xf32> {
  %0 = qnn.normalize %x mean [0.0] scale [1.0] : (tensor<2xui8>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

/// There is nothing to differentiate.
// expected-error@+1 {{has no result of element type f32}}
func.func @codes(%x: tensor<2xf32>) -> tensor<2x!quant.uniform<u8:f32, 0.5>> {
  %0 = qnn.quantize %x : (tensor<2xf32>) -> tensor<2x!quant.uniform<u8:f32, 0.5>>
  return %0 : tensor<2x!quant.uniform<u8:f32, 0.5>>
}

// -----

/// A loss can take more than one way.
// expected-error@+1 {{expects a function of one block}}
func.func @blocks(%x: tensor<2xf32>) -> tensor<2xf32> {
  cf.br ^end
^end:
  return %x : tensor<2xf32>
}

// -----

/// Sums over an extent that no one knows cannot be spread again.
// expected-error@+1 {{expects argument 0 to be an f32 tensor of static shape, got 'tensor<?xf32>'}}
func.func @dynamic(%x: tensor<?xf32>) -> tensor<?xf32> {
  return %x : tensor<?xf32>
}

// -----

/// The same inside of a function.
func.func @dynamic_inside(%x: tensor<2xf32>, %n: index) -> tensor<?xf32> {
  // expected-error@+1 {{cannot differentiate tensor.extract_slice of node 'tensor.extract_slice': its offsets, sizes or strides are not constant}}
  %0 = tensor.extract_slice %x[0] [%n] [1] : tensor<2xf32> to tensor<?xf32>
  return %0 : tensor<?xf32>
}
