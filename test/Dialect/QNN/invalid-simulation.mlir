// Integer arithmetic in floats that the verifier refuses.
// RUN: quant-opt %s -split-input-file -verify-diagnostics

func.func @integers(%x: tensor<2xi8>) {
  // expected-error@+1 {{expects f32 operands and result}}
  %0 = qnn.fake_quantize %x as !quant.uniform<u8:f32, 0.5> : (tensor<2xi8>) -> tensor<2xi8>
  return
}

// -----

func.func @shapes(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects f32 input and result of one shape}}
  %0 = qnn.fake_quantize %x as !quant.uniform<u8:f32, 0.5> : (tensor<2xf32>) -> tensor<3xf32>
  return
}

// -----

func.func @no_type(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects a quantized element type that fits the shape of the input, got 'i8'}}
  %0 = qnn.fake_quantize %x as i8 : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @axis(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects a quantized element type that fits the shape of the input}}
  %0 = qnn.fake_quantize %x as !quant.uniform<i8:f32:0, {0.5, 0.25, 1.0}> : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @blocks(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{expects a quantized element type that fits the shape of the input}}
  %0 = qnn.fake_quantize %x as !quant.uniform<i8:f32:{1:2}, {{0.5}, {0.25}}> : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

// -----

func.func @parts(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects at most one of codes, high and low}}
  %0 = qnn.fake_quantize %x as !quant.uniform<i32:f32, 0.5> high low : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @narrow_parts(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects codes of more than 16 bits for high and low}}
  %0 = qnn.fake_quantize %x as !quant.uniform<i16:f32, 0.5> high : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @nonlinear_codes(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects a uniform type for codes}}
  %0 = qnn.fake_quantize %x as !qnn.pow2<i4:f32, 0:1> codes : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @margin(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects a margin from 0 to 1/2, and 0 for nonlinear types}}
  %0 = qnn.fake_quantize %x as !quant.uniform<u8:f32, 0.5> margin(0.75) : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @nonlinear_margin(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects a margin from 0 to 1/2, and 0 for nonlinear types}}
  %0 = qnn.fake_quantize %x as !qnn.pow2<i4:f32, 0:1> margin(0.5) : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @scale_of_values(%x: tensor<2xf32>, %s: tensor<f32>) {
  // expected-error@+1 {{expects a scale with codes, and without blocks}}
  %0 = qnn.fake_quantize %x scale(%s) as !quant.uniform<u8:f32, 0.5> : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  return
}

// -----

func.func @scale_shape(%x: tensor<2xf32>, %s: tensor<3xf32>) {
  // expected-error@+1 {{expects a scale that broadcasts to the input}}
  %0 = qnn.fake_quantize %x scale(%s) as !quant.uniform<u8:f32, 0.5> codes : (tensor<2xf32>, tensor<3xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @wide_rounding(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects zero point 0 and rounding(half_even) for codes of more than 16 bits}}
  %0 = qnn.fake_quantize %x as !quant.uniform<i32:f32, 0.5> rounding(floor) : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @wide_scale(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects scales that are f32 numbers for codes of more than 16 bits, got 1.000000e-01}}
  %0 = qnn.fake_quantize %x as !quant.uniform<i32:f32, 0.1> : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @far_zero_point(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects codes within 2^22 of the zero point}}
  %0 = qnn.fake_quantize %x as !quant.uniform<i8:f32, 0.5:5000000> : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @gradient_shapes(%dy: tensor<3xf32>, %x: tensor<2xf32>) {
  // expected-error@+1 {{expects cotangent, input and result of one shape}}
  %0 = qnn.fake_quantize_gradient %dy, %x as !quant.uniform<u8:f32, 0.5> : (tensor<3xf32>, tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @of_scale(%dy: tensor<2xf32>, %x: tensor<2xf32>) {
  // expected-error@+1 {{expects codes with of_scale}}
  %0 = qnn.fake_quantize_gradient %dy, %x as !quant.uniform<u8:f32, 0.5> of_scale : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @one_term(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects at least two operands}}
  %0 = qnn.exact_sum %x : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @integer_terms(%x: tensor<2xi32>) {
  // expected-error@+1 {{expects f32 operands and result}}
  %0 = qnn.exact_sum %x, %x : (tensor<2xi32>, tensor<2xi32>) -> tensor<2xf32>
  return
}

// -----

func.func @term_shapes(%x: tensor<2xf32>, %y: tensor<3xf32>) {
  // expected-error@+1 {{expects operands that broadcast to the result}}
  %0 = qnn.exact_sum %x, %y : (tensor<2xf32>, tensor<3xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @first_term(%x: tensor<f32>, %y: tensor<2xf32>) {
  // expected-error@+1 {{expects a result of the type of the first operand}}
  %0 = qnn.exact_sum %x, %y : (tensor<f32>, tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

func.func @multiplier_types(%x: tensor<f32>, %n: tensor<i32>) {
  // expected-error@+1 {{expects f32 operands and result}}
  %0 = qnn.requantize_multiplier %x to %n : (tensor<f32>, tensor<i32>) -> tensor<f32>
  return
}

// -----

func.func @multiplier_shape(%x: tensor<f32>, %w: tensor<3xf32>) {
  // expected-error@+1 {{expects an f32 result of shape [3]}}
  %0 = qnn.requantize_multiplier %x weights(%w) to %x : (tensor<f32>, tensor<3xf32>, tensor<f32>) -> tensor<f32>
  return
}
