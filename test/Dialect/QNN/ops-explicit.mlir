// Operations in the explicit form: codes are integers, parameters attributes.
// RUN: quant-opt %s | quant-opt | FileCheck %s
// RUN: quant-opt %s --mlir-print-op-generic | quant-opt | FileCheck %s

/// Zero points are attributes; the accumulator is the result.
// CHECK-LABEL: @contractions(
// CHECK: qnn.conv2d {{.*}} input_zero_point(3) weights_zero_point(-1) : ({{.*}}) -> tensor<1x1x1x2xi32>
// CHECK: qnn.matmul {{.*}} lhs_zero_point(3) rhs_zero_point(-1) : ({{.*}}) -> tensor<1x2xi64>
func.func @contractions(%x: tensor<1x1x1x2xui8>, %w: tensor<2x1x1x2xsi8>, %a: tensor<1x3xui8>, %b: tensor<3x2xsi8>) {
  %0 = qnn.conv2d %x, %w input_zero_point(3) weights_zero_point(-1) : (tensor<1x1x1x2xui8>, tensor<2x1x1x2xsi8>) -> tensor<1x1x1x2xi32>
  %1 = qnn.matmul %a, %b lhs_zero_point(3) rhs_zero_point(-1) : (tensor<1x3xui8>, tensor<3x2xsi8>) -> tensor<1x2xi64>
  return
}

/// Of the elementwise operations only the product has an explicit form.
// CHECK-LABEL: @mul(
// CHECK: qnn.mul %{{.*}}, %{{.*}} lhs_zero_point(3) rhs_zero_point(4) : (tensor<2xui8>, tensor<2xsi8>) -> tensor<2xi32>
func.func @mul(%a: tensor<2xui8>, %b: tensor<2xsi8>) {
  %0 = qnn.mul %a, %b lhs_zero_point(3) rhs_zero_point(4) : (tensor<2xui8>, tensor<2xsi8>) -> tensor<2xi32>
  return
}

/// Exact sums, to be divided by the rescale that follows.
// CHECK-LABEL: @sums(
// CHECK: qnn.sum_pool2d %{{.*}} kernel [2, 2] strides [2, 2] input_zero_point(3) : (
// CHECK: qnn.sum %{{.*}} axes [1, 2] input_zero_point(3) : (
func.func @sums(%x: tensor<1x4x4x1xui8>) {
  %0 = qnn.sum_pool2d %x kernel [2, 2] strides [2, 2] input_zero_point(3) : (tensor<1x4x4x1xui8>) -> tensor<1x2x2x1xi32>
  %1 = qnn.sum %x axes [1, 2] input_zero_point(3) : (tensor<1x4x4x1xui8>) -> tensor<1x1x1x1xi32>
  return
}

/// All four directions of a rescale; one multiplier, or one for each channel.
// CHECK-LABEL: @rescale(
// CHECK: qnn.rescale %{{.*}} multiplier(dense<5.000000e-01> : tensor<f32>) output_zero_point(3) range(0, 255) rounding(floor) : (tensor<1x2xi32>) -> tensor<1x2xui8>
// CHECK: qnn.rescale %{{.*}} multiplier(dense<[5.000000e-01, 2.500000e-01]> : tensor<2xf32>) input_zero_point(3) : (tensor<1x2xui8>) -> tensor<1x2xf32>
// CHECK: qnn.rescale %{{.*}} multiplier(dense<5.000000e-01> : tensor<f32>) divide range(-128, 127) : (tensor<1x2xf32>) -> tensor<1x2xsi8>
// CHECK: qnn.rescale %{{.*}} multiplier(dense<1.000000e+00> : tensor<1x1xf32>) : (tensor<1x2xf32>) -> tensor<1x2xf32>
func.func @rescale(%acc: tensor<1x2xi32>) {
  %0 = qnn.rescale %acc multiplier(dense<0.5> : tensor<f32>) output_zero_point(3) range(0, 255) rounding(floor) : (tensor<1x2xi32>) -> tensor<1x2xui8>
  %1 = qnn.rescale %0 multiplier(dense<[0.5, 0.25]> : tensor<2xf32>) input_zero_point(3) : (tensor<1x2xui8>) -> tensor<1x2xf32>
  %2 = qnn.rescale %1 multiplier(dense<0.5> : tensor<f32>) divide range(-128, 127) : (tensor<1x2xf32>) -> tensor<1x2xsi8>
  %3 = qnn.rescale %1 multiplier(dense<1.0> : tensor<1x1xf32>) : (tensor<1x2xf32>) -> tensor<1x2xf32>
  return
}

