// RUN: quant-opt %s --canonicalize -split-input-file | FileCheck %s

/// Importers transpose weights by an operation, and count on its folder.
// CHECK-LABEL: @constant
// CHECK{LITERAL}: arith.constant dense<[[1.000000e+00, 3.000000e+00], [2.000000e+00, 4.000000e+00]]>
// CHECK-NOT: qnn.transpose
func.func @constant() -> tensor<2x2xf32> {
  %w = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %t = qnn.transpose %w [1, 0] : (tensor<2x2xf32>) -> tensor<2x2xf32>
  return %t : tensor<2x2xf32>
}
