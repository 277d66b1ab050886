// Quantized operations as float ones on codes minus zero points.
// RUN: quant-opt %s -split-input-file --qnn-simulate-quantization --cse | FileCheck %s

!x = !quant.uniform<u8:f32, 0.5:3>
!w = !quant.uniform<i8<-127:127>:f32:1, {0.25, 1.0}>
!b = !quant.uniform<i32:f32:0, {0.125, 0.5}>
!y = !quant.uniform<u8:f32, 2.0:10>

/// Multipliers 0.5 * 0.25 / 2 and 0.5 * 1 / 2. A Relu begins at the code 10.
// CHECK-LABEL: @matmul(
// CHECK-SAME: %[[X:.*]]: tensor<1x2xf32>)
// CHECK-DAG: %[[W:.*]] = arith.constant dense<{{\[}}[1.000000e+00, -2.000000e+00], [3.000000e+00, 4.000000e+00]]> : tensor<2x2xf32>
// CHECK-DAG: %[[B:.*]] = arith.constant dense<[1.000000e+03, -5.000000e+00]> : tensor<2xf32>
// CHECK-DAG: %[[Q:.*]] = qnn.fake_quantize %[[X]] as !quant.uniform<u8:f32, 5.000000e-01:3> codes :
// CHECK: %[[SUM:.*]] = qnn.matmul %[[Q]], %[[W]] bias(%[[B]]) :
// CHECK: %[[M:.*]] = arith.constant dense<[6.250000e-02, 2.500000e-01]> : tensor<2xf32>
// CHECK: %[[REAL:.*]] = qnn.mul %[[SUM]], %[[M]] :
// CHECK: %[[Y:.*]] = qnn.fake_quantize %[[REAL]] as !quant.uniform<u8<10:255>:f32, 1.000000e+00:10> :
// CHECK: %[[S:.*]] = arith.constant dense<2.000000e+00> : tensor<f32>
// CHECK: %[[R:.*]] = qnn.mul %[[Y]], %[[S]]
// CHECK: return %[[R]]
func.func @matmul(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %q = qnn.quantize %x : (tensor<1x2xf32>) -> tensor<1x2x!x>
  %w = qnn.constant dense<[[1, -2], [3, 4]]> : tensor<2x2xi8> as tensor<2x2x!w>
  %b = qnn.constant dense<[1000, -5]> : tensor<2xi32> as tensor<2x!b>
  %0 = qnn.matmul %q, %w bias(%b) clamp_min(0.0) : (tensor<1x2x!x>, tensor<2x2x!w>, tensor<2x!b>) -> tensor<1x2x!y>
  %1 = qnn.dequantize %0 : (tensor<1x2x!y>) -> tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}

// -----

!x = !quant.uniform<u8:f32, 0.5:3>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>
!b = !quant.uniform<i32:f32, 0.125>

/// A bias that 2^24 has no room for stands outside of the sum: 2^24 + 3 is
/// 65536 * 256 + 3.
// CHECK-LABEL: @large_bias(
// CHECK-DAG: %[[LOW:.*]] = arith.constant dense<3.000000e+00> : tensor<1xf32>
// CHECK-DAG: %[[HIGH:.*]] = arith.constant dense<0x4B800000> : tensor<1xf32>
// CHECK: %[[SUM:.*]] = qnn.matmul %{{.*}}, %{{.*}} bias(%[[LOW]])
// CHECK: qnn.add %[[SUM]], %[[HIGH]]
func.func @large_bias(%x: tensor<1x1x!x>) -> tensor<1x1x!x> {
  %w = qnn.constant dense<1> : tensor<1x1xi8> as tensor<1x1x!w>
  %b = qnn.constant dense<16777219> : tensor<1xi32> as tensor<1x!b>
  %0 = qnn.matmul %x, %w bias(%b) : (tensor<1x1x!x>, tensor<1x1x!w>, tensor<1x!b>) -> tensor<1x1x!x>
  return %0 : tensor<1x1x!x>
}

// -----

!x = !quant.uniform<u8:f32, 0.5:3>
!w = !quant.uniform<i8<-127:127>:f32:0, {0.25, 1.0}>
!b = !quant.uniform<i32:f32:0, {0.125, 0.5}>

