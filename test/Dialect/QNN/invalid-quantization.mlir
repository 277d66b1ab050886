// Constants, borders, and explicit forms that the verifier refuses.
// RUN: quant-opt %s -split-input-file -verify-diagnostics

/// Floats are constants of arith.
func.func @constant_float() {
  // expected-error@+1 {{expects a quantized or integer result}}
  %0 = qnn.constant dense<1> : tensor<2xi8> as tensor<2xf32>
  return
}

// -----

/// Four bits are stored in four.
func.func @constant_width() {
  // expected-error@+1 {{expects codes of the result's shape and of type 'i4'}}
  %0 = qnn.constant dense<1> : tensor<2xi8> as tensor<2x!qnn.codebook<u4:f32, {0.0, 1.0}>>
  return
}

// -----

/// -128 is not in use by a symmetric type.
func.func @constant_code() {
  // expected-error@+1 {{expects codes from -127 to 127, got -128}}
  %0 = qnn.constant dense<-128> : tensor<2xi8> as tensor<2x!quant.uniform<i8<-127:127>:f32, 0.5>>
  return
}

// -----

/// A code without a level.
func.func @constant_level() {
  // expected-error@+1 {{expects codes from 0 to 1, got 3}}
  %0 = qnn.constant dense<3> : tensor<2xi2> as tensor<2x!qnn.codebook<u2:f32, {0.0, 1.0}>>
  return
}

// -----

/// Both borders have two sides.
func.func @quantize(%x: tensor<2xui8>) {
  // expected-error@+1 {{expects f32 input and quantized result}}
  %0 = qnn.quantize %x : (tensor<2xui8>) -> tensor<2x!quant.uniform<u8:f32, 0.5>>
  return
}

// -----

/// Codes without a scale stand for nothing.
func.func @dequantize(%x: tensor<2xui8>) {
  // expected-error@+1 {{expects quantized input and f32 result}}
  %0 = qnn.dequantize %x : (tensor<2xui8>) -> tensor<2xf32>
  return
}

// -----

/// Levels of a table have no common scale to multiply by.
func.func @requantize(%x: tensor<2x!qnn.codebook<u2:f32, {0.0, 1.0}>>) {
  // expected-error@+1 {{expects uniform quantized input and result}}
  %0 = qnn.requantize %x : (tensor<2x!qnn.codebook<u2:f32, {0.0, 1.0}>>) -> tensor<2x!quant.uniform<u8:f32, 0.5>>
  return
}

// -----

/// Tables for all channels or one for each, and no third axis.
func.func @lookup_rank(%x: tensor<1x2xui8>) {
  // expected-error@+1 {{expects a table of rank 1, or of a row for each channel}}
  %0 = qnn.lookup %x table(dense<0> : tensor<3x256xi8>) : (tensor<1x2xui8>) -> tensor<1x2xui8>
  return
}

// -----

/// Floats are no index.
func.func @lookup_input(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects integer input}}
  %0 = qnn.lookup %x table(dense<0> : tensor<256xi8>) : (tensor<2xf32>) -> tensor<2xui8>
  return
}

// -----

/// Elements of the same width are not of the same type.
func.func @lookup_table(%x: tensor<2xui8>) {
  // expected-error@+1 {{expects a table of elements of type 'f32'}}
  %0 = qnn.lookup %x table(dense<0> : tensor<256xi32>) : (tensor<2xui8>) -> tensor<2xf32>
  return
}

// -----

/// A result with a scale has no width to compare.
func.func @lookup_quantized(%x: tensor<2xui8>) {
  // expected-error@+1 {{expects a table of elements of type '!quant.uniform}}
  %0 = qnn.lookup %x table(dense<0> : tensor<256xi8>) : (tensor<2xui8>) -> tensor<2x!quant.uniform<u8:f32, 0.5>>
  return
}

// -----

/// Boundaries are compared with f32.
func.func @bucketize_rank(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects f32 boundaries of rank 1}}
  %0 = qnn.bucketize %x boundaries(dense<0.0> : tensor<2xf64>) : (tensor<2xf32>) -> tensor<2xui8>
  return
}

// -----

/// Counting those below finds a bucket only if they are sorted.
func.func @bucketize_order(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects boundaries in increasing order}}
  %0 = qnn.bucketize %x boundaries(dense<[1.0, 0.0]> : tensor<2xf32>) : (tensor<2xf32>) -> tensor<2xui8>
  return
}

// -----

func.func @bucketize_above(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects codes of 'si8' from the offset to the offset plus the 2 boundaries}}
  %0 = qnn.bucketize %x boundaries(dense<[0.0, 1.0]> : tensor<2xf32>) offset(126) : (tensor<2xf32>) -> tensor<2xsi8>
  return
}

// -----

func.func @bucketize_below(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects codes of 'ui8'}}
  %0 = qnn.bucketize %x boundaries(dense<[0.0, 1.0]> : tensor<2xf32>) offset(-1) : (tensor<2xf32>) -> tensor<2xui8>
  return
}

// -----

func.func @bucketize_overflow(%x: tensor<1xf32>) {
  // expected-error@+1 {{expects codes of 'i64'}}
  %0 = qnn.bucketize %x boundaries(dense<0.0> : tensor<1xf32>) offset(9223372036854775807) : (tensor<1xf32>) -> tensor<1xi64>
  return
}

// -----

/// A result with a scale would be quantize.
func.func @bucketize_result(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects f32 input and integer result}}
  %0 = qnn.bucketize %x boundaries(dense<1.0> : tensor<1xf32>) : (tensor<2xf32>) -> tensor<2xf32>
  return
}
