// Accumulators that are stored, because what reads them is no epilogue.
// RUN: quant-opt %s -verify-diagnostics -qnn-cpu-lower-contractions=remarks=true -o /dev/null

#lhs = affine_map<(m, k, n) -> (m, k)>
#rhs = affine_map<(m, k, n) -> (k, n)>
#out = affine_map<(m, k, n) -> (m, n)>
#row = affine_map<(m, n) -> (n)>
#all = affine_map<(m, n) -> (m, n)>

module attributes {qnn.target = "avx512vnni"} {
  memref.global "private" constant @weights : memref<8x16xi8> = dense<1>
  memref.global "private" constant @square : memref<16x16xi8> = dense<1>
  func.func @own_buffer(%x: memref<4x8xi8>, %y: memref<4x16xi32>) {
    %w = memref.get_global @weights : memref<8x16xi8>
    %zero = arith.constant 0 : i32
    linalg.fill ins(%zero : i32) outs(%y : memref<4x16xi32>)
    // expected-remark@below {{stores its accumulators: expects the accumulators in a buffer of their own}}
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%y : memref<4x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    return
  }

  func.func @no_reader(%x: memref<4x8xi8>, %y: memref<4x16xi32>) {
    %w = memref.get_global @weights : memref<8x16xi8>
    %acc = memref.alloc() : memref<4x16xi32>
    %zero = arith.constant 0 : i32
    linalg.fill ins(%zero : i32) outs(%acc : memref<4x16xi32>)
    // expected-remark@below {{stores its accumulators: expects a reader of the accumulators in the same block}}
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%acc : memref<4x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    return
  }

