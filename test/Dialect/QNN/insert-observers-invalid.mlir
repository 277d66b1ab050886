// Values that no profile can name.
// RUN: quant-opt %s -verify-diagnostics --qnn-insert-observers

/// IR that was printed without locations has lost the names.
func.func @unnamed(%x: tensor<2xf32> loc("x")) -> tensor<2xf32> {
  // expected-error@+1 {{a value to observe has no name: its location is not a name}}
  %0 = qnn.clamp %x clamp_min(0.0) : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
