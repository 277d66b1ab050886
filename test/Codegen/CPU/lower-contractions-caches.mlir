// RUN: quant-opt %s -split-input-file -qnn-cpu-lower-contractions -canonicalize -cse | FileCheck %s

// What is read when, so that caches have it.

#lhs = affine_map<(m, k, n) -> (m, k)>
#rhs = affine_map<(m, k, n) -> (k, n)>
#out = affine_map<(m, k, n) -> (m, n)>

/// Two panels of 64 columns are half of the second cache: each of the 8 tiles
/// of one panel fetches its part of the other, a line with each 2 of 1024 words.
// CHECK-LABEL: @prefetched
// CHECK: func.func private @kernel
// CHECK: scf.for %[[PANEL:[a-z0-9]+]] =
// CHECK: %[[WEIGHTS:.*]] = arith.muli %[[PANEL]], %c262144
// CHECK: %[[LAST:.*]] = arith.cmpi eq, %[[PANEL]], %c1
// CHECK: %[[BEHIND:.*]] = arith.addi %[[WEIGHTS]], %c262144
// CHECK: %[[NEXT:.*]] = arith.select %[[LAST]], %c0, %[[BEHIND]]
// CHECK: scf.for %[[TILE:[a-z0-9]+]] =
// CHECK: %[[DISTANCE:.*]] = arith.muli %{{.*}}, %c32768
// CHECK: %[[BEGIN:.*]] = arith.addi %[[NEXT]], %[[DISTANCE]]
// CHECK: scf.for %[[WORD:[a-z0-9]+]] =
// CHECK-SAME: step %c2 iter_args
// CHECK: %[[LINE:.*]] = arith.muli %[[WORD]], %c32
// CHECK: %[[ADDRESS:.*]] = arith.addi %[[BEGIN]], %[[LINE]]
// CHECK: memref.prefetch %{{.*}}[%[[ADDRESS]]], read, locality<2>, data : memref<524288xi8>
// CHECK: %[[END:.*]] = arith.addi %[[WORD]], %c2
// CHECK: scf.for %{{.*}} = %[[WORD]] to %[[END]] step %c1 iter_args
module attributes {qnn.target = "avx512vnni"} {
  memref.global "private" constant @weights : memref<4096x128xi8> = dense<2>
  func.func @prefetched(%x: memref<48x4096xi8>, %y: memref<48x128xi32>) {
    %c0 = arith.constant 0 : i32
    %w = memref.get_global @weights : memref<4096x128xi8>
    linalg.fill ins(%c0 : i32) outs(%y : memref<48x128xi32>)
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<48x4096xi8>, memref<4096x128xi8>) outs(%y : memref<48x128xi32>) {
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

/// Three tiles would have to fetch more than a line with each word.
// CHECK-LABEL: @few_tiles
// CHECK: func.func private @kernel
// CHECK-NOT: memref.prefetch
// CHECK: "llvm.x86.avx512.vpdpbusd.512"
// CHECK-NOT: memref.prefetch
// CHECK: return
module attributes {qnn.target = "avx512vnni"} {
  memref.global "private" constant @weights : memref<4096x128xi8> = dense<2>
  func.func @few_tiles(%x: memref<18x4096xi8>, %y: memref<18x128xi32>) {
    %c0 = arith.constant 0 : i32
    %w = memref.get_global @weights : memref<4096x128xi8>
    linalg.fill ins(%c0 : i32) outs(%y : memref<18x128xi32>)
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<18x4096xi8>, memref<4096x128xi8>) outs(%y : memref<18x128xi32>) {
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

#image = affine_map<(h, w, kh, kw, c) -> (h * 2 + kh, w * 2 + kw, c)>
#filter = affine_map<(h, w, kh, kw, c) -> (kh, kw, c)>
#out = affine_map<(h, w, kh, kw, c) -> (h, w, c)>

/// Depthwise, channels of 144 bytes do not begin with cache lines: the panels of
/// 64 share lines. Three of 25 rows of the result need less of the image than the
/// first cache holds; all panels of those are computed before the next ones. Each
/// row has words of its own: three that share them would save less than a tenth.
// CHECK-LABEL: @shared_lines
// CHECK: func.func private @kernel(
// CHECK: scf.for %[[ROW:[a-z0-9]+]] = %{{.*}} to %{{.*}} step %c3 {
// CHECK: scf.for %{{.*}} = %c0 to %c2 step %c1 {
// CHECK: scf.for %{{.*}} = %[[ROW]] to
module attributes {qnn.target = "avx512vnni"} {
  memref.global "private" constant @weights : memref<3x3x144xi8> = dense<2>
  func.func @shared_lines(%x: memref<51x33x144xi8>, %y: memref<25x16x144xi32>) {
    %c7 = arith.constant 7 : i32
    %w = memref.get_global @weights : memref<3x3x144xi8>
    linalg.fill ins(%c7 : i32) outs(%y : memref<25x16x144xi32>)
    linalg.generic {indexing_maps = [#image, #filter, #out], iterator_types = ["parallel", "parallel", "reduction", "reduction", "parallel"]}
        ins(%x, %w : memref<51x33x144xi8>, memref<3x3x144xi8>) outs(%y : memref<25x16x144xi32>) {
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

#image = affine_map<(h, w, kh, kw, c) -> (h * 2 + kh, w * 2 + kw, c)>
#filter = affine_map<(h, w, kh, kw, c) -> (kh, kw, c)>
#out = affine_map<(h, w, kh, kw, c) -> (h, w, c)>

/// Each panel of 64 of 128 channels reads lines of its own.
// CHECK-LABEL: @whole_lines
// CHECK: func.func private @kernel(
// CHECK: scf.for %{{.*}} = %c0 to %c2 step %c1 {
// CHECK: scf.for %{{.*}} = %arg2 to %arg3
module attributes {qnn.target = "avx512vnni"} {
  memref.global "private" constant @weights : memref<3x3x128xi8> = dense<2>
  func.func @whole_lines(%x: memref<33x33x128xi8>, %y: memref<16x16x128xi32>) {
    %c7 = arith.constant 7 : i32
    %w = memref.get_global @weights : memref<3x3x128xi8>
    linalg.fill ins(%c7 : i32) outs(%y : memref<16x16x128xi32>)
    linalg.generic {indexing_maps = [#image, #filter, #out], iterator_types = ["parallel", "parallel", "reduction", "reduction", "parallel"]}
        ins(%x, %w : memref<33x33x128xi8>, memref<3x3x128xi8>) outs(%y : memref<16x16x128xi32>) {
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