  func.func @sum(%x: memref<4x8xi8>, %y: memref<4xi32>) {
    %w = memref.get_global @weights : memref<8x16xi8>
    %acc = memref.alloc() : memref<4x16xi32>
    %zero = arith.constant 0 : i32
    linalg.fill ins(%zero : i32) outs(%acc : memref<4x16xi32>)
    // expected-remark@below {{stores its accumulators: expects an elementwise reader of the accumulators}}
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%acc : memref<4x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    // expected-remark@below {{stays a plain loop: expects two inputs and one result}}
    linalg.generic {indexing_maps = [#all, affine_map<(m, n) -> (m)>], iterator_types = ["parallel", "reduction"]}
        ins(%acc : memref<4x16xi32>) outs(%y : memref<4xi32>) {
    ^bb0(%a: i32, %b: i32):
      %0 = arith.addi %a, %b : i32
      linalg.yield %0 : i32
    }
    return
  }

  func.func @in_place(%x: memref<4x8xi8>, %y: memref<4x16xi32>) {
    %w = memref.get_global @weights : memref<8x16xi8>
    %acc = memref.alloc() : memref<4x16xi32>
    %zero = arith.constant 0 : i32
    linalg.fill ins(%zero : i32) outs(%acc : memref<4x16xi32>)
    // expected-remark@below {{stores its accumulators: expects an epilogue that only writes its result}}
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%acc : memref<4x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
        ins(%acc : memref<4x16xi32>) outs(%y : memref<4x16xi32>) {
    ^bb0(%a: i32, %b: i32):
      %0 = arith.addi %a, %b : i32
      linalg.yield %0 : i32
    }
    return
  }

  func.func @indices(%x: memref<4x8xi8>, %y: memref<4x16xi32>) {
    %w = memref.get_global @weights : memref<8x16xi8>
    %acc = memref.alloc() : memref<4x16xi32>
    %zero = arith.constant 0 : i32
    linalg.fill ins(%zero : i32) outs(%acc : memref<4x16xi32>)
    // expected-remark@below {{stores its accumulators: expects an epilogue of elementwise operations}}
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%acc : memref<4x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
        ins(%acc : memref<4x16xi32>) outs(%y : memref<4x16xi32>) {
    ^bb0(%a: i32, %b: i32):
      %0 = linalg.index 0 : index
      %1 = arith.index_cast %0 : index to i32
      %2 = arith.addi %a, %1 : i32
      linalg.yield %2 : i32
    }
    return
  }

  func.func @trap(%x: memref<4x8xi8>, %y: memref<4x16xi32>, %d: memref<16xi32>) {
    %w = memref.get_global @weights : memref<8x16xi8>
    %acc = memref.alloc() : memref<4x16xi32>
    %zero = arith.constant 0 : i32
    linalg.fill ins(%zero : i32) outs(%acc : memref<4x16xi32>)
    // expected-remark@below {{stores its accumulators: expects an epilogue that cannot trap}}
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%acc : memref<4x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    linalg.generic {indexing_maps = [#all, #row, #all], iterator_types = ["parallel", "parallel"]}
        ins(%acc, %d : memref<4x16xi32>, memref<16xi32>) outs(%y : memref<4x16xi32>) {
    ^bb0(%a: i32, %d0: i32, %b: i32):
      %0 = arith.divsi %a, %d0 : i32
      linalg.yield %0 : i32
    }
    return
  }

  func.func @one_row(%x: memref<4x8xi8>, %y: memref<4x16xi32>) {
    %w = memref.get_global @weights : memref<8x16xi8>
    %acc = memref.alloc() : memref<4x16xi32>
    %zero = arith.constant 0 : i32
    linalg.fill ins(%zero : i32) outs(%acc : memref<4x16xi32>)
    // expected-remark@below {{stores its accumulators: expects an epilogue that reads every accumulator}}
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%acc : memref<4x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    linalg.generic {indexing_maps = [affine_map<(m, n) -> (0, n)>, #all], iterator_types = ["parallel", "parallel"]}
        ins(%acc : memref<4x16xi32>) outs(%y : memref<4x16xi32>) {
    ^bb0(%a: i32, %b: i32):
      linalg.yield %a : i32
    }
    return
  }

  func.func @repeated(%x: memref<4x8xi8>, %y: memref<4x16x2xi32>) {
    %w = memref.get_global @weights : memref<8x16xi8>
    %acc = memref.alloc() : memref<4x16xi32>
    %zero = arith.constant 0 : i32
    linalg.fill ins(%zero : i32) outs(%acc : memref<4x16xi32>)
    // expected-remark@below {{stores its accumulators: expects an epilogue that reads each accumulator once}}
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%acc : memref<4x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    linalg.generic {indexing_maps = [affine_map<(m, n, r) -> (m, n)>, affine_map<(m, n, r) -> (m, n, r)>], iterator_types = ["parallel", "parallel", "parallel"]}
        ins(%acc : memref<4x16xi32>) outs(%y : memref<4x16x2xi32>) {
    ^bb0(%a: i32, %b: i32):
      linalg.yield %a : i32
    }
    return
  }

  func.func @strides(%x: memref<4x8xi8>, %y: memref<4x16xi32, strided<[?, 1]>>) {
    %w = memref.get_global @weights : memref<8x16xi8>
    %acc = memref.alloc() : memref<4x16xi32>
    %zero = arith.constant 0 : i32
    linalg.fill ins(%zero : i32) outs(%acc : memref<4x16xi32>)
    // expected-remark@below {{stores its accumulators: expects static strides in the epilogue}}
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%acc : memref<4x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
        ins(%acc : memref<4x16xi32>) outs(%y : memref<4x16xi32, strided<[?, 1]>>) {
    ^bb0(%a: i32, %b: i32):
      linalg.yield %a : i32
    }
    return
  }

  func.func @columns_apart(%x: memref<4x8xi8>, %y: memref<16x4xi32>) {
    %w = memref.get_global @weights : memref<8x16xi8>
    %acc = memref.alloc() : memref<4x16xi32>
    %zero = arith.constant 0 : i32
    linalg.fill ins(%zero : i32) outs(%acc : memref<4x16xi32>)
    // expected-remark@below {{stores its accumulators: expects columns that lie together in the epilogue}}
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%acc : memref<4x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    linalg.generic {indexing_maps = [#all, affine_map<(m, n) -> (n, m)>], iterator_types = ["parallel", "parallel"]}
        ins(%acc : memref<4x16xi32>) outs(%y : memref<16x4xi32>) {
    ^bb0(%a: i32, %b: i32):
      linalg.yield %a : i32
    }
    return
  }

  func.func @input(%x: memref<4x16xi8>) {
    %w = memref.get_global @square : memref<16x16xi8>
    %acc = memref.alloc() : memref<4x16xi32>
    %zero = arith.constant 0 : i32
    linalg.fill ins(%zero : i32) outs(%acc : memref<4x16xi32>)
    // expected-remark@below {{stores its accumulators: expects an epilogue that does not overwrite the input}}
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x16xi8>, memref<16x16xi8>) outs(%acc : memref<4x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
        ins(%acc : memref<4x16xi32>) outs(%x : memref<4x16xi8>) {
    ^bb0(%a: i32, %b: i8):
      %0 = arith.trunci %a : i32 to i8
      linalg.yield %0 : i8
    }
    return
  }

  func.func @unknown(%x: memref<4x8xi8>, %y: memref<4x16xi32>) {
    %w = memref.get_global @weights : memref<8x16xi8>
    %acc = memref.alloc() : memref<4x16xi32>
    %zero = arith.constant 0 : i32
    linalg.fill ins(%zero : i32) outs(%acc : memref<4x16xi32>)
    // expected-remark@below {{stores its accumulators: expects nothing unknown before the epilogue}}
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%acc : memref<4x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    %c0 = arith.constant 0 : index
    %byte = arith.constant 1 : i8
    memref.store %byte, %x[%c0, %c0] : memref<4x8xi8>
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
        ins(%acc : memref<4x16xi32>) outs(%y : memref<4x16xi32>) {
    ^bb0(%a: i32, %b: i32):
      linalg.yield %a : i32
    }
    return
  }

  func.func @before(%x: memref<4x8xi8>, %y: memref<4x16xi32>) {
    %w = memref.get_global @weights : memref<8x16xi8>
    %acc = memref.alloc() : memref<4x16xi32>
    linalg.generic {indexing_maps = [#all, #all], iterator_types = ["parallel", "parallel"]}
        ins(%acc : memref<4x16xi32>) outs(%y : memref<4x16xi32>) {
    ^bb0(%a: i32, %b: i32):
      linalg.yield %a : i32
    }
    // expected-remark@below {{stores its accumulators: expects the epilogue after the contraction}}
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%acc : memref<4x16xi32>) {
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
