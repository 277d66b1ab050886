// Recurrent layers that the verifier refuses.
// RUN: quant-opt %s -split-input-file -verify-diagnostics

/// A column for each gate and unit.
func.func @weights(%x: tensor<1x2x3xf32>, %w: tensor<3x3xf32>, %r: tensor<1x4xf32>) {
  // expected-error@+1 {{expects weights of shape [3, 4], got [3, 3]}}
  %s, %h = qnn.lstm %x, %w, %r : (tensor<1x2x3xf32>, tensor<3x3xf32>, tensor<1x4xf32>) -> (tensor<1x2x1xf32>, tensor<1x1xf32>)
  return
}

// -----

/// A row for each unit.
func.func @recurrent(%x: tensor<1x2x3xf32>, %w: tensor<3x4xf32>, %r: tensor<2x4xf32>) {
  // expected-error@+1 {{expects recurrent of shape [1, 4], got [2, 4]}}
  %s, %h = qnn.lstm %x, %w, %r : (tensor<1x2x3xf32>, tensor<3x4xf32>, tensor<2x4xf32>) -> (tensor<1x2x1xf32>, tensor<1x1xf32>)
  return
}

// -----

/// Of all gates.
func.func @bias(%x: tensor<1x2x3xf32>, %w: tensor<3x4xf32>, %r: tensor<1x4xf32>, %b: tensor<1xf32>) {
  // expected-error@+1 {{expects bias of shape [4], got [1]}}
  %s, %h = qnn.lstm %x, %w, %r bias(%b) : (tensor<1x2x3xf32>, tensor<3x4xf32>, tensor<1x4xf32>, tensor<1xf32>) -> (tensor<1x2x1xf32>, tensor<1x1xf32>)
  return
}

// -----

/// Of the candidate's gate only.
func.func @hidden_bias(%x: tensor<1x2x3xf32>, %w: tensor<3x3xf32>, %r: tensor<1x3xf32>, %b: tensor<3xf32>) {
  // expected-error@+1 {{expects hidden_bias of shape [1], got [3]}}
  %s, %h = qnn.gru %x, %w, %r hidden_bias(%b) : (tensor<1x2x3xf32>, tensor<3x3xf32>, tensor<1x3xf32>, tensor<3xf32>) -> (tensor<1x2x1xf32>, tensor<1x1xf32>)
  return
}

// -----

/// The states of all steps.
func.func @sequence(%x: tensor<1x2x3xf32>, %w: tensor<3x3xf32>, %r: tensor<1x3xf32>) {
  // expected-error@+1 {{expects sequence of shape [1, 2, 1], got [1, 3, 1]}}
  %s, %h = qnn.gru %x, %w, %r : (tensor<1x2x3xf32>, tensor<3x3xf32>, tensor<1x3xf32>) -> (tensor<1x3x1xf32>, tensor<1x1xf32>)
  return
}

// -----

/// As many rows as the input.
func.func @hidden(%x: tensor<1x2x3xf32>, %w: tensor<3x3xf32>, %r: tensor<1x3xf32>) {
  // expected-error@+1 {{expects hidden of shape [1, 1], got [2, 1]}}
  %s, %h = qnn.gru %x, %w, %r : (tensor<1x2x3xf32>, tensor<3x3xf32>, tensor<1x3xf32>) -> (tensor<1x2x1xf32>, tensor<2x1xf32>)
  return
}

// -----

/// A sequence for each row.
func.func @rank(%x: tensor<2x3xf32>, %w: tensor<3x3xf32>, %r: tensor<1x3xf32>) {
  // expected-error@+1 {{expects an input of rank 3 and a hidden state of rank 2}}
  %s, %h = qnn.gru %x, %w, %r : (tensor<2x3xf32>, tensor<3x3xf32>, tensor<1x3xf32>) -> (tensor<1x2x1xf32>, tensor<1x1xf32>)
  return
}

// -----

/// As many steps as will be unrolled.
func.func @unknown(%x: tensor<1x?x3xf32>, %w: tensor<3x3xf32>, %r: tensor<1x3xf32>) {
  // expected-error@+1 {{expects extents that are known and positive}}
  %s, %h = qnn.gru %x, %w, %r : (tensor<1x?x3xf32>, tensor<3x3xf32>, tensor<1x3xf32>) -> (tensor<1x?x1xf32>, tensor<1x1xf32>)
  return
}

// -----

/// A step at least.
func.func @empty(%x: tensor<1x0x3xf32>, %w: tensor<3x3xf32>, %r: tensor<1x3xf32>) {
  // expected-error@+1 {{expects extents that are known and positive}}
  %s, %h = qnn.gru %x, %w, %r : (tensor<1x0x3xf32>, tensor<3x3xf32>, tensor<1x3xf32>) -> (tensor<1x0x1xf32>, tensor<1x1xf32>)
  return
}

// -----

/// Floats only.
func.func @type(%x: tensor<1x2x3xui8>, %w: tensor<3x3xf32>, %r: tensor<1x3xf32>) {
  // expected-error@+1 {{expects f32 operands and result}}
  %s, %h = qnn.gru %x, %w, %r : (tensor<1x2x3xui8>, tensor<3x3xf32>, tensor<1x3xf32>) -> (tensor<1x2x1xf32>, tensor<1x1xf32>)
  return
}
