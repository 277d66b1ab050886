// The calibrate phase: a function that returns what is to be observed.
// RUN: quant-opt %s --qnn-calibrate-pipeline | FileCheck %s

/// The observed values follow the results, in the order of their names.
// CHECK-LABEL: @matmul(
// CHECK-SAME: %[[X:.*]]: tensor<1x1xf32>) -> (tensor<1x1xf32>, tensor<1x1xf32>, tensor<1x1xf32>)
// CHECK-SAME: qnn.observed = ["x", "y"]
// CHECK: %[[Y:.*]] = qnn.matmul
// CHECK-NEXT: return %[[Y]], %[[X]], %[[Y]]
func.func @matmul(%x: tensor<1x1xf32> loc("x")) -> tensor<1x1xf32> {
  %w = arith.constant dense<2.0> : tensor<1x1xf32>
  %0 = qnn.matmul %x, %w : (tensor<1x1xf32>, tensor<1x1xf32>) -> tensor<1x1xf32> loc("y")
  return %0 : tensor<1x1xf32>
}
