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
// CHECK: func.func private @kernel(%{{.*}}: memref<96xi8> {llvm.noalias, llvm.readonly}, %{{.*}}: memref<768xi8> {llvm.noalias}, %[[BEGIN:.*]]: index, %[[END:.*]]: index) attributes {passthrough = ["noinline"], qnn.kernel_units = 2 : i64, qnn.kernel_work = 96 : i64}
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
/// The second word overlaps the first one. The accumulators have two readers
/// and are stored.
// CHECK: @packed_start : memref<16xi32> = dense<[-1279, -1278, -1277, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]>
// REMARK: remark: stores its accumulators: expects one reader of the accumulators
// CHECK-LABEL: @signed_without_epilogue
// CHECK-COUNT-2: linalg.generic
// CHECK: @kernel
// CHECK: %[[C1:.*]] = arith.constant 1 : index
// CHECK: arith.xori %{{.*}}, %{{.*}} : vector<64xi8>
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

/// Two by four outputs read four rows of words; without the dot product of
/// bytes, each one is two products of pairs.
// CHECK-LABEL: @depthwise
// CHECK-NOT: linalg.generic
// CHECK-COUNT-48: llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"
// CHECK-NOT: llvm.call_intrinsic
// CHECK-COUNT-8: vector.store
module attributes {qnn.target = "avx2"} {
  memref.global "private" constant @weights : memref<3x3x8xi8> = dense<2>
  func.func @depthwise(%x: memref<4x6x8xi8>, %y: memref<2x4x8xi32>) {
    %c7 = arith.constant 7 : i32
    %w = memref.get_global @weights : memref<3x3x8xi8>
    linalg.fill ins(%c7 : i32) outs(%y : memref<2x4x8xi32>)
    linalg.generic {indexing_maps = [#image, #filter, #out], iterator_types = ["parallel", "parallel", "reduction", "reduction", "parallel"]}
        ins(%x, %w : memref<4x6x8xi8>, memref<3x3x8xi8>) outs(%y : memref<2x4x8xi32>) {
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

/// Weights that do not fit into eight bits with a sign stay a loop.
// REMARK: remark: stays a plain loop: expects weights of 8 bits with a sign
// CHECK-LABEL: @negative_weights
// CHECK: linalg.generic
// CHECK-NOT: scf.for
module attributes {qnn.target = "avx512vnni"} {
  memref.global "private" constant @weights : memref<8x16xi8> = dense<-1>
  func.func @negative_weights(%x: memref<4x8xi8>, %y: memref<4x16xi32>) {
    %c0 = arith.constant 0 : i32
    %w = memref.get_global @weights : memref<8x16xi8>
    linalg.fill ins(%c0 : i32) outs(%y : memref<4x16xi32>)
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%y : memref<4x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extui %b : i8 to i32
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

/// Without a target there is no step to build on.
// CHECK-LABEL: @negative_generic
// CHECK: linalg.matmul
func.func @negative_generic(%x: memref<4x8xi8>, %w: memref<8x16xi8>, %y: memref<4x16xi32>) {
  linalg.matmul ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%y : memref<4x16xi32>)
  return
}
