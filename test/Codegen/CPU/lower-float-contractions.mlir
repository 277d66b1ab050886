// RUN: quant-opt %s -split-input-file -qnn-cpu-lower-contractions -canonicalize -cse | FileCheck %s
// RUN: quant-opt %s -split-input-file -qnn-cpu-lower-contractions=remarks=true -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

#lhs = affine_map<(m, k, n) -> (m, k)>
#rhs = affine_map<(m, k, n) -> (k, n)>
#out = affine_map<(m, k, n) -> (m, n)>
#all = affine_map<(m, n) -> (m, n)>

/// One chain of multiply-adds for each accumulator, and the clamp before the
/// only store.
// CHECK: memref.global "private" constant @packed_start : memref<64xf32> = dense<7.0
// CHECK: memref.global "private" constant @packed_weights : memref<1536xf32> = dense<2.0
// CHECK-LABEL: @product
// CHECK-NOT: memref.alloc
// CHECK: call @kernel
// CHECK: func.func private @kernel
// CHECK: scf.for %{{.*}} -> ({{(vector<16xf32>, ){23}vector<16xf32>}})
// CHECK-COUNT-24: math.fma %{{.*}} : vector<16xf32>
// CHECK-NOT: math.fma
// CHECK: arith.maximumf %{{.*}} : vector<16xf32>
// CHECK: vector.store %{{.*}} : memref<1152xf32>, vector<16xf32>
module attributes {qnn.target = "avx512vnni"} {
  memref.global "private" constant @weights : memref<24x64xf32> = dense<2.0>
  func.func @product(%x: memref<18x24xf32>, %y: memref<18x64xf32>) {
    %c0 = arith.constant 0.0 : f32
    %c7 = arith.constant 7.0 : f32
    %w = memref.get_global @weights : memref<24x64xf32>
    %acc = memref.alloc() : memref<18x64xf32>
    linalg.fill ins(%c7 : f32) outs(%acc : memref<18x64xf32>)
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<18x24xf32>, memref<24x64xf32>) outs(%acc : memref<18x64xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %0 = math.fma %a, %b, %c : f32
      linalg.yield %0 : f32
    }
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
        ins(%acc : memref<18x64xf32>) outs(%y : memref<18x64xf32>) {
    ^bb0(%a: f32, %b: f32):
      %0 = arith.maximumf %a, %c0 : f32
      linalg.yield %0 : f32
    }
    return
  }
}

// -----

#lhs = affine_map<(b, m, k, n) -> (b, m, k)>
#rhs = affine_map<(b, m, k, n) -> (b, k, n)>
#out = affine_map<(b, m, k, n) -> (b, m, n)>

/// The right side is read where it is, as far as there are columns, for which
/// small vectors suffice; the result holds the start. A product and a sum stay
/// two operations.
// CHECK-LABEL: @computed
// CHECK-NOT: memref.alloc
// CHECK: func.func private @kernel
// CHECK: vector.load %{{.*}} : memref<54xf32>, vector<3xf32>
// CHECK: vector.load %{{.*}} : memref<30xf32>, vector<3xf32>
// CHECK: arith.mulf %{{.*}} : vector<4xf32>
// CHECK: arith.addf %{{.*}} : vector<4xf32>
// CHECK: vector.store %{{.*}} : memref<54xf32>, vector<3xf32>
module attributes {qnn.target = "avx2"} {
  func.func @computed(%x: memref<2x9x5xf32>, %w: memref<2x5x3xf32>, %y: memref<2x9x3xf32>) {
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<2x9x5xf32>, memref<2x5x3xf32>) outs(%y : memref<2x9x3xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %0 = arith.mulf %b, %a : f32
      %1 = arith.addf %0, %c : f32
      linalg.yield %1 : f32
    }
    return
  }
}

// -----

#lhs = affine_map<(b, m, k, n) -> (b, m, k)>
#turned = affine_map<(b, m, k, n) -> (b, n, k)>
#out = affine_map<(b, m, k, n) -> (b, m, n)>

