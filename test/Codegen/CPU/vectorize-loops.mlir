// RUN: quant-opt %s -split-input-file -qnn-cpu-vectorize-loops -canonicalize -cse | FileCheck %s

#all = affine_map<(i, j) -> (i, j)>

/// 2 x 17 elements that lie together are two vectors and one that begins
/// earlier; the type with the most bits counts.
// CHECK-LABEL: @elementwise
// CHECK: %[[LAST:.*]] = arith.constant 18 : index
// CHECK: scf.for
// CHECK: arith.extui %{{.*}} : vector<16xi8> to vector<16xi32>
// CHECK: vector.store
// CHECK: vector.load %{{.*}}[%[[LAST]]] : memref<34xi8>, vector<16xi8>
// CHECK: vector.store
// CHECK-NOT: linalg.generic
module attributes {qnn.target = "avx512vnni"} {
  func.func @elementwise(%x: memref<2x17xi8>, %y: memref<2x17xi32>) {
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
        ins(%x : memref<2x17xi8>) outs(%y : memref<2x17xi32>) {
    ^bb0(%a: i8, %b: i32):
      %0 = arith.extui %a : i8 to i32
      linalg.yield %0 : i32
    }
    return
  }
}

// -----

#all = affine_map<(i) -> (i)>

/// An element computed from its former value is computed once: the rest is a
/// vector of one.
// CHECK-LABEL: @in_place
// CHECK: vector.store %{{.*}} : memref<17xi32>, vector<16xi32>
// CHECK: vector.store %{{.*}} : memref<17xi32>, vector<1xi32>
module attributes {qnn.target = "avx512vnni"} {
  func.func @in_place(%x: memref<17xi32>) {
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel"]}
        ins(%x : memref<17xi32>) outs(%x : memref<17xi32>) {
    ^bb0(%a: i32, %b: i32):
      %0 = arith.addi %a, %a : i32
      linalg.yield %0 : i32
    }
    return
  }
}

// -----

#in = affine_map<(k, c) -> (k, c)>
#out = affine_map<(k, c) -> (c)>

