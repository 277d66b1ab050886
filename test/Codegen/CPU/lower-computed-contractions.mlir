// RUN: quant-opt %s -split-input-file -qnn-cpu-lower-contractions -canonicalize -cse | FileCheck %s
// RUN: quant-opt %s -split-input-file -qnn-cpu-lower-contractions=remarks=true -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

#lhs = affine_map<(b, m, k, n) -> (b, m, k)>
#rhs = affine_map<(b, m, k, n) -> (b, k, n)>
#out = affine_map<(b, m, k, n) -> (b, m, n)>

/// Rows of the right side are interleaved to words. The activations have a sign
/// and are shifted by 128, so the same sums of weights are taken off.
// CHECK-LABEL: @rows
// CHECK: %[[WEIGHTS:.*]] = memref.alloc() {alignment = 64 : i64} : memref<256xi8>
// CHECK: %[[SUMS:.*]] = memref.alloc() {alignment = 64 : i64} : memref<32xi32>
// CHECK-COUNT-3: vector.interleave
// CHECK: vector.store %{{.*}}, %[[WEIGHTS]]
// CHECK: %[[SUM:.*]] = llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
// CHECK: vector.store %{{.*}}, %[[SUMS]]
// CHECK: call @kernel
// CHECK: func.func private @kernel
// CHECK: arith.subi %{{.*}} : vector<16xi32>
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"
module attributes {qnn.target = "avx512vnni"} {
  func.func @rows(%x: memref<2x9x8xi8>, %w: memref<2x8x16xi8>, %y: memref<2x9x16xi32>) {
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<2x9x8xi8>, memref<2x8x16xi8>) outs(%y : memref<2x9x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extsi %a : i8 to i32
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
#turned = affine_map<(m, k, n) -> (n, k)>
#out = affine_map<(m, k, n) -> (m, n)>

/// Columns have words already: four of four columns are transposed, split into
/// 16 bits and stored. The last word is made of single bytes.
// CHECK-LABEL: @columns
// CHECK: memref.alloc() {alignment = 64 : i64} : memref<80xi16>
// CHECK-COUNT-8: vector.shuffle
// CHECK-COUNT-8: vector.store %{{.*}} : memref<80xi16>, vector<8xi16>
// CHECK-COUNT-4: memref.load
// CHECK: call @kernel
// CHECK: func.func private @kernel
// CHECK: llvm.call_intrinsic "llvm.x86.sse2.pmadd.wd"
module attributes {qnn.target = "sse4.1"} {
  func.func @columns(%x: memref<9x17xi8>, %w: memref<4x17xi8>, %y: memref<9x4xi32>) {
    linalg.generic {indexing_maps = [#lhs, #turned, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<9x17xi8>, memref<4x17xi8>) outs(%y : memref<9x4xi32>) {
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
#far = affine_map<(m, k, n) -> (k, m)>
#rhs = affine_map<(m, k, n) -> (k, n)>
#out = affine_map<(m, k, n) -> (m, n)>

// CHECK-LABEL: @negative
// CHECK-COUNT-5: linalg.generic
// CHECK-NOT: call @kernel
// REMARK-DAG: remark: stays a plain loop: expects an accumulator in f32 or i32
// REMARK-DAG: remark: stays a plain loop: expects a product of extended bytes
// REMARK-DAG: remark: stays a plain loop: expects bytes of the left side that lie together
// REMARK-DAG: remark: stays a plain loop: expects a right side with a sign
// REMARK-DAG: remark: stays a plain loop: expects to add a product to the accumulator
module attributes {qnn.target = "avx512vnni"} {
  func.func @negative(%x: memref<4x8xi8>, %f: memref<8x4xi8>, %w: memref<8x16xi8>, %y: memref<4x16xi32>, %z: memref<4x16xi64>) {
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%z : memref<4x16xi64>) {
    ^bb0(%a: i8, %b: i8, %c: i64):
      %0 = arith.extsi %a : i8 to i64
      %1 = arith.extsi %b : i8 to i64
      %2 = arith.muli %0, %1 : i64
      %3 = arith.addi %c, %2 : i64
      linalg.yield %3 : i64
    }
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%y : memref<4x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extsi %a : i8 to i32
      %1 = arith.muli %0, %c : i32
      %2 = arith.addi %c, %1 : i32
      linalg.yield %2 : i32
    }
    linalg.generic {indexing_maps = [#far, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%f, %w : memref<8x4xi8>, memref<8x16xi8>) outs(%y : memref<4x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extsi %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%y : memref<4x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extsi %a : i8 to i32
      %1 = arith.extui %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%y : memref<4x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extsi %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      linalg.yield %2 : i32
    }
    return
  }
}

// -----

#lhs = affine_map<(m, k, n) -> (m, k)>
#rhs = affine_map<(m, k, n) -> (k, n)>
#out = affine_map<(m, k, n) -> (m, n)>

// CHECK-LABEL: @negative_rvv
// CHECK: linalg.generic
// CHECK-NOT: call @kernel
// REMARK: remark: stays a plain loop: expects a target that multiplies vectors of bytes
module attributes {qnn.target = "rvv"} {
  func.func @negative_rvv(%x: memref<4x8xi8>, %w: memref<8x16xi8>, %y: memref<4x16xi32>) {
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%y : memref<4x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extsi %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    return
  }
}
