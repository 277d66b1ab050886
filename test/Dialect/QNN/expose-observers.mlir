// Observed values as further results.
// RUN: quant-opt %s -split-input-file -verify-diagnostics --qnn-expose-observers | FileCheck %s

/// In the order of the observers, after the results there were.
// CHECK-LABEL: @two(
// CHECK-SAME: %[[X:.*]]: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>)
// CHECK-SAME: qnn.observed = ["x", "y"]
// CHECK-NEXT: %[[Y:.*]] = qnn.add
// CHECK-NEXT: return %[[Y]], %[[X]], %[[Y]]
func.func @two(%x: tensor<2xf32>) -> tensor<2xf32> {
  qnn.observe %x "x" : tensor<2xf32>
  %0 = qnn.add %x, %x : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  qnn.observe %0 "y" : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

/// Readers of the attribute need not ask whether it is there.
// CHECK-LABEL: @none(
// CHECK-SAME: qnn.observed = []
func.func @none(%x: tensor<2xf32>) -> tensor<2xf32> {
  return %x : tensor<2xf32>
}

// -----

/// A declaration has no body to look into.
// CHECK-LABEL: @negative_declaration(
// CHECK-NOT: qnn.observed
func.func private @negative_declaration(tensor<2xf32>) -> tensor<2xf32>

// -----

/// With more blocks a value need not be there at the end.
// expected-error@+1 {{expects a function of one block}}
func.func @blocks(%x: tensor<2xf32>) -> tensor<2xf32> {
  qnn.observe %x "x" : tensor<2xf32>
  cf.br ^end
^end:
  return %x : tensor<2xf32>
}
