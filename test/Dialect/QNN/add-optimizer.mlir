// RUN: quant-opt %s --qnn-add-optimizer="optimizer=momentum momentum=0.5" | FileCheck %s

/// The functions beside it are gone; the gradient of the loss is 1; loss and
/// outputs come first, then the parameter, then its state.
// CHECK-NOT: func.func @loss
// CHECK-LABEL: func.func @step(
// CHECK-SAME: %[[X:arg0]]: tensor<2xf32> {qnn.name = "x", qnn.role = "input"}
// CHECK-SAME: %[[W:arg1]]: tensor<2xf32> {qnn.name = "w", qnn.role = "parameter"}
// CHECK-SAME: %[[LR:arg2]]: tensor<f32> {qnn.name = "learning_rate", qnn.role = "learning_rate"}
// CHECK-SAME: %[[V:arg3]]: tensor<2xf32> {qnn.name = "w/velocity", qnn.role = "state"}
// CHECK-SAME: -> (tensor<f32> {qnn.name = "loss", qnn.role = "loss"}, tensor<2xf32> {qnn.name = "w", qnn.role = "parameter"}, tensor<2xf32> {qnn.name = "w/velocity", qnn.role = "state"})
func.func @loss(%x: tensor<2xf32>, %w: tensor<2xf32>) {
  return
}
func.func @loss_gradient(
    %x: tensor<2xf32> {qnn.name = "x", qnn.role = "input"},
    %w: tensor<2xf32> {qnn.name = "w", qnn.role = "parameter"},
    %d: tensor<f32>)
    -> (tensor<f32> {qnn.name = "loss", qnn.role = "loss"}, tensor<2xf32>) {
  // CHECK: %[[ONE:.*]] = arith.constant dense<1.000000e+00> : tensor<f32>
  // CHECK: %[[LOSS:.*]] = arith.constant dense<2.000000e+00> : tensor<f32>
  // CHECK: %[[G:.*]] = qnn.mul %[[X]], %[[ONE]]
  // CHECK: %[[HALF:.*]] = arith.constant dense<5.000000e-01> : tensor<f32>
  // CHECK: %[[OLD:.*]] = qnn.mul %[[V]], %[[HALF]]
  // CHECK: %[[NEW:.*]] = qnn.add %[[OLD]], %[[G]]
  // CHECK: %[[CHANGE:.*]] = qnn.mul %[[NEW]], %[[LR]]
  // CHECK: %[[RESULT:.*]] = qnn.sub %[[W]], %[[CHANGE]]
  // CHECK: return %[[LOSS]], %[[RESULT]], %[[NEW]]
  %loss = arith.constant dense<2.0> : tensor<f32>
  %g = qnn.mul %x, %d : (tensor<2xf32>, tensor<f32>) -> tensor<2xf32>
  return %loss, %g : tensor<f32>, tensor<2xf32>
}
