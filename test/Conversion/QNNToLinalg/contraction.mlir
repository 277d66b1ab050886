// RUN: quant-opt %s -split-input-file -convert-qnn-to-linalg | FileCheck %s

/// The output channel is innermost, weights are [KH, KW, I, O].
// CHECK-DAG: #[[IMAGE:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1 * 2 + d3, d2 + d4 * 2, d5)>
// CHECK-DAG: #[[WEIGHTS:.*]] = affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d3, d4, d5, d6)>
// CHECK-LABEL: @conv2d_float
// CHECK: %[[W:.*]] = arith.constant dense<{{.*}}1.000000e+00, 3.000000e+00{{.*}}> : tensor<1x2x1x2xf32>
// CHECK: linalg.generic {indexing_maps = [#[[IMAGE]], #[[WEIGHTS]],
// CHECK: ^bb0(%[[X:.*]]: f32, %[[W:.*]]: f32, %[[ACC:.*]]: f32):
// CHECK: math.fma %[[X]], %[[W]], %[[ACC]] : f32
func.func @conv2d_float(%x: tensor<1x5x5x1xf32>) -> tensor<1x3x3x2xf32> {
  %w = arith.constant dense<[[[[1.0], [2.0]]], [[[3.0], [4.0]]]]> : tensor<2x1x2x1xf32>
  %r = qnn.conv2d %x, %w strides [2, 1] dilations [1, 2] : (tensor<1x5x5x1xf32>, tensor<2x1x2x1xf32>) -> tensor<1x3x3x2xf32>
  return %r : tensor<1x3x3x2xf32>
}

// -----

/// The zero points are in the bias: 10 - 5 * ((3 - 1) + (4 - 1)) = -15; the
/// widened weights have none any more.
// CHECK-LABEL: @matmul_zero_points
// CHECK: arith.constant dense<{{\[}}[2], [3]]> : tensor<2x1xi16>
// CHECK: arith.constant -15 : i32
// CHECK: linalg.generic
// CHECK: arith.extui %{{.*}} : i8 to i32
// CHECK-NEXT: arith.extsi %{{.*}} : i16 to i32
// CHECK-NEXT: arith.muli
// CHECK-NEXT: arith.addi
func.func @matmul_zero_points(%x: tensor<3x2xui8>) -> tensor<3x1xi32> {
  %w = qnn.constant dense<[[3], [4]]> : tensor<2x1xi8> as tensor<2x1xsi8>
  %b = arith.constant dense<10> : tensor<1xi32>
  %r = qnn.matmul %x, %w bias(%b) lhs_zero_point(5) rhs_zero_point(1) : (tensor<3x2xui8>, tensor<2x1xsi8>, tensor<1xi32>) -> tensor<3x1xi32>
  return %r : tensor<3x1xi32>
}

// -----

/// Zero points of two computed values are taken off with the sums of rows and
/// columns: 2 * 5 * -3 is where the accumulators start. The product reads the
/// right side before it is transposed.
// CHECK-DAG: #[[TURNED:.*]] = affine_map<(d0, d1, d2) -> (d2, d1)>
// CHECK-LABEL: @matmul_two_activations
// CHECK-SAME: %[[X:.*]]: tensor<3x2xi8>, %[[Y:.*]]: tensor<4x2xi8>
// CHECK: %[[COLUMNS:.*]] = linalg.generic {{.*}} ins(%[[Y]] : tensor<4x2xi8>) outs(%{{.*}} : tensor<4xi32>)
// CHECK: %[[ROWS:.*]] = linalg.generic {{.*}} ins(%[[X]] : tensor<3x2xi8>) outs(%{{.*}} : tensor<3xi32>)
// CHECK: linalg.fill ins(%{{.*}}-30{{.*}} : i32)
// CHECK: %[[PRODUCT:.*]] = linalg.generic {indexing_maps = [#{{.*}}, #[[TURNED]], #{{.*}} ins(%[[X]], %[[Y]] :
// CHECK-NOT: subi
// CHECK: linalg.yield
// CHECK: linalg.generic {{.*}} ins(%[[PRODUCT]], %[[COLUMNS]], %[[ROWS]] :
// CHECK: arith.constant 5 : i32
// CHECK: arith.subi
// CHECK: arith.constant -3 : i32
// CHECK: arith.subi
func.func @matmul_two_activations(%x: tensor<3x2xui8>, %y: tensor<4x2xsi8>) -> tensor<3x4xi32> {
  %t = qnn.transpose %y [1, 0] : (tensor<4x2xsi8>) -> tensor<2x4xsi8>
  %r = qnn.matmul %x, %t lhs_zero_point(5) rhs_zero_point(-3) : (tensor<3x2xui8>, tensor<2x4xsi8>) -> tensor<3x4xi32>
  return %r : tensor<3x4xi32>
}

// -----

