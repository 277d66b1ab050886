// From batch 1 (or another) to 6 rows, in the three forms.
// RUN: quant-opt %s -split-input-file --qnn-set-batch=batch=6 | FileCheck %s

/// Parameters and learned scales keep their types; what does not depend on an
/// input does, too, and broadcasts.
// CHECK: func.func @float(%{{.*}}: tensor<6x8x8x3xui8>, %{{.*}}: tensor<4x3x3x3xf32> {qnn.parameter = "w"}, %{{.*}}: tensor<f32> {qnn.scale = "s"}, %{{.*}}: tensor<1x4xf32> {qnn.parameter = "b"}) -> (tensor<6x4xf32>, tensor<1x4xf32>) {
// CHECK: qnn.normalize {{.*}} : (tensor<6x8x8x3xui8>) -> tensor<6x8x8x3xf32>
// CHECK: qnn.conv2d {{.*}} : (tensor<6x8x8x3xf32>, tensor<4x3x3x3xf32>) -> tensor<6x8x8x4xf32>
// CHECK: qnn.max_pool2d {{.*}} -> tensor<6x4x4x4xf32>
// CHECK: qnn.avg_pool2d {{.*}} -> tensor<6x2x2x4xf32>
// CHECK: qnn.pad {{.*}} -> tensor<6x3x2x4xf32>
// CHECK: qnn.reverse {{.*}} -> tensor<6x3x2x4xf32>
// CHECK: qnn.transpose {{.*}} -> tensor<6x4x3x2xf32>
// CHECK: qnn.mean {{.*}} -> tensor<6x4x1x1xf32>
// CHECK: tensor.collapse_shape {{.*}} : tensor<6x4x1x1xf32> into tensor<6x4xf32>
// CHECK: qnn.add {{.*}} : (tensor<6x4xf32>, tensor<1x4xf32>) -> tensor<6x4xf32>
// CHECK: qnn.mul {{.*}} : (tensor<6x4xf32>, tensor<f32>) -> tensor<6x4xf32>
// CHECK: qnn.observe {{.*}} : tensor<6x4xf32>
// CHECK: qnn.softmax {{.*}} -> tensor<6x4xf32>
// CHECK: qnn.add {{.*}} : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
func.func @float(%x: tensor<1x8x8x3xui8>, %w: tensor<4x3x3x3xf32> {qnn.parameter = "w"},
                 %s: tensor<f32> {qnn.scale = "s"}, %b: tensor<1x4xf32> {qnn.parameter = "b"})
    -> (tensor<1x4xf32>, tensor<1x4xf32>) {
  %0 = qnn.normalize %x mean [0.0, 1.0, 2.0] scale [1.0] : (tensor<1x8x8x3xui8>) -> tensor<1x8x8x3xf32>
  %1 = qnn.conv2d %0, %w pad [1, 1, 1, 1] : (tensor<1x8x8x3xf32>, tensor<4x3x3x3xf32>) -> tensor<1x8x8x4xf32>
  %2 = qnn.max_pool2d %1 kernel [2, 2] strides [2, 2] : (tensor<1x8x8x4xf32>) -> tensor<1x4x4x4xf32>
  %3 = qnn.avg_pool2d %2 kernel [2, 2] strides [2, 2] : (tensor<1x4x4x4xf32>) -> tensor<1x2x2x4xf32>
  %4 = qnn.pad %3 low [0, 1, 0, 0] high [0, 0, 0, 0] : (tensor<1x2x2x4xf32>) -> tensor<1x3x2x4xf32>
  %5 = qnn.reverse %4 axes [1, 2] : (tensor<1x3x2x4xf32>) -> tensor<1x3x2x4xf32>
  %6 = qnn.transpose %5 [0, 3, 1, 2] : (tensor<1x3x2x4xf32>) -> tensor<1x4x3x2xf32>
  %7 = qnn.mean %6 axes [2, 3] : (tensor<1x4x3x2xf32>) -> tensor<1x4x1x1xf32>
  %8 = tensor.collapse_shape %7 [[0], [1, 2, 3]] : tensor<1x4x1x1xf32> into tensor<1x4xf32>
  %9 = qnn.add %8, %b : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  %10 = qnn.mul %9, %s : (tensor<1x4xf32>, tensor<f32>) -> tensor<1x4xf32>
  qnn.observe %10 "logits" : tensor<1x4xf32>
  %11 = qnn.softmax %10 axis(1) : (tensor<1x4xf32>) -> tensor<1x4xf32>
  %12 = qnn.add %b, %b : (tensor<1x4xf32>, tensor<1x4xf32>) -> tensor<1x4xf32>
  return %11, %12 : tensor<1x4xf32>, tensor<1x4xf32>
}

