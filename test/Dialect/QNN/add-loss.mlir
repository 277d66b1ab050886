// RUN: quant-opt %s --qnn-add-loss="loss=mse,feature_mse loss-weights=1,0.5" | FileCheck %s

/// Labels have the shape of the output, the teacher that of the logits; the
/// parameters and a learned scale keep their names. `qnn.scale` with a number is
/// that of a quantized input.
// CHECK-LABEL: func.func @loss(
// CHECK-SAME: %[[X:arg0]]: tensor<2x3xf32> {qnn.name = "input", qnn.role = "input", qnn.scale = 5.000000e-01 : f64}
// CHECK-SAME: %[[W:arg1]]: tensor<3x2xf32> {qnn.name = "w", qnn.role = "parameter"}
// CHECK-SAME: %[[S:arg2]]: tensor<f32> {qnn.name = "scale", qnn.role = "scale"}
// CHECK-SAME: %[[LABELS:arg3]]: tensor<2x2xf32> {qnn.name = "labels", qnn.role = "label"}
// CHECK-SAME: %[[TEACHER:arg4]]: tensor<2x2xf32> {qnn.name = "teacher", qnn.role = "teacher"}
// CHECK-SAME: -> (tensor<f32> {qnn.name = "loss", qnn.role = "loss"}, tensor<2x2xf32> {qnn.name = "y", qnn.role = "output"})
func.func @model(%x: tensor<2x3xf32> {qnn.scale = 0.5 : f64},
                 %w: tensor<3x2xf32> {qnn.name = "w", qnn.parameter = "w"},
                 %s: tensor<f32> {qnn.scale = "s"})
    -> (tensor<2x2xf32> {qnn.name = "y"}) {
  // CHECK: %[[PRODUCT:.*]] = qnn.matmul
  // CHECK: %[[LOGITS:.*]] = qnn.mul %[[PRODUCT]], %[[S]]
  // CHECK: %[[OUTPUT:.*]] = qnn.softmax %[[LOGITS]]
  // CHECK: %[[D:.*]] = qnn.sub %[[OUTPUT]], %[[LABELS]]
  // CHECK: %[[SQUARES:.*]] = qnn.mul %[[D]], %[[D]]
  // CHECK: %[[ROWS:.*]] = qnn.sum %[[SQUARES]] axes [0]
  // CHECK: %[[SUM:.*]] = qnn.sum %[[ROWS]] axes [1]
  // CHECK: %[[SCALAR:.*]] = tensor.collapse_shape %[[SUM]]
  // CHECK: %[[QUARTER:.*]] = arith.constant dense<2.500000e-01>
  // CHECK: %[[MSE:.*]] = qnn.mul %[[SCALAR]], %[[QUARTER]]
  // CHECK: qnn.sub %[[LOGITS]], %[[TEACHER]]
  // CHECK: %[[HALF:.*]] = arith.constant dense<5.000000e-01>
  // CHECK: %[[TERM:.*]] = qnn.mul %{{.*}}, %[[HALF]]
  // CHECK: %[[LOSS:.*]] = qnn.add %[[MSE]], %[[TERM]]
  // CHECK: return %[[LOSS]], %[[OUTPUT]]
  %0 = qnn.matmul %x, %w : (tensor<2x3xf32>, tensor<3x2xf32>) -> tensor<2x2xf32>
  %1 = qnn.mul %0, %s : (tensor<2x2xf32>, tensor<f32>) -> tensor<2x2xf32>
  %2 = qnn.softmax %1 axis(1) : (tensor<2x2xf32>) -> tensor<2x2xf32>
  return %2 : tensor<2x2xf32>
}
