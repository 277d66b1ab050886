// RUN: quant-opt %s -split-input-file -convert-qnn-to-linalg -qnn-fuse-elementwise | FileCheck %s

// CHECK-LABEL: @chain
// CHECK-COUNT-1: linalg.generic
// CHECK-NOT: linalg.generic
func.func @chain(%x: tensor<4xf32>) -> tensor<4xui8> {
  %a = qnn.clamp %x clamp_min(0.0) : (tensor<4xf32>) -> tensor<4xf32>
  %r = qnn.rescale %a multiplier(dense<2.0> : tensor<f32>) range(0, 255) : (tensor<4xf32>) -> tensor<4xui8>
  return %r : tensor<4xui8>
}

// -----

/// Fused, the clamp would be computed once for each of three columns.
// CHECK-LABEL: @negative_broadcast
// CHECK-COUNT-2: linalg.generic
func.func @negative_broadcast(%x: tensor<4x1xf32>, %y: tensor<4x3xf32>) -> tensor<4x3xf32> {
  %a = qnn.clamp %x clamp_min(0.0) : (tensor<4x1xf32>) -> tensor<4x1xf32>
  %r = qnn.add %a, %y : (tensor<4x1xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
  return %r : tensor<4x3xf32>
}

// -----

/// Two products are added: the later one's rescaling is fused with the sum, the
/// earlier one's result is stored as bytes.
// CHECK-LABEL: @residual
// CHECK: %[[FIRST:.*]] = linalg.generic {{.*}}"reduction"
// CHECK: %[[CODES:.*]] = linalg.generic {{.*}} ins(%[[FIRST]] : tensor<4x4xi32>) outs(%{{.*}} : tensor<4x4xi8>)
// CHECK: %[[SECOND:.*]] = linalg.generic {{.*}}"reduction"
// CHECK: linalg.generic {{.*}} ins(%[[CODES]], %[[SECOND]] : tensor<4x4xi8>, tensor<4x4xi32>)
// CHECK-NOT: linalg.generic
func.func @residual(%x: tensor<4x4xui8>, %w: tensor<4x4xsi8>, %v: tensor<4x4xsi8>) -> tensor<4x4xf32> {
  %a = qnn.matmul %x, %w : (tensor<4x4xui8>, tensor<4x4xsi8>) -> tensor<4x4xi32>
  %b = qnn.rescale %a multiplier(dense<0.5> : tensor<f32>) range(0, 255) : (tensor<4x4xi32>) -> tensor<4x4xui8>
  %c = qnn.rescale %b multiplier(dense<2.0> : tensor<f32>) : (tensor<4x4xui8>) -> tensor<4x4xf32>
  %e = qnn.matmul %x, %v : (tensor<4x4xui8>, tensor<4x4xsi8>) -> tensor<4x4xi32>
  %f = qnn.rescale %e multiplier(dense<0.5> : tensor<f32>) range(0, 255) : (tensor<4x4xi32>) -> tensor<4x4xui8>
  %g = qnn.rescale %f multiplier(dense<2.0> : tensor<f32>) : (tensor<4x4xui8>) -> tensor<4x4xf32>
  %h = qnn.add %c, %g : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  return %h : tensor<4x4xf32>
}

// -----

/// Quantization and transpose of an input are one loop.
// CHECK-DAG: #[[IN:.*]] = affine_map<(d0, d1) -> (d1, d0)>
// CHECK-DAG: #[[OUT:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-LABEL: @transposed_input
// CHECK: linalg.generic {indexing_maps = [#[[IN]], #[[OUT]]]
// CHECK-NOT: linalg.{{generic|transpose}}
func.func @transposed_input(%x: tensor<4x3xf32>) -> tensor<3x4xui8> {
  %a = qnn.rescale %x multiplier(dense<2.0> : tensor<f32>) range(0, 255) : (tensor<4x3xf32>) -> tensor<4x3xui8>
  %b = qnn.transpose %a [1, 0] : (tensor<4x3xui8>) -> tensor<3x4xui8>
  return %b : tensor<3x4xui8>
}

// -----

/// Results of a product are stored in its order, for its registers; then moved.
// CHECK-LABEL: @negative_transposed_epilogue
// CHECK: linalg.generic {{.*}}"reduction"
// CHECK: linalg.generic {{.*}}outs(%{{.*}} : tensor<4x2xi8>)
// CHECK: linalg.generic {{.*}}outs(%{{.*}} : tensor<2x4xi8>)
func.func @negative_transposed_epilogue(%x: tensor<4x4xui8>, %w: tensor<4x2xsi8>) -> tensor<2x4xui8> {
  %a = qnn.matmul %x, %w : (tensor<4x4xui8>, tensor<4x2xsi8>) -> tensor<4x2xi32>
  %b = qnn.rescale %a multiplier(dense<0.5> : tensor<f32>) range(0, 255) : (tensor<4x2xi32>) -> tensor<4x2xui8>
  %c = qnn.transpose %b [1, 0] : (tensor<4x2xui8>) -> tensor<2x4xui8>
  return %c : tensor<2x4xui8>
}

// -----

/// The reshape of an input comes before the quantization, where it is free.
// CHECK-LABEL: @reshaped_input
// CHECK-SAME: %[[X:.*]]: tensor<1x4x3xf32>
// CHECK: tensor.collapse_shape %[[X]]
// CHECK: %[[CODES:.*]] = linalg.generic
// CHECK: return %[[CODES]] : tensor<12xi8>
func.func @reshaped_input(%x: tensor<1x4x3xf32>) -> tensor<12xui8> {
  %a = qnn.rescale %x multiplier(dense<2.0> : tensor<f32>) range(0, 255) : (tensor<1x4x3xf32>) -> tensor<1x4x3xui8>
  %b = tensor.collapse_shape %a [[0, 1, 2]] : tensor<1x4x3xui8> into tensor<12xui8>
  return %b : tensor<12xui8>
}

// -----

/// A sum makes its terms itself.
// CHECK-LABEL: @sum_of_squares
// CHECK-COUNT-1: linalg.generic
// CHECK-NOT: linalg.generic
func.func @sum_of_squares(%x: tensor<4x8xf32>) -> tensor<1x8xf32> {
  %s = qnn.mul %x, %x : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %r = qnn.sum %s axes [0] : (tensor<4x8xf32>) -> tensor<1x8xf32>
  return %r : tensor<1x8xf32>
}

// -----

/// But not the terms that the end of a product stores.
// CHECK-LABEL: @negative_sum_of_a_product
// CHECK: linalg.generic {{.*}}"reduction"
// CHECK: linalg.generic {{.*}}iterator_types = ["parallel", "parallel"]}
// CHECK: linalg.generic {{.*}}"reduction"
func.func @negative_sum_of_a_product(%x: tensor<4x4xf32>, %w: tensor<4x4xf32>) -> tensor<1x4xf32> {
  %p = qnn.matmul %x, %w clamp_min(0.0) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %r = qnn.sum %p axes [0] : (tensor<4x4xf32>) -> tensor<1x4xf32>
  return %r : tensor<1x4xf32>
}

// -----

/// The update of a parameter, which returns its state, too, is one operation.
// CHECK-LABEL: @update
// CHECK-COUNT-1: linalg.generic
// CHECK-NOT: linalg.generic
// CHECK: return %{{.*}}#{{[01]}}, %{{.*}}#{{[01]}}
func.func @update(%w: tensor<4xf32>, %g: tensor<4xf32>, %v: tensor<4xf32>, %rate: tensor<f32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %s = qnn.add %g, %v : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %d = qnn.mul %s, %rate : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %r = qnn.sub %w, %d : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %r, %s : tensor<4xf32>, tensor<4xf32>
}

// -----

/// What a third one reads is needed before.
// CHECK-LABEL: @negative_read_by_others
// CHECK-COUNT-3: linalg.generic
func.func @negative_read_by_others(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %s = qnn.add %x, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %a = qnn.clamp %s clamp_min(0.0) : (tensor<4xf32>) -> tensor<4xf32>
  %b = qnn.clamp %s clamp_max(0.0) : (tensor<4xf32>) -> tensor<4xf32>
  return %s, %a, %b : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// -----

/// Fused, one operand would lie in memory in another order than the other: no
/// vectors. One operand alone is read in any order.
// CHECK-LABEL: @negative_orders
// CHECK: %[[T:.*]] = linalg.generic {{.*}} ins(%arg0 : tensor<3x4xf32>)
// CHECK: linalg.generic {{.*}} ins(%[[T]], %arg1 : tensor<4x3xf32>, tensor<4x3xf32>)
func.func @negative_orders(%x: tensor<3x4xf32>, %y: tensor<4x3xf32>) -> tensor<4x3xf32> {
  %t = qnn.transpose %x [1, 0] : (tensor<3x4xf32>) -> tensor<4x3xf32>
  %r = qnn.add %t, %y : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
  return %r : tensor<4x3xf32>
}

// -----

// CHECK-LABEL: @orders
// CHECK: linalg.generic {{.*}} ins(%arg0
// CHECK-NOT: linalg.generic
func.func @orders(%x: tensor<3x4xf32>) -> tensor<4x3xf32> {
  %t = qnn.transpose %x [1, 0] : (tensor<3x4xf32>) -> tensor<4x3xf32>
  %r = qnn.clamp %t clamp_min(0.0) : (tensor<4x3xf32>) -> tensor<4x3xf32>
  return %r : tensor<4x3xf32>
}
