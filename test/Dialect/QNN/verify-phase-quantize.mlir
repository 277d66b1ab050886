// What quantize must not leave.
// RUN: quant-opt %s -split-input-file -verify-diagnostics --qnn-verify-phase=phase=quantize

/// Annotations are between two passes only.
func.func @annotation(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error@+1 {{annotation qnn.stays_float is left}}
  %0 = qnn.add %x, %x {qnn.stays_float = "no reason"} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

!q = !quant.uniform<u8:f32, 0.5>
!r = !quant.uniform<u8:f32, 0.25>

/// That would be a requantization.
func.func @round_trip(%x: tensor<2x!q>) -> tensor<2x!r> {
  %0 = qnn.dequantize %x : (tensor<2x!q>) -> tensor<2xf32>
  // expected-error@+1 {{a value is dequantized only to be quantized again}}
  %1 = qnn.quantize %0 : (tensor<2xf32>) -> tensor<2x!r>
  return %1 : tensor<2x!r>
}