/// TFLite's fixed point: one multiplier for all, or one for each channel.
// CHECK-LABEL: @fixed_point_rescale(
// CHECK: qnn.fixed_point_rescale %{{.*}} multiplier [1288490189] shift [-1] output_zero_point(3) range(0, 255) requantization(tflite_single) : (tensor<1x2xi32>) -> tensor<1x2xui8>
// CHECK: qnn.fixed_point_rescale %{{.*}} multiplier [0, 2147483647] shift [-31, 30] input_zero_point(3) range(-128, 127) requantization(tflite_double) : (tensor<1x2xui8>) -> tensor<1x2xsi8>
func.func @fixed_point_rescale(%acc: tensor<1x2xi32>) {
  %0 = qnn.fixed_point_rescale %acc multiplier [1288490189] shift [-1] output_zero_point(3) range(0, 255) requantization(tflite_single) : (tensor<1x2xi32>) -> tensor<1x2xui8>
  %1 = qnn.fixed_point_rescale %0 multiplier [0, 2147483647] shift [-31, 30] input_zero_point(3) range(-128, 127) requantization(tflite_double) : (tensor<1x2xui8>) -> tensor<1x2xsi8>
  return
}

/// Tables: one for all or a row for each channel, of codes or of floats.
// CHECK-LABEL: @tables(
// CHECK: qnn.lookup %{{.*}} table(dense<[1, 0]> : tensor<2xi8>) : (tensor<1x2xui8>) -> tensor<1x2xsi8>
// CHECK: qnn.lookup %{{.*}} table(dense<{{.*}}> : tensor<2x2xf32>) offset(-1) : (tensor<1x2xsi8>) -> tensor<1x2xf32>
// CHECK: qnn.bucketize %{{.*}} boundaries(dense<[-5.000000e-01, 5.000000e-01]> : tensor<2xf32>) offset(-1) : (tensor<1x2xf32>) -> tensor<1x2xsi8>
func.func @tables(%x: tensor<1x2xui8>) {
  %0 = qnn.lookup %x table(dense<[1, 0]> : tensor<2xi8>) : (tensor<1x2xui8>) -> tensor<1x2xsi8>
  %1 = qnn.lookup %0 table(dense<[[0.0, 1.0], [2.0, 3.0]]> : tensor<2x2xf32>) offset(-1) : (tensor<1x2xsi8>) -> tensor<1x2xf32>
  %2 = qnn.bucketize %1 boundaries(dense<[-0.5, 0.5]> : tensor<2xf32>) offset(-1) : (tensor<1x2xf32>) -> tensor<1x2xsi8>
  return
}

/// Softmax by table.
// CHECK-LABEL: @integer_softmax(
// CHECK: qnn.integer_softmax %{{.*}} axis(1) table(dense<1> : tensor<256xi32>) multiplier(2.560000e+02) output_zero_point(-128) range(-128, 127) rounding(half_up) : (
func.func @integer_softmax(%x: tensor<1x2xui8>) {
  %0 = qnn.integer_softmax %x axis(1) table(dense<1> : tensor<256xi32>) multiplier(256.0) output_zero_point(-128) range(-128, 127) rounding(half_up) : (tensor<1x2xui8>) -> tensor<1x2xsi8>
  return
}

/// Codes move and compare without knowing what they stand for.
// CHECK-LABEL: @movement(
// CHECK: qnn.max_pool2d {{.*}} -> tensor<1x1x1x1xui8>
// CHECK: qnn.transpose {{.*}} -> tensor<1x2x2x1xui8>
// CHECK: qnn.pad {{.*}} value(3.000000e+00) : {{.*}} -> tensor<1x2x3x1xui8>
func.func @movement(%x: tensor<1x2x2x1xui8>) {
  %0 = qnn.max_pool2d %x kernel [2, 2] : (tensor<1x2x2x1xui8>) -> tensor<1x1x1x1xui8>
  %1 = qnn.transpose %x [0, 2, 1, 3] : (tensor<1x2x2x1xui8>) -> tensor<1x2x2x1xui8>
  %2 = qnn.pad %1 low [0, 0, 1, 0] high [0, 0, 0, 0] value(3.0) : (tensor<1x2x2x1xui8>) -> tensor<1x2x3x1xui8>
  return
}
