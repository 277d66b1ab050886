// Float and quantized operations, in the short and the generic form and in
// bytecode.
// RUN: quant-opt %s | quant-opt | FileCheck %s
// RUN: quant-opt %s --mlir-print-op-generic | quant-opt | FileCheck %s
// RUN: quant-opt %s --emit-bytecode | quant-opt | FileCheck %s
// RUN: quant-opt %s --mlir-print-op-generic | FileCheck %s --check-prefix=GENERIC

!qx = !quant.uniform<u8:f32, 0.5:3>
!qw = !quant.uniform<i8<-127:127>:f32:0, {0.25, 0.5}>
!qb = !quant.uniform<i32:f32:0, {0.125, 0.25}>

/// Attributes at their defaults are not printed.
// CHECK-LABEL: @conv2d_plain(
// CHECK: qnn.conv2d %{{.*}}, %{{.*}} : (
func.func @conv2d_plain(%x: tensor<1x4x4x2xf32>, %w: tensor<2x1x1x2xf32>) -> tensor<1x4x4x2xf32> {
  %0 = qnn.conv2d %x, %w strides [1, 1] groups(1) rounding(half_even) : (tensor<1x4x4x2xf32>, tensor<2x1x1x2xf32>) -> tensor<1x4x4x2xf32>
  return %0 : tensor<1x4x4x2xf32>
}

/// Every attribute of the quantized form, and a mode without a stray space.
// CHECK-LABEL: @conv2d_quantized(
// CHECK: qnn.conv2d %{{.*}}, %{{.*}} bias(%{{.*}}) strides [2, 2] pad [0, 1, 0, 1] dilations [1, 2] groups(2) clamp_min(0.000000e+00) clamp_max(6.000000e+00) rounding(half_away) :
// GENERIC-LABEL: sym_name = "conv2d_quantized"
// GENERIC: rounding = #qnn<rounding(half_away)>
func.func @conv2d_quantized(%x: tensor<1x4x4x2x!qx>, %w: tensor<2x2x2x1x!qw>, %b: tensor<2x!qb>) -> tensor<1x2x2x2x!qx> {
  %0 = qnn.conv2d %x, %w bias(%b) strides [2, 2] pad [0, 1, 0, 1] dilations [1, 2] groups(2) clamp_min(0.0) clamp_max(6.0) rounding(half_away)
    : (tensor<1x4x4x2x!qx>, tensor<2x2x2x1x!qw>, tensor<2x!qb>) -> tensor<1x2x2x2x!qx>
  return %0 : tensor<1x2x2x2x!qx>
}

/// A batch of matrices with one right side, and one with as many.
// CHECK-LABEL: @matmul(
// CHECK: qnn.matmul %{{.*}}, %{{.*}} bias(%{{.*}}) clamp_max(1.000000e+00) rounding(floor) :
// CHECK: qnn.matmul %{{.*}}, %{{.*}} : (
func.func @matmul(%x: tensor<2x1x3xf32>, %w: tensor<3x2xf32>, %b: tensor<2xf32>, %r: tensor<2x2x1xf32>) -> tensor<2x1x1xf32> {
  %0 = qnn.matmul %x, %w bias(%b) clamp_max(1.0) rounding(floor) : (tensor<2x1x3xf32>, tensor<3x2xf32>, tensor<2xf32>) -> tensor<2x1x2xf32>
  %1 = qnn.matmul %0, %r : (tensor<2x1x2xf32>, tensor<2x2x1xf32>) -> tensor<2x1x1xf32>
  return %1 : tensor<2x1x1xf32>
}

