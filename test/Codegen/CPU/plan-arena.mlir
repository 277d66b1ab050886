// RUN: quant-opt %s -split-input-file -verify-diagnostics -qnn-plan-arena | FileCheck %s

/// The first and the last buffer do not meet: they share bytes 0 to 127.
// CHECK-LABEL: @chain
// CHECK-SAME: %[[ARENA:[a-z0-9]*]]: memref<256xi8>
// CHECK-SAME: qnn.arena_buffers = array<i64: 0, 80, 128, 80, 0, 80>
// CHECK-SAME: qnn.arena_bytes = 256
// CHECK-SAME: qnn.arena_lower_bound = 256
// CHECK-NOT: memref.alloc
// CHECK: %[[OFFSET:.*]] = arith.constant 128 : index
// CHECK: memref.view %[[ARENA]][%[[OFFSET]]][] : memref<256xi8> to memref<20xf32>
func.func @chain(%x: memref<20xf32>, %y: memref<20xf32>) {
  %a = memref.alloc() : memref<20xf32>
  linalg.exp ins(%x : memref<20xf32>) outs(%a : memref<20xf32>)
  %b = memref.alloc() : memref<20xf32>
  linalg.exp ins(%a : memref<20xf32>) outs(%b : memref<20xf32>)
  %c = memref.alloc() : memref<20xf32>
  linalg.exp ins(%b : memref<20xf32>) outs(%c : memref<20xf32>)
  linalg.exp ins(%c : memref<20xf32>) outs(%y : memref<20xf32>)
  memref.dealloc %c : memref<20xf32>
  return
}

// -----

/// A buffer lives as long as its views: %a is read through %v after %b is
/// written.
// CHECK-LABEL: @view_outlives
// CHECK-SAME: qnn.arena_bytes = 128
func.func @view_outlives(%x: memref<4xf32>, %y: memref<2x2xf32>) {
  %a = memref.alloc() : memref<4xf32>
  linalg.exp ins(%x : memref<4xf32>) outs(%a : memref<4xf32>)
  %v = memref.expand_shape %a [[0, 1]] output_shape [2, 2] : memref<4xf32> into memref<2x2xf32>
  %b = memref.alloc() : memref<2x2xf32>
  linalg.exp ins(%y : memref<2x2xf32>) outs(%b : memref<2x2xf32>)
  linalg.add ins(%v, %b : memref<2x2xf32>, memref<2x2xf32>) outs(%y : memref<2x2xf32>)
  return
}

// -----

/// The argument is there even if nothing needs it: the C prototype never
/// changes.
// CHECK-LABEL: @empty(%{{.*}}: memref<4xf32>, %{{.*}}: memref<0xi8>)
func.func @empty(%x: memref<4xf32>) {
  return
}

// -----

func.func @negative_dynamic(%n: index) {
  // expected-error @+1 {{expects a static shape to be placed in the arena}}
  %a = memref.alloc(%n) : memref<?xf32>
  return
}

// -----

func.func @negative_nested(%x: memref<4xf32>, %c: i1) {
  scf.if %c {
    // expected-error @+1 {{expects to be in the body of the entry function, not in a nested region}}
    %a = memref.alloc() : memref<4xf32>
    linalg.exp ins(%x : memref<4xf32>) outs(%a : memref<4xf32>)
  }
  return
}

// -----

func.func @first(%x: memref<4xf32>) {
  return
}
// expected-error @+1 {{expects one public function, but @first is another}}
func.func @negative_two_public(%x: memref<4xf32>) {
  return
}
