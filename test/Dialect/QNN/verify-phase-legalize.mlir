// What legalize must not leave.
// RUN: quant-opt %s -split-input-file -verify-diagnostics --qnn-verify-phase=phase=legalize

/// An argument is a value, too.
// expected-error@+1 {{a quantized type is left}}
func.func @argument(%x: tensor<2x!quant.uniform<u8:f32, 0.5>>) {
  return
}

// -----

/// A constant nobody converted.
func.func @result() {
  // expected-error@+1 {{a quantized type is left}}
  %0 = qnn.constant dense<1> : tensor<2xi8> as tensor<2x!quant.uniform<u8:f32, 0.5>>
  return
}

// -----

/// Codes and accumulators of all widths.
func.func @explicit(%x: tensor<2xui8>, %y: tensor<2xsi16>, %z: tensor<2xi64>) {
  %0 = qnn.mul %x, %x : (tensor<2xui8>, tensor<2xui8>) -> tensor<2xi32>
  return
}

// -----

/// What held before still holds.
// expected-error@+1 {{expects extents that are known and not zero, got 'tensor<0xui8>'}}
func.func @empty(%x: tensor<0xui8>) {
  return
}
