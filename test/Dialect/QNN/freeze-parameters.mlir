// RUN: quant-opt %s --qnn-freeze-parameters -split-input-file -verify-diagnostics --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s

// CHECK-LABEL: func.func @model(
// CHECK: arith.constant dense<2.000000e+00> : tensor<2x3xf32> loc("w")
func.func @model() -> tensor<2x3xf32> {
  %w = qnn.parameter "w" dense<2.0> : tensor<2x3xf32>
  return %w : tensor<2x3xf32>
}

// -----

func.func @initializer() -> tensor<2x3xf32> {
  // expected-error@+1 {{expects values, parameter 'w' has an initializer only}}
  %w = qnn.parameter "w" #qnn.initializer<he> : tensor<2x3xf32>
  return %w : tensor<2x3xf32>
}