/// What is learned: 32 * 252 * 127 is below 2^24, whatever the weights become.
/// The bias can be anything.
// CHECK-LABEL: @parameters(
// CHECK-SAME: %[[X:.*]]: tensor<1x4x4x32xf32>, %[[W:.*]]: tensor<2x1x1x32xf32> {qnn.parameter = "w"}, %[[B:.*]]: tensor<2xf32> {qnn.parameter = "b"})
// CHECK: %[[Q:.*]] = qnn.fake_quantize %[[W]] as !quant.uniform<i8<-127:127>:f32:0, {2.500000e-01,1.000000e+00}> codes margin(5.000000e-01) :
// CHECK: %[[LOW:.*]] = qnn.fake_quantize %[[B]] as !quant.uniform<i32:f32:0, {1.250000e-01,5.000000e-01}> low :
// CHECK: %[[HIGH:.*]] = qnn.fake_quantize %[[B]] as !quant.uniform<i32:f32:0, {1.250000e-01,5.000000e-01}> high :
// CHECK: %[[SUM:.*]] = qnn.conv2d %[[X]], %[[Q]] bias(%[[LOW]]) strides [2, 2] :
// CHECK: qnn.add %[[SUM]], %[[HIGH]] :
func.func @parameters(%x: tensor<1x4x4x32x!x>, %w: tensor<2x1x1x32xf32> {qnn.parameter = "w"}, %b: tensor<2xf32> {qnn.parameter = "b"}) -> tensor<1x2x2x2x!x> {
  %0 = qnn.quantize %w : (tensor<2x1x1x32xf32>) -> tensor<2x1x1x32x!w>
  %1 = qnn.quantize %b : (tensor<2xf32>) -> tensor<2x!b>
  %2 = qnn.conv2d %x, %0 bias(%1) strides [2, 2] : (tensor<1x4x4x32x!x>, tensor<2x1x1x32x!w>, tensor<2x!b>) -> tensor<1x2x2x2x!x>
  return %2 : tensor<1x2x2x2x!x>
}

// -----

!x = !quant.uniform<u8:f32, 0.5>
!w = !quant.uniform<i8<-127:127>:f32, 0.25>

/// 520 * 255 * 127 is beyond 2^24; with digits of 16, 520 * 255 * 8 is not.
// CHECK-LABEL: @digits(
// CHECK-SAME: %[[X:.*]]: tensor<1x520xf32>, %[[W:.*]]: tensor<520x4xf32>)
// CHECK: %[[SIXTEENTH:.*]] = arith.constant dense<6.250000e-02> : tensor<f32>
// CHECK: %[[QUOTIENT:.*]] = qnn.mul %[[W]], %[[SIXTEENTH]]
// CHECK: %[[HIGH:.*]] = qnn.fake_quantize %[[QUOTIENT]] as !quant.uniform<i16:f32, 1.000000e+00> :
// CHECK: %[[SIXTEEN:.*]] = arith.constant dense<1.600000e+01> : tensor<f32>
// CHECK: %[[MULTIPLE:.*]] = qnn.mul %[[HIGH]], %[[SIXTEEN]]
// CHECK: %[[LOW:.*]] = qnn.sub %[[W]], %[[MULTIPLE]]
// CHECK: %[[HIGHSUM:.*]] = qnn.matmul %[[X]], %[[HIGH]] :
// CHECK: %[[HIGHTERM:.*]] = qnn.mul %[[HIGHSUM]],
// CHECK: %[[LOWSUM:.*]] = qnn.matmul %[[X]], %[[LOW]] :
// CHECK: %[[VALUE:.*]] = qnn.add %[[HIGHTERM]], %[[LOWSUM]] :
// CHECK: %[[SURROGATE:.*]] = qnn.matmul %[[X]], %[[W]] :
// CHECK: qnn.straight_through %[[VALUE]], %[[SURROGATE]]
func.func @digits(%x: tensor<1x520x!x>, %w: tensor<520x4x!w>) -> tensor<1x4x!x> {
  %0 = qnn.matmul %x, %w : (tensor<1x520x!x>, tensor<520x4x!w>) -> tensor<1x4x!x>
  return %0 : tensor<1x4x!x>
}

// -----

!x = !quant.uniform<u16:f32, 0.5>

/// Digits of both sides: four sums, rounded once.
// CHECK-LABEL: @digits_of_both(
// CHECK-COUNT-4: qnn.matmul
// CHECK: qnn.exact_sum %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} :
func.func @digits_of_both(%x: tensor<1x8x!x>, %w: tensor<8x4x!x>) -> tensor<1x4x!x> {
  %0 = qnn.matmul %x, %w : (tensor<1x8x!x>, tensor<8x4x!x>) -> tensor<1x4x!x>
  return %0 : tensor<1x4x!x>
}

// -----

!a = !quant.uniform<u8:f32, 0.5:3>
!b = !quant.uniform<u8:f32, 0.25>

