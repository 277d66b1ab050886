// Bodies for blocks of rows on one constant of packed weights.
// RUN: %python %S/../Integration/Inputs/fill-weights.py %s %t.mlir
// RUN: quant-opt %t.mlir -qnn-lower-pipeline | FileCheck %s
// RUN: quant-opt %t.mlir -qnn-lower-pipeline -qnn-codegen-pipeline | FileCheck %s --check-prefix=CODEGEN

// CHECK: memref.global {{.*}} @packed_weights :
// CHECK-NOT: @packed_weights_
// CHECK: func.func @net_rows_16(%{{.*}}: memref<16x40xi8>
// CHECK: call @kernel
// CHECK: func.func @net_rows_4(%{{.*}}: memref<4x40xi8>
// CHECK: call @kernel
// CHECK: func.func @net(%{{.*}}: memref<1x40xi8>
// CHECK: call @kernel
// CHECK-NOT: @packed_weights_

/// The entries say what there is to know about one row, and what blocks there
/// are.
// CODEGEN: llvm.func @net_run(%{{.*}}: !llvm.ptr {{.*}}, %{{.*}}: !llvm.ptr {{.*}}, %{{.*}}: i64, %{{.*}}: !llvm.ptr
// CODEGEN-SAME: qnn.inputs = [{name = "input", type = tensor<1x40xui8>}]
// CODEGEN-SAME: qnn.row_blocks = array<i64: 16, 4, 1>
// CODEGEN: llvm.func @net_run_parallel(
module attributes {qnn.target = "avx512vnni"} {
  func.func @net(%x: tensor<1x40xui8>) -> tensor<1x300xui8> attributes {qnn.dynamic_rows} {
    %w = qnn.constant dense<"0xWEIGHTS12000"> : tensor<40x300xi8> as tensor<40x300xsi8>
    %a = qnn.matmul %x, %w : (tensor<1x40xui8>, tensor<40x300xsi8>) -> tensor<1x300xi32>
    %r = qnn.rescale %a multiplier(dense<0.125> : tensor<f32>) range(0, 255) : (tensor<1x300xi32>) -> tensor<1x300xui8>
    return %r : tensor<1x300xui8>
  }
}
