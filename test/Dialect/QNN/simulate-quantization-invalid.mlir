// What floats do not compute as integers do.
// RUN: quant-opt %s -split-input-file -verify-diagnostics --qnn-simulate-quantization

!x = !quant.uniform<u8:f32, 0.5>

func.func @tflite(%x: tensor<1x2x!x>, %w: tensor<2x1x!x>) -> tensor<1x1x!x> {
  // expected-error@+2 {{expects requantization(float) to simulate: floats do not compute TFLite's fixed point}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.matmul %x, %w requantization(tflite_double) : (tensor<1x2x!x>, tensor<2x1x!x>) -> tensor<1x1x!x>
  return %0 : tensor<1x1x!x>
}

// -----

!x = !quant.uniform<u8:f32, 0.5>

/// A mean has no weights to make digits of: 65794 * 255 is beyond 2^24.
func.func @long_mean(%x: tensor<65794x!x>) -> tensor<1x!x> {
  // expected-error@+2 {{expects sums of at most 2^24 to simulate}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.mean %x axes [0] : (tensor<65794x!x>) -> tensor<1x!x>
  return %0 : tensor<1x!x>
}

// -----

!x = !quant.uniform<u8:f32, 0.5>

/// 16 * 16 * 65536 = 2^24 leaves no room for a bias.
func.func @long_product(%x: tensor<1x65536x!x>, %w: tensor<65536x1x!x>) -> tensor<1x1x!x> {
  // expected-error@+2 {{expects fewer than 65536 products in a sum to simulate: sums of their digits can leave 2^24}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.matmul %x, %w : (tensor<1x65536x!x>, tensor<65536x1x!x>) -> tensor<1x1x!x>
  return %0 : tensor<1x1x!x>
}

// -----

!x = !quant.uniform<u8:f32, 0.5>
!b = !quant.uniform<i32:f32, 0.25>

func.func @bias(%x: tensor<1x1x!x>, %b: tensor<1x!b>) -> tensor<1x1x!x> {
  // expected-error@+2 {{expects a bias that is a constant or quantized from floats to simulate}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.matmul %x, %x bias(%b) : (tensor<1x1x!x>, tensor<1x1x!x>, tensor<1x!b>) -> tensor<1x1x!x>
  return %0 : tensor<1x1x!x>
}

// -----

!b = !quant.uniform<i32:f32, 0.25>

func.func @wide(%b: tensor<1x!b>) -> tensor<1xf32> {
  // expected-error@+2 {{expects codes of at most 16 bits to simulate}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.dequantize %b : (tensor<1x!b>) -> tensor<1xf32>
  return %0 : tensor<1xf32>
}

// -----

!x = !quant.uniform<u8:f32, 0.5>
!axis = !quant.uniform<i8:f32:0, {0.5, 0.25}>

func.func @sum_per_axis(%x: tensor<2x!axis>) -> tensor<2x!x> {
  // expected-error@+2 {{expects operands and result of one scale and zero point}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.add %x, %x : (tensor<2x!axis>, tensor<2x!axis>) -> tensor<2x!x>
  return %0 : tensor<2x!x>
}

// -----

!x = !quant.uniform<u16:f32, 0.5>

func.func @wide_softmax(%x: tensor<2x!x>) -> tensor<2x!x> {
  // expected-error@+2 {{expects an input of at most 8 bits}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.softmax %x axis(0) : (tensor<2x!x>) -> tensor<2x!x>
  return %0 : tensor<2x!x>
}

// -----

!axis = !quant.uniform<i8:f32:0, {0.5, 0.25}>

func.func @pad_per_axis(%x: tensor<2x1x!axis>) -> tensor<2x2x!axis> {
  // expected-error@+2 {{expects a result of one scale and zero point}}
  // expected-error@+1 {{failed to legalize}}
  %0 = qnn.pad %x low [0, 1] high [0, 0] : (tensor<2x1x!axis>) -> tensor<2x2x!axis>
  return %0 : tensor<2x2x!axis>
}
