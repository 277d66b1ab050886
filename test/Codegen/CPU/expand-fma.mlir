// RUN: quant-opt %s -split-input-file -qnn-cpu-expand-fma | FileCheck %s

/// Two roundings: nothing in the object may call fmaf.
// CHECK-LABEL: @without_fma
// CHECK-SAME: (%[[A:.*]]: f32, %[[B:.*]]: f32, %[[C:.*]]: f32)
// CHECK: %[[PRODUCT:.*]] = arith.mulf %[[A]], %[[B]] : f32
// CHECK: %[[SUM:.*]] = arith.addf %[[PRODUCT]], %[[C]] : f32
// CHECK: return %[[SUM]]
module attributes {qnn.target = "sse4.1"} {
  func.func @without_fma(%a: f32, %b: f32, %c: f32) -> f32 {
    %r = math.fma %a, %b, %c : f32
    return %r : f32
  }
}

// -----

/// An unknown CPU may lack the instruction.
// CHECK-LABEL: @generic
// CHECK: arith.mulf %{{.*}} : vector<4xf32>
// CHECK: arith.addf %{{.*}} : vector<4xf32>
func.func @generic(%a: vector<4xf32>) -> vector<4xf32> {
  %r = math.fma %a, %a, %a : vector<4xf32>
  return %r : vector<4xf32>
}

// -----

// CHECK-LABEL: @negative_fma
// CHECK: math.fma
module attributes {qnn.target = "avx2"} {
  func.func @negative_fma(%a: f32) -> f32 {
    %r = math.fma %a, %a, %a : f32
    return %r : f32
  }
}