/// Broadcasting operands on either side, down to rank 0.
// CHECK-LABEL: @elementwise(
// CHECK: qnn.add %{{.*}}, %{{.*}} clamp_min(0.000000e+00) : (
// CHECK: qnn.sub %{{.*}}, %{{.*}} rounding(half_up) : (
// CHECK: qnn.mul %{{.*}}, %{{.*}} rounding(toward_zero) : (
// CHECK: qnn.clamp %{{.*}} clamp_min(-1.000000e+00) clamp_max(1.000000e+00) : (
func.func @elementwise(%x: tensor<2x3xf32>, %c: tensor<3xf32>, %s: tensor<f32>) -> tensor<2x3xf32> {
  %0 = qnn.add %x, %c clamp_min(0.0) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %1 = qnn.sub %s, %0 rounding(half_up) : (tensor<f32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = qnn.mul %1, %1 rounding(toward_zero) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = qnn.clamp %2 clamp_min(-1.0) clamp_max(1.0) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %3 : tensor<2x3xf32>
}

/// Raw input may be codes or floats; the result float or quantized.
// CHECK-LABEL: @normalize(
// CHECK: qnn.normalize %{{.*}} mean [1.270000e+02] scale [5.000000e-01, 2.500000e-01] : (tensor<1x2xui8>)
// CHECK: qnn.normalize %{{.*}} mean [0.000000e+00] scale [1.000000e+00] rounding(floor) : (
func.func @normalize(%raw: tensor<1x2xui8>) -> tensor<1x2x!qx> {
  %0 = qnn.normalize %raw mean [127.0] scale [0.5, 0.25] : (tensor<1x2xui8>) -> tensor<1x2xf32>
  %1 = qnn.normalize %0 mean [0.0] scale [1.0] rounding(floor) : (tensor<1x2xf32>) -> tensor<1x2x!qx>
  return %1 : tensor<1x2x!qx>
}

/// Pools keep the type of their form; padding counts only if asked.
// CHECK-LABEL: @pools(
// CHECK: qnn.max_pool2d %{{.*}} kernel [2, 2] pad [1, 0, 1, 0] : (
// CHECK: qnn.avg_pool2d %{{.*}} kernel [2, 2] strides [2, 2] count_include_pad rounding(half_up) : (
func.func @pools(%x: tensor<1x4x4x1x!qx>) -> tensor<1x2x2x1x!qx> {
  %0 = qnn.max_pool2d %x kernel [2, 2] pad [1, 0, 1, 0] : (tensor<1x4x4x1x!qx>) -> tensor<1x4x4x1x!qx>
  %1 = qnn.avg_pool2d %0 kernel [2, 2] strides [2, 2] count_include_pad rounding(half_up) : (tensor<1x4x4x1x!qx>) -> tensor<1x2x2x1x!qx>
  return %1 : tensor<1x2x2x1x!qx>
}

/// Reductions along axes.
// CHECK-LABEL: @reductions(
// CHECK: qnn.mean %{{.*}} axes [1, 2] rounding(half_up) : (
// CHECK: qnn.softmax %{{.*}} axis(3) rounding(floor) : (
func.func @reductions(%x: tensor<1x4x4x2xf32>) -> tensor<1x1x1x2xf32> {
  %0 = qnn.mean %x axes [1, 2] rounding(half_up) : (tensor<1x4x4x2xf32>) -> tensor<1x1x1x2xf32>
  %1 = qnn.softmax %0 axis(3) rounding(floor) : (tensor<1x1x1x2xf32>) -> tensor<1x1x1x2xf32>
  return %1 : tensor<1x1x1x2xf32>
}

/// Movement, of floats and of codes.
// CHECK-LABEL: @movement(
// CHECK: qnn.transpose %{{.*}} [1, 0] : (
// CHECK: qnn.pad %{{.*}} low [0, 1] high [2, 0] value(-1.000000e+00) : (
// CHECK: qnn.pad %{{.*}} low [0, 0] high [0, 0] : (
func.func @movement(%x: tensor<2x3x!qx>) -> tensor<5x3x!qx> {
  %0 = qnn.transpose %x [1, 0] : (tensor<2x3x!qx>) -> tensor<3x2x!qx>
  %1 = qnn.pad %0 low [0, 1] high [2, 0] value(-1.0) : (tensor<3x2x!qx>) -> tensor<5x3x!qx>
  %2 = qnn.pad %1 low [0, 0] high [0, 0] : (tensor<5x3x!qx>) -> tensor<5x3x!qx>
  return %2 : tensor<5x3x!qx>
}

/// The borders, and an observer.
// CHECK-LABEL: @casts(
// CHECK: qnn.observe %{{.*}} "x" : tensor<2xf32>
// CHECK: qnn.quantize %{{.*}} rounding(half_away) : (
// CHECK: qnn.requantize %{{.*}} : (
// CHECK: qnn.dequantize %{{.*}} : (
func.func @casts(%x: tensor<2xf32>) -> tensor<2xf32> {
  qnn.observe %x "x" : tensor<2xf32>
  %0 = qnn.quantize %x rounding(half_away) : (tensor<2xf32>) -> tensor<2x!qx>
  %1 = qnn.requantize %0 : (tensor<2x!qx>) -> tensor<2x!quant.uniform<i8:f32, 0.25>>
  %2 = qnn.dequantize %1 : (tensor<2x!quant.uniform<i8:f32, 0.25>>) -> tensor<2xf32>
  return %2 : tensor<2xf32>
}

/// Codes of a constant are signless, whatever the sign of the result.
// CHECK-LABEL: @constants(
// CHECK: qnn.constant dense<[1, -127]> : tensor<2xi8> as tensor<2x!quant.uniform<i8<-127:127>:f32:0, {2.500000e-01,5.000000e-01}>>
// CHECK: qnn.constant dense<[1, -1]> : tensor<2xi8> as tensor<2xui8>
func.func @constants() -> (tensor<2x!qw>, tensor<2xui8>) {
  %0 = qnn.constant dense<[1, -127]> : tensor<2xi8> as tensor<2x!qw>
  %1 = qnn.constant dense<[1, 255]> : tensor<2xi8> as tensor<2xui8>
  return %0, %1 : tensor<2x!qw>, tensor<2xui8>
}

/// Values of a parameter carry its type, initializers do not.
// CHECK-LABEL: @parameters(
// CHECK: qnn.parameter "w" dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>
// CHECK: qnn.parameter "b" #qnn.initializer<he> : tensor<2xf32>
func.func @parameters() -> (tensor<2xf32>, tensor<2xf32>) {
  %0 = qnn.parameter "w" dense<[1.0, 2.0]> : tensor<2xf32>
  %1 = qnn.parameter "b" #qnn.initializer<he> : tensor<2xf32>
  return %0, %1 : tensor<2xf32>, tensor<2xf32>
}

/// The attribute of operations with an exact accumulator; floats may carry it
/// until they are quantized. Its default is not printed.
// CHECK-LABEL: @requantizations(
// CHECK: qnn.matmul %{{.*}}, %{{.*}} clamp_min(0.000000e+00) requantization(tflite_double) : (
// CHECK: qnn.conv2d %{{.*}}, %{{.*}} requantization(tflite_single) : (
// CHECK: qnn.mul %{{.*}}, %{{.*}} requantization(tflite_double) : (
// CHECK: qnn.requantize %{{.*}} requantization(tflite_single) : (
// CHECK: qnn.requantize %{{.*}} rounding(floor) : (
// GENERIC-LABEL: sym_name = "requantizations"
// GENERIC: requantization = #qnn<requantization(tflite_double)>
func.func @requantizations(%f: tensor<2x2xf32>, %x: tensor<1x2x2x1x!qx>, %w: tensor<1x1x1x1x!qx>) {
  %0 = qnn.matmul %f, %f clamp_min(0.0) requantization(tflite_double) : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  %1 = qnn.conv2d %x, %w requantization(tflite_single) : (tensor<1x2x2x1x!qx>, tensor<1x1x1x1x!qx>) -> tensor<1x2x2x1x!qx>
  %2 = qnn.mul %x, %x requantization(tflite_double) : (tensor<1x2x2x1x!qx>, tensor<1x2x2x1x!qx>) -> tensor<1x2x2x1x!qx>
  %3 = qnn.requantize %x requantization(tflite_single) : (tensor<1x2x2x1x!qx>) -> tensor<1x2x2x1x!quant.uniform<i8:f32, 0.25>>
  %4 = qnn.requantize %x rounding(floor) requantization(float) : (tensor<1x2x2x1x!qx>) -> tensor<1x2x2x1x!quant.uniform<i8:f32, 0.25>>
  return
}

/// Elementary functions, quotients, comparisons.
// CHECK-LABEL: @math(
// CHECK: qnn.abs %{{.*}} : (tensor<2x3xf32>) -> tensor<2x3xf32>
// CHECK: qnn.exp %{{.*}} : (
// CHECK: qnn.log %{{.*}} : (
// CHECK: qnn.sigmoid %{{.*}} : (
// CHECK: qnn.sign %{{.*}} : (
// CHECK: qnn.sqrt %{{.*}} : (
// CHECK: qnn.tanh %{{.*}} : (
// CHECK: qnn.div %{{.*}}, %{{.*}} : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
// CHECK: qnn.maximum %{{.*}}, %{{.*}} : (
// CHECK: qnn.minimum %{{.*}}, %{{.*}} : (
// CHECK: qnn.log_softmax %{{.*}} axis(1) : (
// GENERIC-LABEL: sym_name = "math"
func.func @math(%x: tensor<2x3xf32>, %c: tensor<3xf32>) {
  %0 = qnn.abs %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = qnn.exp %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %2 = qnn.log %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = qnn.sigmoid %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %4 = qnn.sign %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %5 = qnn.sqrt %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %6 = qnn.tanh %x : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %7 = qnn.div %x, %c : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %8 = qnn.maximum %x, %c : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %9 = qnn.minimum %x, %c : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %10 = qnn.log_softmax %x axis(1) : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return
}

/// Functions of codes.
// CHECK-LABEL: @functions(
// CHECK: qnn.tanh %{{.*}} : (tensor<2x3x!quant.uniform<u8:f32, 5.000000e-01:3>>) -> tensor<2x3x!quant.uniform<u8:f32, 5.000000e-01:3>>
func.func @functions(%x: tensor<2x3x!qx>) -> tensor<2x3x!qx> {
  %0 = qnn.tanh %x : (tensor<2x3x!qx>) -> tensor<2x3x!qx>
  return %0 : tensor<2x3x!qx>
}

/// What only training needs.
// CHECK-LABEL: @training(
// CHECK: qnn.one_hot %{{.*}} depth(10) : (tensor<4xi32>) -> tensor<4x10xf32>
// CHECK: qnn.random_uniform %{{.*}} stream(3) : (tensor<i32>) -> tensor<4x10xf32>
// CHECK: qnn.straight_through %{{.*}}, %{{.*}} : (
// GENERIC-LABEL: sym_name = "training"
func.func @training(%labels: tensor<4xi32>, %seed: tensor<i32>) -> tensor<4x10xf32> {
  %0 = qnn.one_hot %labels depth(10) : (tensor<4xi32>) -> tensor<4x10xf32>
  %1 = qnn.random_uniform %seed stream(3) : (tensor<i32>) -> tensor<4x10xf32>
  %2 = qnn.straight_through %0, %1 : (tensor<4x10xf32>, tensor<4x10xf32>) -> tensor<4x10xf32>
  return %2 : tensor<4x10xf32>
}

/// Recurrent layers, with all operands and with few.
// CHECK-LABEL: @recurrent(
// CHECK: qnn.lstm %{{.*}}, %{{.*}}, %{{.*}} bias(%{{.*}}) reverse : (
// CHECK: qnn.gru %{{.*}}, %{{.*}}, %{{.*}} bias(%{{.*}}) hidden_bias(%{{.*}}) : (
// CHECK: qnn.gru %{{.*}}, %{{.*}}, %{{.*}} : (
// CHECK: qnn.one_hot %{{.*}} depth(256) : (tensor<1x2xui8>) -> tensor<1x2x256xf32>
// GENERIC-LABEL: sym_name = "recurrent"
func.func @recurrent(%x: tensor<1x2x3xf32>, %w: tensor<3x4xf32>, %r: tensor<1x4xf32>, %b: tensor<4xf32>, %v: tensor<3x3xf32>, %q: tensor<1x3xf32>, %a: tensor<3xf32>, %c: tensor<1xf32>, %bytes: tensor<1x2xui8>) {
  %0, %1 = qnn.lstm %x, %w, %r bias(%b) reverse : (tensor<1x2x3xf32>, tensor<3x4xf32>, tensor<1x4xf32>, tensor<4xf32>) -> (tensor<1x2x1xf32>, tensor<1x1xf32>)
  %2, %3 = qnn.gru %x, %v, %q bias(%a) hidden_bias(%c) : (tensor<1x2x3xf32>, tensor<3x3xf32>, tensor<1x3xf32>, tensor<3xf32>, tensor<1xf32>) -> (tensor<1x2x1xf32>, tensor<1x1xf32>)
  %4, %5 = qnn.gru %x, %v, %q : (tensor<1x2x3xf32>, tensor<3x3xf32>, tensor<1x3xf32>) -> (tensor<1x2x1xf32>, tensor<1x1xf32>)
  %6 = qnn.one_hot %bytes depth(256) : (tensor<1x2xui8>) -> tensor<1x2x256xf32>
  return
}

/// What gradients are made of.
// CHECK-LABEL: @gradients(
// CHECK: qnn.clamp_gradient %{{.*}}, %{{.*}} clamp_min(0.000000e+00) : (
// CHECK: qnn.clamp_gradient %{{.*}}, %{{.*}} clamp_min(-1.000000e+00) clamp_max(1.000000e+00) : (
// CHECK: qnn.reverse %{{.*}} axes [0, 2] : (
// CHECK: qnn.sum %{{.*}} axes [0, 2] : (
// CHECK: qnn.max_pool2d_gradient %{{.*}}, %{{.*}} kernel [2, 2] strides [2, 1] pad [0, 1, 0, 1] dilations [1, 2] : (
// CHECK: qnn.conv2d_weights_gradient %{{.*}}, %{{.*}} strides [1, 2] pad [0, 1, 2, 3] dilations [2, 1] groups(2) : (
// CHECK: qnn.conv2d_input_gradient %{{.*}}, %{{.*}} strides [1, 2] pad [0, 1, 2, 3] dilations [2, 1] groups(2) : (
// GENERIC-LABEL: sym_name = "gradients"
func.func @gradients(%dy: tensor<2x3x4xf32>, %y: tensor<2x3x4xf32>, %p: tensor<1x2x3x1xf32>, %x: tensor<1x4x4x1xf32>, %c: tensor<1x4x4x4xf32>, %i: tensor<1x5x4x2xf32>) {
  %0 = qnn.clamp_gradient %dy, %y clamp_min(0.0) : (tensor<2x3x4xf32>, tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  %1 = qnn.clamp_gradient %dy, %y clamp_min(-1.0) clamp_max(1.0) : (tensor<2x3x4xf32>, tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  %2 = qnn.reverse %y axes [0, 2] : (tensor<2x3x4xf32>) -> tensor<2x3x4xf32>
  %3 = qnn.sum %y axes [0, 2] : (tensor<2x3x4xf32>) -> tensor<1x3x1xf32>
  %4 = qnn.max_pool2d_gradient %p, %x kernel [2, 2] strides [2, 1] pad [0, 1, 0, 1] dilations [1, 2] : (tensor<1x2x3x1xf32>, tensor<1x4x4x1xf32>) -> tensor<1x4x4x1xf32>
  %w = qnn.conv2d_weights_gradient %c, %i strides [1, 2] pad [0, 1, 2, 3] dilations [2, 1] groups(2) : (tensor<1x4x4x4xf32>, tensor<1x5x4x2xf32>) -> tensor<4x2x3x1xf32>
  %5 = qnn.conv2d_input_gradient %c, %w strides [1, 2] pad [0, 1, 2, 3] dilations [2, 1] groups(2) : (tensor<1x4x4x4xf32>, tensor<4x2x3x1xf32>) -> tensor<1x5x4x2xf32>
  return
}

/// Integer arithmetic in floats.
// CHECK-LABEL: @simulation(
// CHECK: qnn.fake_quantize %{{.*}} as !quant.uniform<u8:f32, 5.000000e-01:3> : (
// CHECK: qnn.fake_quantize %{{.*}} scale(%{{.*}}) as !quant.uniform<i8<-7:7>:f32, 5.000000e-01> codes rounding(floor) margin(5.000000e-01) : (
// CHECK: qnn.fake_quantize %{{.*}} as !quant.uniform<i32:f32, 5.000000e-01> high : (
// CHECK: qnn.fake_quantize %{{.*}} as !quant.uniform<i32:f32, 5.000000e-01> low : (
// CHECK: qnn.fake_quantize_gradient %{{.*}}, %{{.*}} scale(%{{.*}}) as !quant.uniform<i8:f32, 5.000000e-01> codes of_scale : (
// CHECK: qnn.exact_sum %{{.*}}, %{{.*}}, %{{.*}} : (
// CHECK: qnn.requantize_multiplier %{{.*}} weights(%{{.*}}) to %{{.*}} : (
// CHECK: qnn.requantize_multiplier %{{.*}} to %{{.*}} count(%{{.*}}) : (
// GENERIC-LABEL: sym_name = "simulation"
func.func @simulation(%x: tensor<2x3xf32>, %s: tensor<3xf32>) {
  %0 = qnn.fake_quantize %x as !quant.uniform<u8:f32, 0.5:3> : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %1 = qnn.fake_quantize %x scale(%s) as !quant.uniform<i8<-7:7>:f32, 0.5> codes rounding(floor) margin(0.5) : (tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %2 = qnn.fake_quantize %x as !quant.uniform<i32:f32, 0.5> high : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %3 = qnn.fake_quantize %x as !quant.uniform<i32:f32, 0.5> low : (tensor<2x3xf32>) -> tensor<2x3xf32>
  %4 = qnn.fake_quantize_gradient %x, %x scale(%s) as !quant.uniform<i8:f32, 0.5> codes of_scale : (tensor<2x3xf32>, tensor<2x3xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  %5 = qnn.exact_sum %x, %s, %x : (tensor<2x3xf32>, tensor<3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
  %6 = qnn.requantize_multiplier %s weights(%s) to %s : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %7 = qnn.requantize_multiplier %s to %s count(%s) : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  return
}
