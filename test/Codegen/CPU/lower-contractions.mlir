// RUN: quant-opt %s -split-input-file -qnn-cpu-lower-contractions -canonicalize -cse | FileCheck %s
// RUN: quant-opt %s -split-input-file -qnn-cpu-lower-contractions=remarks=true -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

#lhs = affine_map<(m, k, n) -> (m, k)>
#rhs = affine_map<(m, k, n) -> (k, n)>
#out = affine_map<(m, k, n) -> (m, n)>
#row = affine_map<(m, n) -> (n)>
#all = affine_map<(m, n) -> (m, n)>

/// Six rows of four vectors; the clamp is computed before the only store, and
/// the accumulators have no buffer.
// CHECK: memref.global "private" constant @packed_start : memref<64xi32> = dense<7>
// CHECK: memref.global "private" constant @packed_weights : memref<512xi8> = dense<2>
// CHECK-LABEL: @product
// CHECK-NOT: memref.alloc
// CHECK: call @kernel(%{{.*}}, %{{.*}}, %c0, %c2)
// CHECK: func.func private @kernel(%{{.*}}: memref<96xi8> {llvm.noalias, llvm.readonly}, %{{.*}}: memref<768xi8> {llvm.noalias}, %[[BEGIN:.*]]: index, %[[END:.*]]: index) attributes {passthrough = ["noinline"], qnn.kernel_accesses = [array<i64: 0, 48, 48, 96>, array<i64: 0, 384, 384, 768>], qnn.kernel_units = 2 : i64, qnn.kernel_work = 96 : i64}
// CHECK: scf.for %{{.*}} = %[[BEGIN]] to %[[END]]
// CHECK: scf.for %{{.*}} -> ({{(vector<16xi32>, ){23}vector<16xi32>}})
// CHECK-COUNT-24: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
// CHECK-NOT: llvm.call_intrinsic
// CHECK: arith.maxsi %{{.*}} : vector<16xi32>
// CHECK: arith.trunci %{{.*}} : vector<16xi32> to vector<16xi8>
// CHECK: vector.store %{{.*}} : memref<768xi8>, vector<16xi8>
module attributes {qnn.target = "avx512vnni"} {
  memref.global "private" constant @weights : memref<8x64xi8> = dense<2>
  func.func @product(%x: memref<12x8xi8>, %y: memref<12x64xi8>) {
    %c0 = arith.constant 0 : i32
    %c7 = arith.constant 7 : i32
    %w = memref.get_global @weights : memref<8x64xi8>
    %acc = memref.alloc() : memref<12x64xi32>
    linalg.fill ins(%c7 : i32) outs(%acc : memref<12x64xi32>)
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<12x8xi8>, memref<8x64xi8>) outs(%acc : memref<12x64xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
        ins(%acc : memref<12x64xi32>) outs(%y : memref<12x64xi8>) {
    ^bb0(%a: i32, %b: i8):
      %0 = arith.maxsi %a, %c0 : i32
      %1 = arith.trunci %0 : i32 to i8
      linalg.yield %1 : i8
    }
    return
  }
}

// -----

#lhs = affine_map<(m, k, n) -> (m, k)>
#rhs = affine_map<(m, k, n) -> (k, n)>
#out = affine_map<(m, k, n) -> (m, n)>
#row = affine_map<(m, n) -> (n)>
#all = affine_map<(m, n) -> (m, n)>

