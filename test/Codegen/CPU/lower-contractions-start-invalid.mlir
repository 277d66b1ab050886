// Accumulators that do not start with constants of the columns.
// RUN: quant-opt %s -verify-diagnostics -qnn-cpu-lower-contractions=remarks=true -o /dev/null

#lhs = affine_map<(m, k, n) -> (m, k)>
#rhs = affine_map<(m, k, n) -> (k, n)>
#out = affine_map<(m, k, n) -> (m, n)>

module attributes {qnn.target = "rvv"} {
  memref.global "private" constant @weights : memref<8x16xi8> = dense<1>
  memref.global "private" constant @start : memref<16xi32> = dense<1>
  func.func @two_blocks(%x: memref<4x8xi8>, %y: memref<4x16xi32>) {
    %zero = arith.constant 0 : i32
    linalg.fill ins(%zero : i32) outs(%y : memref<4x16xi32>)
    cf.br ^next
  ^next:
    %w = memref.get_global @weights : memref<8x16xi8>
    // expected-remark@below {{stays a plain loop: expects the accumulator to be used in one block}}
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

  func.func @two_starts(%x: memref<4x8xi8>, %y: memref<4x16xi32>) {
    %w = memref.get_global @weights : memref<8x16xi8>
    %zero = arith.constant 0 : i32
    linalg.fill ins(%zero : i32) outs(%y : memref<4x16xi32>)
    linalg.fill ins(%zero : i32) outs(%y : memref<4x16xi32>)
    // expected-remark@below {{stays a plain loop: expects one start of the accumulator}}
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

  func.func @no_start(%x: memref<4x8xi8>, %y: memref<4x16xi32>) {
    %w = memref.get_global @weights : memref<8x16xi8>
    // expected-remark@below {{stays a plain loop: expects a start of the accumulator}}
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

  func.func @computed_start(%x: memref<4x8xi8>, %y: memref<4x16xi32>, %s: i32) {
    %w = memref.get_global @weights : memref<8x16xi8>
    linalg.fill ins(%s : i32) outs(%y : memref<4x16xi32>)
    // expected-remark@below {{stays a plain loop: expects a constant start}}
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

  func.func @changed_start(%x: memref<4x8xi8>, %y: memref<4x16xi32>, %row: memref<16xi32>) {
    %w = memref.get_global @weights : memref<8x16xi8>
    linalg.generic {indexing_maps = [affine_map<(m, n) -> (n)>, affine_map<(m, n) -> (m, n)>], iterator_types = ["parallel", "parallel"]}
        ins(%row : memref<16xi32>) outs(%y : memref<4x16xi32>) {
    ^bb0(%a: i32, %b: i32):
      %0 = arith.addi %a, %a : i32
      linalg.yield %0 : i32
    }
    // expected-remark@below {{stays a plain loop: expects a start that is copied}}
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

  func.func @computed_row(%x: memref<4x8xi8>, %y: memref<4x16xi32>, %row: memref<16xi32>) {
    %w = memref.get_global @weights : memref<8x16xi8>
    linalg.generic {indexing_maps = [affine_map<(m, n) -> (n)>, affine_map<(m, n) -> (m, n)>], iterator_types = ["parallel", "parallel"]}
        ins(%row : memref<16xi32>) outs(%y : memref<4x16xi32>) {
    ^bb0(%a: i32, %b: i32):
      linalg.yield %a : i32
    }
    // expected-remark@below {{stays a plain loop: expects a constant start for each column}}
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

  func.func @start_of_rows(%x: memref<16x8xi8>, %y: memref<16x16xi32>) {
    %w = memref.get_global @weights : memref<8x16xi8>
    %row = memref.get_global @start : memref<16xi32>
    linalg.generic {indexing_maps = [affine_map<(m, n) -> (m)>, affine_map<(m, n) -> (m, n)>], iterator_types = ["parallel", "parallel"]}
        ins(%row : memref<16xi32>) outs(%y : memref<16x16xi32>) {
    ^bb0(%a: i32, %b: i32):
      linalg.yield %a : i32
    }
    // expected-remark@below {{stays a plain loop: expects a start for each column}}
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<16x8xi8>, memref<8x16xi8>) outs(%y : memref<16x16xi32>) {
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
