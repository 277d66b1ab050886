// RUN: quant-opt %s -split-input-file -convert-qnn-to-linalg | FileCheck %s

/// Clamp by compare and select before rounding; the magic number rounds.
// CHECK-LABEL: @rescale
// CHECK: arith.sitofp %{{.*}} : i32 to f32
// CHECK-NEXT: arith.mulf
// CHECK: arith.cmpf ogt
// CHECK-NEXT: arith.select
// CHECK: arith.cmpf olt
// CHECK-NEXT: arith.select
// CHECK: arith.addf %{{.*}}
// CHECK-NEXT: arith.bitcast %{{.*}} : f32 to i32
// CHECK: arith.constant 1262485504 : i32
// CHECK-NEXT: arith.subi
// CHECK: arith.trunci %{{.*}} : i32 to i8
func.func @rescale(%x: tensor<4xi32>) -> tensor<4xui8> {
  %r = qnn.rescale %x multiplier(dense<0.5> : tensor<f32>) output_zero_point(3) range(0, 255) : (tensor<4xi32>) -> tensor<4xui8>
  return %r : tensor<4xui8>
}

// -----

/// Multipliers of channels are an operand that broadcasts.
// CHECK: #[[ROW:.*]] = affine_map<(d0, d1) -> (d1)>
// CHECK-LABEL: @rescale_per_channel
// CHECK: linalg.generic {indexing_maps = [#{{.*}}, #[[ROW]], #{{.*}}]
// CHECK: arith.divf
// CHECK-NEXT: linalg.yield
func.func @rescale_per_channel(%x: tensor<4x2xi32>) -> tensor<4x2xf32> {
  %r = qnn.rescale %x multiplier(dense<[0.5, 3.0]> : tensor<2xf32>) divide : (tensor<4x2xi32>) -> tensor<4x2xf32>
  return %r : tensor<4x2xf32>
}

// -----

/// The sign of the code decides how it becomes an index.
// CHECK-LABEL: @lookup
// CHECK: %[[ROW:.*]] = linalg.index 0
// CHECK: arith.extsi %{{.*}} : i8 to i32
// CHECK: arith.constant -128 : i32
// CHECK: tensor.extract %{{.*}}[%[[ROW]], %{{.*}}] : tensor<3x256xi8>
func.func @lookup(%x: tensor<3xsi8>) -> tensor<3xui8> {
  %r = qnn.lookup %x table(dense<7> : tensor<3x256xi8>) offset(-128) : (tensor<3xsi8>) -> tensor<3xui8>
  return %r : tensor<3xui8>
}

// -----

/// One table of bytes: the position is computed in bytes, for vectors.
// CHECK-LABEL: @byte_lookup
// CHECK: %[[OFFSET:.*]] = arith.constant -128 : i8
// CHECK: %[[POSITION:.*]] = arith.subi %{{.*}}, %[[OFFSET]] : i8
// CHECK: %[[INDEX:.*]] = arith.index_castui %[[POSITION]] : i8 to index
// CHECK: tensor.extract %{{.*}}[%[[INDEX]]] : tensor<256xi8>
func.func @byte_lookup(%x: tensor<3xsi8>) -> tensor<3xui8> {
  %r = qnn.lookup %x table(dense<7> : tensor<256xi8>) offset(-128) : (tensor<3xsi8>) -> tensor<3xui8>
  return %r : tensor<3xui8>
}

// -----

// CHECK-LABEL: @bucketize
// CHECK: linalg.generic {{.*}}["parallel", "reduction"]
// CHECK: %[[BELOW:.*]] = arith.cmpf olt
// CHECK: arith.extui %[[BELOW]] : i1 to i8
func.func @bucketize(%x: tensor<3xf32>) -> tensor<3xui8> {
  %r = qnn.bucketize %x boundaries(dense<[0.0, 1.0]> : tensor<2xf32>) : (tensor<3xf32>) -> tensor<3xui8>
  return %r : tensor<3xui8>
}
