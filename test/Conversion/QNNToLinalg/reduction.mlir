// RUN: quant-opt %s -split-input-file -convert-qnn-to-linalg | FileCheck %s

/// Codes of unsigned type are compared as such; padding never wins.
// CHECK-LABEL: @max_pool2d_unsigned
// CHECK: arith.constant 0 : i8
// CHECK: arith.maxui
func.func @max_pool2d_unsigned(%x: tensor<1x2x2x1xui8>) -> tensor<1x2x2x1xui8> {
  %r = qnn.max_pool2d %x kernel [2, 2] pad [1, 0, 1, 0] : (tensor<1x2x2x1xui8>) -> tensor<1x2x2x1xui8>
  return %r : tensor<1x2x2x1xui8>
}

// -----

// CHECK-LABEL: @max_pool2d_signed
// CHECK: arith.constant -128 : i8
// CHECK: arith.maxsi
func.func @max_pool2d_signed(%x: tensor<1x2x2x1xsi8>) -> tensor<1x1x1x1xsi8> {
  %r = qnn.max_pool2d %x kernel [2, 2] : (tensor<1x2x2x1xsi8>) -> tensor<1x1x1x1xsi8>
  return %r : tensor<1x1x1x1xsi8>
}

// -----

/// The divisor is what of the window is inside of the image.
// CHECK-LABEL: @avg_pool2d_border
// CHECK: arith.constant dense<{{.*}}1.000000e+00{{.*}}2.000000e+00{{.*}}2.000000e+00{{.*}}4.000000e+00{{.*}}> : tensor<2x2x1xf32>
// CHECK: arith.divf
func.func @avg_pool2d_border(%x: tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32> {
  %r = qnn.avg_pool2d %x kernel [2, 2] pad [1, 0, 1, 0] : (tensor<1x2x2x1xf32>) -> tensor<1x2x2x1xf32>
  return %r : tensor<1x2x2x1xf32>
}

// -----

// CHECK-LABEL: @mean
// CHECK: linalg.generic {{.*}}["parallel", "reduction", "parallel"]
// CHECK: tensor.expand_shape
func.func @mean(%x: tensor<2x3x4xf32>) -> tensor<2x1x4xf32> {
  %r = qnn.mean %x axes [1] : (tensor<2x3x4xf32>) -> tensor<2x1x4xf32>
  return %r : tensor<2x1x4xf32>
}

// -----

/// Maximum, table, exact sum, quotient.
// CHECK-LABEL: @integer_softmax
// CHECK: arith.maxsi %{{.*}} : i32
// CHECK: tensor.extract %{{.*}} : tensor<256xi32>
// CHECK: arith.addi %{{.*}} : i32
// CHECK-NOT: i64
// CHECK: arith.divf
func.func @integer_softmax(%x: tensor<1x255xui8>) -> tensor<1x255xui8> {
  %r = qnn.integer_softmax %x axis(1) table(dense<8388608> : tensor<256xi32>) multiplier(256.0) range(0, 255) : (tensor<1x255xui8>) -> tensor<1x255xui8>
  return %r : tensor<1x255xui8>
}

// -----

/// The sum of 256 entries of 2^23 is 2^31.
// CHECK-LABEL: @long_integer_softmax
// CHECK: arith.addi %{{.*}} : i64
// CHECK: arith.sitofp %{{.*}} : i64 to f32
func.func @long_integer_softmax(%x: tensor<1x256xui8>) -> tensor<1x256xui8> {
  %r = qnn.integer_softmax %x axis(1) table(dense<8388608> : tensor<256xi32>) multiplier(256.0) range(0, 255) : (tensor<1x256xui8>) -> tensor<1x256xui8>
  return %r : tensor<1x256xui8>
}

// -----

/// A sum of floats is not divided.
// CHECK-LABEL: @float_sum
// CHECK: linalg.generic {{.*}}["parallel", "reduction", "parallel"]
// CHECK: arith.addf
// CHECK-NOT: arith.divf
// CHECK: tensor.expand_shape
func.func @float_sum(%x: tensor<2x3x4xf32>) -> tensor<2x1x4xf32> {
  %r = qnn.sum %x axes [1] : (tensor<2x3x4xf32>) -> tensor<2x1x4xf32>
  return %r : tensor<2x1x4xf32>
}

// -----

/// One tap after the other: what has the largest value takes what is left of the
/// cotangent. NaN as padding equals nothing. Sums start with the last tap.
// CHECK-LABEL: @max_pool2d_gradient
// CHECK-SAME: %[[DY:[^:]*]]: tensor<1x1x2x1xf32>
// CHECK: %[[NAN:.*]] = arith.constant 0x7FC00000 : f32
// CHECK: tensor.extract_slice %{{.*}}[0, 0, 0, 0] [1, 1, 2, 1] [1, 1, 2, 1]
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %{{.*}}, %[[DY]]
// CHECK: arith.cmpf oeq
// CHECK: %[[LEFT:.*]] = linalg.generic {{.*}} ins(%{{.*}}, %{{.*}}, %[[DY]]
// CHECK: tensor.extract_slice %{{.*}}[0, 0, 1, 0] [1, 1, 2, 1] [1, 1, 2, 1]
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %{{.*}}, %[[LEFT]]
// CHECK: tensor.insert_slice %{{.*}} into %{{.*}}[0, 0, 1, 0]
// CHECK: tensor.insert_slice %{{.*}} into %{{.*}}[0, 0, 0, 0]
// CHECK: tensor.extract_slice %{{.*}}[0, 0, 1, 0] [1, 1, 3, 1] [1, 1, 1, 1]
func.func @max_pool2d_gradient(%dy: tensor<1x1x2x1xf32>, %x: tensor<1x1x3x1xf32>) -> tensor<1x1x3x1xf32> {
  %r = qnn.max_pool2d_gradient %dy, %x kernel [1, 2] strides [1, 2] pad [0, 0, 1, 0] : (tensor<1x1x2x1xf32>, tensor<1x1x3x1xf32>) -> tensor<1x1x3x1xf32>
  return %r : tensor<1x1x3x1xf32>
}
