// Elementwise operations and reductions that the verifier refuses.
// RUN: quant-opt %s -split-input-file -verify-diagnostics

/// A sum of codes would mean nothing: only products have an explicit form.
func.func @add_explicit(%x: tensor<2xui8>) {
  // expected-error@+1 {{expects operands and results that are all f32 or all quantized}}
  %0 = qnn.add %x, %x : (tensor<2xui8>, tensor<2xui8>) -> tensor<2xui8>
  return
}

// -----

/// A clamp without bounds does nothing.
func.func @clamp_nothing(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects clamp_min or clamp_max}}
  %0 = qnn.clamp %x : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

/// A clamp does not broadcast.
func.func @clamp_shape(%x: tensor<1xf32>) {
  // expected-error@+1 {{expects input and result of one shape}}
  %0 = qnn.clamp %x clamp_min(0.0) : (tensor<1xf32>) -> tensor<2xf32>
  return
}

// -----

/// Channels are the last axis.
func.func @normalize_channels(%x: tensor<2x3xui8>) {
  // expected-error@+1 {{expects mean and scale of 1 or 3 elements, got 2}}
  %0 = qnn.normalize %x mean [1.0, 2.0] scale [1.0] : (tensor<2x3xui8>) -> tensor<2x3xf32>
  return
}

// -----

/// A scale of 0 loses the input.
func.func @normalize_scale(%x: tensor<2x3xui8>) {
  // expected-error@+1 {{expects scales that are finite and not 0}}
  %0 = qnn.normalize %x mean [1.0] scale [0.0] : (tensor<2x3xui8>) -> tensor<2x3xf32>
  return
}

// -----

/// Raw bytes have no sign.
func.func @normalize_input(%x: tensor<2x3xsi8>) {
  // expected-error@+1 {{expects input of element type ui8 or f32}}
  %0 = qnn.normalize %x mean [1.0] scale [1.0] : (tensor<2x3xsi8>) -> tensor<2x3xf32>
  return
}

// -----

/// The explicit form of a normalization is a lookup.
func.func @normalize_result(%x: tensor<2x3xui8>) {
  // expected-error@+1 {{expects a float or quantized result}}
  %0 = qnn.normalize %x mean [1.0] scale [1.0] : (tensor<2x3xui8>) -> tensor<2x3xui8>
  return
}

// -----

/// A table is for one axis.
func.func @softmax_axis(%x: tensor<1x3xf32>) {
  // expected-error@+1 {{expects axis below 2, got 2}}
  %0 = qnn.softmax %x axis(2) : (tensor<1x3xf32>) -> tensor<1x3xf32>
  return
}

// -----

/// Axes do not count from the end.
func.func @softmax_negative_axis(%x: tensor<1x3xf32>) {
  // expected-error@+1 {{expects axis below 2, got -1}}
  %0 = qnn.softmax %x axis(-1) : (tensor<1x3xf32>) -> tensor<1x3xf32>
  return
}

// -----

/// The table has an entry for each distance of two bytes.
func.func @integer_softmax_table(%x: tensor<1x3xui8>) {
  // expected-error@+1 {{expects a table of 256 i32 elements}}
  %0 = qnn.integer_softmax %x axis(1) table(dense<1> : tensor<255xi32>) multiplier(1.0) range(0, 255) : (tensor<1x3xui8>) -> tensor<1x3xui8>
  return
}

// -----

/// Distances of wider codes have no entry.
func.func @integer_softmax_wide(%x: tensor<1x3xui16>) {
  // expected-error@+1 {{expects 8-bit integer input and an integer result}}
  %0 = qnn.integer_softmax %x axis(1) table(dense<1> : tensor<256xi32>) multiplier(1.0) range(0, 255) : (tensor<1x3xui16>) -> tensor<1x3xui8>
  return
}

// -----

/// 255 is no signed byte.
func.func @integer_softmax_range(%x: tensor<1x3xui8>) {
  // expected-error@+1 {{expects a range of codes of 'si8'}}
  %0 = qnn.integer_softmax %x axis(1) table(dense<1> : tensor<256xi32>) multiplier(1.0) range(0, 255) : (tensor<1x3xui8>) -> tensor<1x3xsi8>
  return
}

// -----

/// Without bounds it would be the cotangent.
func.func @clamp_gradient_bounds(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects clamp_min or clamp_max}}
  %0 = qnn.clamp_gradient %x, %x : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @clamp_gradient_order(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects clamp_min of at most clamp_max}}
  %0 = qnn.clamp_gradient %x, %x clamp_min(1.0) clamp_max(0.0) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

/// No broadcasting: a clamp has one input.
func.func @clamp_gradient_shape(%x: tensor<2xf32>, %y: tensor<1xf32>) {
  // expected-error@+1 {{expects cotangent, value and result of one shape}}
  %0 = qnn.clamp_gradient %x, %y clamp_min(1.0) : (tensor<2xf32>, tensor<1xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @clamp_gradient_types(%x: tensor<2xi32>) {
  // expected-error@+1 {{expects f32 operands and result}}
  %0 = qnn.clamp_gradient %x, %x clamp_min(1.0) : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xi32>
  return
}