/// Signed activations are shifted by 128: 128 * 5 * 2 is taken off the start.
/// The second word overlaps the first one. Three columns do not need the largest
/// vectors. The accumulators have two readers and are stored.
// CHECK: @packed_start : memref<8xi32> = dense<[-1279, -1278, -1277, 0, 0, 0, 0, 0]>
// REMARK: remark: stores its accumulators: expects one reader of the accumulators
// CHECK-LABEL: @signed_without_epilogue
// CHECK-COUNT-2: linalg.generic
// CHECK: @kernel
// CHECK: %[[C1:.*]] = arith.constant 1 : index
// CHECK: arith.xori %{{.*}}, %{{.*}} : vector<32xi8>
// CHECK: vector.load %{{.*}}[%[[C1]]] : memref<5xi8>, vector<4xi8>
// CHECK: vector.store %{{.*}} : memref<3xi32>, vector<3xi32>
module attributes {qnn.target = "avx512vnni"} {
  memref.global "private" constant @weights : memref<5x3xi8> = dense<2>
  memref.global "private" constant @bias : memref<3xi32> = dense<[1, 2, 3]>
  func.func @signed_without_epilogue(%x: memref<1x5xi8>, %y: memref<1x3xi32>, %z: memref<1x3xi32>) {
    %w = memref.get_global @weights : memref<5x3xi8>
    %bias = memref.get_global @bias : memref<3xi32>
    %acc = memref.alloc() : memref<1x3xi32>
    linalg.generic {indexing_maps = [#row, #all], iterator_types = ["parallel", "parallel"]}
        ins(%bias : memref<3xi32>) outs(%acc : memref<1x3xi32>) {
    ^bb0(%a: i32, %b: i32):
      linalg.yield %a : i32
    }
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<1x5xi8>, memref<5x3xi8>) outs(%acc : memref<1x3xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extsi %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
        ins(%acc : memref<1x3xi32>) outs(%y : memref<1x3xi32>) {
    ^bb0(%a: i32, %b: i32):
      %0 = arith.addi %a, %a : i32
      linalg.yield %0 : i32
    }
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
        ins(%acc : memref<1x3xi32>) outs(%z : memref<1x3xi32>) {
    ^bb0(%a: i32, %b: i32):
      %0 = arith.muli %a, %a : i32
      linalg.yield %0 : i32
    }
    return
  }
}

// -----

#image = affine_map<(h, w, kh, kw, c) -> (h + kh, w + kw, c)>
#filter = affine_map<(h, w, kh, kw, c) -> (kh, kw, c)>
#out = affine_map<(h, w, kh, kw, c) -> (h, w, c)>

/// Eleven channels of four pixels in a row are 44 columns: a vector of bytes, a
/// quarter of one, and a quarter of a smaller one, each with a kernel of its
/// own. The first one reads words of four rows, for two output rows and three
/// places of the kernel; the lanes of the results then are put in order. In the
/// others, the second output row is a group of lanes of its own. Without the dot
/// product of bytes, each step is two products of pairs.
// CHECK-LABEL: @depthwise
// CHECK-COUNT-3: call @kernel
// CHECK: func.func private @kernel(
// CHECK: vector.load %{{.*}} : memref<264xi8>, vector<32xi8>
// CHECK: vector.shuffle %{{.*}} [0, 32, 1, 33, 2, 34, 3, 35, 4, 36, 5, 37, 6, 38, 7, 39, 16, 48,
// CHECK-COUNT-48: llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"
// CHECK-NOT: llvm.call_intrinsic
// CHECK: vector.shuffle %{{.*}} [0, 1, 2, 3, 8, 9, 10, 11] : vector<16xi32>
// CHECK-COUNT-8: vector.store %{{.*}} : memref<88xi32>, vector<8xi32>
// CHECK: func.func private @kernel_0(
// CHECK-COUNT-24: llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"
// CHECK-NOT: llvm.call_intrinsic
// CHECK-COUNT-2: vector.store %{{.*}} : memref<88xi32>, vector<8xi32>
// CHECK-NOT: vector.store
// CHECK: func.func private
// CHECK-COUNT-24: llvm.call_intrinsic "llvm.x86.sse2.pmadd.wd"
// CHECK-NOT: llvm.call_intrinsic
// CHECK-COUNT-2: vector.store %{{.*}} : memref<88xi32>, vector<4xi32>
module attributes {qnn.target = "avx2"} {
  memref.global "private" constant @weights : memref<3x3x11xi8> = dense<2>
  func.func @depthwise(%x: memref<4x6x11xi8>, %y: memref<2x4x11xi32>) {
    %c7 = arith.constant 7 : i32
    %w = memref.get_global @weights : memref<3x3x11xi8>
    linalg.fill ins(%c7 : i32) outs(%y : memref<2x4x11xi32>)
    linalg.generic {indexing_maps = [#image, #filter, #out], iterator_types = ["parallel", "parallel", "reduction", "reduction", "parallel"]}
        ins(%x, %w : memref<4x6x11xi8>, memref<3x3x11xi8>) outs(%y : memref<2x4x11xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    return
  }
}

// -----

#lhs = affine_map<(m, k, n) -> (m, k)>
#rhs = affine_map<(m, k, n) -> (k, n)>
#out = affine_map<(m, k, n) -> (m, n)>

/// Weights of more than eight bits stay a loop.
// REMARK: remark: stays a plain loop: expects weights of 8 bits
// CHECK-LABEL: @negative_weights
// CHECK: linalg.generic
// CHECK-NOT: scf.for
module attributes {qnn.target = "avx512vnni"} {
  memref.global "private" constant @weights : memref<8x16xi16> = dense<256>
  func.func @negative_weights(%x: memref<4x8xi8>, %y: memref<4x16xi32>) {
    %c0 = arith.constant 0 : i32
    %w = memref.get_global @weights : memref<8x16xi16>
    linalg.fill ins(%c0 : i32) outs(%y : memref<4x16xi32>)
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x16xi16>) outs(%y : memref<4x16xi32>) {
    ^bb0(%a: i8, %b: i16, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extui %b : i16 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    return
  }
}

// -----

#lhs = affine_map<(m, k, n) -> (m, k)>
#rhs = affine_map<(m, k, n) -> (k, n)>
#out = affine_map<(m, k, n) -> (m, n)>
#all = affine_map<(m, n) -> (m, n)>

/// The input is written between the contraction and its reader: the two cannot
/// come together.
// REMARK: remark: stores its accumulators: expects the input unchanged until the epilogue
// CHECK-LABEL: @negative_overwritten
// CHECK: %[[ACC:.*]] = memref.alloc() : memref<4x16xi32>
// CHECK: call @kernel
// CHECK: linalg.fill
// CHECK: linalg.generic {{.*}} ins(%[[ACC]]
module attributes {qnn.target = "avx512vnni"} {
  memref.global "private" constant @weights : memref<8x16xi8> = dense<1>
  func.func @negative_overwritten(%x: memref<4x8xi8>, %y: memref<4x16xi32>) {
    %c0 = arith.constant 0 : i32
    %zero = arith.constant 0 : i8
    %w = memref.get_global @weights : memref<8x16xi8>
    %acc = memref.alloc() : memref<4x16xi32>
    linalg.fill ins(%c0 : i32) outs(%acc : memref<4x16xi32>)
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%acc : memref<4x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    linalg.fill ins(%zero : i8) outs(%x : memref<4x8xi8>)
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
        ins(%acc : memref<4x16xi32>) outs(%y : memref<4x16xi32>) {
    ^bb0(%a: i32, %b: i32):
      %0 = arith.addi %a, %a : i32
      linalg.yield %0 : i32
    }
    return
  }
}

// -----

#lhs = affine_map<(m, k, n) -> (m, k)>
#rhs = affine_map<(m, k, n) -> (k, n)>
#out = affine_map<(m, k, n) -> (m, n)>
#row = affine_map<(m, n) -> (n)>
#all = affine_map<(m, n) -> (m, n)>

/// A requantization ends in saturating packs: what is clamped to [-128, 127]
/// needs no clamp, and the zero point is added to the bytes. What could be too
/// large for an integer (3000000 times a sum of 8 products) is clamped before.
/// Sixteen columns of two rows are two vectors.
// CHECK-LABEL: @saturated
// CHECK: func.func private @kernel(
// CHECK: arith.select
// CHECK: llvm.intr.lrint
// CHECK: func.func private @kernel_0(
// CHECK-NOT: arith.select
// CHECK: llvm.intr.lrint
// CHECK-COUNT-2: llvm.call_intrinsic "llvm.x86.avx512.packssdw.512"
// CHECK: %[[BYTES:.*]] = llvm.call_intrinsic "llvm.x86.avx512.packsswb.512"
// CHECK-NOT: arith.maxsi
// CHECK: arith.addi %[[BYTES]], %{{.*}} : vector<64xi8>
// CHECK: vector.shuffle %{{.*}} [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15]
// CHECK-COUNT-2: vector.store %{{.*}} : memref<32xi8>, vector<16xi8>
module attributes {qnn.target = "avx512vnni"} {
  memref.global "private" constant @weights : memref<8x16xi8> = dense<1>
  memref.global "private" constant @small : memref<16xf32> = dense<0.25>
  memref.global "private" constant @large : memref<16xf32> = dense<3.0e+06>
  func.func @saturated(%x: memref<2x8xi8>, %y: memref<2x16xi8>, %z: memref<2x16xi8>) {
    %c0 = arith.constant 0 : i32
    %offset = arith.constant -1262485376 : i32
    %low = arith.constant -128.0 : f32
    %high = arith.constant 127.0 : f32
    %magic = arith.constant 12582912.0 : f32
    %w = memref.get_global @weights : memref<8x16xi8>
    %small = memref.get_global @small : memref<16xf32>
    %large = memref.get_global @large : memref<16xf32>
    %acc = memref.alloc() : memref<2x16xi32>
    linalg.fill ins(%c0 : i32) outs(%acc : memref<2x16xi32>)
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<2x8xi8>, memref<8x16xi8>) outs(%acc : memref<2x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]}
        ins(%acc, %small : memref<2x16xi32>, memref<16xf32>) outs(%y : memref<2x16xi8>) {
    ^bb0(%a: i32, %s: f32, %b: i8):
      %0 = arith.sitofp %a : i32 to f32
      %1 = arith.mulf %0, %s : f32
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
    %other = memref.alloc() : memref<2x16xi32>
    linalg.fill ins(%c0 : i32) outs(%other : memref<2x16xi32>)
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<2x8xi8>, memref<8x16xi8>) outs(%other : memref<2x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]}
        ins(%other, %large : memref<2x16xi32>, memref<16xf32>) outs(%z : memref<2x16xi8>) {
    ^bb0(%a: i32, %s: f32, %b: i8):
      %0 = arith.sitofp %a : i32 to f32
      %1 = arith.mulf %0, %s : f32
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

// -----

#image = affine_map<(h, w, n, kh, kw, c) -> (h + kh, w + kw, c)>
#filter = affine_map<(h, w, n, kh, kw, c) -> (kh, kw, c, n)>
#out = affine_map<(h, w, n, kh, kw, c) -> (h, w, n)>
#all = affine_map<(h, w, c) -> (h, w, c)>

/// Row 0 of the image is padding of 3: output row 0 begins with the second row
/// of taps, and its accumulators with 7 + 3 * 16 * 2 for the first one. The
/// table has the start of each output row, its first and its last row of taps.
// CHECK-DAG: @tap_ranges : memref<12xi32> = dense<[0, 1, 2, 16, 0, 2, 16, 0, 2, 16, 0, 2]>
// CHECK-DAG: @packed_start : memref<32xi32> = dense<[{{(103, ){16}(7, ){15}7}}]>
// CHECK-LABEL: @bordered
// CHECK: func.func private @kernel
// CHECK: vector.load %{{.*}} : memref<32xi32>, vector<16xi32>
// CHECK: %[[BEGIN:.*]] = arith.index_cast %{{.*}} : i32 to index
// CHECK: %[[END:.*]] = arith.index_cast %{{.*}} : i32 to index
// CHECK: scf.for %{{.*}} = %[[BEGIN]] to %[[END]]
module attributes {qnn.target = "avx512vnni"} {
  memref.global "private" constant @weights : memref<2x2x8x16xi8> = dense<2>
  func.func @bordered(%x: memref<4x21x8xi8>, %y: memref<4x20x16xi32>) {
    %c7 = arith.constant 7 : i32
    %padding = arith.constant 3 : i8
    %w = memref.get_global @weights : memref<2x2x8x16xi8>
    %image = memref.alloc() : memref<5x21x8xi8>
    linalg.fill ins(%padding : i8) outs(%image : memref<5x21x8xi8>)
    %inside = memref.subview %image[1, 0, 0] [4, 21, 8] [1, 1, 1] : memref<5x21x8xi8> to memref<4x21x8xi8, strided<[168, 8, 1], offset: 168>>
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%x : memref<4x21x8xi8>) outs(%inside : memref<4x21x8xi8, strided<[168, 8, 1], offset: 168>>) {
    ^bb0(%a: i8, %b: i8):
      linalg.yield %a : i8
    }
    linalg.fill ins(%c7 : i32) outs(%y : memref<4x20x16xi32>)
    linalg.generic {indexing_maps = [#image, #filter, #out], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
        ins(%image, %w : memref<5x21x8xi8>, memref<2x2x8x16xi8>) outs(%y : memref<4x20x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    return
  }
}

// -----

#image = affine_map<(h, w, n, kh, kw, c) -> (h + kh, w + kw, c)>
#filter = affine_map<(h, w, n, kh, kw, c) -> (kh, kw, c, n)>
#out = affine_map<(h, w, n, kh, kw, c) -> (h, w, n)>
#all = affine_map<(h, w, c) -> (h, w, c)>

/// A border of 3 all around. In a row of output, three tiles of 6 by 48: the
/// first place does without the first of 3 columns of the kernel, the last one
/// without the last, so that tiles at the ends have code of their own, and 51
/// products of words instead of 54. Starts of accumulators are 7 and 16 * 3 for
/// each of the places of the kernel that are left out: 7 + 3 * 48 = 151 without a
/// row or a column, 7 + 5 * 48 = 247 without both.
// CHECK-DAG: @packed_start : memref<432xi32> = dense<"0x{{((97000000){48}(07000000){48}(97000000){48}(F7000000){48}(97000000){48}(F7000000){48}(F7000000){48}(97000000){48}(F7000000){48})}}">
// CHECK-LABEL: @bordered_columns
// CHECK: func.func private @kernel
// CHECK-COUNT-51: "llvm.x86.avx512.vpdpbusd.512"
// CHECK-NOT: "llvm.x86.avx512.vpdpbusd.512"
// CHECK: vector.store
// CHECK-COUNT-54: "llvm.x86.avx512.vpdpbusd.512"
// CHECK-NOT: "llvm.x86.avx512.vpdpbusd.512"
// CHECK: vector.store
// CHECK-COUNT-51: "llvm.x86.avx512.vpdpbusd.512"
// CHECK-NOT: "llvm.x86.avx512.vpdpbusd.512"
module attributes {qnn.target = "avx512vnni"} {
  memref.global "private" constant @weights : memref<3x3x8x48xi8> = dense<2>
  func.func @bordered_columns(%x: memref<20x18x8xi8>, %y: memref<20x18x48xi32>) {
    %c7 = arith.constant 7 : i32
    %padding = arith.constant 3 : i8
    %w = memref.get_global @weights : memref<3x3x8x48xi8>
    %image = memref.alloc() : memref<22x20x8xi8>
    linalg.fill ins(%padding : i8) outs(%image : memref<22x20x8xi8>)
    %inside = memref.subview %image[1, 1, 0] [20, 18, 8] [1, 1, 1] : memref<22x20x8xi8> to memref<20x18x8xi8, strided<[160, 8, 1], offset: 168>>
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%x : memref<20x18x8xi8>) outs(%inside : memref<20x18x8xi8, strided<[160, 8, 1], offset: 168>>) {
    ^bb0(%a: i8, %b: i8):
      linalg.yield %a : i8
    }
    linalg.fill ins(%c7 : i32) outs(%y : memref<20x18x48xi32>)
    linalg.generic {indexing_maps = [#image, #filter, #out], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
        ins(%image, %w : memref<22x20x8xi8>, memref<3x3x8x48xi8>) outs(%y : memref<20x18x48xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    return
  }
}

// -----

#image = affine_map<(h, w, n, kh, kw, c) -> (h + kh, w + kw, c)>
#filter = affine_map<(h, w, n, kh, kw, c) -> (kh, kw, c, n)>
#out = affine_map<(h, w, n, kh, kw, c) -> (h, w, n)>

/// Weights of all three places of a row of the kernel would leave registers for
/// tiles of 4 by 64 only, which would read the weights too often: words are read
/// for each place, and tiles have 6 rows.
// CHECK-LABEL: @wide_columns
// CHECK: func.func private @kernel
// CHECK-COUNT-24: "llvm.x86.avx512.vpdpbusd.512"
// CHECK-NOT: "llvm.x86.avx512.vpdpbusd.512"
// CHECK: vector.store
module attributes {qnn.target = "avx512vnni"} {
  memref.global "private" constant @weights : memref<3x3x8x64xi8> = dense<2>
  func.func @wide_columns(%x: memref<14x14x8xi8>, %y: memref<12x12x64xi32>) {
    %c7 = arith.constant 7 : i32
    %w = memref.get_global @weights : memref<3x3x8x64xi8>
    linalg.fill ins(%c7 : i32) outs(%y : memref<12x12x64xi32>)
    linalg.generic {indexing_maps = [#image, #filter, #out], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
        ins(%x, %w : memref<14x14x8xi8>, memref<3x3x8x64xi8>) outs(%y : memref<12x12x64xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    return
  }
}

// -----

/// Without a target there is no step to build on.
// CHECK-LABEL: @negative_generic
// CHECK: linalg.matmul
func.func @negative_generic(%x: memref<4x8xi8>, %w: memref<8x16xi8>, %y: memref<4x16xi32>) {
  linalg.matmul ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%y : memref<4x16xi32>)
  return
}
