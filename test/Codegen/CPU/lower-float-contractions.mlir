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

#image = affine_map<(h, w, n, kh, kw, c) -> (h + kh, w + kw, c)>
#filter = affine_map<(h, w, n, kh, kw, c) -> (kh, kw, c, n)>
#out = affine_map<(h, w, n, kh, kw, c) -> (h, w, n)>
#all = affine_map<(h, w, c) -> (h, w, c)>

/// Row 0 and the last row of the image are zeros: the outputs there do without
/// a row of taps, as the table says. What a last one would add is 0, and -0 is
/// added elsewhere, which changes nothing.
// CHECK-DAG: @tap_ranges : memref<12xi32> = dense<[0, 1, 3, 32, 0, 3, 32, 0, 3, 64, 0, 2]>
// CHECK-LABEL: @bordered
// CHECK: func.func private @kernel
// CHECK-DAG: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK-DAG: %[[NEGATIVE:.*]] = arith.constant -0.000000e+00 : f32
// CHECK-DAG: %[[ALL:.*]] = arith.constant 3 : index
// CHECK: %[[BEGIN:.*]] = arith.index_cast %{{.*}} : i32 to index
// CHECK: %[[END:.*]] = arith.index_cast %{{.*}} : i32 to index
// CHECK: scf.for %{{.*}} = %[[BEGIN]] to %[[END]]
// CHECK: %[[HAS_ALL:.*]] = arith.cmpi eq, %[[END]], %[[ALL]]
// CHECK: %[[REST:.*]] = arith.select %[[HAS_ALL]], %[[NEGATIVE]], %[[ZERO]]
// CHECK: %[[VECTOR:.*]] = vector.broadcast %[[REST]]
// CHECK: arith.addf %{{.*}}, %[[VECTOR]] : vector<16xf32>
module attributes {qnn.target = "avx512vnni"} {
  memref.global "private" constant @weights : memref<3x2x8x32xf32> = dense<2.0>
  func.func @bordered(%x: memref<4x21x8xf32>, %y: memref<4x20x32xf32>) {
    %c7 = arith.constant 7.0 : f32
    %padding = arith.constant 0.0 : f32
    %w = memref.get_global @weights : memref<3x2x8x32xf32>
    %image = memref.alloc() : memref<6x21x8xf32>
    linalg.fill ins(%padding : f32) outs(%image : memref<6x21x8xf32>)
    %inside = memref.subview %image[1, 0, 0] [4, 21, 8] [1, 1, 1] : memref<6x21x8xf32> to memref<4x21x8xf32, strided<[168, 8, 1], offset: 168>>
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%x : memref<4x21x8xf32>) outs(%inside : memref<4x21x8xf32, strided<[168, 8, 1], offset: 168>>) {
    ^bb0(%a: f32, %b: f32):
      linalg.yield %a : f32
    }
    linalg.fill ins(%c7 : f32) outs(%y : memref<4x20x32xf32>)
    linalg.generic {indexing_maps = [#image, #filter, #out], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
        ins(%image, %w : memref<6x21x8xf32>, memref<3x2x8x32xf32>) outs(%y : memref<4x20x32xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %0 = math.fma %a, %b, %c : f32
      linalg.yield %0 : f32
    }
    return
  }
}

// -----

#image = affine_map<(h, w, n, kh, kw, c) -> (h + kh, w + kw, c)>
#filter = affine_map<(h, w, n, kh, kw, c) -> (kh, kw, c, n)>
#out = affine_map<(h, w, n, kh, kw, c) -> (h, w, n)>
#all = affine_map<(h, w, c) -> (h, w, c)>

/// A start of -0 would not stay.
// CHECK-NOT: @tap_ranges
// CHECK-LABEL: @negative_zero_start
module attributes {qnn.target = "avx512vnni"} {
  memref.global "private" constant @weights : memref<3x2x8x32xf32> = dense<2.0>
  func.func @negative_zero_start(%x: memref<4x21x8xf32>, %y: memref<4x20x32xf32>) {
    %c7 = arith.constant -0.0 : f32
    %padding = arith.constant 0.0 : f32
    %w = memref.get_global @weights : memref<3x2x8x32xf32>
    %image = memref.alloc() : memref<6x21x8xf32>
    linalg.fill ins(%padding : f32) outs(%image : memref<6x21x8xf32>)
    %inside = memref.subview %image[1, 0, 0] [4, 21, 8] [1, 1, 1] : memref<6x21x8xf32> to memref<4x21x8xf32, strided<[168, 8, 1], offset: 168>>
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%x : memref<4x21x8xf32>) outs(%inside : memref<4x21x8xf32, strided<[168, 8, 1], offset: 168>>) {
    ^bb0(%a: f32, %b: f32):
      linalg.yield %a : f32
    }
    linalg.fill ins(%c7 : f32) outs(%y : memref<4x20x32xf32>)
    linalg.generic {indexing_maps = [#image, #filter, #out], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
        ins(%image, %w : memref<6x21x8xf32>, memref<3x2x8x32xf32>) outs(%y : memref<4x20x32xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %0 = math.fma %a, %b, %c : f32
      linalg.yield %0 : f32
    }
    return
  }
}

// -----

#image = affine_map<(h, w, n, kh, kw, c) -> (h + kh, w + kw, c)>
#filter = affine_map<(h, w, n, kh, kw, c) -> (kh, kw, c, n)>
#out = affine_map<(h, w, n, kh, kw, c) -> (h, w, n)>
#all = affine_map<(h, w, c) -> (h, w, c)>

/// Infinite weights make NaN of padding.
// CHECK-NOT: @tap_ranges
// CHECK-LABEL: @infinite_weights
module attributes {qnn.target = "avx512vnni"} {
  memref.global "private" constant @weights : memref<3x2x8x32xf32> = dense<0x7F800000>
  func.func @infinite_weights(%x: memref<4x21x8xf32>, %y: memref<4x20x32xf32>) {
    %c7 = arith.constant 7.0 : f32
    %padding = arith.constant 0.0 : f32
    %w = memref.get_global @weights : memref<3x2x8x32xf32>
    %image = memref.alloc() : memref<6x21x8xf32>
    linalg.fill ins(%padding : f32) outs(%image : memref<6x21x8xf32>)
    %inside = memref.subview %image[1, 0, 0] [4, 21, 8] [1, 1, 1] : memref<6x21x8xf32> to memref<4x21x8xf32, strided<[168, 8, 1], offset: 168>>
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%x : memref<4x21x8xf32>) outs(%inside : memref<4x21x8xf32, strided<[168, 8, 1], offset: 168>>) {
    ^bb0(%a: f32, %b: f32):
      linalg.yield %a : f32
    }
    linalg.fill ins(%c7 : f32) outs(%y : memref<4x20x32xf32>)
    linalg.generic {indexing_maps = [#image, #filter, #out], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
        ins(%image, %w : memref<6x21x8xf32>, memref<3x2x8x32xf32>) outs(%y : memref<4x20x32xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %0 = math.fma %a, %b, %c : f32
      linalg.yield %0 : f32
    }
    return
  }
}

// -----

#image = affine_map<(h, w, n, kh, kw, c) -> (h + kh, w + kw, c)>
#filter = affine_map<(h, w, n, kh, kw, c) -> (kh, kw, c, n)>
#out = affine_map<(h, w, n, kh, kw, c) -> (h, w, n)>
#all = affine_map<(h, w, c) -> (h, w, c)>

/// Padding that is not 0 counts.
// CHECK-NOT: @tap_ranges
// CHECK-LABEL: @padded_by_one
module attributes {qnn.target = "avx512vnni"} {
  memref.global "private" constant @weights : memref<3x2x8x32xf32> = dense<2.0>
  func.func @padded_by_one(%x: memref<4x21x8xf32>, %y: memref<4x20x32xf32>) {
    %c7 = arith.constant 7.0 : f32
    %padding = arith.constant 1.0 : f32
    %w = memref.get_global @weights : memref<3x2x8x32xf32>
    %image = memref.alloc() : memref<6x21x8xf32>
    linalg.fill ins(%padding : f32) outs(%image : memref<6x21x8xf32>)
    %inside = memref.subview %image[1, 0, 0] [4, 21, 8] [1, 1, 1] : memref<6x21x8xf32> to memref<4x21x8xf32, strided<[168, 8, 1], offset: 168>>
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%x : memref<4x21x8xf32>) outs(%inside : memref<4x21x8xf32, strided<[168, 8, 1], offset: 168>>) {
    ^bb0(%a: f32, %b: f32):
      linalg.yield %a : f32
    }
    linalg.fill ins(%c7 : f32) outs(%y : memref<4x20x32xf32>)
    linalg.generic {indexing_maps = [#image, #filter, #out], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
        ins(%image, %w : memref<6x21x8xf32>, memref<3x2x8x32xf32>) outs(%y : memref<4x20x32xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %0 = math.fma %a, %b, %c : f32
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

// -----

#lhs = affine_map<(m, k, n) -> (m, k)>
#rhs = affine_map<(m, k, n) -> (k, n)>
#out = affine_map<(m, k, n) -> (m, n)>
#all = affine_map<(m, n) -> (m, n)>

/// Any float can be the sum: it is clamped before it becomes an integer.
// CHECK-LABEL: @saturated
// CHECK: func.func private @kernel(
// CHECK: arith.select
// CHECK: llvm.intr.lrint
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.packssdw.512"
module attributes {qnn.target = "avx512vnni"} {
  memref.global "private" constant @weights : memref<8x16xf32> = dense<1.0>
  func.func @saturated(%x: memref<4x8xf32>, %y: memref<4x16xi8>) {
    %c0 = arith.constant 0.0 : f32
    %scale = arith.constant 0.25 : f32
    %offset = arith.constant -1262485376 : i32
    %low = arith.constant -128.0 : f32
    %high = arith.constant 127.0 : f32
    %magic = arith.constant 12582912.0 : f32
    %w = memref.get_global @weights : memref<8x16xf32>
    %acc = memref.alloc() : memref<4x16xf32>
    linalg.fill ins(%c0 : f32) outs(%acc : memref<4x16xf32>)
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xf32>, memref<8x16xf32>) outs(%acc : memref<4x16xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %0 = math.fma %a, %b, %c : f32
      linalg.yield %0 : f32
    }
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
        ins(%acc : memref<4x16xf32>) outs(%y : memref<4x16xi8>) {
    ^bb0(%a: f32, %b: i8):
      %1 = arith.mulf %a, %scale : f32
      %2 = arith.cmpf ogt, %1, %low : f32
      %3 = arith.select %2, %1, %low : f32
      %4 = arith.cmpf olt, %3, %high : f32
      %5 = arith.select %4, %3, %high : f32
      %6 = arith.addf %5, %magic : f32
      %7 = arith.bitcast %6 : f32 to i32
      %8 = arith.addi %7, %offset : i32
      %9 = arith.trunci %8 : i32 to i8
      linalg.yield %9 : i8
    }
    return
  }
}
