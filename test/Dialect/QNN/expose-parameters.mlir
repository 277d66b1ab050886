// RUN: quant-opt %s --qnn-expose-parameters -split-input-file -verify-diagnostics | FileCheck %s

/// Behind the inputs, in order, with their names.
// CHECK-LABEL: func.func @model(
// CHECK-SAME: %[[X:arg0]]: tensor<1x2xf32>
// CHECK-SAME: %[[W:arg1]]: tensor<2x3xf32> {qnn.name = "w", qnn.parameter = "w"}
// CHECK-SAME: %[[B:arg2]]: tensor<3xf32> {qnn.name = "b", qnn.parameter = "b"})
// CHECK-NOT: qnn.parameter "
// CHECK: qnn.matmul %[[X]], %[[W]] bias(%[[B]])
func.func @model(%x: tensor<1x2xf32>) -> tensor<1x3xf32> {
  %w = qnn.parameter "w" #qnn.initializer<glorot> : tensor<2x3xf32>
  %b = qnn.parameter "b" dense<0.0> : tensor<3xf32>
  %0 = qnn.matmul %x, %w bias(%b)
    : (tensor<1x2xf32>, tensor<2x3xf32>, tensor<3xf32>) -> tensor<1x3xf32>
  return %0 : tensor<1x3xf32>
}

// -----

func.func @twice() -> (tensor<2xf32>, tensor<2xf32>) {
  %0 = qnn.parameter "w" dense<0.0> : tensor<2xf32>
  // expected-error@+1 {{expects names that are unique, 'w' is not}}
  %1 = qnn.parameter "w" dense<1.0> : tensor<2xf32>
  return %0, %1 : tensor<2xf32>, tensor<2xf32>
}
