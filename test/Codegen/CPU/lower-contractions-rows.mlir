// RUN: quant-opt %s -split-input-file -qnn-cpu-lower-contractions -canonicalize -cse | FileCheck %s
// RUN: quant-opt %s -split-input-file -qnn-cpu-lower-contractions=remarks=true -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

#lhs = affine_map<(m, k, n) -> (m, k)>
#rhs = affine_map<(m, k, n) -> (k, n)>
#out = affine_map<(m, k, n) -> (m, n)>

/// Both pairs of the word of a column are multiplied in 16 bits and added
/// there, because no weight is -128.
// CHECK: memref.global "private" constant @packed_weights : memref<16xi8> = dense<[1, 2, 1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4, 3, 4]>
// CHECK-LABEL: func.func private @kernel
// CHECK: %[[LOW:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.smull.v8i16"
// CHECK: %[[HIGH:.*]] = llvm.call_intrinsic "llvm.aarch64.neon.smull.v8i16"
// CHECK: %[[SUM:.*]] = arith.addi %[[LOW]], %[[HIGH]] : vector<8xi16>
// CHECK: llvm.call_intrinsic "llvm.aarch64.neon.saddlp.v4i32.v8i16"(%[[SUM]])
module attributes {qnn.target = "neon"} {
  memref.global "private" constant @weights : memref<4x4xi8> = dense<[[1, 1, 1, 1], [2, 2, 2, 2], [3, 3, 3, 3], [4, 4, 4, 4]]>
  func.func @neon(%x: memref<4x4xi8>, %y: memref<4x4xi32>) {
    %c0 = arith.constant 0 : i32
    %w = memref.get_global @weights : memref<4x4xi8>
    linalg.fill ins(%c0 : i32) outs(%y : memref<4x4xi32>)
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x4xi8>, memref<4x4xi8>) outs(%y : memref<4x4xi32>) {
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

/// Two weights of -128 times -128 do not fit into 16 bits: each product is
/// added for itself.
// CHECK-LABEL: func.func private @kernel
// CHECK: llvm.call_intrinsic "llvm.aarch64.neon.smull.v8i16"
// CHECK: llvm.call_intrinsic "llvm.aarch64.neon.smull.v8i16"
// CHECK-NOT: arith.addi %{{.*}} : vector<8xi16>
// CHECK-COUNT-2: llvm.call_intrinsic "llvm.aarch64.neon.saddlp.v4i32.v8i16"
module attributes {qnn.target = "neon"} {
  memref.global "private" constant @weights : memref<4x4xi8> = dense<-128>
  func.func @neon_exact(%x: memref<1x4xi8>, %y: memref<1x4xi32>) {
    %c0 = arith.constant 0 : i32
    %w = memref.get_global @weights : memref<4x4xi8>
    linalg.fill ins(%c0 : i32) outs(%y : memref<1x4xi32>)
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<1x4xi8>, memref<4x4xi8>) outs(%y : memref<1x4xi32>) {
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
#rhs = affine_map<(m, k, n) -> (k, n)>
#out = affine_map<(m, k, n) -> (m, n)>

/// Unsigned activations times signed weights, as they are.
// CHECK-LABEL: func.func private @kernel
// CHECK-NOT: arith.xori
// CHECK: llvm.call_intrinsic "llvm.aarch64.neon.usdot.v4i32.v16i8"(%{{.*}}, %[[X:.*]], %[[W:.*]])
module attributes {qnn.target = "neon+i8mm"} {
  memref.global "private" constant @weights : memref<4x4xi8> = dense<-128>
  func.func @i8mm(%x: memref<1x4xi8>, %y: memref<1x4xi32>) {
    %c0 = arith.constant 0 : i32
    %w = memref.get_global @weights : memref<4x4xi8>
    linalg.fill ins(%c0 : i32) outs(%y : memref<1x4xi32>)
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<1x4xi8>, memref<4x4xi8>) outs(%y : memref<1x4xi32>) {
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

/// Unsigned weights are the first factor of vpdpbusd; the activations get the
/// sign that the second one has.
// CHECK-DAG: @packed_weights : memref<64xi8> = dense<-56>
// CHECK-DAG: @packed_start : memref<16xi32> = dense<102400>
// CHECK-LABEL: func.func private @kernel
// CHECK: %[[W:.*]] = vector.load {{.*}} vector<64xi8>
// CHECK: %[[X:.*]] = arith.xori
// CHECK: llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"(%{{.*}}, %[[W]], %[[X]])
module attributes {qnn.target = "avx512vnni"} {
  memref.global "private" constant @weights : memref<4x16xi8> = dense<200>
  func.func @unsigned_weights(%x: memref<1x4xi8>, %y: memref<1x16xi32>) {
    %c0 = arith.constant 0 : i32
    %w = memref.get_global @weights : memref<4x16xi8>
    linalg.fill ins(%c0 : i32) outs(%y : memref<1x16xi32>)
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<1x4xi8>, memref<4x16xi8>) outs(%y : memref<1x16xi32>) {
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

/// Without intrinsics: weights of one byte of each word, extended.
// CHECK: @packed_weights : memref<16xi16> = dense<[1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4]>
// CHECK-LABEL: func.func private @kernel
// CHECK: arith.extsi %{{.*}} : vector<4xi16> to vector<4xi32>
// CHECK-COUNT-4: arith.muli %{{.*}} : vector<4xi32>
module attributes {qnn.target = "generic"} {
  memref.global "private" constant @weights : memref<4x4xi8> = dense<[[1, 1, 1, 1], [2, 2, 2, 2], [3, 3, 3, 3], [4, 4, 4, 4]]>
  func.func @generic(%x: memref<1x4xi8>, %y: memref<1x4xi32>) {
    %c0 = arith.constant 0 : i32
    %w = memref.get_global @weights : memref<4x4xi8>
    linalg.fill ins(%c0 : i32) outs(%y : memref<1x4xi32>)
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<1x4xi8>, memref<4x4xi8>) outs(%y : memref<1x4xi32>) {
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

/// The first four words are too large for bytes: 127 + 127 > 128. The others
/// come before them, and each loop knows from a table how many it has.
// CHECK-DAG: @packed_panels : memref<64xi32> = dense<[0, 0, 4, 256, 4, 0, 256, 4, 0, 256, 4, 4, {{(0, ){19}0, }}768, 8, 4, 1024, 12, 0, 1024, 12, 0, 1024, 12, 4, {{(0, ){19}0}}]>
// CHECK-DAG: @packed_distances : memref<16xi32> = dense<[16, 20, 24, 28, 0, 4, 8, 12, 16, 20, 24, 28, 0, 4, 8, 12]>
// CHECK-LABEL: func.func @mixed
// CHECK: memref.alloc() : memref<259xi16>
// CHECK-LABEL: func.func private @kernel
// CHECK: llvm.call_intrinsic "llvm.x86.avx2.pmadd.ub.sw"
// CHECK: llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"
// REMARK: remark: multiplies 16-bit numbers in 16 of 32 steps: bytes would saturate
module attributes {qnn.target = "avx2"} {
  memref.global "private" constant @weights : memref<32x32xi8> = dense<"0x7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f0101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101">
  func.func @mixed(%x: memref<8x32xi8>, %y: memref<8x32xi32>) {
    %c0 = arith.constant 0 : i32
    %w = memref.get_global @weights : memref<32x32xi8>
    linalg.fill ins(%c0 : i32) outs(%y : memref<8x32xi32>)
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<8x32xi8>, memref<32x32xi8>) outs(%y : memref<8x32xi32>) {
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

#image = affine_map<(n, h, w, kh, kw, g, c, o) -> (n, h + kh, w + kw, g * 4 + c)>
#filter = affine_map<(n, h, w, kh, kw, g, c, o) -> (kh, kw, g, c, o)>
#out = affine_map<(n, h, w, kh, kw, g, c, o) -> (n, h, w, g * 8 + o)>

/// Two groups of eight columns fill a vector: four of the eight activations of
/// each word have weights of zero. The other two are the second iteration.
// CHECK: @packed_weights : memref<256xi8> = dense<"0x{{(02)+(00)+(02)+(00)+(02)+}}">
// CHECK-LABEL: func.func private @kernel
// CHECK: %[[TWO:.*]] = arith.constant 2 : index
// CHECK: scf.for %{{.*}} = %{{.*}} to %[[TWO]]
// CHECK-NOT: linalg.generic
// CHECK: return
module attributes {qnn.target = "avx512vnni"} {
  memref.global "private" constant @weights : memref<1x1x4x4x8xi8> = dense<2>
  func.func @grouped(%x: memref<1x3x3x16xi8>, %y: memref<1x3x3x32xi32>) {
    %c7 = arith.constant 7 : i32
    %w = memref.get_global @weights : memref<1x1x4x4x8xi8>
    linalg.fill ins(%c7 : i32) outs(%y : memref<1x3x3x32xi32>)
    linalg.generic {indexing_maps = [#image, #filter, #out], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction", "parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<1x3x3x16xi8>, memref<1x1x4x4x8xi8>) outs(%y : memref<1x3x3x32xi32>) {
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

/// As above, where words are sorted: output row 0 leaves out the words of the
/// first row of taps, 4 of 8, in the loop of bytes. Weights are small, so that
/// the loops of 16 bits have none.
// CHECK-DAG: @tap_ranges : memref<12xi32> = dense<[0, 1, 2, 16, 0, 2, 16, 0, 2, 16, 0, 2]>
// CHECK-DAG: @packed_start : memref<32xi32> = dense<[{{(103, ){16}(7, ){15}7}}]>
// CHECK-DAG: @packed_panels : memref<64xi32> = dense<[256, 4, 4, 512, 8, 0, 512, 8, 0, 512, 8, 0, {{(0, ){19}0, }}0, 0, 8, 512, 8, 0, 512, 8, 0, 512, 8, 0, {{(0, ){19}0}}]>
// CHECK-LABEL: func.func @bordered
module attributes {qnn.target = "avx2"} {
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
