// Borders and constants in integers.
// RUN: quant-opt %s -split-input-file --qnn-legalize | FileCheck %s

!q = !quant.uniform<i8:f32, 0.5:3>

/// Quantization divides, since a multiplication by 1 / scale rounds otherwise.
// CHECK-LABEL: @borders(
// CHECK: %[[Q:.*]] = qnn.rescale %arg0 multiplier(dense<5.000000e-01> : tensor<f32>) divide output_zero_point(3) range(-128, 127) rounding(half_away) : (tensor<2xf32>) -> tensor<2xsi8>
// CHECK: qnn.rescale %[[Q]] multiplier(dense<5.000000e-01> : tensor<f32>) input_zero_point(3) : (tensor<2xsi8>) -> tensor<2xf32>
func.func @borders(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = qnn.quantize %x rounding(half_away) : (tensor<2xf32>) -> tensor<2x!q>
  %1 = qnn.dequantize %0 : (tensor<2x!q>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// -----

!q = !quant.uniform<i8<-127:127>:f32:1, {0.5, 0.25}>

/// Scales along axis 1 of 3 broadcast as [2, 1].
// CHECK-LABEL: @per_axis(
// CHECK: multiplier(dense<{{\[}}[5.000000e-01], [2.500000e-01]]> : tensor<2x1xf32>) divide range(-127, 127)
// CHECK: multiplier(dense<{{\[}}[5.000000e-01], [2.500000e-01]]> : tensor<2x1xf32>) :
func.func @per_axis(%x: tensor<3x2x1xf32>) -> tensor<3x2x1xf32> {
  %0 = qnn.quantize %x : (tensor<3x2x1xf32>) -> tensor<3x2x1x!q>
  %1 = qnn.dequantize %0 : (tensor<3x2x1x!q>) -> tensor<3x2x1xf32>
  return %1 : tensor<3x2x1xf32>
}

// -----

/// 0.5 / 0.25 = 2.
// CHECK-LABEL: @requantize(
// CHECK: qnn.rescale %arg0 multiplier(dense<2.000000e+00> : tensor<f32>) input_zero_point(3) output_zero_point(-5) range(-128, 127) rounding(floor) : (tensor<2xui8>) -> tensor<2xsi8>
func.func @requantize(%x: tensor<2x!quant.uniform<u8:f32, 0.5:3>>) -> tensor<2x!quant.uniform<i8:f32, 0.25:-5>> {
  %0 = qnn.requantize %x rounding(floor) : (tensor<2x!quant.uniform<u8:f32, 0.5:3>>) -> tensor<2x!quant.uniform<i8:f32, 0.25:-5>>
  return %0 : tensor<2x!quant.uniform<i8:f32, 0.25:-5>>
}

// -----

!c = !qnn.codebook<u2:f32, {-1.0, 0.0, 2.0}>

/// Boundaries are the midpoints -0.5 and 1.
// CHECK-LABEL: @codebook(
// CHECK: %[[C:.*]] = qnn.bucketize %arg0 boundaries(dense<[-5.000000e-01, 1.000000e+00]> : tensor<2xf32>) : (tensor<2xf32>) -> tensor<2xui8>
// CHECK: qnn.lookup %[[C]] table(dense<[-1.000000e+00, 0.000000e+00, 2.000000e+00]> : tensor<3xf32>) :
func.func @codebook(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = qnn.quantize %x : (tensor<2xf32>) -> tensor<2x!c>
  %1 = qnn.dequantize %0 : (tensor<2x!c>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// -----

!p = !qnn.pow2<i3:f32, -1:0>

/// Levels -1, -0.5, 0, 0.5, 1 have the codes -2 to 2 and the midpoints +-0.75
/// and +-0.25.
// CHECK-LABEL: @pow2(
// CHECK: %[[C:.*]] = qnn.bucketize %arg0 boundaries(dense<[-7.500000e-01, -2.500000e-01, 2.500000e-01, 7.500000e-01]> : tensor<4xf32>) offset(-2) : (tensor<2xf32>) -> tensor<2xsi8>
// CHECK: qnn.lookup %[[C]] table(dense<[-1.000000e+00, -5.000000e-01, 0.000000e+00, 5.000000e-01, 1.000000e+00]> : tensor<5xf32>) offset(-2) :
func.func @pow2(%x: tensor<2xf32>) -> tensor<2xf32> {
  %0 = qnn.quantize %x : (tensor<2xf32>) -> tensor<2x!p>
  %1 = qnn.dequantize %0 : (tensor<2x!p>) -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// -----

/// Narrow codes are widened by their own sign, which i32 does not show: 14 bits
/// to 16, 24 bits to 32. Explicit constants are left alone.
// CHECK-LABEL: @constants(
// CHECK-DAG: qnn.constant dense<[1, 3]> : tensor<2xi8> as tensor<2xui8>
// CHECK-DAG: qnn.constant dense<[1, -1]> : tensor<2xi8> as tensor<2xsi8>
// CHECK-DAG: qnn.constant dense<-5000> : tensor<2xi16> as tensor<2xsi16>
// CHECK-DAG: qnn.constant dense<-70000> : tensor<2xi32> as tensor<2xi32>
// CHECK-DAG: qnn.constant dense<7> : tensor<2xi8> as tensor<2xsi8>
func.func @constants() -> (tensor<2x!qnn.codebook<u2:f32, {0.0, 1.0, 2.0, 3.0}>>, tensor<2x!qnn.pow2<i2:f32, 0:0>>, tensor<2x!quant.uniform<i14:f32, 0.5>>, tensor<2x!quant.uniform<i24:f32, 0.5>>, tensor<2xsi8>) {
  %0 = qnn.constant dense<[1, 3]> : tensor<2xi2> as tensor<2x!qnn.codebook<u2:f32, {0.0, 1.0, 2.0, 3.0}>>
  %1 = qnn.constant dense<[1, -1]> : tensor<2xi2> as tensor<2x!qnn.pow2<i2:f32, 0:0>>
  %2 = qnn.constant dense<-5000> : tensor<2xi14> as tensor<2x!quant.uniform<i14:f32, 0.5>>
  %3 = qnn.constant dense<-70000> : tensor<2xi24> as tensor<2x!quant.uniform<i24:f32, 0.5>>
  %4 = qnn.constant dense<7> : tensor<2xi8> as tensor<2xsi8>
  return %0, %1, %2, %3, %4 : tensor<2x!qnn.codebook<u2:f32, {0.0, 1.0, 2.0, 3.0}>>, tensor<2x!qnn.pow2<i2:f32, 0:0>>, tensor<2x!quant.uniform<i14:f32, 0.5>>, tensor<2x!quant.uniform<i24:f32, 0.5>>, tensor<2xsi8>
}
