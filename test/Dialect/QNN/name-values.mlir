// RUN: quant-opt %s --qnn-name-values --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s

/// After the operation, with a number where that name is taken; a parameter has
/// its own.
// CHECK-LABEL: func.func @model(
// CHECK-SAME: tensor<1x2xf32> loc("input"(
// CHECK: qnn.parameter "w" {{.*}} loc("w"(
// CHECK: qnn.matmul {{.*}} loc("matmul_1"(
// CHECK: qnn.matmul {{.*}} loc("matmul"("fc"))
// CHECK: qnn.matmul {{.*}} loc("matmul_2"(
func.func @model(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {
  %w = qnn.parameter "w" #qnn.initializer<he> : tensor<2x2xf32>
  %0 = qnn.matmul %x, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  %1 = qnn.matmul %0, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32> loc("matmul"("fc"))
  %2 = qnn.matmul %1, %w : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>
  return %2 : tensor<1x2xf32>
}
