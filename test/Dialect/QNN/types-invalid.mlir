// Nonlinear types that mean nothing.
// RUN: quant-opt %s -split-input-file -verify-diagnostics

/// Codes of a codebook are unsigned.
// expected-error@+1 {{expects storage 'u<bits>'}}
func.func private @codebook_signed(tensor<2x!qnn.codebook<i2:f32, {0.0, 1.0}>>)

// -----

/// A storage without a width.
// expected-error@+1 {{expects storage 'u<bits>'}}
func.func private @codebook_without_width(tensor<2x!qnn.codebook<u:f32, {0.0, 1.0}>>)

// -----

/// Values are single precision.
// expected-error@+1 {{expects expressed type f32}}
func.func private @codebook_of_f64(tensor<2x!qnn.codebook<u2:f64, {0.0, 1.0}>>)

// -----

/// 0.1 is no f32: the table would not be what was written.
// expected-error@+1 {{expects levels that are f32 values}}
func.func private @codebook_rounded(tensor<2x!qnn.codebook<u2:f32, {0.0, 0.1}>>)

// -----

/// A code has at most a byte.
// expected-error@+1 {{expects 1 to 8 bits, got 9}}
func.func private @codebook_wide(tensor<2x!qnn.codebook<u9:f32, {0.0, 1.0}>>)

// -----

/// One level tells nothing.
// expected-error@+1 {{expects 2 to 2 levels, got 1}}
func.func private @codebook_of_one(tensor<2x!qnn.codebook<u1:f32, {0.0}>>)

// -----

/// One bit tells two levels apart.
// expected-error@+1 {{expects 2 to 2 levels, got 3}}
func.func private @codebook_of_many(tensor<2x!qnn.codebook<u1:f32, {0.0, 1.0, 2.0}>>)

// -----

/// 0x7FF0... is the infinity of double precision.
// expected-error@+1 {{expects finite levels, got INF}}
func.func private @codebook_infinite(tensor<2x!qnn.codebook<u1:f32, {0.0, 0x7FF0000000000000}>>)

// -----

/// The search for a level needs an order.
// expected-error@+1 {{expects levels in strictly increasing order}}
func.func private @codebook_repeated(tensor<2x!qnn.codebook<u1:f32, {1.0, 1.0}>>)

// -----

/// Codes of powers of two have a sign.
// expected-error@+1 {{expects storage 'i<bits>'}}
func.func private @pow2_unsigned(tensor<2x!qnn.pow2<u4:f32, -6:0>>)

// -----

/// One bit has no code but 0 and the sign.
// expected-error@+1 {{expects 2 to 8 bits, got 1}}
func.func private @pow2_narrow(tensor<2x!qnn.pow2<i1:f32, 0:0>>)

// -----

/// 2^-127 is no normal float.
// expected-error@+1 {{expects exponents -126 <= -127 <= 0 <= 127}}
func.func private @pow2_tiny(tensor<2x!qnn.pow2<i8:f32, -127:0>>)

// -----

/// Exponents in the wrong order.
// expected-error@+1 {{expects exponents -126 <= 1 <= 0 <= 127}}
func.func private @pow2_empty(tensor<2x!qnn.pow2<i8:f32, 1:0>>)

// -----

/// Eight exponents with both signs and zero are 17 codes; 4 bits have 16.
// expected-error@+1 {{expects at most 7 exponents for 4 bits}}
func.func private @pow2_many(tensor<2x!qnn.pow2<i4:f32, -7:0>>)