// -----

/// Scales of inputs and outputs are numbers, not names of learned ones.
// CHECK: func.func @quantized(%{{.*}}: tensor<6x8xf32> {qnn.scale = 5.000000e-01 : f64}) -> (tensor<6x4xf32> {qnn.name = "y"}) {
// CHECK: %[[W:.*]] = qnn.constant {{.*}} as tensor<8x4x!quant.uniform<i8:f32:1,
// CHECK: qnn.quantize {{.*}} -> tensor<6x8x!quant.uniform<u8:f32, 5.000000e-01>>
// CHECK: qnn.matmul %{{.*}}, %[[W]] clamp_min(0.000000e+00) {{.*}} -> tensor<6x4x!quant.uniform<u8:f32, 1.000000e+00>>
// CHECK: qnn.requantize {{.*}} -> tensor<6x4x!quant.uniform<u8:f32, 2.500000e-01>>
// CHECK: qnn.dequantize {{.*}} -> tensor<6x4xf32>
func.func @quantized(%x: tensor<1x8xf32> {qnn.scale = 0.5}) -> (tensor<1x4xf32> {qnn.name = "y"}) {
  %w = qnn.constant dense<1> : tensor<8x4xi8> as tensor<8x4x!quant.uniform<i8:f32:1, {1.0, 2.0, 0.5, 4.0}>>
  %0 = qnn.quantize %x : (tensor<1x8xf32>) -> tensor<1x8x!quant.uniform<u8:f32, 0.5>>
  %1 = qnn.matmul %0, %w clamp_min(0.0) : (tensor<1x8x!quant.uniform<u8:f32, 0.5>>, tensor<8x4x!quant.uniform<i8:f32:1, {1.0, 2.0, 0.5, 4.0}>>) -> tensor<1x4x!quant.uniform<u8:f32, 1.0>>
  %2 = qnn.requantize %1 : (tensor<1x4x!quant.uniform<u8:f32, 1.0>>) -> tensor<1x4x!quant.uniform<u8:f32, 0.25>>
  %3 = qnn.dequantize %2 : (tensor<1x4x!quant.uniform<u8:f32, 0.25>>) -> tensor<1x4xf32>
  return %3 : tensor<1x4xf32>
}

// -----

// CHECK-LABEL: func.func @explicit(
// CHECK: qnn.sum_pool2d {{.*}} -> tensor<6x1x1x4xi32>
// CHECK: qnn.rescale {{.*}} -> tensor<6x1x1x4xsi8>
// CHECK: qnn.lookup {{.*}} -> tensor<6x1x1x4xui8>
// CHECK: qnn.sum {{.*}} -> tensor<6x1x1x1xi32>
// CHECK: qnn.fixed_point_rescale {{.*}} -> tensor<6x1x1x1xsi8>
func.func @explicit(%x: tensor<1x2x2x4xui8>) -> tensor<1x1x1x1xsi8> {
  %0 = qnn.sum_pool2d %x kernel [2, 2] : (tensor<1x2x2x4xui8>) -> tensor<1x1x1x4xi32>
  %1 = qnn.rescale %0 multiplier(dense<[[[[0.5, 1.0, 2.0, 4.0]]]]> : tensor<1x1x1x4xf32>) range(-128, 127) : (tensor<1x1x1x4xi32>) -> tensor<1x1x1x4xsi8>
  %2 = qnn.lookup %1 table(dense<7> : tensor<256xi8>) offset(-128) : (tensor<1x1x1x4xsi8>) -> tensor<1x1x1x4xui8>
  %3 = qnn.sum %2 axes [3] : (tensor<1x1x1x4xui8>) -> tensor<1x1x1x1xi32>
  %4 = qnn.fixed_point_rescale %3 multiplier [1288490189] shift [-1] range(-128, 127) requantization(tflite_double) : (tensor<1x1x1x1xi32>) -> tensor<1x1x1x1xsi8>
  return %4 : tensor<1x1x1x1xsi8>
}