/// Columns that do not lie together are copied, four sums of four columns at
/// a time.
// CHECK-LABEL: @turned
// CHECK: memref.alloc() {alignment = 64 : i64} : memref<40xf32>
// CHECK-COUNT-8: vector.shuffle
// CHECK: vector.store %{{.*}} : memref<40xf32>, vector<4xf32>
// CHECK: call @kernel
module attributes {qnn.target = "avx2"} {
  func.func @turned(%x: memref<2x9x5xf32>, %w: memref<2x3x5xf32>, %y: memref<2x9x3xf32>) {
    linalg.generic {indexing_maps = [#lhs, #turned, #out], iterator_types = ["parallel", "parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<2x9x5xf32>, memref<2x3x5xf32>) outs(%y : memref<2x9x3xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %0 = math.fma %a, %b, %c : f32
      linalg.yield %0 : f32
    }
    return
  }
}

// -----

#image = affine_map<(h, w, kh, kw, c) -> (h + kh, w + kw, c)>
#filter = affine_map<(h, w, kh, kw, c) -> (kh, kw, c)>
#out = affine_map<(h, w, kh, kw, c) -> (h, w, c)>

/// A row of the kernel at a time: rows of two by four places, of which
/// neighbours share what they load.
// CHECK-LABEL: @depthwise
// CHECK: scf.for
// CHECK-COUNT-24: math.fma
// CHECK-NOT: math.fma
// CHECK: scf.yield
module attributes {qnn.target = "neon"} {
  memref.global "private" constant @weights : memref<3x3x4xf32> = dense<2.0>
  func.func @depthwise(%x: memref<4x6x4xf32>, %y: memref<2x4x4xf32>) {
    %c7 = arith.constant 7.0 : f32
    %w = memref.get_global @weights : memref<3x3x4xf32>
    linalg.fill ins(%c7 : f32) outs(%y : memref<2x4x4xf32>)
    linalg.generic {indexing_maps = [#image, #filter, #out], iterator_types = ["parallel", "parallel", "reduction", "reduction", "parallel"]}
        ins(%x, %w : memref<4x6x4xf32>, memref<3x3x4xf32>) outs(%y : memref<2x4x4xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %0 = math.fma %a, %b, %c : f32
      linalg.yield %0 : f32
    }
    return
  }
}

// -----

#image = affine_map<(kh, n, h, w, c, o) -> (n, h + kh, w, c)>
#cotangent = affine_map<(kh, n, h, w, c, o) -> (n, h, w, o)>
#out = affine_map<(kh, n, h, w, c, o) -> (kh, c, o)>

/// Long sums of two sides that no cache holds: all tiles add two images, then
/// the next two. The first pass loads the start, too.
// CHECK-LABEL: @weights_gradient
// CHECK: linalg.fill
// CHECK: call @kernel
// CHECK: func.func private @kernel
// CHECK: scf.for %[[PASS:.*]] = %c0 to %c32 step %c2
// CHECK: scf.for
// CHECK: vector.load %{{.*}} : memref<768xf32>, vector<16xf32>
// CHECK: arith.muli %[[PASS]]
// CHECK: scf.for %{{.*}} = %c0 to %c2 step %c1
// CHECK: math.fma
// CHECK: vector.store %{{.*}} : memref<768xf32>, vector<16xf32>
module attributes {qnn.target = "avx512vnni"} {
  func.func @weights_gradient(%x: memref<32x34x32x16xf32>, %dy: memref<32x32x32x16xf32>, %dw: memref<3x16x16xf32>) {
    %zero = arith.constant 0.0 : f32
    linalg.fill ins(%zero : f32) outs(%dw : memref<3x16x16xf32>)
    linalg.generic {indexing_maps = [#image, #cotangent, #out], iterator_types = ["parallel", "reduction", "reduction", "reduction", "parallel", "parallel"]}
        ins(%x, %dy : memref<32x34x32x16xf32>, memref<32x32x32x16xf32>) outs(%dw : memref<3x16x16xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %0 = math.fma %a, %b, %c : f32
      linalg.yield %0 : f32
    }
    return
  }
}

// -----

#lhs = affine_map<(m, k, n) -> (m, k)>
#rhs = affine_map<(m, k, n) -> (k, n)>
#out = affine_map<(m, k, n) -> (m, n)>
#turned = affine_map<(m, k, n) -> (n, m)>

// CHECK-LABEL: @negative
// CHECK-COUNT-8: linalg.generic
// CHECK-NOT: call @kernel
// REMARK-DAG: remark: stays a plain loop: expects f32 only
// REMARK-DAG: remark: stays a plain loop: expects a sum of products
// REMARK-DAG: remark: stays a plain loop: expects to add a product to the accumulator
// REMARK-DAG: remark: stays a plain loop: expects a product of both inputs
// REMARK-DAG: remark: stays a plain loop: expects to add to the accumulator
// REMARK-DAG: remark: stays a plain loop: expects two inputs and one result
// REMARK-DAG: remark: stays a plain loop: expects static strides and linear subscripts
// REMARK-DAG: remark: stays a plain loop: expects loops that run
// REMARK-DAG: remark: stays a plain loop: expects the columns of the result to lie together
module attributes {qnn.target = "avx2"} {
  func.func @negative(%x: memref<4x8xf32>, %w: memref<8x16xf32>, %h: memref<8x16xf16>, %none: memref<4x0xf32>, %empty: memref<0x16xf32>, %far: memref<4x8xf32, strided<[?, 1]>>, %s: memref<16x4xf32, strided<[8, 2]>>, %y: memref<4x16xf32>) {
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %h : memref<4x8xf32>, memref<8x16xf16>) outs(%y : memref<4x16xf32>) {
    ^bb0(%a: f32, %b: f16, %c: f32):
      linalg.yield %a : f32
    }
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xf32>, memref<8x16xf32>) outs(%y : memref<4x16xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %0 = arith.maximumf %a, %c : f32
      linalg.yield %0 : f32
    }
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xf32>, memref<8x16xf32>) outs(%y : memref<4x16xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %0 = arith.addf %a, %c : f32
      linalg.yield %0 : f32
    }
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xf32>, memref<8x16xf32>) outs(%y : memref<4x16xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %0 = math.fma %a, %a, %c : f32
      linalg.yield %0 : f32
    }
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%none, %empty : memref<4x0xf32>, memref<0x16xf32>) outs(%y : memref<4x16xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %0 = math.fma %a, %b, %c : f32
      linalg.yield %0 : f32
    }
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%far, %w : memref<4x8xf32, strided<[?, 1]>>, memref<8x16xf32>) outs(%y : memref<4x16xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %0 = math.fma %a, %b, %c : f32
      linalg.yield %0 : f32
    }
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xf32>, memref<8x16xf32>) outs(%y : memref<4x16xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %0 = math.fma %a, %c, %b : f32
      linalg.yield %0 : f32
    }
    linalg.generic {indexing_maps = [#lhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x : memref<4x8xf32>) outs(%y : memref<4x16xf32>) {
    ^bb0(%a: f32, %c: f32):
      %0 = arith.addf %a, %c : f32
      linalg.yield %0 : f32
    }
    linalg.generic {indexing_maps = [#lhs, #rhs, #turned], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xf32>, memref<8x16xf32>) outs(%s : memref<16x4xf32, strided<[8, 2]>>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %0 = math.fma %a, %b, %c : f32
      linalg.yield %0 : f32
    }
    return
  }
}

