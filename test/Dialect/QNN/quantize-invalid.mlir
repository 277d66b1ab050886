// Annotations and structure that quantization refuses.
// RUN: quant-opt %s -split-input-file -verify-diagnostics --qnn-quantize

/// One type is missing.
func.func @too_few(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error@+1 {{expects qnn.operand_types of 2 elements}}
  %0 = qnn.add %x, %x {qnn.operand_types = [unit], qnn.result_types = [unit]} : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

/// Half of the annotations.
func.func @only_results(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error@+1 {{expects qnn.operand_types of 1 elements}}
  %0 = qnn.clamp %x clamp_min(0.0) {qnn.result_types = [unit]} : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

/// A type, but not a quantized one.
func.func @float_type(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error@+1 {{expects quantized element types or units in qnn.result_types}}
  %0 = qnn.clamp %x clamp_min(0.0) {qnn.operand_types = [unit], qnn.result_types = [f32]} : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

/// Not even a type.
func.func @no_type(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error@+1 {{expects quantized element types or units in qnn.operand_types}}
  %0 = qnn.clamp %x clamp_min(0.0) {qnn.operand_types = ["u8"], qnn.result_types = [unit]} : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

/// Two scales for three slices.
func.func @too_few_scales(%x: tensor<3xf32>) -> tensor<3xf32> {
  // expected-error@+1 {{expects a scale for each slice of 'tensor<3xf32>' in qnn.operand_types}}
  %0 = qnn.clamp %x clamp_min(0.0) {qnn.operand_types = [!quant.uniform<u8:f32:0, {0.5, 1.0}>], qnn.result_types = [unit]} : (tensor<3xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

/// An axis that is not there.
func.func @no_axis(%x: tensor<2xf32>) -> tensor<2xf32> {
  // expected-error@+1 {{expects a scale for each slice of 'tensor<2xf32>' in qnn.result_types}}
  %0 = qnn.clamp %x clamp_min(0.0) {qnn.operand_types = [unit], qnn.result_types = [!quant.uniform<u8:f32:1, {0.5, 1.0}>]} : (tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

/// Values of several blocks would be converted where they do not dominate.
// expected-error@+1 {{expects a function of one block to quantize}}
func.func @blocks(%x: tensor<2xf32>) -> tensor<2xf32> {
  cf.br ^end
^end:
  return %x : tensor<2xf32>
}

// -----

/// So would those of nested regions.
func.func @regions(%x: tensor<2xf32>, %c: i1) -> tensor<2xf32> {
  // expected-error@+1 {{expects operations without regions to quantize}}
  %0 = scf.if %c -> tensor<2xf32> {
    scf.yield %x : tensor<2xf32>
  } else {
    scf.yield %x : tensor<2xf32>
  }
  return %0 : tensor<2xf32>
}
