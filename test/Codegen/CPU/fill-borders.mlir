// RUN: quant-opt %s -split-input-file -qnn-cpu-fill-borders | FileCheck %s

/// Rows of 4 x 2 elements, one pixel of padding: before the first pixel there
/// are 10 elements, between rows the last pixel and the first one, 4.
// CHECK-LABEL: @image
// CHECK: %[[BUFFER:.*]] = memref.alloc() : memref<3x4x4x2xi8>
// CHECK: %[[BEFORE:.*]] = memref.reinterpret_cast %[[BUFFER]] to offset: [0], sizes: [3, 1, 10], strides: [32, 8, 1]
// CHECK: linalg.fill ins(%{{.*}}) outs(%[[BEFORE]]
// CHECK: %[[BETWEEN:.*]] = memref.reinterpret_cast %[[BUFFER]] to offset: [14], sizes: [3, 1, 4], strides: [32, 8, 1]
// CHECK: linalg.fill ins(%{{.*}}) outs(%[[BETWEEN]]
// CHECK: %[[BEHIND:.*]] = memref.reinterpret_cast %[[BUFFER]] to offset: [22], sizes: [3, 1, 10], strides: [32, 8, 1]
// CHECK: linalg.fill ins(%{{.*}}) outs(%[[BEHIND]]
// CHECK-NOT: linalg.fill
func.func @image(%x: memref<3x2x2x2xi8>, %y: memref<3x4x4x2xi8>) {
  %c7 = arith.constant 7 : i8
  %buffer = memref.alloc() : memref<3x4x4x2xi8>
  linalg.fill ins(%c7 : i8) outs(%buffer : memref<3x4x4x2xi8>)
  %interior = memref.subview %buffer[0, 1, 1, 0] [3, 2, 2, 2] [1, 1, 1, 1]
    : memref<3x4x4x2xi8> to memref<3x2x2x2xi8, strided<[32, 8, 2, 1], offset: 10>>
  linalg.copy ins(%x : memref<3x2x2x2xi8>) outs(%interior : memref<3x2x2x2xi8, strided<[32, 8, 2, 1], offset: 10>>)
  linalg.copy ins(%buffer : memref<3x4x4x2xi8>) outs(%y : memref<3x4x4x2xi8>)
  return
}

// -----

/// One axis, padding behind only: nothing is before or between.
// CHECK-LABEL: @one_side
// CHECK-COUNT-1: memref.reinterpret_cast %{{.*}} to offset: [2], sizes: [4, 1, 1], strides: [3, 3, 1]
// CHECK-NOT: memref.reinterpret_cast
func.func @one_side(%x: memref<4x2xi8>) {
  %c7 = arith.constant 7 : i8
  %buffer = memref.alloc() : memref<4x3xi8>
  linalg.fill ins(%c7 : i8) outs(%buffer : memref<4x3xi8>)
  %interior = memref.subview %buffer[0, 0] [4, 2] [1, 1] : memref<4x3xi8> to memref<4x2xi8, strided<[3, 1]>>
  linalg.copy ins(%x : memref<4x2xi8>) outs(%interior : memref<4x2xi8, strided<[3, 1]>>)
  return
}

// -----

/// The interior is read before it is written.
// CHECK-LABEL: @negative_read_first
// CHECK: linalg.fill ins(%{{.*}}) outs(%{{.*}} : memref<4x3xi8>)
func.func @negative_read_first(%x: memref<4x2xi8>, %y: memref<4x3xi8>) {
  %c7 = arith.constant 7 : i8
  %buffer = memref.alloc() : memref<4x3xi8>
  linalg.fill ins(%c7 : i8) outs(%buffer : memref<4x3xi8>)
  linalg.copy ins(%buffer : memref<4x3xi8>) outs(%y : memref<4x3xi8>)
  %interior = memref.subview %buffer[0, 0] [4, 2] [1, 1] : memref<4x3xi8> to memref<4x2xi8, strided<[3, 1]>>
  linalg.copy ins(%x : memref<4x2xi8>) outs(%interior : memref<4x2xi8, strided<[3, 1]>>)
  return
}

// -----

/// The next operation adds to what was filled.
// CHECK-LABEL: @negative_accumulates
// CHECK: linalg.fill ins(%{{.*}}) outs(%{{.*}} : memref<4x3xi8>)
func.func @negative_accumulates(%x: memref<4x2xi8>) {
  %c7 = arith.constant 7 : i8
  %buffer = memref.alloc() : memref<4x3xi8>
  linalg.fill ins(%c7 : i8) outs(%buffer : memref<4x3xi8>)
  %interior = memref.subview %buffer[0, 0] [4, 2] [1, 1] : memref<4x3xi8> to memref<4x2xi8, strided<[3, 1]>>
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%x : memref<4x2xi8>) outs(%interior : memref<4x2xi8, strided<[3, 1]>>) {
  ^bb0(%a: i8, %b: i8):
    %0 = arith.addi %a, %b : i8
    linalg.yield %0 : i8
  }
  return
}

// -----

/// Three axes are cut.
// CHECK-LABEL: @negative_three_axes
// CHECK: linalg.fill ins(%{{.*}}) outs(%{{.*}} : memref<3x3x3xi8>)
func.func @negative_three_axes(%x: memref<2x2x2xi8>) {
  %c7 = arith.constant 7 : i8
  %buffer = memref.alloc() : memref<3x3x3xi8>
  linalg.fill ins(%c7 : i8) outs(%buffer : memref<3x3x3xi8>)
  %interior = memref.subview %buffer[0, 0, 0] [2, 2, 2] [1, 1, 1] : memref<3x3x3xi8> to memref<2x2x2xi8, strided<[9, 3, 1]>>
  linalg.copy ins(%x : memref<2x2x2xi8>) outs(%interior : memref<2x2x2xi8, strided<[9, 3, 1]>>)
  return
}