/// 0.5 / 0.25 = 2. What has the scale of the result is not multiplied.
// CHECK-LABEL: @elementwise(
// CHECK-SAME: %[[A:.*]]: tensor<2xf32>, %[[B:.*]]: tensor<2xf32>)
// CHECK: %[[TWO:.*]] = arith.constant dense<2.000000e+00> : tensor<f32>
// CHECK: %[[SCALED:.*]] = qnn.mul %[[A]], %[[TWO]]
// CHECK: %[[SUM:.*]] = qnn.sub %[[SCALED]], %[[B]] :
// CHECK: %[[Y:.*]] = qnn.fake_quantize %[[SUM]] as !quant.uniform<u8:f32, 1.000000e+00> :
// CHECK: %[[PRODUCT:.*]] = qnn.mul %[[A]], %[[Y]] :
// CHECK: %[[HALF:.*]] = arith.constant dense<5.000000e-01> : tensor<f32>
// CHECK: %[[REAL:.*]] = qnn.mul %[[PRODUCT]], %[[HALF]]
// CHECK: %[[Z:.*]] = qnn.fake_quantize %[[REAL]] as
// CHECK: qnn.clamp %{{.*}} clamp_min(2.000000e+00) clamp_max(2.000000e+00)
func.func @elementwise(%a: tensor<2x!a>, %b: tensor<2x!b>) -> tensor<2x!b> {
  %0 = qnn.sub %a, %b : (tensor<2x!a>, tensor<2x!b>) -> tensor<2x!b>
  %1 = qnn.mul %a, %0 : (tensor<2x!a>, tensor<2x!b>) -> tensor<2x!b>
  %2 = qnn.requantize %1 : (tensor<2x!b>) -> tensor<2x!a>
  %3 = qnn.clamp %2 clamp_min(0.5) clamp_max(0.5) : (tensor<2x!a>) -> tensor<2x!b>
  return %3 : tensor<2x!b>
}

// -----

!x = !quant.uniform<u8:f32, 0.5:3>

/// One window is a sum like any other.
// CHECK-LABEL: @global_pool(
// CHECK-SAME: %[[X:.*]]: tensor<1x2x2x3xf32>)
// CHECK: qnn.sum %[[X]] axes [1, 2]
// CHECK-NOT: qnn.conv2d
func.func @global_pool(%x: tensor<1x2x2x3x!x>) -> tensor<1x1x1x3x!x> {
  %0 = qnn.avg_pool2d %x kernel [2, 2] : (tensor<1x2x2x3x!x>) -> tensor<1x1x1x3x!x>
  return %0 : tensor<1x1x1x3x!x>
}

/// Sums of codes; the padding of a mean is 0, that of qnn.pad round(1 / 0.5).
// CHECK-LABEL: @reductions(
// CHECK: %[[PAD:.*]] = qnn.pad %{{.*}} low [0, 1, 0, 0] high [0, 0, 0, 0] value(2.000000e+00)
// CHECK: %[[ONES:.*]] = arith.constant dense<1.000000e+00> : tensor<3x2x1x1xf32>
// CHECK: %[[SUM:.*]] = qnn.conv2d %[[PAD]], %[[ONES]] groups(3) :
// CHECK: %[[MEAN:.*]] = qnn.avg_pool2d %[[PAD]] kernel [2, 1] :
// CHECK: %[[SURROGATE:.*]] = qnn.mul %[[MEAN]],
// CHECK: qnn.straight_through %[[SUM]], %[[SURROGATE]]
// CHECK: arith.constant dense<5.000000e-01> : tensor<f32>
// CHECK: %[[ROUNDED:.*]] = qnn.fake_quantize
// CHECK: qnn.sum %[[ROUNDED]] axes [1, 2]
// CHECK: arith.constant dense<2.500000e-01> : tensor<f32>
// CHECK: qnn.fake_quantize
// CHECK-NOT: !quant.uniform<u8:f32, 5.000000e-01
func.func @reductions(%x: tensor<1x2x2x3x!x>) -> tensor<1x1x1x3x!x> {
  %0 = qnn.pad %x low [0, 1, 0, 0] high [0, 0, 0, 0] value(1.0) : (tensor<1x2x2x3x!x>) -> tensor<1x3x2x3x!x>
  %1 = qnn.avg_pool2d %0 kernel [2, 1] : (tensor<1x3x2x3x!x>) -> tensor<1x2x2x3x!x>
  %2 = qnn.mean %1 axes [1, 2] : (tensor<1x2x2x3x!x>) -> tensor<1x1x1x3x!x>
  return %2 : tensor<1x1x1x3x!x>
}

// -----

!x = !quant.uniform<u8:f32, 0.5:3>
!y = !quant.uniform<u8:f32, 0.00390625>

