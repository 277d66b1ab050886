// What import must not leave.
// RUN: quant-opt %s -split-input-file -verify-diagnostics --qnn-verify-phase=phase=import

/// Nobody knows its ranges or has a kernel for it.
func.func @unknown(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error@+1 {{operation is not known to quantization}}
  %0 = math.exp %x : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

/// Kernels are made for one shape.
// expected-error@+1 {{expects extents that are known and not zero, got 'tensor<?xf32>'}}
func.func @dynamic_argument(%x: tensor<?xf32>) {
  return
}

// -----

/// Also of results.
func.func @empty() {
  // expected-error@+1 {{expects extents that are known and not zero, got 'tensor<0xf32>'}}
  %0 = arith.constant dense<> : tensor<0xf32>
  return
}

// -----

/// Double precision has no quantization.
// expected-error@+1 {{expects values that are f32, ui8 or quantized, got 'tensor<2xf64>'}}
func.func @double(%x: tensor<2xf64>) {
  return
}

// -----

/// Codes without a scale come after legalization.
func.func @explicit(%x: tensor<2xui8>) {
  // expected-error@+1 {{expects values that are f32, ui8 or quantized, got 'tensor<2xi32>'}}
  %0 = qnn.mul %x, %x : (tensor<2xui8>, tensor<2xui8>) -> tensor<2xi32>
  return
}
