// RUN: quant-opt %s -split-input-file -convert-qnn-to-linalg | FileCheck %s

/// Types lose their sign at the border of the function, too.
// CHECK-LABEL: @transpose(%{{.*}}: tensor<2x3xi8>) -> tensor<3x2xi8>
// CHECK: linalg.transpose
func.func @transpose(%x: tensor<2x3xui8>) -> tensor<3x2xui8> {
  %r = qnn.transpose %x [1, 0] : (tensor<2x3xui8>) -> tensor<3x2xui8>
  return %r : tensor<3x2xui8>
}

// -----

// CHECK-LABEL: @concat
// CHECK-COUNT-2: tensor.insert_slice
// CHECK: tensor.collapse_shape %{{.*}} : tensor<2x4xi8> into tensor<8xi8>
func.func @concat(%x: tensor<2x3xsi8>, %y: tensor<2x1xsi8>) -> tensor<8xsi8> {
  %c = tensor.concat dim(1) %x, %y : (tensor<2x3xsi8>, tensor<2x1xsi8>) -> tensor<2x4xsi8>
  %r = tensor.collapse_shape %c [[0, 1]] : tensor<2x4xsi8> into tensor<8xsi8>
  return %r : tensor<8xsi8>
}

// -----

// CHECK-LABEL: @slice
// CHECK: tensor.extract_slice %{{.*}}[0, 1] [2, 2] [1, 1] : tensor<2x3xi8> to tensor<2x2xi8>
func.func @slice(%x: tensor<2x3xsi8>) -> tensor<2x2xsi8> {
  %r = tensor.extract_slice %x[0, 1] [2, 2] [1, 1] : tensor<2x3xsi8> to tensor<2x2xsi8>
  return %r : tensor<2x2xsi8>
}

// -----

/// In the explicit form the value is a code.
// CHECK-LABEL: @pad
// CHECK: arith.constant -56 : i8
func.func @pad(%x: tensor<3xui8>) -> tensor<5xui8> {
  %r = qnn.pad %x low [1] high [1] value(200.0) : (tensor<3xui8>) -> tensor<5xui8>
  return %r : tensor<5xui8>
}

// -----

// CHECK-LABEL: @add
// CHECK: arith.addf
// CHECK: arith.cmpf ogt
func.func @add(%x: tensor<2x1xf32>, %y: tensor<3xf32>) -> tensor<2x3xf32> {
  %r = qnn.add %x, %y clamp_min(0.0) : (tensor<2x1xf32>, tensor<3xf32>) -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}

// -----

/// Read backwards, written forwards.
// CHECK: #[[BACK:.*]] = affine_map<(d0, d1) -> (d0, -d1 + 2)>
// CHECK-LABEL: @reverse
// CHECK: linalg.generic {indexing_maps = [#[[BACK]],
func.func @reverse(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %r = qnn.reverse %x axes [1] : (tensor<2x3xf32>) -> tensor<2x3xf32>
  return %r : tensor<2x3xf32>
}