/// The integer program, with the gradient of floats.
// CHECK-LABEL: @softmax(
// CHECK-SAME: %[[X:.*]]: tensor<1x4xf32>)
// CHECK: %[[CODES:.*]] = qnn.rescale %[[X]] multiplier(dense<1.000000e+00> : tensor<f32>) output_zero_point(3) range(0, 255) :
// CHECK: %[[P:.*]] = qnn.integer_softmax %[[CODES]]
// CHECK: %[[VALUE:.*]] = qnn.rescale %[[P]]
// CHECK: %[[LOGITS:.*]] = qnn.mul %[[X]],
// CHECK: %[[REAL:.*]] = qnn.softmax %[[LOGITS]] axis(1)
// CHECK: %[[SURROGATE:.*]] = qnn.mul %[[REAL]],
// CHECK: qnn.straight_through %[[VALUE]], %[[SURROGATE]]
func.func @softmax(%x: tensor<1x4x!x>) -> tensor<1x4x!y> {
  %0 = qnn.softmax %x axis(1) : (tensor<1x4x!x>) -> tensor<1x4x!y>
  return %0 : tensor<1x4x!y>
}

// -----

!x = !quant.uniform<u8:f32, 0.5:3>
!code = !qnn.codebook<u2:f32, {-1.0, 0.0, 0.5, 4.0}>
!axis = !quant.uniform<i8:f32:1, {0.5, 0.25}>

/// Raw bytes; types that the float operation behind them reads as reals.
// CHECK-LABEL: @borders(
// CHECK-SAME: %[[RAW:.*]]: tensor<2x2xui8>, %[[W:.*]]: tensor<2x2xf32>)
// CHECK: %[[REAL:.*]] = qnn.normalize %[[RAW]] mean [1.000000e+00] scale [5.000000e-01] : (tensor<2x2xui8>) -> tensor<2x2xf32>
// CHECK: %[[Q:.*]] = qnn.fake_quantize %[[REAL]] as !quant.uniform<u8:f32, 5.000000e-01:3> codes :
// CHECK: %[[LEVELS:.*]] = qnn.fake_quantize %[[W]] as !qnn.codebook<u2:f32, {-1.000000e+00, 0.000000e+00, 5.000000e-01, 4.000000e+00}> :
// CHECK: %[[AXIS:.*]] = qnn.fake_quantize %[[LEVELS]] as !quant.uniform<i8:f32:1, {5.000000e-01,2.500000e-01}> codes :
// CHECK: %[[SCALES:.*]] = arith.constant dense<[5.000000e-01, 2.500000e-01]> : tensor<2xf32>
// CHECK: %[[VALUES:.*]] = qnn.mul %[[AXIS]], %[[SCALES]]
// CHECK: return %[[Q]], %[[VALUES]]
func.func @borders(%raw: tensor<2x2xui8>, %w: tensor<2x2xf32>) -> (tensor<2x2x!x>, tensor<2x2xf32>) {
  %0 = qnn.normalize %raw mean [1.0] scale [0.5] : (tensor<2x2xui8>) -> tensor<2x2x!x>
  %1 = qnn.quantize %w : (tensor<2x2xf32>) -> tensor<2x2x!code>
  %2 = qnn.dequantize %1 : (tensor<2x2x!code>) -> tensor<2x2xf32>
  %3 = qnn.quantize %2 : (tensor<2x2xf32>) -> tensor<2x2x!axis>
  %4 = qnn.dequantize %3 : (tensor<2x2x!axis>) -> tensor<2x2xf32>
  return %0, %4 : tensor<2x2x!x>, tensor<2x2xf32>
}

// -----

!x = !quant.uniform<u8:f32, 0.5:3>
!y = !quant.uniform<u8:f32, 0.25>

/// What the table holds: a function of reals, divided by the scale.
// CHECK-LABEL: @function(
// CHECK-SAME: %[[X:.*]]: tensor<4xf32>)
// CHECK: %[[S:.*]] = arith.constant dense<5.000000e-01> : tensor<f32>
// CHECK: %[[REAL:.*]] = qnn.mul %[[X]], %[[S]]
// CHECK: %[[Y:.*]] = qnn.tanh %[[REAL]]
// CHECK: %[[Q:.*]] = qnn.fake_quantize %[[Y]] as !quant.uniform<u8:f32, 2.500000e-01> codes :
// CHECK: return %[[Q]]
func.func @function(%x: tensor<4x!x>) -> tensor<4x!y> {
  %0 = qnn.tanh %x : (tensor<4x!x>) -> tensor<4x!y>
  return %0 : tensor<4x!y>
}
