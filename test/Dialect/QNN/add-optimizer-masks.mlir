// RUN: quant-opt %s --qnn-add-optimizer="masks=true" | FileCheck %s

/// A mask says what it is of, since its name may be taken.
// CHECK-LABEL: func.func @step(
// CHECK-SAME: %[[W:arg0]]: tensor<2x2xf32> {qnn.name = "w", qnn.role = "parameter"}
// CHECK-SAME: %[[OTHER:arg1]]: tensor<2x2xf32> {qnn.name = "w/mask", qnn.role = "parameter"}
// CHECK-SAME: %[[MASK:arg3]]: tensor<2x2xf32> {qnn.mask_of = "w", qnn.name = "w/mask_1", qnn.role = "mask"}
// CHECK-SAME: %[[OTHERS:arg4]]: tensor<2x2xf32> {qnn.mask_of = "w/mask", qnn.name = "w/mask/mask", qnn.role = "mask"}
// CHECK: qnn.mul %{{.*}}, %[[MASK]]
// CHECK: qnn.mul %{{.*}}, %[[OTHERS]]
func.func @loss_gradient(
    %w: tensor<2x2xf32> {qnn.name = "w", qnn.role = "parameter"},
    %other: tensor<2x2xf32> {qnn.name = "w/mask", qnn.role = "parameter"},
    %d: tensor<f32>)
    -> (tensor<f32> {qnn.name = "loss", qnn.role = "loss"}, tensor<2x2xf32>, tensor<2x2xf32>) {
  %loss = arith.constant dense<2.0> : tensor<f32>
  %g = qnn.mul %w, %d : (tensor<2x2xf32>, tensor<f32>) -> tensor<2x2xf32>
  %h = qnn.mul %other, %d : (tensor<2x2xf32>, tensor<f32>) -> tensor<2x2xf32>
  return %loss, %g, %h : tensor<f32>, tensor<2x2xf32>, tensor<2x2xf32>
}
