// RUN: quant-opt %s -split-input-file -qnn-reuse-buffers | FileCheck %s

#all = affine_map<(i, j) -> (i, j)>

/// %a dies, and its elements are read in the order of the result; %x is the
/// caller's.
// CHECK-LABEL: @sum
// CHECK: %[[A:.*]] = memref.alloc() : memref<4x4xf32>
// CHECK-NOT: memref.alloc
// CHECK: linalg.generic {{.*}} ins(%arg0, %[[A]] : {{.*}}) outs(%[[A]] : memref<4x4xf32>)
// CHECK: linalg.copy ins(%[[A]] {{.*}} outs(%arg1
func.func @sum(%x: memref<4x4xf32>, %y: memref<4x4xf32>) {
  %b = memref.alloc() : memref<4x4xf32>
  %a = memref.alloc() : memref<4x4xf32>
  linalg.copy ins(%x : memref<4x4xf32>) outs(%a : memref<4x4xf32>)
  linalg.generic {indexing_maps = [#all, #all, #all], iterator_types = ["parallel", "parallel"]}
      ins(%x, %a : memref<4x4xf32>, memref<4x4xf32>) outs(%b : memref<4x4xf32>) {
  ^bb0(%0: f32, %1: f32, %2: f32):
    %3 = arith.addf %0, %1 : f32
    linalg.yield %3 : f32
  }
  linalg.copy ins(%b : memref<4x4xf32>) outs(%y : memref<4x4xf32>)
  return
}

// -----

#all = affine_map<(i, j) -> (i, j)>
#turned = affine_map<(i, j) -> (j, i)>

/// %a is read once more through a view, %c in another order too, and %f holds
/// something before.
// CHECK-LABEL: @negative
// CHECK-COUNT-6: memref.alloc()
// CHECK: linalg.generic {{.*}} ins(%[[A:.*]] : memref<4x4xf32>) outs(%[[B:.*]] : memref<4x4xf32>)
// CHECK: linalg.generic {{.*}} ins(%[[C:.*]], %[[C]] : {{.*}}) outs(%[[D:.*]] : memref<4x4xf32>)
// CHECK: linalg.generic {{.*}} ins(%[[E:.*]] : memref<4x4xf32>) outs(%[[F:.*]] : memref<4x4xf32>)
func.func @negative(%x: memref<4x4xf32>, %y: memref<16xf32>, %z: memref<4x4xf32>) {
  %a = memref.alloc() : memref<4x4xf32>
  %b = memref.alloc() : memref<4x4xf32>
  %c = memref.alloc() : memref<4x4xf32>
  %d = memref.alloc() : memref<4x4xf32>
  %e = memref.alloc() : memref<4x4xf32>
  %f = memref.alloc() : memref<4x4xf32>
  linalg.copy ins(%x : memref<4x4xf32>) outs(%a : memref<4x4xf32>)
  linalg.copy ins(%x : memref<4x4xf32>) outs(%c : memref<4x4xf32>)
  linalg.copy ins(%x : memref<4x4xf32>) outs(%e : memref<4x4xf32>)
  linalg.copy ins(%x : memref<4x4xf32>) outs(%f : memref<4x4xf32>)
  linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
      ins(%a : memref<4x4xf32>) outs(%b : memref<4x4xf32>) {
  ^bb0(%0: f32, %1: f32):
    linalg.yield %0 : f32
  }
  %flat = memref.collapse_shape %a [[0, 1]] : memref<4x4xf32> into memref<16xf32>
  linalg.copy ins(%flat : memref<16xf32>) outs(%y : memref<16xf32>)
  linalg.generic {indexing_maps = [#all, #turned, #all], iterator_types = ["parallel", "parallel"]}
      ins(%c, %c : memref<4x4xf32>, memref<4x4xf32>) outs(%d : memref<4x4xf32>) {
  ^bb0(%0: f32, %1: f32, %2: f32):
    %3 = arith.addf %0, %1 : f32
    linalg.yield %3 : f32
  }
  // Adds to what %f holds.
  linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
      ins(%e : memref<4x4xf32>) outs(%f : memref<4x4xf32>) {
  ^bb0(%0: f32, %1: f32):
    %2 = arith.addf %0, %1 : f32
    linalg.yield %2 : f32
  }
  linalg.copy ins(%b : memref<4x4xf32>) outs(%z : memref<4x4xf32>)
  linalg.copy ins(%d : memref<4x4xf32>) outs(%z : memref<4x4xf32>)
  linalg.copy ins(%f : memref<4x4xf32>) outs(%z : memref<4x4xf32>)
  return
}