// -----

#lhs = affine_map<(m, k, n) -> (m, k)>
#rhs = affine_map<(m, k, n) -> (k, n)>
#out = affine_map<(m, k, n) -> (m, n)>

/// One tile of rows: the units are panels, and the body is for those of them
/// that are in the range.
// CHECK-LABEL: @one_tile
// CHECK: call @kernel({{.*}}, %c0, %[[UNITS:.*]]) : (memref<48xf32>
// CHECK: func.func private @kernel({{.*}}, %[[BEGIN:[^:]*]]: index, %[[END:[^:]*]]: index)
// CHECK: scf.for %[[PANEL:.*]] = %c0
// CHECK: arith.subi
// CHECK: %[[FIRST:.*]] = arith.divui
// CHECK: %[[LAST:.*]] = arith.divui
// CHECK-NEXT: scf.for %{{.*}} = %[[FIRST]] to %[[LAST]]
module attributes {qnn.target = "avx512vnni"} {
  memref.global "private" constant @weights : memref<24x1024xf32> = dense<2.0>
  func.func @one_tile(%x: memref<2x24xf32>, %y: memref<2x1024xf32>) {
    %c0 = arith.constant 0.0 : f32
    %w = memref.get_global @weights : memref<24x1024xf32>
    linalg.fill ins(%c0 : f32) outs(%y : memref<2x1024xf32>)
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<2x24xf32>, memref<24x1024xf32>) outs(%y : memref<2x1024xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %0 = math.fma %a, %b, %c : f32
      linalg.yield %0 : f32
    }
    return
  }
}
