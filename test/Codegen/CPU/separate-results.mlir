// RUN: quant-opt %s -qnn-separate-results | FileCheck %s

// A buffer that is returned twice is copied; the input stays as it is.
// CHECK-LABEL: @twice
// CHECK-SAME: %[[X:.*]]: memref<4xf32>
// CHECK: %[[A:.*]] = memref.alloc()
// CHECK: %[[B:.*]] = memref.alloc()
// CHECK: memref.copy %[[A]], %[[B]]
// CHECK: return %[[A]], %[[X]], %[[B]]
func.func @twice(%x: memref<4xf32>)
    -> (memref<4xf32>, memref<4xf32>, memref<4xf32>) {
  %a = memref.alloc() : memref<4xf32>
  return %a, %x, %a : memref<4xf32>, memref<4xf32>, memref<4xf32>
}

// CHECK-LABEL: @negative_distinct
// CHECK-NOT: memref.copy
func.func @negative_distinct() -> (memref<4xf32>, memref<4xf32>) {
  %a = memref.alloc() : memref<4xf32>
  %b = memref.alloc() : memref<4xf32>
  return %a, %b : memref<4xf32>, memref<4xf32>
}
