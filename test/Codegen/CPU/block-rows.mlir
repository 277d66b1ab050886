// Bodies for blocks of rows, for a model of one row and for linalg on unknown
// extents.
// RUN: quant-opt %s -split-input-file --qnn-block-rows | FileCheck %s
// RUN: quant-opt %s -split-input-file --qnn-block-rows=blocks=6,2 | FileCheck %s --check-prefix=CHOSEN

/// As many rows as there are accumulators and two, a power of two; then a
/// quarter of that.
// CHECK-LABEL: func.func @dense_rows_16(
// CHECK-SAME: tensor<16x64xui8> {qnn.name = "x"}) -> tensor<16x32xi32> attributes {qnn.row_blocks = array<i64: 16>}
// CHECK: qnn.matmul {{.*}} -> tensor<16x32xi32>
// CHECK-LABEL: func.func @dense_rows_4(
// CHECK-SAME: tensor<4x64xui8> {qnn.name = "x"}) -> tensor<4x32xi32> attributes {qnn.row_blocks = array<i64: 4>}
// CHECK-LABEL: func.func @dense(
// CHECK-SAME: tensor<1x64xui8> {qnn.name = "x"}) -> tensor<1x32xi32> attributes {qnn.row_blocks = array<i64: 1>}
// CHOSEN: func.func @dense_rows_6(
// CHOSEN: func.func @dense_rows_2(
// CHOSEN: func.func @dense(
module attributes {qnn.target = "avx512vnni"} {
  func.func @dense(%x: tensor<1x64xui8> {qnn.name = "x"}) -> tensor<1x32xi32> attributes {qnn.dynamic_rows} {
    %w = qnn.constant dense<1> : tensor<64x32xi8> as tensor<64x32xsi8>
    %0 = qnn.matmul %x, %w : (tensor<1x64xui8>, tensor<64x32xsi8>) -> tensor<1x32xi32>
    return %0 : tensor<1x32xi32>
  }
}

// -----

/// Fewer accumulators, fewer rows.
// CHECK-LABEL: func.func @avx2_rows_8(
// CHECK-LABEL: func.func @avx2_rows_2(
// CHECK-LABEL: func.func @avx2(
module attributes {qnn.target = "avx2"} {
  func.func @avx2(%x: tensor<1x64xui8>) -> tensor<1x32xi32> attributes {qnn.dynamic_rows} {
    %w = qnn.constant dense<1> : tensor<64x32xi8> as tensor<64x32xsi8>
    %0 = qnn.matmul %x, %w : (tensor<1x64xui8>, tensor<64x32xsi8>) -> tensor<1x32xi32>
    return %0 : tensor<1x32xi32>
  }
}

// -----

/// An eighth of 1 MiB holds 4 rows of 16 KiB, twice: what is read and written.
// CHECK-LABEL: func.func @large_rows_4(
// CHECK-LABEL: func.func @large(
module attributes {qnn.target = "avx512vnni"} {
  func.func @large(%x: tensor<1x16384xui8>) -> tensor<1x32xi32> attributes {qnn.dynamic_rows} {
    %w = qnn.constant dense<1> : tensor<16384x32xi8> as tensor<16384x32xsi8>
    %0 = qnn.matmul %x, %w : (tensor<1x16384xui8>, tensor<16384x32xsi8>) -> tensor<1x32xi32>
    return %0 : tensor<1x32xi32>
  }
}

// -----

/// A convolution has enough rows in one image.
// CHECK-NOT: @conv_rows
// CHECK: func.func @conv(%{{.*}}: tensor<1x8x8x4xui8>) -> tensor<1x8x8x8xi32> attributes {qnn.row_blocks = array<i64: 1>}
module attributes {qnn.target = "avx512vnni"} {
  func.func @conv(%x: tensor<1x8x8x4xui8>) -> tensor<1x8x8x8xi32> attributes {qnn.dynamic_rows} {
    %w = qnn.constant dense<1> : tensor<8x1x1x4xi8> as tensor<8x1x1x4xsi8>
    %0 = qnn.conv2d %x, %w : (tensor<1x8x8x4xui8>, tensor<8x1x1x4xsi8>) -> tensor<1x8x8x8xi32>
    return %0 : tensor<1x8x8x8xi32>
  }
}

// -----

/// One row, but not asked for.
// CHECK: func.func @static(%{{.*}}: tensor<1x4xf32>) -> tensor<1x4xf32> {
// CHOSEN-NOT: @static_rows
module {
  func.func @static(%x: tensor<1x4xf32>) -> tensor<1x4xf32> {
    return %x : tensor<1x4xf32>
  }
}

// -----

/// The extent of axis 0 becomes a number.
// CHECK-LABEL: func.func @linalg_rows_16(
// CHECK-SAME: tensor<16x64xi8>) -> tensor<16x32xi32>
// CHECK: tensor.empty() : tensor<16x32xi32>
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %{{.*}} : tensor<16x64xi8>, tensor<64x32xi8>) outs(%{{.*}} : tensor<16x32xi32>)
// CHECK-LABEL: func.func @linalg_rows_4(
// CHECK-LABEL: func.func @linalg(
// CHECK-SAME: tensor<1x64xi8>) -> tensor<1x32xi32>
// CHOSEN: func.func @linalg_rows_6(
module attributes {qnn.target = "avx512vnni"} {
  func.func @linalg(%x: tensor<?x64xi8>) -> tensor<?x32xi32> {
    %w = arith.constant dense<1> : tensor<64x32xi8>
    %c0 = arith.constant 0 : index
    %zero = arith.constant 0 : i32
    %n = tensor.dim %x, %c0 : tensor<?x64xi8>
    %e = tensor.empty(%n) : tensor<?x32xi32>
    %f = linalg.fill ins(%zero : i32) outs(%e : tensor<?x32xi32>) -> tensor<?x32xi32>
    %0 = linalg.generic {
        indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>],
        iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%x, %w : tensor<?x64xi8>, tensor<64x32xi8>) outs(%f : tensor<?x32xi32>) {
    ^bb0(%a: i8, %b: i8, %acc: i32):
      %1 = arith.extsi %a : i8 to i32
      %2 = arith.extsi %b : i8 to i32
      %3 = arith.muli %1, %2 : i32
      %4 = arith.addi %acc, %3 : i32
      linalg.yield %4 : i32
    } -> tensor<?x32xi32>
    return %0 : tensor<?x32xi32>
  }
}