/// Words of the left side must lie together: it is transposed before. Codes
/// without a sign on the right side get one.
// CHECK-LABEL: @matmul_transposed_left
// CHECK: %[[LEFT:.*]] = linalg.transpose
// CHECK: arith.xori %{{.*}}, %{{.*}} : i8
// CHECK: linalg.generic {{.*}} ins(%[[LEFT]],
// CHECK: arith.extui
// CHECK: arith.extsi
func.func @matmul_transposed_left(%x: tensor<2x3xui8>, %y: tensor<2x4xui8>) -> tensor<3x4xi32> {
  %t = qnn.transpose %x [1, 0] : (tensor<2x3xui8>) -> tensor<3x2xui8>
  %r = qnn.matmul %t, %y : (tensor<3x2xui8>, tensor<2x4xui8>) -> tensor<3x4xi32>
  return %r : tensor<3x4xi32>
}

// -----

/// One input channel for each output channel: no loop over input channels.
// CHECK-LABEL: @conv2d_depthwise
// CHECK: linalg.generic {{.*}}["parallel", "parallel", "parallel", "reduction", "reduction", "parallel"]
func.func @conv2d_depthwise(%x: tensor<1x3x3x4xui8>, %w: tensor<4x2x2x1xsi8>) -> tensor<1x2x2x4xi32> {
  %r = qnn.conv2d %x, %w groups(4) : (tensor<1x3x3x4xui8>, tensor<4x2x2x1xsi8>) -> tensor<1x2x2x4xi32>
  return %r : tensor<1x2x2x4xi32>
}

// -----

/// Padding is the code of the real number 0.
// CHECK-LABEL: @conv2d_padding
// CHECK: %[[ZERO:.*]] = arith.constant -1 : i8
// CHECK: %[[BORDER:.*]] = linalg.fill ins(%[[ZERO]] : i8)
// CHECK: tensor.insert_slice %{{.*}} into %[[BORDER]][0, 1, 2, 0]
func.func @conv2d_padding(%x: tensor<1x3x3x1xui8>, %w: tensor<1x2x2x1xsi8>) -> tensor<1x3x4x1xi32> {
  %r = qnn.conv2d %x, %w pad [1, 0, 2, 0] input_zero_point(255) : (tensor<1x3x3x1xui8>, tensor<1x2x2x1xsi8>) -> tensor<1x3x4x1xi32>
  return %r : tensor<1x3x4x1xi32>
}

// -----

/// Two rows of the result in turn: tap 1 reaches the even ones, 0 and 2 the odd
/// ones.
// CHECK-LABEL: @conv2d_input_gradient
// CHECK: %[[W:.*]] = linalg.transpose ins(%arg1
// CHECK: %[[ZEROS:.*]] = linalg.fill
// CHECK: %[[EVEN_TAPS:.*]] = tensor.extract_slice %[[W]][1, 0, 0, 0] [1, 1, 3, 1] [2, 1, 1, 1]
// CHECK: %[[EVEN:.*]] = linalg.generic {{.*}} ins(%{{.*}}, %[[EVEN_TAPS]]
// CHECK: tensor.insert_slice %[[EVEN]] into %[[ZEROS]][0, 0, 0, 0] [1, 2, 1, 1] [1, 2, 1, 1]
// CHECK: %[[ODD_TAPS:.*]] = tensor.extract_slice %[[W]][0, 0, 0, 0] [2, 1, 3, 1] [2, 1, 1, 1]
// CHECK: %[[ODD:.*]] = linalg.generic {{.*}} ins(%{{.*}}, %[[ODD_TAPS]]
// CHECK: tensor.insert_slice %[[ODD]] into %{{.*}}[0, 1, 0, 0] [1, 2, 1, 1] [1, 2, 1, 1]
func.func @conv2d_input_gradient(%dy: tensor<1x2x1x3xf32>, %w: tensor<3x3x1x1xf32>) -> tensor<1x4x1x1xf32> {
  %r = qnn.conv2d_input_gradient %dy, %w strides [2, 1] pad [1, 0, 0, 0] : (tensor<1x2x1x3xf32>, tensor<3x3x1x1xf32>) -> tensor<1x4x1x1xf32>
  return %r : tensor<1x4x1x1xf32>
}

// -----

/// Taps and input channels are rows, output channels columns.
// CHECK-LABEL: @conv2d_weights_gradient
// CHECK: %[[SUMS:.*]] = linalg.generic {{.*}}["parallel", "parallel", "reduction", "reduction", "reduction", "parallel", "parallel"]{{.*}} ins(%arg1, %arg0
// CHECK-SAME: outs(%{{.*}} : tensor<2x2x3x5xf32>)
// CHECK: linalg.transpose ins(%[[SUMS]] {{.*}} permutation = [3, 0, 1, 2]
func.func @conv2d_weights_gradient(%dy: tensor<2x3x3x5xf32>, %x: tensor<2x4x4x3xf32>) -> tensor<5x2x2x3xf32> {
  %r = qnn.conv2d_weights_gradient %dy, %x : (tensor<2x3x3x5xf32>, tensor<2x4x4x3xf32>) -> tensor<5x2x2x3xf32>
  return %r : tensor<5x2x2x3xf32>
}