// -----

/// Rows become more entries of axis 0, and one again; matrices are multiplied
/// row by row.
// CHECK-LABEL: func.func @reshapes(
// CHECK: tensor.collapse_shape {{.*}} : tensor<6x49x8xf32> into tensor<294x8xf32>
// CHECK: qnn.matmul {{.*}} : (tensor<294x8xf32>, tensor<8x8xf32>) -> tensor<294x8xf32>
// CHECK: tensor.expand_shape {{.*}} output_shape [6, 49, 2, 4] : tensor<294x8xf32> into tensor<6x49x2x4xf32>
// CHECK: tensor.extract_slice {{.*}}[0, 0, 0, 0] [6, 49, 1, 4] [1, 1, 1, 1] : tensor<6x49x2x4xf32> to tensor<6x49x4xf32>
// CHECK: tensor.extract_slice {{.*}}[0, 0, 1, 0] [6, 49, 1, 4] [1, 1, 1, 1] : tensor<6x49x2x4xf32> to tensor<6x49x4xf32>
// CHECK: qnn.matmul {{.*}} -> tensor<6x49x49xf32>
// CHECK: tensor.concat dim(2) {{.*}} -> tensor<6x49x53xf32>
// CHECK: tensor.expand_shape {{.*}} output_shape [42, 7, 53] : tensor<294x53xf32> into tensor<42x7x53xf32>
func.func @reshapes(%x: tensor<1x49x8xf32>, %w: tensor<8x8xf32> {qnn.parameter = "w"}) -> tensor<7x7x53xf32> {
  %0 = tensor.collapse_shape %x [[0, 1], [2]] : tensor<1x49x8xf32> into tensor<49x8xf32>
  %1 = qnn.matmul %0, %w : (tensor<49x8xf32>, tensor<8x8xf32>) -> tensor<49x8xf32>
  %2 = tensor.expand_shape %1 [[0, 1], [2, 3]] output_shape [1, 49, 2, 4] : tensor<49x8xf32> into tensor<1x49x2x4xf32>
  %q = tensor.extract_slice %2[0, 0, 0, 0] [1, 49, 1, 4] [1, 1, 1, 1] : tensor<1x49x2x4xf32> to tensor<1x49x4xf32>
  %k = tensor.extract_slice %2[0, 0, 1, 0] [1, 49, 1, 4] [1, 1, 1, 1] : tensor<1x49x2x4xf32> to tensor<1x49x4xf32>
  %kt = qnn.transpose %k [0, 2, 1] : (tensor<1x49x4xf32>) -> tensor<1x4x49xf32>
  %3 = qnn.matmul %q, %kt : (tensor<1x49x4xf32>, tensor<1x4x49xf32>) -> tensor<1x49x49xf32>
  %4 = tensor.concat dim(2) %3, %q : (tensor<1x49x49xf32>, tensor<1x49x4xf32>) -> tensor<1x49x53xf32>
  %5 = tensor.collapse_shape %4 [[0, 1], [2]] : tensor<1x49x53xf32> into tensor<49x53xf32>
  %6 = tensor.expand_shape %5 [[0, 1], [2]] output_shape [7, 7, 53] : tensor<49x53xf32> into tensor<7x7x53xf32>
  return %6 : tensor<7x7x53xf32>
}

// -----

/// From 4 rows of 3 entries each.
// CHECK: func.func @fewer_and_more(%{{.*}}: tensor<6x3xf32>, %{{.*}}: tensor<6xf32>) -> (tensor<18xf32>, tensor<6xf32>)
func.func @fewer_and_more(%x: tensor<4x3xf32>, %z: tensor<4xf32>) -> (tensor<12xf32>, tensor<4xf32>) {
  %0 = tensor.collapse_shape %x [[0, 1]] : tensor<4x3xf32> into tensor<12xf32>
  return %0, %z : tensor<12xf32>, tensor<4xf32>
}

// -----

