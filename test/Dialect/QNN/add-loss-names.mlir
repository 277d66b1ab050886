// RUN: quant-opt %s --qnn-add-loss="function=f loss=mse" | FileCheck %s

/// A parameter keeps its name, which its value is found by; an input before it
/// gives way.
// CHECK-LABEL: func.func @loss(
// CHECK-SAME: tensor<2xf32> {qnn.name = "w_1", qnn.role = "input"}
// CHECK-SAME: tensor<2xf32> {qnn.name = "w", qnn.role = "parameter"}
func.func @f(%x: tensor<2xf32> {qnn.name = "w"},
             %w: tensor<2xf32> {qnn.name = "w", qnn.parameter = "w"}) -> tensor<2xf32> {
  %0 = qnn.mul %x, %w : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  return %0 : tensor<2xf32>
}
