// TFLite's requantization in integer arithmetic, without branches.
// RUN: quant-opt %s -split-input-file -convert-qnn-to-linalg | FileCheck %s

/// A shift of -1 is a total of 32 with half of 2^31.
// CHECK-LABEL: @single
// CHECK: %[[M:.*]] = arith.constant 1288490189 : i32
// CHECK: %[[SHIFT:.*]] = arith.constant 32 : i64
// CHECK: %[[ACC:.*]] = arith.extsi %{{.*}} : i32 to i64
// CHECK: %[[P:.*]] = arith.muli %[[ACC]], %{{.*}} : i64
// CHECK: %[[HALF:.*]] = arith.shli %{{.*}} : i64
// CHECK: %[[SUM:.*]] = arith.addi %[[P]], %[[HALF]] : i64
// CHECK: %[[SCALED:.*]] = arith.shrsi %[[SUM]], %[[SHIFT]] : i64
// CHECK: arith.constant -3 : i64
// CHECK: arith.maxsi %[[SCALED]]
// CHECK: arith.constant 252 : i64
// CHECK: arith.minsi
// CHECK: arith.trunci %{{.*}} : i64 to i32
// CHECK: arith.addi %{{.*}} : i32
// CHECK: arith.trunci %{{.*}} : i32 to i8
func.func @single(%x: tensor<4xi32>) -> tensor<4xui8> {
  %r = qnn.fixed_point_rescale %x multiplier [1288490189] shift [-1] output_zero_point(3) range(0, 255) requantization(tflite_single) : (tensor<4xi32>) -> tensor<4xui8>
  return %r : tensor<4xui8>
}

// -----

/// The high multiplication, then the division; no shift to the left.
// CHECK-LABEL: @double
// CHECK-NOT: arith.shli
// CHECK: %[[P:.*]] = arith.muli %{{.*}} : i64
// CHECK: %[[NUDGE:.*]] = arith.constant 1073741824 : i64
// CHECK: %[[SUM:.*]] = arith.addi %[[P]], %[[NUDGE]] : i64
// CHECK: %[[WIDE:.*]] = arith.shrsi %[[SUM]], %{{.*}} : i64
// CHECK: %[[HIGH:.*]] = arith.trunci %[[WIDE]] : i64 to i32
// CHECK: arith.andi %[[HIGH]]
// CHECK: arith.cmpi slt, %[[HIGH]]
// CHECK: arith.cmpi sgt
// CHECK: arith.shrsi %[[HIGH]]
// CHECK: arith.maxsi
// CHECK: arith.minsi
func.func @double(%x: tensor<4xi32>) -> tensor<4xsi8> {
  %r = qnn.fixed_point_rescale %x multiplier [1288490189] shift [-1] range(-128, 127) requantization(tflite_double) : (tensor<4xi32>) -> tensor<4xsi8>
  return %r : tensor<4xsi8>
}

// -----

/// To the left only: no division follows. Codes are widened by their own sign.
// CHECK-LABEL: @double_left
// CHECK: arith.extui %{{.*}} : i8 to i32
// CHECK: arith.subi
// CHECK: arith.shli %{{.*}} : i32
// CHECK: arith.muli
// CHECK-NOT: arith.cmpi
// CHECK: linalg.yield
func.func @double_left(%x: tensor<4xui8>) -> tensor<4xsi8> {
  %r = qnn.fixed_point_rescale %x multiplier [1288490189] shift [3] input_zero_point(128) range(-128, 127) requantization(tflite_double) : (tensor<4xui8>) -> tensor<4xsi8>
  return %r : tensor<4xsi8>
}

// -----

/// Numbers that differ between channels are rows; mantissas that do not are a
/// constant.
// CHECK: #[[ROW:.*]] = affine_map<(d0, d1) -> (d1)>
// CHECK-LABEL: @channels
// CHECK-DAG: %[[LEFT:.*]] = arith.constant dense<[0, 2]> : tensor<2xi32>
// CHECK-DAG: %[[RIGHT:.*]] = arith.constant dense<[3, 0]> : tensor<2xi32>
// CHECK: linalg.generic {indexing_maps = [#{{.*}}, #[[ROW]], #[[ROW]], #{{.*}}]{{.*}} ins(%{{.*}}, %[[LEFT]], %[[RIGHT]] :
// CHECK: arith.constant 1073741824 : i32
func.func @channels(%x: tensor<4x2xi32>) -> tensor<4x2xsi8> {
  %r = qnn.fixed_point_rescale %x multiplier [1073741824, 1073741824] shift [-3, 2] range(-128, 127) requantization(tflite_double) : (tensor<4x2xi32>) -> tensor<4x2xsi8>
  return %r : tensor<4x2xsi8>
}