/// What is the same for all rows is repeated, by copies of copies.
// CHECK-LABEL: func.func @repeats(
// CHECK-SAME: %[[X:.*]]: tensor<6x1x2xf32>, %[[C:.*]]: tensor<1x1x2xf32>
// CHECK: %[[C3:.*]] = tensor.concat dim(0) %[[C]], %[[C]], %[[C]] : {{.*}} -> tensor<3x1x2xf32>
// CHECK: %[[C6:.*]] = tensor.concat dim(0) %[[C3]], %[[C3]] : {{.*}} -> tensor<6x1x2xf32>
// CHECK: %[[JOINED:.*]] = tensor.concat dim(1) %[[C6]], %[[X]] : {{.*}} -> tensor<6x2x2xf32>
// CHECK: %[[FLAT:.*]] = tensor.collapse_shape %[[JOINED]]
// CHECK: tensor.concat dim(0)
// CHECK: %[[W:.*]] = tensor.concat dim(0) {{.*}} -> tensor<12x2xf32>
// CHECK: qnn.add %[[FLAT]], %[[W]] : {{.*}} -> tensor<12x2xf32>
func.func @repeats(%x: tensor<1x1x2xf32>, %class: tensor<1x1x2xf32> {qnn.parameter = "class"},
                   %w: tensor<2x2xf32> {qnn.parameter = "w"}) -> tensor<2x2xf32> {
  %0 = tensor.concat dim(1) %class, %x : (tensor<1x1x2xf32>, tensor<1x1x2xf32>) -> tensor<1x2x2xf32>
  %1 = tensor.collapse_shape %0 [[0, 1], [2]] : tensor<1x2x2xf32> into tensor<2x2xf32>
  %2 = qnn.add %1, %w : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
  return %2 : tensor<2x2xf32>
}

// -----

/// Attention of rank 2: the matrices of each row are multiplied, not of all.
// CHECK-LABEL: func.func @attention(
// CHECK: %[[KEYS:.*]] = tensor.expand_shape {{.*}} output_shape [6, 4, 3] : tensor<24x3xf32> into tensor<6x4x3xf32>
// CHECK: %[[MOVED:.*]] = qnn.transpose %[[KEYS]] [0, 2, 1] : (tensor<6x4x3xf32>) -> tensor<6x3x4xf32>
// CHECK: %[[FLAT:.*]] = tensor.collapse_shape %[[MOVED]] {{.*}} into tensor<18x4xf32>
// CHECK: %[[LHS:.*]] = tensor.expand_shape %{{.*}} : tensor<24x3xf32> into tensor<6x4x3xf32>
// CHECK: %[[RHS:.*]] = tensor.expand_shape %[[FLAT]] {{.*}} : tensor<18x4xf32> into tensor<6x3x4xf32>
// CHECK: %[[SCORES:.*]] = qnn.matmul %[[LHS]], %[[RHS]] bias(%{{.*}}) clamp_min(0.000000e+00) : {{.*}} -> tensor<6x4x4xf32>
// CHECK: tensor.collapse_shape %[[SCORES]] {{.*}} into tensor<24x4xf32>
// CHECK: tensor.concat dim(0) {{.*}} -> tensor<6x2x4xf32>
// CHECK: qnn.matmul {{.*}} : (tensor<6x2x4xf32>, tensor<6x4x4xf32>) -> tensor<6x2x4xf32>
func.func @attention(%x: tensor<1x4x3xf32>, %b: tensor<4xf32> {qnn.parameter = "b"},
                     %w: tensor<2x4xf32> {qnn.parameter = "w"}) -> tensor<2x4xf32> {
  %0 = tensor.collapse_shape %x [[0, 1], [2]] : tensor<1x4x3xf32> into tensor<4x3xf32>
  %1 = qnn.transpose %0 [1, 0] : (tensor<4x3xf32>) -> tensor<3x4xf32>
  %2 = qnn.matmul %0, %1 bias(%b) clamp_min(0.0) : (tensor<4x3xf32>, tensor<3x4xf32>, tensor<4xf32>) -> tensor<4x4xf32>
  %3 = qnn.matmul %w, %2 : (tensor<2x4xf32>, tensor<4x4xf32>) -> tensor<2x4xf32>
  return %3 : tensor<2x4xf32>
}
