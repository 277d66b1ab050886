// What is no contraction of bytes with constant weights, on a target that has no
// kernel of computed ones.
// RUN: quant-opt %s -verify-diagnostics -qnn-cpu-lower-contractions=remarks=true -o /dev/null

#lhs = affine_map<(m, k, n) -> (m, k)>
#rhs = affine_map<(m, k, n) -> (k, n)>
#out = affine_map<(m, k, n) -> (m, n)>

module attributes {qnn.target = "rvv"} {
  memref.global "private" constant @weights : memref<8x16xi8> = dense<1>
  memref.global "private" constant @two_columns_weights : memref<8x4x4xi8> = dense<1>
  memref.global "private" constant @groups_weights : memref<2x8x4xi8> = dense<1>
  memref.global "private" constant @taps_weights : memref<65x16xi8> = dense<1>
  func.func @accumulator(%x: memref<4x8xi8>, %y: memref<4x16xi64>) {
    %w = memref.get_global @weights : memref<8x16xi8>
    // expected-remark@below {{stays a plain loop: expects two inputs and an i32 accumulator}}
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%y : memref<4x16xi64>) {
    ^bb0(%a: i8, %b: i8, %c: i64):
      %0 = arith.extui %a : i8 to i64
      %1 = arith.extsi %b : i8 to i64
      %2 = arith.muli %0, %1 : i64
      %3 = arith.addi %c, %2 : i64
      linalg.yield %3 : i64
    }
    return
  }

  func.func @product(%x: memref<4x8xi8>, %y: memref<4x16xi32>) {
    %w = memref.get_global @weights : memref<8x16xi8>
    // expected-remark@below {{stays a plain loop: expects a sum}}
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%y : memref<4x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      linalg.yield %0 : i32
    }
    return
  }

  func.func @other_sum(%x: memref<4x8xi8>, %y: memref<4x16xi32>) {
    %w = memref.get_global @weights : memref<8x16xi8>
    // expected-remark@below {{stays a plain loop: expects to add to the accumulator}}
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%y : memref<4x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.addi %0, %1 : i32
      linalg.yield %2 : i32
    }
    return
  }

  func.func @sum(%x: memref<4x8xi8>, %y: memref<4x16xi32>) {
    %w = memref.get_global @weights : memref<8x16xi8>
    // expected-remark@below {{stays a plain loop: expects a sum of products}}
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%y : memref<4x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.addi %c, %0 : i32
      linalg.yield %1 : i32
    }
    return
  }

  func.func @square(%x: memref<4x8xi8>, %y: memref<4x16xi32>) {
    %w = memref.get_global @weights : memref<8x16xi8>
    // expected-remark@below {{stays a plain loop: expects a product of two extended integers}}
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%y : memref<4x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.muli %0, %0 : i32
      %2 = arith.addi %c, %1 : i32
      linalg.yield %2 : i32
    }
    return
  }

  func.func @strides(%x: memref<4x8xi8, strided<[?, 1]>>, %y: memref<4x16xi32>) {
    %w = memref.get_global @weights : memref<8x16xi8>
    // expected-remark@below {{stays a plain loop: expects static strides and linear subscripts}}
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8, strided<[?, 1]>>, memref<8x16xi8>) outs(%y : memref<4x16xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    return
  }

  func.func @wide(%x: memref<4x8xi16>, %y: memref<4x16xi32>) {
    %w = memref.get_global @weights : memref<8x16xi8>
    // expected-remark@below {{stays a plain loop: expects activations of 8 bits}}
    linalg.generic {indexing_maps = [#lhs, #rhs, #out], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi16>, memref<8x16xi8>) outs(%y : memref<4x16xi32>) {
    ^bb0(%a: i16, %b: i8, %c: i32):
      %0 = arith.extui %a : i16 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    return
  }

  func.func @two_columns(%x: memref<4x8xi8>, %y: memref<4x4x4xi32>) {
    %w = memref.get_global @two_columns_weights : memref<8x4x4xi8>
    // expected-remark@below {{stays a plain loop: expects one loop over columns and one over groups}}
    linalg.generic {indexing_maps = [affine_map<(m, k, n, o) -> (m, k)>, affine_map<(m, k, n, o) -> (k, n, o)>, affine_map<(m, k, n, o) -> (m, n, o)>], iterator_types = ["parallel", "reduction", "parallel", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x4x4xi8>) outs(%y : memref<4x4x4xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    return
  }

  func.func @columns_apart(%x: memref<4x8xi8>, %y: memref<16x4xi32>) {
    %w = memref.get_global @weights : memref<8x16xi8>
    // expected-remark@below {{stays a plain loop: expects the columns of the result to lie together}}
    linalg.generic {indexing_maps = [#lhs, #rhs, affine_map<(m, k, n) -> (n, m)>], iterator_types = ["parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x8xi8>, memref<8x16xi8>) outs(%y : memref<16x4xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    return
  }

  func.func @groups_apart(%x: memref<4x2x8xi8>, %y: memref<2x4x4xi32>) {
    %w = memref.get_global @groups_weights : memref<2x8x4xi8>
    // expected-remark@below {{stays a plain loop: expects groups of columns that lie together}}
    linalg.generic {indexing_maps = [affine_map<(m, g, k, n) -> (m, g, k)>, affine_map<(m, g, k, n) -> (g, k, n)>, affine_map<(m, g, k, n) -> (g, m, n)>], iterator_types = ["parallel", "parallel", "reduction", "parallel"]}
        ins(%x, %w : memref<4x2x8xi8>, memref<2x8x4xi8>) outs(%y : memref<2x4x4xi32>) {
    ^bb0(%a: i8, %b: i8, %c: i32):
      %0 = arith.extui %a : i8 to i32
      %1 = arith.extsi %b : i8 to i32
      %2 = arith.muli %0, %1 : i32
      %3 = arith.addi %c, %2 : i32
      linalg.yield %3 : i32
    }
    return
  }

  func.func @many_taps(%x: memref<65x16xi8>, %y: memref<16xi32>) {
    %w = memref.get_global @taps_weights : memref<65x16xi8>
    // expected-remark@below {{stays a plain loop: expects fewer taps of a depthwise convolution}}
    linalg.generic {indexing_maps = [affine_map<(t, c) -> (t, c)>, affine_map<(t, c) -> (t, c)>, affine_map<(t, c) -> (c)>], iterator_types = ["reduction", "parallel"]}
        ins(%x, %w : memref<65x16xi8>, memref<65x16xi8>) outs(%y : memref<16xi32>) {
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
