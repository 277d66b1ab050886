// RUN: quant-opt %s -split-input-file -verify-diagnostics -qnn-cpu-vectorize-loops -qnn-verify-vectorized -o /dev/null

#in = affine_map<(i, k) -> (i, k)>
#column = affine_map<(i, k) -> (k, i * 2)>
#out = affine_map<(i, k) -> (i)>
#all = affine_map<(i) -> (i)>
#half = affine_map<(i) -> (i floordiv 2)>
#reverse = affine_map<(i) -> (-i + 299)>

module attributes {qnn.target = "avx512vnni"} {
  memref.global "private" constant @table : memref<3x256xi8> = dense<2>

  func.func @vectors(%x: memref<300xf32>) {
    %c0 = arith.constant 0.0 : f32
    linalg.fill ins(%c0 : f32) outs(%x : memref<300xf32>)
    return
  }

  func.func @ordered_sum(%x: memref<1x300xf32>, %y: memref<1xf32>) {
    // expected-remark @+1 {{loop of 300 iterations is not on vectors: keeps the order of a sum that is not of integers}}
    linalg.generic {indexing_maps = [#in, #out], iterator_types = ["parallel", "reduction"]}
        ins(%x : memref<1x300xf32>) outs(%y : memref<1xf32>) {
    ^bb0(%a: f32, %b: f32):
      %0 = arith.addf %a, %b : f32
      linalg.yield %0 : f32
    }
    return
  }

  func.func @terms_apart(%x: memref<300x2xi32>, %y: memref<1xi32>) {
    // expected-remark @+1 {{expects terms that lie together in memory}}
    linalg.generic {indexing_maps = [#column, #out], iterator_types = ["parallel", "reduction"]}
        ins(%x : memref<300x2xi32>) outs(%y : memref<1xi32>) {
    ^bb0(%a: i32, %b: i32):
      %0 = arith.addi %a, %b : i32
      linalg.yield %0 : i32
    }
    return
  }

  func.func @table_of_channels(%x: memref<300xi8>, %y: memref<300xi8>) {
    %table = memref.get_global @table : memref<3x256xi8>
    %row = arith.constant 1 : index
    // expected-remark @+1 {{expects elementwise operations and small tables}}
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel"]}
        ins(%x : memref<300xi8>) outs(%y : memref<300xi8>) {
    ^bb0(%a: i8, %b: i8):
      %0 = arith.index_castui %a : i8 to index
      %1 = memref.load %table[%row, %0] : memref<3x256xi8>
      linalg.yield %1 : i8
    }
    return
  }

  func.func @backwards(%x: memref<300xi8>, %y: memref<300xi8>) {
    // expected-remark @+1 {{expects elements that lie together in memory}}
    linalg.generic {indexing_maps = [#reverse, #all], iterator_types = ["parallel"]}
        ins(%x : memref<300xi8>) outs(%y : memref<300xi8>) {
    ^bb0(%a: i8, %b: i8):
      linalg.yield %a : i8
    }
    return
  }

  func.func @halves(%x: memref<150xi8>, %y: memref<300xi8>) {
    // expected-remark @+1 {{expects static strides and linear subscripts}}
    linalg.generic {indexing_maps = [#half, #all], iterator_types = ["parallel"]}
        ins(%x : memref<150xi8>) outs(%y : memref<300xi8>) {
    ^bb0(%a: i8, %b: i8):
      linalg.yield %a : i8
    }
    return
  }

  func.func @two_results(%x: memref<300xi8>, %y: memref<300xi8>) {
    // expected-remark @+1 {{expects one result, or elements that are computed alone}}
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel"]}
        outs(%x, %y : memref<300xi8>, memref<300xi8>) {
    ^bb0(%a: i8, %b: i8):
      linalg.yield %b, %a : i8, i8
    }
    return
  }

  func.func @emitted_scalars(%x: memref<30x10xi8>, %v: i8) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c10 = arith.constant 10 : index
    %c30 = arith.constant 30 : index
    scf.for %i = %c0 to %c30 step %c1 {
      // expected-remark @+1 {{loop of 300 iterations is not on vectors: it was emitted as scalars}}
      scf.for %j = %c0 to %c10 step %c1 {
        memref.store %v, %x[%i, %j] : memref<30x10xi8>
      }
    }
    return
  }

  func.func @cold(%x: memref<1x30xf32>, %y: memref<1xf32>) {
    linalg.generic {indexing_maps = [#in, #out], iterator_types = ["parallel", "reduction"]}
        ins(%x : memref<1x30xf32>) outs(%y : memref<1xf32>) {
    ^bb0(%a: f32, %b: f32):
      %0 = arith.addf %a, %b : f32
      linalg.yield %0 : f32
    }
    return
  }
}

// -----

/// No vectors, no promise.
module attributes {qnn.target = "generic"} {
  func.func @generic(%x: memref<300xi8>) {
    %c0 = arith.constant 0 : i8
    linalg.fill ins(%c0 : i8) outs(%x : memref<300xi8>)
    return
  }
}