/// A maximum along rows stays in a register, and the fill is its start.
// CHECK-LABEL: @pool
// CHECK: %[[START:.*]] = arith.constant dense<3> : vector<32xi8>
// CHECK-NOT: linalg.fill
// CHECK: %[[MAX:.*]] = scf.for {{.*}} iter_args(%{{.*}} = %[[START]]) -> (vector<32xi8>)
// CHECK: arith.maxui %{{.*}} : vector<32xi8>
// CHECK: vector.store %[[MAX]]
module attributes {qnn.target = "avx2"} {
  func.func @pool(%x: memref<9x32xi8>, %y: memref<32xi8>) {
    %c3 = arith.constant 3 : i8
    linalg.fill ins(%c3 : i8) outs(%y : memref<32xi8>)
    linalg.generic {indexing_maps = [#in, #out], iterator_types = ["reduction", "parallel"]}
        ins(%x : memref<9x32xi8>) outs(%y : memref<32xi8>) {
    ^bb0(%a: i8, %b: i8):
      %0 = arith.maxui %a, %b : i8
      linalg.yield %0 : i8
    }
    return
  }
}

// -----

#in = affine_map<(i, k) -> (i, k)>
#out = affine_map<(i, k) -> (i)>

/// Integers along the innermost axis: lanes are terms.
// CHECK-LABEL: @sum
// CHECK: arith.addi %{{.*}} : vector<4xi32>
// CHECK: vector.reduction <add>, %{{.*}} : vector<4xi32> into i32
// CHECK: vector.reduction <add>, %{{.*}} : vector<3xi32> into i32
module attributes {qnn.target = "sse4.1"} {
  func.func @sum(%x: memref<2x11xi32>, %y: memref<2xi32>) {
    linalg.generic {indexing_maps = [#in, #out], iterator_types = ["parallel", "reduction"]}
        ins(%x : memref<2x11xi32>) outs(%y : memref<2xi32>) {
    ^bb0(%a: i32, %b: i32):
      %0 = arith.addi %a, %b : i32
      linalg.yield %0 : i32
    }
    return
  }
}

// -----

#in = affine_map<(i, k) -> (i, k)>
#out = affine_map<(i, k) -> (i)>

/// Floats along the innermost axis: lanes are rows, which are transposed on
/// registers, so that each sum has its terms in their order.
// CHECK-LABEL: @ordered_sum
// CHECK-COUNT-4: vector.load %{{.*}} : memref<20xf32>, vector<4xf32>
// CHECK: vector.interleave
// CHECK-COUNT-5: arith.addf %{{.*}} : vector<4xf32>
// CHECK-NOT: arith.addf
// CHECK: vector.store %{{.*}} : memref<4xf32>, vector<4xf32>
module attributes {qnn.target = "sse4.1"} {
  func.func @ordered_sum(%x: memref<4x5xf32>, %y: memref<4xf32>) {
    linalg.generic {indexing_maps = [#in, #out], iterator_types = ["parallel", "reduction"]}
        ins(%x : memref<4x5xf32>) outs(%y : memref<4xf32>) {
    ^bb0(%a: f32, %b: f32):
      %0 = arith.addf %b, %a : f32
      linalg.yield %0 : f32
    }
    return
  }
}

// -----

/// Three channels of 16 pixels become pixels of three channels.
// CHECK-LABEL: @transpose
// CHECK-COUNT-3: vector.load %{{.*}} : memref<48xi32>, vector<16xi32>
// CHECK: vector.shuffle
// CHECK: vector.store %{{.*}} : memref<48xi32>, vector<48xi32>
// CHECK-NOT: vector.store
module attributes {qnn.target = "avx512vnni"} {
  func.func @transpose(%x: memref<3x16xi32>, %y: memref<16x3xi32>) {
    linalg.transpose ins(%x : memref<3x16xi32>) outs(%y : memref<16x3xi32>) permutation = [1, 0]
    return
  }
}

// -----

#all = affine_map<(i) -> (i)>

/// A table of 32 bytes is two shuffles; tables of words are gathered.
// CHECK-LABEL: @tables
// CHECK-COUNT-2: llvm.call_intrinsic "llvm.x86.avx2.pshuf.b"
// CHECK-NOT: llvm.call_intrinsic "llvm.x86.avx2.pshuf.b"
// CHECK: vector.gather %{{.*}} : memref<4xi32>, vector<8xi32>
module attributes {qnn.target = "avx2"} {
  memref.global "private" constant @bytes : memref<32xi8> = dense<2>
  memref.global "private" constant @words : memref<4xi32> = dense<2>
  func.func @tables(%x: memref<32xi8>, %y: memref<32xi8>, %u: memref<8xi32>, %v: memref<8xi32>) {
    %bytes = memref.get_global @bytes : memref<32xi8>
    %words = memref.get_global @words : memref<4xi32>
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel"]}
        ins(%x : memref<32xi8>) outs(%y : memref<32xi8>) {
    ^bb0(%a: i8, %b: i8):
      %0 = arith.index_castui %a : i8 to index
      %1 = memref.load %bytes[%0] : memref<32xi8>
      linalg.yield %1 : i8
    }
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel"]}
        ins(%u : memref<8xi32>) outs(%v : memref<8xi32>) {
    ^bb0(%a: i32, %b: i32):
      %0 = arith.index_cast %a : i32 to index
      %1 = memref.load %words[%0] : memref<4xi32>
      linalg.yield %1 : i32
    }
    return
  }
}

// -----

/// Without vectors, nothing changes.
// CHECK-LABEL: @negative_generic
// CHECK: linalg.fill
module attributes {qnn.target = "generic"} {
  func.func @negative_generic(%x: memref<64xi8>) {
    %c0 = arith.constant 0 : i8
    linalg.fill ins(%c0 : i8) outs(%x : memref<64xi8>)
    return
  }
}

// -----

#all = affine_map<(i, j) -> (i, j)>

/// Large loops are functions that threads can share: 32 parts of 1024 elements.
// CHECK-LABEL: @large(
// CHECK: call @kernel(%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}})
// CHECK: func.func private @kernel(
// CHECK-SAME: {llvm.noalias, llvm.readonly}, %{{.*}}: memref<32768xf32> {llvm.noalias}, %[[BEGIN:.*]]: index, %[[END:.*]]: index)
// CHECK-SAME: qnn.kernel_units = 32 : i64, qnn.kernel_work = 2048 : i64
// CHECK: scf.for %{{.*}} = %[[BEGIN]] to %[[END]]
// CHECK: scf.for %{{.*}} = %c0 to %c1024
module attributes {qnn.target = "avx512vnni"} {
  func.func @large(%x: memref<4x8192xf32>, %y: memref<4x8192xf32>) {
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
        ins(%x : memref<4x8192xf32>) outs(%y : memref<4x8192xf32>) {
    ^bb0(%a: f32, %b: f32):
      %0 = arith.addf %a, %a : f32
      linalg.yield %0 : f32
    }
    return
  }
}

// -----

/// One unit: there is no loop around the lanes, and they are no multiple of a
/// vector. The number to fill with is a constant of the function.
// CHECK-LABEL: @large_and_odd(
// CHECK: call @kernel(%{{.*}}, %c0, %c1)
// CHECK: func.func private @kernel(
// CHECK-SAME: qnn.kernel_accesses = [array<i64: 0, 131084>], qnn.kernel_units = 1 : i64
// CHECK: arith.constant dense<0.000000e+00>
module attributes {qnn.target = "avx512vnni"} {
  func.func @large_and_odd(%x: memref<32771xf32>) {
    %zero = arith.constant 0.0 : f32
    linalg.fill ins(%zero : f32) outs(%x : memref<32771xf32>)
    return
  }
}

// -----

/// Little work is divided by the loop that there is: borders go with the rows
/// that are written between them.
// CHECK-LABEL: @borders(
// CHECK: call @kernel(%{{.*}}, %c0, %c3)
// CHECK: func.func private @kernel(
// CHECK-SAME: qnn.kernel_accesses = [array<i64: 68, 196, 268, 396, 468, 596>], qnn.kernel_units = 3 : i64
module attributes {qnn.target = "avx512vnni"} {
  func.func @borders(%x: memref<600xi8>) {
    %zero = arith.constant 0 : i8
    %part = memref.reinterpret_cast %x to offset: [68], sizes: [3, 128], strides: [200, 1]
        : memref<600xi8> to memref<3x128xi8, strided<[200, 1], offset: 68>>
    linalg.fill ins(%zero : i8) outs(%part : memref<3x128xi8, strided<[200, 1], offset: 68>>)
    return
  }
}

// -----

#all = affine_map<(i) -> (i)>

/// A function has the tables and starts of its own.
// CHECK-LABEL: @large_lookup(
// CHECK: call @kernel
// CHECK: func.func private @kernel
// CHECK: memref.get_global @table
module attributes {qnn.target = "avx512vnni"} {
  memref.global "private" constant @table : memref<256xi8> = dense<3>
  func.func @large_lookup(%x: memref<262144xi8>, %y: memref<262144xi8>) {
    %table = memref.get_global @table : memref<256xi8>
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel"]}
        ins(%x : memref<262144xi8>) outs(%y : memref<262144xi8>) {
    ^bb0(%a: i8, %b: i8):
      %0 = arith.index_castui %a : i8 to index
      %1 = memref.load %table[%0] : memref<256xi8>
      linalg.yield %1 : i8
    }
    return
  }
}

// -----

#all = affine_map<(i) -> (i)>

/// Two registers of a table by one instruction, where there is one: the highest
/// bit of a position chooses its half.
// CHECK-LABEL: @permuted_lookup(
// CHECK: func.func private @kernel
// CHECK: %[[LOW:.*]] = llvm.call_intrinsic "llvm.x86.avx512.vpermi2var.qi.512"
// CHECK: %[[HIGH:.*]] = llvm.call_intrinsic "llvm.x86.avx512.vpermi2var.qi.512"
// CHECK: %[[IS_LOW:.*]] = arith.cmpi sge, %{{.*}}, %{{.*}} : vector<64xi8>
// CHECK: arith.select %[[IS_LOW]], %[[LOW]], %[[HIGH]]
// CHECK-NOT: pshuf
module attributes {qnn.target = "avx512vbmi"} {
  memref.global "private" constant @table : memref<256xi8> = dense<3>
  func.func @permuted_lookup(%x: memref<262144xi8>, %y: memref<262144xi8>) {
    %table = memref.get_global @table : memref<256xi8>
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel"]}
        ins(%x : memref<262144xi8>) outs(%y : memref<262144xi8>) {
    ^bb0(%a: i8, %b: i8):
      %0 = arith.index_castui %a : i8 to index
      %1 = memref.load %table[%0] : memref<256xi8>
      linalg.yield %1 : i8
    }
    return
  }
}

// -----

#all = affine_map<(i) -> (i)>

/// What is there four times, with much in it, are functions that can be merged:
/// the buffers are whole, and the offsets are inside.
// CHECK-LABEL: @repeated(
// CHECK-COUNT-4: call @kernel{{.*}} : (memref<64xf32>, memref<16xf32>, index, index) -> ()
// CHECK: func.func private @kernel
module attributes {qnn.target = "avx512vnni"} {
  func.func @repeated(%x: memref<64xf32>, %a: memref<16xf32>, %b: memref<16xf32>, %c: memref<16xf32>, %d: memref<16xf32>) {
    %0 = memref.subview %x[0] [16] [1] : memref<64xf32> to memref<16xf32, strided<[1]>>
    %1 = memref.subview %x[16] [16] [1] : memref<64xf32> to memref<16xf32, strided<[1], offset: 16>>
    %2 = memref.subview %x[32] [16] [1] : memref<64xf32> to memref<16xf32, strided<[1], offset: 32>>
    %3 = memref.subview %x[48] [16] [1] : memref<64xf32> to memref<16xf32, strided<[1], offset: 48>>
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel"]}
        ins(%0 : memref<16xf32, strided<[1]>>) outs(%a : memref<16xf32>) {
    ^bb0(%in: f32, %out: f32):
      %v1 = arith.mulf %in, %in : f32
      %v2 = arith.mulf %v1, %in : f32
      %v3 = arith.mulf %v2, %in : f32
      %v4 = arith.mulf %v3, %in : f32
      %v5 = arith.mulf %v4, %in : f32
      %v6 = arith.mulf %v5, %in : f32
      %v7 = arith.mulf %v6, %in : f32
      linalg.yield %v7 : f32
    }
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel"]}
        ins(%1 : memref<16xf32, strided<[1], offset: 16>>) outs(%b : memref<16xf32>) {
    ^bb0(%in: f32, %out: f32):
      %v1 = arith.mulf %in, %in : f32
      %v2 = arith.mulf %v1, %in : f32
      %v3 = arith.mulf %v2, %in : f32
      %v4 = arith.mulf %v3, %in : f32
      %v5 = arith.mulf %v4, %in : f32
      %v6 = arith.mulf %v5, %in : f32
      %v7 = arith.mulf %v6, %in : f32
      linalg.yield %v7 : f32
    }
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel"]}
        ins(%2 : memref<16xf32, strided<[1], offset: 32>>) outs(%c : memref<16xf32>) {
    ^bb0(%in: f32, %out: f32):
      %v1 = arith.mulf %in, %in : f32
      %v2 = arith.mulf %v1, %in : f32
      %v3 = arith.mulf %v2, %in : f32
      %v4 = arith.mulf %v3, %in : f32
      %v5 = arith.mulf %v4, %in : f32
      %v6 = arith.mulf %v5, %in : f32
      %v7 = arith.mulf %v6, %in : f32
      linalg.yield %v7 : f32
    }
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel"]}
        ins(%3 : memref<16xf32, strided<[1], offset: 48>>) outs(%d : memref<16xf32>) {
    ^bb0(%in: f32, %out: f32):
      %v1 = arith.mulf %in, %in : f32
      %v2 = arith.mulf %v1, %in : f32
      %v3 = arith.mulf %v2, %in : f32
      %v4 = arith.mulf %v3, %in : f32
      %v5 = arith.mulf %v4, %in : f32
      %v6 = arith.mulf %v5, %in : f32
      %v7 = arith.mulf %v6, %in : f32
      linalg.yield %v7 : f32
    }
    return
  }
}

// -----

#all = affine_map<(i) -> (i)>

/// Less than a call is no function, however often it is there.
// CHECK-LABEL: @small(
// CHECK-NOT: call
module attributes {qnn.target = "avx512vnni"} {
  func.func @small(%x: memref<16xf32>, %a: memref<16xf32>) {
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel"]}
        ins(%x : memref<16xf32>) outs(%a : memref<16xf32>) {
    ^bb0(%in: f32, %out: f32):
      %0 = arith.mulf %in, %in : f32
      linalg.yield %0 : f32
    }
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel"]}
        ins(%x : memref<16xf32>) outs(%a : memref<16xf32>) {
    ^bb0(%in: f32, %out: f32):
      %0 = arith.mulf %in, %in : f32
      linalg.yield %0 : f32
    }
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel"]}
        ins(%x : memref<16xf32>) outs(%a : memref<16xf32>) {
    ^bb0(%in: f32, %out: f32):
      %0 = arith.mulf %in, %in : f32
      linalg.yield %0 : f32
    }
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel"]}
        ins(%x : memref<16xf32>) outs(%a : memref<16xf32>) {
    ^bb0(%in: f32, %out: f32):
      %0 = arith.mulf %in, %in : f32
      linalg.yield %0 : f32
    }
    return
  }
}

// -----

/// A sum that nothing is added to has no operation that could combine lanes.
// CHECK-LABEL: @keeps_accumulator
// CHECK: linalg.generic
module attributes {qnn.target = "avx512vnni"} {
  func.func @keeps_accumulator(%x: memref<64xi8>, %y: memref<1xi32>) {
    linalg.generic {indexing_maps = [affine_map<(n, k) -> (k)>, affine_map<(n, k) -> (n)>], iterator_types = ["parallel", "reduction"]}
        ins(%x : memref<64xi8>) outs(%y : memref<1xi32>) {
    ^bb0(%a: i8, %c: i32):
      linalg.yield %c : i32
    }
    return
  }
}
